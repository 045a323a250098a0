import io
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zstandard

from tests.capture.samples import HEADER, frame
from xmppspy.capture import sinks
from xmppspy.capture.format import encode, encode_header
from xmppspy.capture.reader import Reader, read
from xmppspy.capture.sinks import PIPE_BACKLOG, FileSink, PipeSink
from xmppspy.errors import CaptureExists, UsageError
from xmppspy.protocol.events import Event, FrameRecord, Gap, Skipped

START = encode_header(HEADER)
CONSEQUENCE = "the relay goes on, records are lost until it can be written"


def numbers(events: list[Event]) -> list[int]:
    """The numbers of the frames among events."""
    return [event.n for event in events if isinstance(event, FrameRecord)]


# --- files


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file can grow beyond `size` bytes: writes are short, then fail."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_is_private(tmp_path: Path) -> None:
    """A capture may hold anything that was said, so only its owner reads it."""
    path = tmp_path / "x.jsonl"
    FileSink(path).close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    """A capture is never overwritten or appended to."""
    path = tmp_path / "x.jsonl"
    path.write_text("precious")

    with pytest.raises(CaptureExists, match="exists already"):
        FileSink(path)
    assert path.read_text() == "precious"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The error says what to do, in one line."""
    path = tmp_path / "none" / "x.jsonl"

    with pytest.raises(UsageError) as raised:
        FileSink(path)
    assert str(raised.value) == (
        f"cannot write {path}: No such file or directory; choose another place with -w"
    )


@pytest.mark.parametrize("name", ["x.xmpp.jsonl", "x.xmpp.jsonl.zst"])
def test_what_was_flushed_can_be_read(tmp_path: Path, name: str) -> None:
    """The file is a capture at any time, not only when it was closed."""
    sink = FileSink(tmp_path / name)
    sink.start(START, pytest.fail)
    assert Reader(tmp_path / name).header == HEADER
    sink.write([encode(frame(1)), encode(frame(2))], 0.0)
    sink.flush()
    before = list(read(tmp_path / name))
    sink.write([encode(frame(3))], 0.0)
    sink.close()

    assert (numbers(before), numbers(list(read(tmp_path / name)))) == ([1, 2], [1, 2, 3])


def test_a_zst_file_is_a_complete_one(tmp_path: Path) -> None:
    """Other tools decompress it without complaint."""
    path = tmp_path / "x.zst"
    sink = FileSink(path)
    sink.start(START, pytest.fail)
    sink.write([encode(frame(1))], 0.0)
    sink.close()

    decompressor = zstandard.ZstdDecompressor().decompressobj()

    assert decompressor.decompress(path.read_bytes()) == START + encode(frame(1))
    assert decompressor.eof


@pytest.mark.parametrize("name", ["x.xmpp.jsonl", "x.xmpp.jsonl.zst"])
def test_a_full_disk_leaves_a_gap(tmp_path: Path, name: str) -> None:
    """What could not be written is counted, what follows is whole, and trouble is told at once."""
    reports: list[str] = []
    path = tmp_path / name
    sink = FileSink(path)
    sink.start(START, reports.append)
    with full_disk(path.stat().st_size + 100):
        noise = os.urandom(300)
        sink.write([encode(frame(1, noise)), encode(frame(2))], 0.0)
        sink.flush()
        assert (len(reports), sink.retry is None) == (1, False)
        for n in (3, 4, 5):
            sink.write([encode(frame(n))], n / 1000)
            sink.flush()
    assert len(reports) == 1
    sink.write([encode(frame(6))], 0.006)
    sink.flush()
    sink.close()

    events = list(read(path))

    assert events == [
        frame(1, noise),
        frame(2),
        Gap(t=0.005, lost=3),
        frame(6),
    ]
    assert reports == [
        f"cannot write {path}: File too large; {CONSEQUENCE}",
        f"{path} can be written again; 3 records were lost",
    ]
    assert sink.retry is None


def test_a_full_disk_is_not_told_all_the_time(tmp_path: Path) -> None:
    """A disk that is full and not full in turns does not flood the terminal."""
    reports: list[str] = []
    path = tmp_path / "x"
    sink = FileSink(path)
    sink.start(START, reports.append)
    for n in range(1, 11):
        with full_disk(path.stat().st_size + 10):
            sink.write([encode(frame(n))], 0.0)
            sink.flush()
        sink.flush()
    sink.close()

    assert len(reports) == 2
    assert numbers(list(read(path))) == list(range(1, 11))


def test_a_disk_that_stays_full_is_told_at_the_end(tmp_path: Path) -> None:
    """Nobody takes an incomplete capture for a complete one; what is there can be read."""
    reports: list[str] = []
    path = tmp_path / "x"
    sink = FileSink(path)
    sink.start(START, reports.append)
    with full_disk(path.stat().st_size + 10):
        sink.write([encode(frame(1))], 0.0)
        sink.flush()
        sink.write([encode(frame(2))], 0.0)
        sink.close()
    reader = Reader(path)

    assert reports[1:] == [f"the last 2 records are not in {path}"]
    assert (list(reader), reader.torn is None) == ([], False)


# --- pipes


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """The two ends of a pipe; the test closes the writing one, by the sink."""
    out, into = os.pipe()
    yield out, into
    os.close(out)


def drain(out: int) -> bytes:
    """All that is in a pipe now."""
    os.set_blocking(out, False)
    data = b""
    try:
        while piece := os.read(out, 1 << 20):
            data += piece
    except BlockingIOError:
        pass
    return data


def catch_up(out: int, sink: PipeSink) -> bytes:
    """Read all that the sink has for its view, as a view does that was away for a while."""
    data = drain(out)
    while sink.retry is not None:
        sink.flush()
        data += drain(out)
    return data


def test_a_view_gets_the_lines_at_once(pipe: tuple[int, int]) -> None:
    """What is flushed is in the pipe, the header first, and the end is its end."""
    out, into = pipe
    sink = PipeSink(into)
    sink.start(START, pytest.fail)
    sink.write([encode(frame(1))], 0.0)
    sink.flush()
    first = drain(out)
    sink.write([encode(frame(2))], 0.0)
    sink.close()

    assert first == START + encode(frame(1))
    assert (os.read(out, 1000), os.read(out, 1000)) == (encode(frame(2)), b"")


def test_a_slow_view_misses_whole_lines(pipe: tuple[int, int]) -> None:
    """What a view cannot take is skipped and counted; what it gets is whole and in order."""
    out, into = pipe
    sink = PipeSink(into)
    sink.start(START, pytest.fail)
    lines = [encode(frame(n, b"<a>" + b"x" * 5000 + b"</a>")) for n in range(1, 1001)]
    for n, line in enumerate(lines, 1):
        sink.write([line], n / 1000)
        sink.flush()
    data = catch_up(out, sink)
    sink.write([encode(frame(1001))], 1.001)
    sink.close()
    data += drain(out)
    decoded = list(Reader(io.BytesIO(data)))
    got = numbers(decoded)
    [skipped] = [event for event in decoded if isinstance(event, Skipped)]

    assert got == [*range(1, len(got)), 1001]
    assert skipped == Skipped(t=1.0, lost=1000 - (len(got) - 1))
    assert decoded[-2] == skipped
    assert PIPE_BACKLOG < len(data) < PIPE_BACKLOG + 200_000


def test_a_line_larger_than_the_pipe_is_completed_first(pipe: tuple[int, int]) -> None:
    """Of a line whose beginning has left, the rest comes before anything else."""
    out, into = pipe
    sink = PipeSink(into)
    sink.start(START, pytest.fail)
    large = frame(1, b"<a>" + b"x" * 3 * PIPE_BACKLOG + b"</a>")
    sink.write([encode(large), encode(frame(2))], 0.002)
    sink.flush()
    data = catch_up(out, sink)
    sink.close()

    assert list(Reader(io.BytesIO(data))) == [large, Skipped(t=0.002, lost=1)]


@pytest.mark.parametrize("moment", ["before the header", "later"])
def test_a_view_that_is_gone_is_told_once(pipe: tuple[int, int], moment: str) -> None:
    """A view that died costs nothing any more."""
    out, into = pipe
    reports: list[str] = []
    sink = PipeSink(into)
    other = os.dup(out)
    os.close(out)
    if moment == "later":
        sink.start(START, reports.append)
    os.close(other)
    if moment != "later":
        sink.start(START, reports.append)
    for n in range(1, 4):
        sink.write([encode(frame(n))], 0.0)
        sink.flush()
    assert sink.retry is None
    sink.close()
    os.dup2(0, out)  # for the fixture to close

    assert reports == ["the live view has ended; the relay goes on"]


def test_the_end_of_a_view_can_be_handled(pipe: tuple[int, int]) -> None:
    """Whoever started the view may do something about its end."""
    out, into = pipe
    ends: list[str] = []
    sink = PipeSink(into, lambda: ends.append("end"))
    os.dup2(0, out)
    sink.start(START, pytest.fail)
    sink.write([encode(frame(1))], 0.0)
    sink.close()

    assert ends == ["end"]


def test_a_stalled_view_does_not_hold_up_the_end(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing waits for a view only so long."""
    out, into = pipe
    monkeypatch.setattr(sinks, "_PIPE_CLOSING", 0.05)
    sink = PipeSink(into)
    sink.start(START, pytest.fail)
    sink.write([encode(frame(1, b"<a>" + b"x" * 500_000 + b"</a>"))], 0.0)
    sink.close()
    data = drain(out)

    assert data.startswith(START)
    assert not data.endswith(b"\n")


def test_lines_in_one_piece_count_each(tmp_path: Path) -> None:
    """What is lost of a piece that holds several lines are that many records."""
    path, told = tmp_path / "a.xmpp.jsonl", list[str]()
    sink = FileSink(path)
    sink.start(b"{}\n", told.append)
    with full_disk(path.stat().st_size):
        sink.write([b"1\n2\n", b"3\n"], 1.0, 3)
        sink.flush()
        sink.write([b"4\n5\n"], 1.0, 2)
        sink.close()

    assert told[-1] == f"the last 5 records are not in {path}"
