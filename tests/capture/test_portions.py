import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.capture.samples import HEADER
from xmppspy.capture import portions as portions_
from xmppspy.capture.format import encode, encode_header
from xmppspy.capture.portions import Unportionable, portions
from xmppspy.capture.reader import read
from xmppspy.protocol.events import ConnectionClosed, ConnectionOpened, Event, FrameRecord

CAPTURES = sorted((Path(__file__).parent.parent.parent / "captures").glob("[a-z]*.xmpp.jsonl"))
STREAM = (
    b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
    b" xmlns:r='urn:xmpp:receipts' to='%s'>"
)


def events(path: Path, number: int) -> list[Event]:
    """What a capture's portions hold, one after the other."""
    return [event for portion in portions(path, number, 1) for event in portion.events()]


def written(folder: Path) -> Path:
    """A capture in which two connections take turns, close, and come again."""
    lines = [encode_header(HEADER)]
    n = 0
    for conn in range(1, 9):
        lines.append(
            encode(ConnectionOpened(t=conn, conn=conn, client="x:1", server="capulet.example"))
        )
        for each in (conn, max(1, conn - 1)):
            n += 1
            data = STREAM % b"a%d.example" % n
            lines.append(
                encode(FrameRecord(n=n, t=conn, conn=each, dir="s2c", kind="stream", data=data))
            )
            for _ in range(5):
                n += 1
                data = b"<message><r:received id='m%d'/></message>" % n
                lines.append(
                    encode(
                        FrameRecord(n=n, t=conn, conn=each, dir="s2c", kind="message", data=data)
                    )
                )
        if conn % 3 == 0:
            lines.append(encode(ConnectionClosed(t=conn, conn=conn, by="client", reason="closed")))
    path = folder / "two.xmpp.jsonl"
    path.write_bytes(b"".join(lines))
    return path


@pytest.mark.parametrize("number", [2, 3, 7, 40])
@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
def test_portions_hold_what_the_capture_holds(path: Path, number: int) -> None:
    """Every event once, in order, with all that it takes from lines before."""
    assert len(portions(path, number, 1)) > 1
    assert events(path, number) == list(read(path))


@pytest.mark.parametrize("number", range(2, 30))
def test_each_portion_knows_the_streams_that_began_before(tmp_path: Path, number: int) -> None:
    """A frame's context is that of the latest header of its stream, wherever a portion begins."""
    path = written(tmp_path)

    assert events(path, number) == list(read(path))


def test_a_portion_begins_with_a_line_that_leaves_nothing_out(tmp_path: Path) -> None:
    """What is left out is what the line before says, which a portion may not have."""
    path = written(tmp_path)
    header, *lines = path.read_bytes().splitlines(keepends=True)
    short = [
        line.replace(b'"conn":', b'"was":') if b"message" in line and at % 4 else line
        for at, line in enumerate(lines)
    ]
    short = [
        b"{" + line.partition(b",")[2] if line.startswith(b'{"n"') and at % 3 == 1 else line
        for at, line in enumerate(short)
    ]
    path.write_bytes(header + b"".join(short))

    assert events(path, 20) == list(read(path))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.replace(b'"kind":"stream"', b'"kind": "stream"'),
        lambda data: data.replace(b'"event":"open"', b'"event": "open"'),
        lambda data: data.replace(b'"event":"close"', b'"event" :"close"'),
        lambda data: data + data.replace(b'"version":1', b'"version":1,"part":2', 1),
        lambda data: data + data[:1] + b" " + data[1:],
        lambda data: data.replace(
            b'"conn":1,"dir":"s2c","kind":"stream"', b'"dir":"s2c","kind":"stream"'
        ),
        lambda data: data + b"no capture\n",
        lambda data: data[:-1],
        lambda data: data.partition(b"\n")[2],
        lambda data: b"# from juliet\n" + data,
        lambda _: b"",
    ],
)
def test_what_a_search_would_miss(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    """A capture that is written or broken otherwise has to be read from its beginning."""
    path = written(tmp_path)
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(Unportionable):
        events(path, 5)


def test_what_is_no_file_is_not_touched(tmp_path: Path) -> None:
    """Neither a pipe, which would have to wait for its writer, nor a folder."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, tmp_path / "nowhere", tmp_path / "session.*"):
        with pytest.raises(Unportionable):
            portions(path, 4, 1)


def test_small_captures_stay_whole(tmp_path: Path) -> None:
    """No portion has less than it was asked to have, and one portion is none."""
    path = written(tmp_path)
    size = path.stat().st_size

    assert len(portions(path, 16, size // 3)) == 3
    for number, least in ((1, 1), (4, size)):
        with pytest.raises(Unportionable):
            portions(path, number, least)


def test_long_lines_and_many_streams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However little is looked at at a time, every header is found, and every line is whole."""
    path = written(tmp_path)
    header, *lines = path.read_bytes().splitlines(keepends=True)
    long = [
        line.replace(b"<r:", b"<body>%s</body><r:" % (b"x" * 50 * n))
        for n, line in enumerate(lines)
    ]
    path.write_bytes(header + b"".join(long))
    for chunk, short in ((1, 1), (7, 3), (64, 10), (1000, 4096)):
        monkeypatch.setattr(portions_, "_CHUNK", chunk)
        monkeypatch.setattr(portions_, "_SHORT", short)

        assert events(path, 9) == list(read(path))
