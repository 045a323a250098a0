import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.capture.samples import HEADER, bare, events, frame, frames, wait_for
from xmppspy.capture.format import encode, encode_header
from xmppspy.capture.reader import Reader, read
from xmppspy.capture.sinks import FileSink, PipeSink, Report, Sink
from xmppspy.capture.writer import Writer
from xmppspy.protocol.accelerator import NOTHING
from xmppspy.protocol.context import DEFAULT_CONTEXT
from xmppspy.protocol.events import Event, FrameRecord, Gap, Note, StanzaRun
from xmppspy.protocol.runs import records

E = TypeVar("E", bound=Event)


class _Memory:
    """A sink that keeps everything, and can be told to wait."""

    def __init__(self) -> None:
        self.data = b""
        self.flushes = 0
        self.entered = threading.Event()
        self.gate = threading.Event()
        self.gate.set()
        self.retry: float | None = None

    def start(self, header: bytes, report: Report) -> None:
        self.data += header

    def write(self, lines: Sequence[bytes], t: float, _count: int | None = None) -> None:
        self.entered.set()
        self.gate.wait()
        self.data += b"".join(lines)

    def flush(self) -> None:
        self.flushes += 1

    def close(self) -> None:
        self.flush()

    @property
    def events(self) -> list[Event]:
        return list(Reader(io.BytesIO(self.data)))


def in_order(told: list[E]) -> list[E]:
    """Events as they happen: time does not go backwards."""
    return sorted(told, key=lambda event: event.t)


@settings(max_examples=30, deadline=None)
@given(st.lists(events, max_size=20).map(in_order))
def test_what_was_written_is_read(told: list[Event]) -> None:
    """A capture gives back every event, in order, plain or compressed."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("x.jsonl", "x.jsonl.zst"):
            path = Path(folder, name)
            with Writer(HEADER, [FileSink(path)], pytest.fail) as writer:
                for event in told:
                    writer.write(event)
            reader = Reader(path)

            assert [bare(event) for event in reader] == told
            assert (reader.header, reader.torn) == (HEADER, None)


@settings(max_examples=30, deadline=None)
@given(st.lists(frames, max_size=20).map(in_order))
def test_what_each_side_saw_can_be_rebuilt(told: list[FrameRecord]) -> None:
    """Received and sent bytes of both directions come back, byte for byte."""
    sink = _Memory()
    with Writer(HEADER, [sink], pytest.fail) as writer:
        for one in told:
            writer.write(one)
    back = [event for event in sink.events if isinstance(event, FrameRecord)]

    for direction in ("c2s", "s2c"):
        assert _received(back, direction) == _received(told, direction)
        assert _left(back, direction) == _left(told, direction)


def _received(told: list[FrameRecord], direction: str) -> bytes:
    return b"".join(one.data for one in told if one.dir == direction and not one.injected)


def _left(told: list[FrameRecord], direction: str) -> bytes:
    return b"".join(one.left for one in told if one.dir == direction)


def test_the_header_is_there_before_any_event(tmp_path: Path) -> None:
    """A view that starts on a capture of this moment finds its header."""
    path = tmp_path / "x"
    writer = Writer(HEADER, [FileSink(path)], pytest.fail)
    data = path.read_bytes()
    writer.close()

    assert data == encode_header(HEADER)


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.zst"])
def test_lines_appear_without_being_asked_for(tmp_path: Path, name: str) -> None:
    """An event is in the file soon, while the writer goes on."""
    path = tmp_path / name
    with Writer(HEADER, [FileSink(path)], pytest.fail) as writer:
        for n in (1, 2, 3):
            writer.write(frame(n))
            wait_for(lambda n=n: list(read(path))[-1:] == [frame(n)])  # type: ignore[misc]


def test_time_never_goes_backwards() -> None:
    """An event that was dated before its predecessor gets its predecessor's time."""
    sink = _Memory()
    with Writer(HEADER, [sink], pytest.fail) as writer:
        for t in (2.0, 1.0, 3.0):
            writer.write(Note(t=t, text=""))

    assert [event.t for event in sink.events] == [2.0, 2.0, 3.0]


def test_every_sink_gets_every_line(tmp_path: Path) -> None:
    """The live view's pipe carries what the file holds."""
    out, into = os.pipe()
    path = tmp_path / "x"
    with Writer(HEADER, [FileSink(path), PipeSink(into)], pytest.fail) as writer:
        for n in range(1, 101):
            writer.write(frame(n))
    with open(out, "rb") as pipe:  # noqa: PTH123 - a descriptor
        data = pipe.read()

    assert data == path.read_bytes()
    assert data.count(b"\n") == 101


def test_a_stalled_view_does_not_touch_the_file(tmp_path: Path) -> None:
    """What a view does not read is in the file all the same."""
    out, into = os.pipe()
    path = tmp_path / "x"
    ends: list[str] = []
    sinks: list[Sink] = [PipeSink(into, lambda: ends.append("end")), FileSink(path)]
    large = b"<a>" + b"x" * 10_000 + b"</a>"
    writer = Writer(HEADER, sinks, pytest.fail)
    for n in range(1, 301):
        writer.write(frame(n, large))
    wait_for(lambda: path.read_bytes().count(b"\n") == 301)
    os.close(out)
    writer.close()

    assert ends == ["end"]


def test_without_sinks_nothing_is_kept() -> None:
    """A relay that neither shows nor records needs no other code."""
    with Writer(HEADER, [], pytest.fail) as writer:
        writer.write(frame(1))

    assert not writer._queue


def overrun(sink: _Memory) -> Writer:
    """A writer whose sink waits at frame 1, and whose queue of three is full: 5 to 10 are lost."""
    sink.gate.clear()
    writer = Writer(HEADER, [sink], pytest.fail, queue_bytes=1600)
    writer.write(frame(1))
    sink.entered.wait()
    for n in range(2, 11):
        writer.write(frame(n))
    return writer


def test_a_queue_that_is_full_leaves_a_gap() -> None:
    """A writer that cannot keep up loses records, counts them and says so in the capture."""
    sink = _Memory()
    writer = overrun(sink)
    sink.gate.set()
    wait_for(lambda: writer._put == writer._got)
    writer.write(frame(11))
    writer.close()

    assert sink.events == [*map(frame, range(1, 5)), Gap(t=0.01, lost=6), frame(11)]


def test_a_loss_at_the_end_is_told() -> None:
    """Records lost just before the end are counted, too."""
    sink = _Memory()
    writer = overrun(sink)
    threading.Timer(0.01, sink.gate.set).start()
    writer.close()

    assert sink.events == [*map(frame, range(1, 5)), Gap(t=0.01, lost=6)]


def test_one_record_may_be_larger_than_the_queue() -> None:
    """A stanza of any size is recorded when nothing else waits."""
    sink = _Memory()
    large = frame(1, b"<a>" + b"x" * 5000 + b"</a>")
    with Writer(HEADER, [sink], pytest.fail, queue_bytes=2000) as writer:
        writer.write(replace(large, sent=b"x" * 5000))

    assert sink.events == [replace(large, sent=b"x" * 5000)]


def test_what_is_kept_back_is_tried_again() -> None:
    """A sink that could not let something out is asked again, without new events."""
    sink = _Memory()
    writer = Writer(HEADER, [sink], pytest.fail)
    sink.retry = 0.001
    writer.write(frame(1))
    wait_for(lambda: sink.flushes > 3)
    writer.close()

    assert sink.events == [frame(1)]


def test_a_writer_sleeps_when_there_is_nothing() -> None:
    """Without events and without anything kept back, the thread does not wake."""
    sink = _Memory()
    writer = Writer(HEADER, [sink], pytest.fail)
    writer.write(frame(1))
    wait_for(lambda: sink.flushes == 1)
    writer._thread.join(0.05)
    flushes = sink.flushes
    writer.close()

    assert flushes == 1


VICTIM = """
import sys
from tests.capture.samples import HEADER, frame
from xmppspy.capture.sinks import FileSink
from xmppspy.capture.writer import Writer

writer = Writer(HEADER, [FileSink(sys.argv[1])], print)
for n in range(1, 1_000_000_000):
    writer.write(frame(n))
    if not n % 50 and not sys.stdin.readline():
        break
"""


@pytest.mark.parametrize("name", ["x.xmpp.jsonl", "x.xmpp.jsonl.zst"])
def test_a_killed_process_leaves_a_capture(tmp_path: Path, name: str) -> None:
    """After kill -9, all that had been written 50 ms before can be read."""
    path = tmp_path / name
    with subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(path)], stdin=subprocess.PIPE
    ) as victim:
        assert victim.stdin is not None
        for lines in (1, 2, 3):
            wait_for(lambda n=50 * lines: path.exists() and _last(path) == n)  # type: ignore[misc]
            victim.stdin.write(b"\n")
            victim.stdin.flush()
        victim.send_signal(signal.SIGKILL)
    told = list(read(path))
    complete = [event for event in told if isinstance(event, FrameRecord)]

    assert complete[:150] == [frame(n) for n in range(1, 151)]
    assert len(complete) <= 200


def _last(path: Path) -> int:
    """The number of the last frame in a file that is being written."""
    told = [event for event in Reader(path, follow=True, until=0) if isinstance(event, FrameRecord)]
    return told[-1].n if told else 0


def test_a_line_is_encoded_once_for_all_sinks() -> None:
    """Two sinks get the same bytes."""
    one, two = _Memory(), _Memory()
    with Writer(HEADER, [one, two], pytest.fail) as writer:
        writer.write(frame(1))

    assert one.data == two.data == encode_header(HEADER) + encode(frame(1))


def test_events_are_transformed_before_they_are_written() -> None:
    """A sink gets what the transformation gives, in order."""
    sink = _Memory()
    given = [replace(frame(1), id=str(number)) for number in range(100)]
    count = iter(range(1000))

    def numbered(event: Event) -> Event:
        return Note(t=event.t, text=str(next(count)))

    with Writer(HEADER, [sink], print, transform=numbered) as writer:
        for event in given:
            writer.write(event)

    assert [event.text for event in sink.events if isinstance(event, Note)] == [
        str(number) for number in range(100)
    ]


def test_what_cannot_be_transformed_is_not_written() -> None:
    """An event that might hold a secret is rather lost, and that is said and recorded."""
    sink, told = _Memory(), list[str]()

    def failing(event: Event) -> Event:
        raise ValueError("swordfish")

    with Writer(HEADER, [sink], told.append, transform=failing) as writer:
        writer.write(replace(frame(1), t=1.5))

    assert sink.events == [Gap(t=1.5, lost=1)]
    assert told == ["an event could not be masked, and is not recorded: ValueError; this is a bug"]


def run(conn: int, *stanzas: bytes) -> StanzaRun:
    """Stanzas that came at once."""
    return StanzaRun(1, len(stanzas), 1.5, conn, "s2c", b"".join(stanzas), DEFAULT_CONTEXT, NOTHING)


def test_a_run_is_written_as_its_records_are(tmp_path: Path) -> None:
    """Its lines are those of its stanzas, for a file as for a view, and each counts."""
    path, whole = tmp_path / "a.xmpp.jsonl", run(1, b"<presence/>", b"<iq id='\xc2\x85'/>")
    out, into = os.pipe()
    with Writer(HEADER, [FileSink(path), PipeSink(into)], pytest.fail) as writer:
        writer.write(whole)
    lines = path.read_bytes().splitlines(keepends=True)
    shown = os.read(out, 10_000)
    os.close(out)

    assert lines[1:] == [encode(record) for record in records(whole)]
    assert shown == b"".join(lines)


def test_a_run_that_does_not_pass_is_transformed_one_by_one() -> None:
    """Each of its records is, then, and one that fails is lost alone."""
    sink, told = _Memory(), list[str]()

    def failing(event: Event) -> Event:
        if isinstance(event, FrameRecord) and event.kind == "presence":
            raise ValueError
        return event

    with Writer(
        HEADER, [sink], told.append, transform=failing, passes=lambda each: each.conn == 1
    ) as writer:
        writer.write(run(1, b"<presence/>"))
        writer.write(run(2, b"<presence/>", b"<iq/>"))
    kinds = [line.partition(b'"kind":"')[2][:3] for line in bytes(sink.data).splitlines()[1:]]

    assert kinds == [b"pre", b"", b'iq"']
    assert len(told) == 1


def test_lost_runs_count_as_their_records() -> None:
    """A gap tells how many stanzas are missing."""
    sink = _Memory()
    writer = overrun(sink)
    writer.write(run(1, *[b"<presence/>"] * 50))
    threading.Timer(0.01, sink.gate.set).start()
    writer.close()

    assert sink.events[-1] == Gap(t=1.5, lost=56)
