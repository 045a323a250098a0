from array import array
from pathlib import Path

from tests.view.browse.samples import MESSAGE, Indexed, chat, indexed_scene
from xmppspy.analysis.journeys import Journey
from xmppspy.view.browse.listing import Findings
from xmppspy.view.browse.messages import Answered, Found, Leave, Look, Needle, Reach, Slot, Trace
from xmppspy.view.browse.searchwork import SearchWork


def look(text: str, slot: Slot = "filter", number: int = 1, start: int = 0) -> Look:
    """What to search for."""
    return Look(slot=slot, number=number, start=start, text=text, created=None)


class Told:
    """A searcher at work, and what it tells."""

    def __init__(self, found: Indexed) -> None:
        self.messages: list[object] = []
        self.work = SearchWork(found.body, found.records, found.heap, self.messages.append)
        self.reach(found)

    def reach(self, found: Indexed) -> None:
        """Tell it how far the capture is known."""
        self.work.handle(Reach(found.browser.rows, found.explained))

    def finish(self) -> None:
        """Let it do all there is to do."""
        while self.work.step():
            pass

    def rows(self, number: int = 1, start: int = 0) -> list[int]:
        """What a search has found."""
        findings = Findings(start)
        for message in self.messages:
            if isinstance(message, Found) and message.number == number:
                findings.take(message)
        return list(findings.copy())


def test_search_is_told(tmp_path: Path) -> None:
    """What was found, and how many rows were looked at."""
    with indexed_scene(chat(), tmp_path) as found:
        told = Told(found)
        told.work.handle(look("iq"))
        told.finish()
        last = told.messages[-1]

        assert told.rows() == [3, 4, 7, 8]
        assert isinstance(last, Found)
        assert last.looked == 15


def test_both_sides_of_a_start_are_told_apart(tmp_path: Path) -> None:
    """So that rows can be put in order."""
    with indexed_scene(chat(), tmp_path) as found:
        told = Told(found)
        told.work.handle(look("iq", start=5))
        told.finish()

        assert told.rows(start=5) == [3, 4, 7, 8]


def test_two_searches_run_at_a_time(tmp_path: Path) -> None:
    """One of each slot, one with a needle; a new one of a slot ends the one before."""
    with indexed_scene(chat(), tmp_path) as found:
        told = Told(found)
        needle = Look(
            slot="search", number=2, start=0, text="", needle=Needle("thou"), created=None
        )
        told.work.handle(needle)
        told.work.handle(look("iq", number=3))
        told.work.handle(look("message", number=4))
        told.finish()

        assert (told.rows(2), told.rows(3), told.rows(4)) == ([MESSAGE], [], [MESSAGE, 13])


def test_search_goes_on_with_the_capture(tmp_path: Path) -> None:
    """Until it is to end."""
    with indexed_scene(chat(), tmp_path) as found:
        told = Told(found)
        told.work.handle(look("event:mark"))
        told.finish()
        found.add(b'{"event":"mark","text":"x"}\n')
        told.reach(found)
        told.finish()
        told.work.handle(Leave("filter"))
        found.add(b'{"event":"mark","text":"x"}\n')
        told.reach(found)
        told.finish()

        assert told.rows() == [15]


def test_nothing_is_said_twice(tmp_path: Path) -> None:
    """A search that is over is quiet."""
    with indexed_scene(chat(), tmp_path) as found:
        told = Told(found)
        told.work.handle(look("iq"))
        told.finish()
        count = len(told.messages)
        told.work.step()

        assert len(told.messages) == count
        assert array("I").itemsize == 4


def test_journey_is_told(tmp_path: Path) -> None:
    """Or that there is none."""
    with indexed_scene(chat(), tmp_path) as found:
        told = Told(found)
        for row in (MESSAGE, 0):
            told.work.handle(Trace(row))
            told.finish()
        journey, nothing = told.messages

        assert isinstance(journey, Answered)
        assert isinstance(journey.value, Journey)
        assert journey.value.ids == ["m1"]
        assert nothing == Answered("journey", None)
