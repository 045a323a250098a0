from collections.abc import Iterator

import pytest

from tests.analysis.scenes import Scene
from xmppspy.analysis.lint.rule import (
    Breach,
    Frames,
    Place,
    Rule,
    Said,
    Severity,
    element,
    follows,
    place_of,
    raw,
    stanza,
)
from xmppspy.analysis.lint.sight import Sight
from xmppspy.protocol.events import FrameRecord

SM = "urn:xmpp:sm:3"
PING = "<iq type='get' id='p' to='a@example.org'><ping xmlns='urn:xmpp:ping'/></iq>"


def record(xml: str, *, server: bool = False) -> FrameRecord:
    """One frame of a stream."""
    scene = Scene()
    return scene.server(xml) if server else scene.client(xml)


@pytest.mark.parametrize(
    ("severity", "lowest", "reaches"),
    [
        (Severity.ERROR, Severity.WARNING, True),
        (Severity.WARNING, Severity.WARNING, True),
        (Severity.INFO, Severity.WARNING, False),
    ],
)
def test_severities_have_an_order(severity: Severity, lowest: Severity, reaches: bool) -> None:
    """From errors, the worst, to infos."""
    assert severity.reaches(lowest) is reaches


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


def test_place_is_where_a_frame_is() -> None:
    """Connection, time, direction, number."""
    assert place_of(record(PING)) == Place(1, 0.1, "c2s", 1)


def test_checks_are_attached_to_their_rule() -> None:
    """A function may be shown several sorts of frames."""
    rule = Rule("Z01", Severity.INFO, "RFC 1 §1", "something")

    @rule.on(stanza("iq"))
    @rule.on(stanza("message"))
    def check(_sight: Sight) -> Iterator[Said]:
        """Find nothing."""
        yield from ()

    assert [frames.kinds for frames, _ in rule.frame_checks] == [{"message"}, {"iq"}]
    assert {attached for _, attached in rule.frame_checks} == {check}
    assert repr(rule) == "<Rule Z01: something>"


def test_followers_are_functions_with_frames() -> None:
    """They are called for what they name."""
    seen: list[str] = []

    @follows(stanza("iq"))
    def keep(sight: Sight) -> None:
        """Note the kind."""
        seen.append(sight.record.kind)

    assert keep.frames.kinds == {"iq"}
    assert callable(keep.follow)
    assert seen == []


def test_breaches_say_what_differs() -> None:
    """Severity and place are the rule's and the frame's, unless they are told."""
    breach = Breach("something is wrong")

    assert (breach.severity, breach.place) == (None, None)
