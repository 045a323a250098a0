from array import array
from pathlib import Path

import pytest

from tests.analysis.scenes import Scene
from tests.test_captures import CAPTURES
from tests.view.browse.samples import MESSAGE, Indexed, chat, indexed, indexed_scene
from xmppspy.capture.reader import read
from xmppspy.filters import Filter
from xmppspy.view.browse.heap import Heap
from xmppspy.view.browse.messages import Needle
from xmppspy.view.browse.needle import holding
from xmppspy.view.browse.search import Search

FILTERS = ("iq", "not kind:space", "type:error", "body:thou", "latency:0.0005..", "event", "size>300",
           "ns:urn:xmpp:sm", "iq latency:..1 or error", "name:query")  # fmt: skip
GROUP_CHAT = CAPTURES / "group-chat.xmpp.jsonl"


def searched(found: Indexed, text: str, start: int = 0) -> list[int]:
    """All rows that a search finds, in the order of rows."""
    search = Search(Filter(text), found.body, found.browser.records, Heap(found.heap), start=start)
    sides: dict[bool, array[int]] = {True: array("I"), False: array("I")}
    looked = -1
    while search.looked > looked:
        looked = search.looked
        rows, is_before = search.step(found.explained)
        sides[is_before].extend(rows)

    assert search.looked == found.browser.rows
    return list(sides[True] + sides[False])


@pytest.mark.parametrize("text", FILTERS)
@pytest.mark.parametrize("start", [0, 40])
def test_search_finds_what_the_filter_matches(text: str, start: int) -> None:
    """Wherever it begins, and whatever it takes to judge a row."""
    wanted = Filter(text)
    expected = [row for row, event in enumerate(read(GROUP_CHAT)) if wanted.match(event)]
    with indexed(GROUP_CHAT) as found:
        assert searched(found, text, start) == expected


def test_search_begins_in_the_middle() -> None:
    """Rows from there on come first, then those before, each side in order."""
    with indexed(GROUP_CHAT) as found:
        search = Search(Filter("iq"), found.body, found.browser.records, Heap(found.heap), start=40)
        after, is_before = search.step(found.explained)
        before, is_before_now = search.step(found.explained)

        assert (is_before, is_before_now) == (False, True)
        assert list(after) == sorted(after)
        assert before[-1] < 40 <= after[0]


def test_search_goes_on_when_there_is_more(tmp_path: Path) -> None:
    """New rows are looked at as they come."""
    with indexed_scene(chat(), tmp_path) as found:
        search = Search(Filter("event:mark"), found.body, found.browser.records, Heap(found.heap))
        first, _ = search.step(found.explained)
        found.add(b'{"event":"mark","text":"x"}\n')
        then, _ = search.step(found.explained)

        assert (list(first), list(then)) == ([], [15])


def test_latencies_wait_until_rows_are_explained(tmp_path: Path) -> None:
    """Others do not wait."""
    with indexed_scene(chat(), tmp_path) as found:
        records, heap = found.browser.records, Heap(found.heap)
        waits = Search(Filter("latency:0..1"), found.body, records, heap)
        goes = Search(Filter("iq"), found.body, records, heap)
        waits.step(5)
        goes.step(5)

        assert (waits.looked, goes.looked) == (5, 15)


def test_needle_is_asked_besides(tmp_path: Path) -> None:
    """Both have to hold."""
    with indexed_scene(chat(), tmp_path) as found:
        search = Search(
            Filter("c2s"),
            found.body,
            found.browser.records,
            Heap(found.heap),
            holds=holding(Needle("wherefore")),
        )

        assert list(search.step(found.explained)[0]) == [MESSAGE]


def test_streams_that_began_before_the_start_are_known(tmp_path: Path) -> None:
    """Frames are read in the namespace of their stream, also from the middle on."""
    scene = Scene()
    scene.opens()
    header = (
        "<stream:stream xmlns='jabber:component:accept'"
        " xmlns:stream='http://etherx.jabber.org/streams' to='chat.example'>"
    )
    scene.client(header)
    scene.server(header.replace(" to=", " from="))
    scene.client("<message from='a@chat.example' to='b@c'><body>thou</body></message>")
    with indexed_scene(scene, tmp_path) as found:
        assert searched(found, "body:thou", 3) == [3]
