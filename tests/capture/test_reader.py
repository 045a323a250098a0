import io
import os
import time
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import pytest
import zstandard

from tests.capture.samples import HEADER, frame
from xmppspy.capture import source
from xmppspy.capture.format import encode, encode_header
from xmppspy.capture.reader import Reader, read
from xmppspy.errors import CaptureError, NotACapture
from xmppspy.protocol.events import Mark, Note

LINES = [encode_header(HEADER), encode(frame(1)), encode(frame(2)), encode(Mark(t=1.0, text="ü"))]
EVENTS = [frame(1), frame(2), Mark(t=1.0, text="ü")]


def capture(lines: Iterable[bytes] = LINES) -> io.BytesIO:
    """A capture in memory."""
    return io.BytesIO(b"".join(lines))


def test_a_capture_is_read() -> None:
    """A reader gives the header and, one after the other, the events."""
    reader = Reader(capture())

    assert (reader.header, list(reader), reader.torn) == (HEADER, EVENTS, None)


def test_the_header_is_there_at_any_time() -> None:
    """Asking for the header loses no event, before or after."""
    reader = Reader(capture([b"# comment\n", *LINES]))
    events = list(reader)

    assert (events, reader.header) == (EVENTS, HEADER)


@pytest.mark.parametrize("packed", [False, True])
def test_files_are_read_plain_and_compressed(tmp_path: Path, packed: bool) -> None:
    """The content tells what a file is, not its name."""
    path = tmp_path / "x.jsonl"
    path.write_bytes(zstandard.compress(b"".join(LINES)) if packed else b"".join(LINES))

    assert list(read(path)) == EVENTS


def test_lines_pass_untouched() -> None:
    """What is copied from a capture is the capture: comments, unknown lines, spaces and all."""
    lines = [b"# comment\n", *LINES, b"\n", b'{ "event": "news" }\n', LINES[1][:-1]]

    assert [line for _, line in Reader(capture(lines)).lines()] == lines


def test_lines_come_with_their_events() -> None:
    """Header, comments and unknown lines have none."""
    reader = Reader(capture([LINES[0], b"# comment\n", LINES[1]]))

    assert [event for event, _ in reader.lines()] == [None, None, frame(1)]


def test_lines_without_a_header_are_a_capture() -> None:
    """What `grep` leaves of a capture can be read."""
    reader = Reader(capture(LINES[2:]))

    assert (reader.header, list(reader)) == (None, EVENTS[1:])


def test_a_byte_order_mark_is_passed_over() -> None:
    """A capture written by hand may begin with the mark that some editors put there."""
    assert list(read(capture([b"\xef\xbb\xbf", *LINES]))) == EVENTS


# --- torn lines


@pytest.mark.parametrize("cut", range(1, len(LINES[-1])))
def test_a_torn_last_line_is_reported(cut: int) -> None:
    """Wherever a kill hits, all lines before it are read and the rest is said to be missing."""
    rest = LINES[-1][:-cut]
    reader = Reader(capture([*LINES[:-1], rest]))
    events = list(reader)
    is_whole = cut == 1  # only the line feed is missing

    assert events == (EVENTS if is_whole else EVENTS[:-1])
    assert (reader.torn is None) == (is_whole or not rest)


def test_the_report_is_a_note_at_the_end() -> None:
    """Whoever just reads events is told by one more."""
    text = "the capture ends in the middle of a line (5 bytes were left out)"

    assert list(read(capture([*LINES, b'{"n":']))) == [*EVENTS, Note(t=1.0, text=text)]


def test_a_capture_torn_in_its_header_is_empty() -> None:
    """A kill at the very beginning leaves something that can be read."""
    reader = Reader(capture([LINES[0][:30]]))

    assert (list(reader), reader.header, reader.torn is None) == ([], None, False)


def test_a_torn_compressed_capture_is_read_as_far_as_it_goes() -> None:
    """Of a compressed capture, what was flushed before the kill is there."""
    compressor = zstandard.ZstdCompressor().compressobj()
    packed = compressor.compress(b"".join(LINES[:2]))
    packed += compressor.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    torn = compressor.compress(b"".join(LINES[2:])) + compressor.flush()

    assert list(read(io.BytesIO(packed + torn[:-6]))) == EVENTS[:1]


def test_a_torn_line_in_the_middle_is_an_error() -> None:
    """What stands between other lines was not cut off, but damaged."""
    with pytest.raises(CaptureError, match="the capture, line 3: no valid JSON"):
        list(read(capture([*LINES[:2], LINES[2][:20] + b"\n", LINES[3]])))


# --- errors


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The error says which file, and why."""
    path = tmp_path / "none"

    with pytest.raises(CaptureError) as raised:
        list(read(path))

    assert str(raised.value) == f"{path}: cannot be read: No such file or directory"


def test_a_folder_is_no_capture(tmp_path: Path) -> None:
    """Whatever the operating system refuses becomes an error of ours."""
    with pytest.raises(CaptureError, match="cannot be read: Is a directory"):
        list(read(tmp_path))


def test_an_empty_file_is_no_capture(tmp_path: Path) -> None:
    """A file in which nothing is was not recorded by xmppspy."""
    path = tmp_path / "x"
    path.touch()

    with pytest.raises(NotACapture, match="the file holds no whole line"):
        list(read(path))


def test_an_empty_stream_holds_no_events() -> None:
    """`grep` may find nothing."""
    assert list(read(io.BytesIO())) == []


def test_a_line_without_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the line that is too long."""
    monkeypatch.setattr(source, "MAX_LINE", 500)

    with pytest.raises(CaptureError, match="the capture, line 5: a line of more than"):
        list(read(capture([*LINES, b"#" * 501])))


# --- growing captures


def test_a_growing_capture_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Header and events are awaited, and a torn last line is completed by what comes."""
    path = tmp_path / "x"
    path.touch()
    whole = b"".join(LINES)
    pieces = [whole[:50], whole[50:-10], whole[-10:]]

    def grow(_seconds: float) -> None:
        with path.open("ab") as file:
            file.write(pieces.pop(0))

    monkeypatch.setattr(time, "sleep", grow)
    with Reader(path, follow=True) as reader:
        events = iter(reader)

        assert reader.header == HEADER
        assert [next(events) for _ in EVENTS] == EVENTS


def test_following_nothing_ends_in_time(tmp_path: Path) -> None:
    """A capture that does not begin before the deadline is no error."""
    path = tmp_path / "x"
    path.touch()

    assert list(Reader(path, follow=True, until=time.monotonic() + 0.02)) == []


# --- resources


def lowest_descriptor() -> int:
    """The number that the next file to be opened gets."""
    descriptor = os.dup(0)
    os.close(descriptor)
    return descriptor


def test_a_closed_reader_ends(tmp_path: Path) -> None:
    """After `close`, nothing comes any more and the file is given back."""
    path = tmp_path / "x"
    path.write_bytes(b"".join(LINES))
    before = lowest_descriptor()
    with Reader(path) as reader:
        assert reader.header == HEADER
        assert lowest_descriptor() != before

    assert list(reader) == []
    assert lowest_descriptor() == before


def test_memory_stays_flat(tmp_path: Path) -> None:
    """A capture is never in memory as a whole."""
    path = tmp_path / "x"
    path.write_bytes(LINES[0] + encode(frame(1, b"<a>" + b"x" * 10_000 + b"</a>")) * 1000)
    tracemalloc.start()
    try:
        count = sum(1 for _ in read(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert count == 1000
    assert peak < 2_000_000
