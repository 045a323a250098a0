from dataclasses import replace

from tests.demo.backstage import NURSE
from tests.replay.performing import cast, entering, lines
from xmppspy.protocol.events import FrameRecord
from xmppspy.replay.masks import unmasked

REGISTER = "{jabber:iq:register}password"


def _record(xml: str, *redacted: str) -> FrameRecord:
    return FrameRecord(n=1, t=0, conn=1, dir="c2s", kind="iq", data=xml.encode(), redacted=redacted)


def test_own_password_is_known() -> None:
    """A changed password is changed into the one the account has today, as XML."""
    role = replace(cast(lines(entering())).roles[0], password="<&>")
    wish = "<iq><query xmlns='jabber:iq:register'><username>{}</username><password>{}</password></query></iq>"
    said = unmasked(_record(wish.format(NURSE, "***"), REGISTER), role)

    assert said == wish.format(NURSE, "&lt;&amp;&gt;").encode()


def test_other_secrets_are_not_known() -> None:
    """A room's password is in no table: the stanza cannot be said."""
    role = cast(lines(entering())).roles[0]
    masked = ("{http://jabber.org/protocol/muc}password",)

    assert unmasked(_record("<presence/>", *masked), role) is None
    assert unmasked(_record("<iq/>", REGISTER, *masked), role) is None


def test_what_was_not_masked_is_as_it_was() -> None:
    """Stars that somebody has said are stars."""
    role = cast(lines(entering())).roles[0]

    assert unmasked(_record("<message>***</message>"), role) == b"<message>***</message>"
