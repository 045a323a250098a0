import pytest

from xmppspy.protocol.events import Direction
from xmppspy.protocol.frames import Frame
from xmppspy.protocol.urgent import PING, Urgent


def iq(kind: str, id_: str | None, *children: str) -> Frame:
    """An iq with children of those namespaces."""
    return Frame("iq", b"<iq/>", type=kind, id=id_, ns=children)


@pytest.mark.parametrize(
    "frame",
    [
        Frame("space", b" "),
        Frame("r", b"<r/>", xmlns="urn:xmpp:sm:3"),
        Frame("a", b"<a/>", xmlns="urn:xmpp:sm:2"),
        iq("get", "p1", PING),
        iq("get", "p1", "urn:x", PING),
    ],
)
def test_what_keeps_a_session_alive(frame: Frame) -> None:
    """White space, acknowledgements, requests for them, and pings need not wait."""
    assert Urgent().is_urgent("c2s", frame)


@pytest.mark.parametrize(
    "frame",
    [
        Frame("message", b"<message/>"),
        Frame("space", b"<space/>", xmlns="urn:x"),
        Frame("a", b"<a/>"),
        Frame("a", b"<a/>", xmlns="urn:x"),
        Frame("enable", b"<enable/>", xmlns="urn:xmpp:sm:3"),
        Frame("presence", b"<presence/>", type="get", id="p1", ns=(PING,)),
        iq("get", None, PING),
        iq("set", "p1", PING),
        iq("get", "p1", "urn:x"),
        iq("result", "p1"),
        iq("error", "p1", PING),
    ],
)
def test_what_can_wait(frame: Frame) -> None:
    """All the rest, and what only looks alike."""
    assert not Urgent().is_urgent("c2s", frame)


@pytest.mark.parametrize("answer", ["result", "error"])
@pytest.mark.parametrize(("asked", "answered"), [("c2s", "s2c"), ("s2c", "c2s")])
def test_answers_to_pings(asked: Direction, answered: Direction, answer: str) -> None:
    """They are known by id, and only in the direction they have to take."""
    urgent = Urgent()
    urgent.see(asked, iq("get", "p1", PING))
    urgent.see(asked, iq("set", "p2", PING))

    assert urgent.is_urgent(answered, iq(answer, "p1"))
    assert not urgent.is_urgent(asked, iq(answer, "p1"))
    assert not urgent.is_urgent(answered, iq(answer, "p2"))
    assert not urgent.is_urgent(answered, iq("set", "p1"))


def test_pings_are_not_remembered_for_ever() -> None:
    """Of very many, only the last ones are known."""
    urgent = Urgent()
    for number in range(1000):
        urgent.see("c2s", iq("get", f"p{number}", PING))

    assert [urgent.is_urgent("s2c", iq("result", id_)) for id_ in ("p1", "p999")] == [False, True]
