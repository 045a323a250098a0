import pytest

from tests.analysis.summary.samples import JULIET, frame
from xmppspy.analysis.summary.overview import TELLER
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Role, family, flag, nothing, said
from xmppspy.protocol.stanza import read


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("{urn:xmpp:mam:2}query", "{urn:xmpp:mam}query"),
        ("{urn:xmpp:jingle:apps:rtp:1}description", "{urn:xmpp:jingle:apps:rtp}description"),
        ("{urn:xmpp:fast:0:1}token", "{urn:xmpp:fast}token"),
        ("{http://jabber.org/protocol/muc}x", "{http://jabber.org/protocol/muc}x"),
        ("{urn:xmpp:bind2:1}bind", "{urn:xmpp:bind2}bind"),
        ("name", "name"),
    ],
)
def test_families(tag: str, expected: str) -> None:
    """Versions of a namespace are one family."""
    assert family(tag) == expected


def test_entries() -> None:
    """Words alone, flags by words, flags by what finds them."""
    stanza = read(frame("<presence/>")).tree
    assert stanza is not None
    setting = Setting(
        stanza=stanza, kind="presence", type="", outgoing=True, identity=JULIET, teller=TELLER
    )
    entries = [said("ping"), flag("store"), flag(lambda _element, _setting: "nick")]
    told = [(entry.topic, entry.describe(stanza, setting), entry.role) for entry in entries]

    assert told == [
        ("ping", "", Role.LEAD),
        ("store", "", Role.FLAG),
        ("", "nick", Role.FLAG),
    ]
    assert nothing(stanza, setting) == ""
