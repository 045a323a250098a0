import time

import pytest

from xmppspy.view.browse.messages import Found, Leave, Look, Reach
from xmppspy.view.tui import searcher as module
from xmppspy.view.tui.helpers import Take
from xmppspy.view.tui.searcher import Searcher


class Dumb:
    """A helper that never answers by itself."""

    def __init__(self) -> None:
        self.sent: list[object] = []
        self.take: Take | None = None
        self.stopped = False

    def listen(self, take: Take) -> None:
        """Keep who listens."""
        self.take = take

    def send(self, message: object) -> None:
        """Keep what is sent."""
        self.sent.append(message)

    def stop(self) -> None:
        """Keep that it is over."""
        self.stopped = True


def look(number: int) -> Look:
    """Something to search for."""
    return Look(slot="filter", number=number, start=0, text="iq", created=None)


def started() -> tuple[Searcher, list[Dumb], list[object]]:
    """A searcher with the helpers it has begun, and what it has told."""
    helpers: list[Dumb] = []
    told: list[object] = []

    def start() -> Dumb:
        helpers.append(Dumb())
        return helpers[-1]

    searcher = Searcher(start)
    searcher.send(Reach(5, 5))
    searcher.listen(told.append)
    return searcher, helpers, told


def test_messages_are_passed_on() -> None:
    """Both ways; what was said before it began is said then."""
    searcher, (helper,), told = started()
    searcher.send(look(1))
    assert helper.take is not None
    helper.take("found")

    assert helper.sent == [Reach(5, 5), look(1)]
    assert told == ["found"]


def test_helper_that_does_not_come_to_an_end_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """When something else is wanted; the other one begins with what is known."""
    searcher, helpers, _ = started()
    searcher.send(look(1))
    monkeypatch.setattr(module, "PATIENCE", -1.0)
    searcher.send(look(2))

    assert helpers[0].stopped
    assert helpers[1].sent == [Reach(5, 5), look(2)]


def test_helper_that_answers_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a search takes as a whole."""
    searcher, helpers, _ = started()
    searcher.send(look(1))
    assert helpers[0].take is not None
    helpers[0].take(Found(slot="filter", number=1, is_before=False, rows=b"", looked=1))
    monkeypatch.setattr(module, "PATIENCE", -1.0)
    searcher.send(look(2))

    assert len(helpers) == 1


def test_search_that_was_left_is_not_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is still wanted."""
    searcher, helpers, _ = started()
    searcher.send(look(1))
    searcher.send(Leave("filter"))
    monkeypatch.setattr(module, "PATIENCE", -1.0)
    time.monotonic()
    searcher.send(Look(slot="search", number=1, start=0, text="", created=None))

    assert [type(message) for message in helpers[1].sent] == [Reach, Look]


def test_end_is_the_end() -> None:
    """Also where nothing has begun."""
    searcher, helpers, _ = started()
    searcher.stop()
    searcher.stop()
    Searcher(Dumb).stop()

    assert helpers[0].stopped
