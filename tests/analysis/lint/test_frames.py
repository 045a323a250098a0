import pytest

from tests.analysis.scenes import Scene
from xmppspy.analysis.lint.frames import Frames, element, raw, stanza
from xmppspy.protocol.events import FrameRecord

SM = "urn:xmpp:sm:3"
PING = "<iq type='get' id='p' to='a@example.org'><ping xmlns='urn:xmpp:ping'/></iq>"


def record(xml: str) -> FrameRecord:
    """One frame of a stream."""
    return Scene().client(xml)


@pytest.mark.parametrize(
    ("frames", "covers"),
    [
        (stanza(), True),
        (stanza("iq", "message"), True),
        (stanza("message"), False),
        (stanza("iq", types=["get"]), True),
        (stanza("iq", types=["set", None]), False),
        (stanza(holding=["urn:xmpp:ping", "urn:xmpp:time"]), True),
        (stanza(holding=["urn:xmpp:time"]), False),
        (stanza(way="c2s"), True),
        (stanza(way="s2c"), False),
        (stanza(only=lambda frame: frame.to is None), False),
        (element(SM), False),
        (raw("iq"), True),
        (raw("space"), False),
        (Frames(), True),
        (Frames(content=False), False),
        (Frames(but=frozenset({"iq"})), False),
    ],
)
def test_frames_cover_what_they_name(frames: Frames, covers: bool) -> None:
    """Kind, type, direction, namespaces and further conditions; nothing given means anything."""
    assert frames.cover(record(PING)) is covers


def test_elements_are_known_by_their_namespace() -> None:
    """And, where that is asked for, by their names."""
    found = record(f"<r xmlns='{SM}'/>")

    assert element(SM, names=["r", "a"]).cover(found)
    assert not element(SM, names=["enable"]).cover(found)
    assert not stanza().cover(found)
