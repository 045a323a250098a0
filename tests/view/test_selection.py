from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.view.samples import frame
from xmppspy.analysis.lint import Finding, Severity
from xmppspy.protocol.events import Event, Mark
from xmppspy.view.selection import Selection

FRAME, MARK = frame("<r/>"), Mark(t=0, text="m")


def places(selection: Selection, matching: Iterable[int], count: int = 10) -> list[int]:
    """Which of `count` frames are shown, when those at `matching` match."""
    shown = [
        one.at for at in range(1, count + 1) for one in selection.take(FRAME, at in set(matching))
    ]
    return shown + [one.at for one in selection.release()]


def test_matches_are_shown() -> None:
    """Without more, exactly the matches."""
    assert places(Selection(), [2, 3, 9]) == [2, 3, 9]


@pytest.mark.parametrize(
    ("matching", "expected"),
    [([5], [4, 5, 6]), ([1, 10], [1, 2, 9, 10]), ([3, 5], [2, 3, 4, 5, 6]), ([3, 4], [2, 3, 4, 5])],
)
def test_context(matching: list[int], expected: list[int]) -> None:
    """Frames before and after a match, none twice."""
    assert places(Selection(context=1), matching) == expected


def test_context_counts_frames() -> None:
    """Events among them come along and do not count."""
    selection = Selection(context=1)
    events: list[Event] = [FRAME, MARK, FRAME, MARK, FRAME, MARK, FRAME, MARK, FRAME]
    shown = [one.at for at, event in enumerate(events) for one in selection.take(event, at == 4)]

    assert shown == [3, 4, 5, 6, 7]


def test_the_last_ones() -> None:
    """Nothing is shown before the end, and then only so many."""
    selection = Selection(last=2)
    early = [one for at in range(5) for one in selection.take(FRAME, matches=at != 3)]

    assert early == []
    assert [one.at for one in selection.release()] == [3, 5]


def test_the_last_ones_with_context() -> None:
    """The surroundings of the first one shown are whole, also where they were another's."""
    assert places(Selection(context=2, last=1), [4, 6]) == [4, 5, 6, 7, 8]


def test_after_the_release_all_is_shown() -> None:
    """`-f -n N`: the last of what is there, then all that comes."""
    selection = Selection(last=1)
    for _ in range(3):
        selection.take(FRAME, matches=True)
    released = [one.at for one in selection.release()]

    assert released == [3]
    assert [one.at for one in selection.take(FRAME, matches=True)] == [4]


def test_remarks_stay_with_their_events() -> None:
    """What was said of an event is shown with it, also later."""
    said = Finding(
        rule="Z01", severity=Severity.INFO, conn=1, dir=None, n=None, t=0, ref="R", message="m"
    )
    selection = Selection(context=1)
    selection.take(FRAME, matches=False, remarks=[said])
    shown = selection.take(FRAME, matches=True)

    assert [list(one.remarks) for one in shown] == [[said], []]


@given(
    st.sets(st.integers(1, 30)),
    st.integers(0, 4),
    st.none() | st.integers(1, 5),
)
def test_against_the_plain_definition(matching: set[int], context: int, last: int | None) -> None:
    """What is shown is what lies within `context` of one of the last matches, once, in order."""
    kept = sorted(matching)[-last:] if last else sorted(matching)
    expected = {
        at for match in kept for at in range(match - context, match + context + 1) if 1 <= at <= 30
    }

    assert places(Selection(context, last), matching, 30) == sorted(expected)
