import pytest

from tests.scripting.staging import MESSAGE, QUERY, frame_of
from xmppspy.intervene.records import record_of
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.proxy.scripts.sight import Sight

PLAIN = b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>"


def _record(frame: Frame) -> FrameRecord:
    return record_of(3, "c2s", frame, 0.0)


@pytest.mark.parametrize(
    ("filter", "shown"),
    [
        (None, [MESSAGE, QUERY]),
        ("", [MESSAGE, QUERY, PLAIN]),
        ("message", [MESSAGE]),
        ("conn:3 c2s not message", [QUERY, PLAIN]),
        ("body:wherefore or ns:jabber:iq:roster", [MESSAGE, QUERY]),
        ("sasl", [PLAIN]),
        ("s2c", []),
    ],
)
def test_which_frames_are_shown(filter: str | None, shown: list[bytes]) -> None:  # noqa: A002
    """All stanzas, unless a filter says otherwise."""
    sight = Sight(filter)
    frames = [MESSAGE, QUERY, PLAIN]

    assert [each for each in frames if sight.shows(_record(frame_of(each)))] == shown


@pytest.mark.parametrize(
    ("filter", "may"),
    [(None, True), ("message", True), ("iq", False), ("message s2c", False), ("body:x", True)],
)
def test_what_a_start_tag_tells(filter: str | None, may: bool) -> None:  # noqa: A002
    """A frame that is arriving is waited for only if it could be shown."""
    framer = Framer()
    framer.receive_data(b"<stream:stream xmlns='jabber:client'><message to='a'><bo")
    framer.next_frame()
    assert framer.next_frame() is None
    head = framer.head
    assert head is not None

    assert Sight(filter).may_show(_record(head)) is may
