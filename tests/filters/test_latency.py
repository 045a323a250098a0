import gc
import tracemalloc
from dataclasses import replace

import pytest

from tests.filters.samples import cut, frame
from xmppspy.analysis import exchanges
from xmppspy.filters import Filter
from xmppspy.filters.latency import Latencies
from xmppspy.protocol.events import ConnectionOpened, Event

HEADER = b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
PING = frame("<iq type='get' id='p1' to='a.example'><ping xmlns='urn:xmpp:ping'/></iq>")
PONG = frame("<iq type='result' id='p1' from='a.example'/>", dir_="s2c")
SPOOF = frame("<iq type='result' id='p1' from='b.example'/>", dir_="s2c")


def exchange(latency: float, *answers: Event) -> list[Event]:
    """A request and answers to it, all of them after `latency`."""
    opened = ConnectionOpened(t=0.0, conn=1, client="", server="")
    header = cut(HEADER)[0]
    times = [replace(each, t=10.0 + latency) for each in answers]
    return [opened, header, replace(PING, t=10.0), *times]


def test_an_answer_takes_its_time() -> None:
    """The seconds since the request, for the first answer from who was asked."""
    latencies = Latencies()
    found = [latencies.see(event) for event in exchange(0.25, SPOOF, PONG, PONG)]

    assert found == [None, None, None, None, 0.25, None]


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("latency:0.25", True),
        ("latency:0.2..0.3", True),
        ("latency>0.25", False),
        ("latency<0.3", True),
        ("iq latency:0.1..", True),
        ("message or latency>0.1", True),
        ("not latency>0.1", False),
        ("message latency:0.25", False),
    ],
)
def test_answers_are_found_by_it(text: str, matches: bool) -> None:
    """The term stands for answers, also where it would not have to be asked each time."""
    made = Filter(text)
    found = [made.match(event) for event in exchange(0.25, PONG)]

    assert found[-1] is matches
    assert len(set(found[:-1])) == 1


def test_what_is_no_answer_has_no_latency() -> None:
    """So no number is too low for it."""
    made = Filter("latency:0..")

    assert not any(made.match(event) for event in exchange(0.25, SPOOF))


def test_each_capture_has_a_filter_of_its_own() -> None:
    """`with_clock` makes one that has not seen anything yet."""
    events = exchange(0.25, PONG)
    first = Filter("latency:0.25")
    for event in events[:-1]:
        first.match(event)
    second = first.with_clock(None)

    assert not second.match(events[-1])
    assert first.match(events[-1])


def test_memory_stays_flat(monkeypatch: pytest.MonkeyPatch) -> None:
    """A capture may be endless; what is remembered of it is bounded."""
    monkeypatch.setattr(exchanges, "MAX_PENDING", 100)
    made = Filter("latency>1")

    def used_after(numbers: range) -> int:
        for i in numbers:
            made.match(replace(PING, id=f"i{i:05}"))
            made.match(replace(PONG, id=f"i{i - i % 2:05}"))
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    few = used_after(range(500))
    many = used_after(range(500, 3000))
    tracemalloc.stop()

    assert many - few < 10_000
