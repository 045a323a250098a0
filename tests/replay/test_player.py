from collections.abc import Iterator

from xmppspy.protocol.events import Event, Mark, Note
from xmppspy.replay.player import Player
from xmppspy.replay.timeline import Timeline

SCENE: list[Event] = [
    Note(t=0.0, text="a"),
    Note(t=1.0, text="b"),
    Mark(t=2.0, text="m"),
    Note(t=3.0, text="c"),
]


class Person:
    """Presses keys at given times of a clock that only waiting moves."""

    def __init__(self, *presses: tuple[float, str], is_there: bool = True) -> None:
        self.now = 0.0
        self.are_there = is_there
        self._presses: Iterator[tuple[float, str]] = iter(presses)
        self._next = next(self._presses, None)

    def clock(self) -> float:
        """The time."""
        return self.now

    def wait(self, seconds: float | None) -> str | None:
        """The next key, if it is pressed in time."""
        end = float("inf") if seconds is None else self.now + seconds
        if self._next is None or self._next[0] > end:
            assert seconds is not None, "it waits for a key that nobody presses"
            self.now = end
            return None
        at, key = self._next
        self.now = max(self.now, at)
        self._next = next(self._presses, None)
        return key


def play(
    person: Person, scene: list[Event] = SCENE, *, stepping: bool = False
) -> tuple[list[tuple[float, str]], bool]:
    """What was shown and when, and whether it was played to the end."""
    shown: list[tuple[float, str]] = []

    def show(event: Event) -> None:
        assert isinstance(event, Note | Mark)
        shown.append((round(person.now, 3), event.text))

    player = Player(show, Timeline(), person, person.clock, stepping=stepping)
    ended = player.play(scene)
    return shown, ended


def test_plays_with_the_recorded_times() -> None:
    """Without anybody there, everything comes at its time, marks included."""
    shown, ended = play(Person(is_there=False))

    assert shown == [(0.0, "a"), (1.0, "b"), (2.0, "m"), (3.0, "c")]
    assert ended


def test_pause_keeps_the_rest_of_the_wait() -> None:
    """Space pauses; after space again, what was left of the wait is waited."""
    shown, _ = play(Person((0.25, " "), (10.0, " "), (20.0, " ")))

    assert shown == [(0.0, "a"), (10.75, "b"), (11.75, "m"), (21.0, "c")]


def test_pauses_at_marks() -> None:
    """At a mark it waits for the person."""
    shown, _ = play(Person((7.0, " ")))

    assert shown[-2:] == [(2.0, "m"), (8.0, "c")]


def test_step_of_a_paused_recording() -> None:
    """A point shows the next event at once and stays paused."""
    shown, _ = play(Person((0.5, " "), (5.0, "."), (6.0, "."), (7.0, ".")))

    assert shown == [(0.0, "a"), (5.0, "b"), (6.0, "m"), (7.0, "c")]


def test_next_mark() -> None:
    """] shows everything up to the next mark at once, and pauses there."""
    shown, _ = play(Person((0.5, "]"), (9.0, " ")))

    assert shown == [(0.0, "a"), (0.5, "b"), (0.5, "m"), (10.0, "c")]


def test_quit() -> None:
    """Q ends it, while it plays and while it is paused."""
    assert play(Person((0.5, "q"))) == ([(0.0, "a")], False)
    assert play(Person((0.5, " "), (3.0, "q"))) == ([(0.0, "a")], False)


def test_stepping() -> None:
    """With --step every event waits for space."""
    shown, ended = play(Person((1.0, " "), (2.0, " "), (3.0, " "), (4.0, " ")), stepping=True)

    assert shown == [(1.0, "a"), (2.0, "b"), (3.0, "m"), (4.0, "c")]
    assert ended


def test_other_keys_do_nothing() -> None:
    """A key without meaning neither pauses nor shortens a wait."""
    shown, _ = play(Person((0.3, "x"), (0.4, "."), (5.0, " ")))

    assert shown[:2] == [(0.0, "a"), (1.0, "b")]


def test_mark_of_a_frame_does_not_stop_it() -> None:
    """It was set later, when somebody looked at the frame."""
    scene: list[Event] = [Note(t=0.0, text="a"), Mark(t=1.0, text="m", n=1), Note(t=2.0, text="b")]
    shown, ended = play(Person(), scene)

    assert shown == [(0.0, "a"), (1.0, "m"), (2.0, "b")]
    assert ended
