"""What a frame's bytes tell, for lines written by hand and for the context a header lends."""

from functools import lru_cache
from typing import Final

from xmppspy.capture.format import FrameLine
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.framing import MAX_FRAME, Frame, Framer

USUAL_HEADER: Final = (
    b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
)
"""The header assumed where a capture holds none."""


@lru_cache(maxsize=64)
def context_of(header: bytes) -> StreamContext:
    """The context that a stream header lends to what follows it."""
    return cut(b"", header).context


def cut(header: bytes, data: bytes) -> Frame:
    """Read `data` as the one frame it shall be, inside the stream that `header` begins.

    White space around an element is passed over. What is not one frame is `partial` or `opaque`.
    """
    framer = _behind(header, max(MAX_FRAME, len(header), len(data)))
    framer.receive_data(data)
    frames = list(iter(framer.next_frame, None))
    if framer.unfinished:
        return Frame("opaque" if frames else "partial", data)
    telling = [frame for frame in frames if frame.kind != "space"] or frames
    return telling[0] if len(telling) == 1 else Frame("opaque", data)


def _behind(header: bytes, max_frame: int) -> Framer:
    """A framer that has read a header."""
    known = _reader(header, max_frame)
    # What stands behind a header belongs to what follows.
    return known.beside() if not known.unfinished else _reader.__wrapped__(header, max_frame)


@lru_cache(maxsize=8)
def _reader(header: bytes, max_frame: int) -> Framer:
    framer = Framer(max_frame)
    framer.receive_data(header)
    if header:
        framer.next_frame()
    return framer


def complete(line: FrameLine, frame: Frame) -> None:
    """Fill in what a line leaves out of what its frame tells, the kind excepted."""
    line.xmlns = frame.xmlns if line.xmlns is None else line.xmlns
    line.type = frame.type if line.type is None else line.type
    line.id = frame.id if line.id is None else line.id
    line.from_ = frame.from_ if line.from_ is None else line.from_
    line.to = frame.to if line.to is None else line.to
    line.ns = line.ns or frame.ns
