import io
import os
import sys
import threading
import time
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.capture import source as module
from xmppspy.capture.source import LineTooLongError, Source, is_path, name_of, read_lines


class _Dribble(io.BytesIO):
    """A stream that gives a few bytes at a time, as a slow pipe does."""

    def __init__(self, data: bytes, step: int) -> None:
        super().__init__(data)
        self._step = step

    def read1(self, size: int | None = -1, /) -> bytes:
        return super().read1(self._step)


def lines_of(source: Source, *, follow: bool = False, until: float | None = None) -> list[bytes]:
    """All lines of a source."""
    return list(read_lines(source, follow=follow, until=until))


@given(
    st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r", b"{}"])).map(b"".join), st.integers(1, 4)
)
def test_lines_are_whole_whatever_the_reads(data: bytes, step: int) -> None:
    """Lines end at line feeds only, and together are the input."""
    lines = lines_of(_Dribble(data, step))

    assert lines == data.splitlines(keepends=True) or b"\r" in data
    assert b"".join(lines) == data
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in lines[:-1])


@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_compression_is_told_by_the_first_byte(step: int) -> None:
    """A compressed capture is read under any name, also one of several frames."""
    one, two = b"line\n" * 30_000, b"# another\n"
    packed = zstandard.compress(one) + zstandard.compress(two)

    assert b"".join(lines_of(_Dribble(packed, step))) == one + two


def test_broken_compression_is_an_operating_system_error() -> None:
    """Damage in a compressed file is told as what it is."""
    packed = zstandard.compress(b"line\n") + b"garbage"

    with pytest.raises(OSError, match="broken compression"):
        lines_of(io.BytesIO(packed))


def test_a_file_is_read_to_its_end(tmp_path: Path) -> None:
    """Paths may be texts or path objects."""
    path = tmp_path / "x"
    path.write_bytes(b"one\ntwo")

    assert lines_of(path) == lines_of(str(path)) == [b"one\n", b"two"]


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is standard input, also where a test has put something else into its place."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"one\n")))

    assert lines_of("-") == [b"one\n"]


def test_a_pipe_gives_lines_as_they_come() -> None:
    """A line is there before the pipe's other end has written the next one."""
    out, into = os.pipe()
    with open(out, "rb", buffering=0) as stream, open(into, "wb", buffering=0) as writer:  # noqa: PTH123
        lines = read_lines(stream, follow=False, until=None)
        writer.write(b"one\ntw")
        first = next(lines)
        writer.write(b"o\n")
        second = next(lines)
        writer.close()

        assert (first, second, list(lines)) == (b"one\n", b"two\n", [])


def test_a_named_pipe_ends_in_time(tmp_path: Path) -> None:
    """A deadline holds for what is no regular file, too; what came before it is read."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    keeper = threading.Thread(target=path.write_bytes, args=(b"one\n",))
    keeper.start()
    other = os.open(path, os.O_RDWR)
    try:
        lines = lines_of(path, follow=True, until=time.monotonic() + 0.05)
    finally:
        os.close(other)
        keeper.join()

    assert lines == [b"one\n"]


def test_a_growing_file_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that was half there comes whole when its rest was written."""
    path = tmp_path / "x"
    path.write_bytes(b"one\ntw")
    growth = [b"", b"o\nthr", b"", b"ee\n"]
    pauses: list[float] = []

    def grow(seconds: float) -> None:
        pauses.append(seconds)
        with path.open("ab") as file:
            file.write(growth.pop(0))

    monkeypatch.setattr(time, "sleep", grow)
    lines = read_lines(path, follow=True, until=None)

    assert [next(lines), next(lines), next(lines)] == [b"one\n", b"two\n", b"three\n"]
    assert pauses == [0.01, 0.015, 0.01, 0.015]


def test_a_growing_compressed_file_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has been flushed into a compressed file can be followed like a plain one."""
    compressor = zstandard.ZstdCompressor().compressobj()

    def packed(data: bytes) -> bytes:
        return compressor.compress(data) + compressor.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    path = tmp_path / "x"
    path.write_bytes(packed(b"one\n"))

    def grow(_seconds: float) -> None:
        with path.open("ab") as file:
            file.write(packed(b"two\n"))

    monkeypatch.setattr(time, "sleep", grow)
    lines = read_lines(path, follow=True, until=None)

    assert [next(lines), next(lines)] == [b"one\n", b"two\n"]


def test_following_ends_in_time(tmp_path: Path) -> None:
    """What is there is read even when the time is up already."""
    path = tmp_path / "x"
    path.write_bytes(b"one\ntw")

    assert lines_of(path, follow=True, until=time.monotonic() - 1) == [b"one\n", b"tw"]


def test_a_line_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without line feeds does not fill the memory."""
    monkeypatch.setattr(module, "MAX_LINE", 1000)

    with pytest.raises(LineTooLongError):
        lines_of(_Dribble(b"x" * 1001, 100))


def test_sources_have_names(tmp_path: Path) -> None:
    """Errors name a file by its path, and what has none in words."""
    with (tmp_path / "x").open("wb") as file:
        names = [name_of(source) for source in ("a/b", Path("a/b"), "-", io.BytesIO(), file)]

    assert names == ["a/b", "a/b", "standard input", "the capture", str(tmp_path / "x")]


@pytest.mark.parametrize(("source", "expected"), [("a", True), (Path("a"), True), ("-", False)])
def test_paths_are_told_from_streams(source: Source, expected: bool) -> None:
    """`-` is not the name of a file."""
    assert is_path(source) is expected
