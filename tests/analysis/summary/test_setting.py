import pytest

from tests.analysis.summary.samples import JULIET, frame
from xmppspy.analysis.summary.overview import TELLER
from xmppspy.analysis.summary.setting import Setting
from xmppspy.protocol.events import Direction
from xmppspy.protocol.readable import Element
from xmppspy.protocol.stanza import read

MESSAGE = "<message from='juliet@example.org/phone' to='romeo@example.net' type='chat'/>"


def element(xml: str) -> Element:
    """The tree of a frame."""
    found = read(frame(xml)).tree
    assert found is not None
    return found


def setting(xml: str, direction: Direction = "c2s") -> Setting:
    """The setting of a stanza's payloads."""
    return Setting(
        stanza=element(xml),
        kind="message",
        type="chat",
        outgoing=direction == "c2s",
        identity=JULIET,
        teller=TELLER,
        room=10,
    )


@pytest.mark.parametrize(
    ("jid", "shown"),
    [
        ("juliet@example.org", "me"),
        ("Juliet@Example.org/phone", "me/phone"),
        ("example.org", "srv"),
        ("romeo@example.net", "romeo@example.net"),
        ("ro\x1bmeo@example.net", r"ro\x1bmeo@example.net"),
        (None, ""),
    ],
)
def test_addresses(jid: str | None, shown: str) -> None:
    """The account's own ones are short, others harmless."""
    assert setting(MESSAGE).who(jid) == shown


def test_the_other_end() -> None:
    """Towards the server the addressee, towards the client the sender."""
    assert [setting(MESSAGE).other, setting(MESSAGE, "s2c").other] == [
        "romeo@example.net",
        "me/phone",
    ]


def test_quotations_have_the_room_of_the_setting() -> None:
    """What a person wrote is folded to it."""
    assert setting(MESSAGE).quote("0123456789abc") == '"0123456789…"'


def test_carried_stanzas_have_a_setting_of_their_own() -> None:
    """One deeper, on the same connection."""
    inner = element("<iq type='get'/>")
    inside = setting(MESSAGE).inside(inner, "iq")

    assert (inside.stanza, inside.kind, inside.type, inside.depth) == (inner, "iq", "get", 1)
    assert inside.identity == JULIET


def test_other_payloads_can_be_told() -> None:
    """By whoever can describe everything."""
    assert setting(MESSAGE).tell(element("<ping xmlns='urn:xmpp:ping'/>")) == "ping"
