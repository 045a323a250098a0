"""Feeding: every parser test runs whole, byte by byte, and with trailing bytes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from xmppspy.protocol.framing import MAX_FRAME, Flaw, Frame, Framer

HEADER: Final = (
    b"<stream:stream to='capulet.example' xmlns='jabber:client' "
    b"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
)
END: Final = b"</stream:stream>"
TRAILING: Final = b"\x16\x03\x01\x02\x00 < \x00\xff"
"""What may stand behind `<proceed/>`."""


def cut(data: bytes, *, max_frame: int = MAX_FRAME) -> list[Frame]:
    """The frames of `data`, after they were seen to be the same in all three ways of feeding."""
    whole = in_chunks([data], max_frame=max_frame)
    assert outcome(whole) == outcome(byte_by_byte(data, max_frame=max_frame))
    assert b"".join(frame.data for frame in whole) == data
    if whole and whole[-1].kind not in {"text", "opaque", "partial"}:
        assert outcome(whole) == outcome(before_trailing(data, max_frame=max_frame))
    return whole


def cut_inside(data: bytes, *, max_frame: int = MAX_FRAME) -> list[Frame]:
    """The frames of `data` in a usual stream, without its header."""
    return cut(HEADER + data, max_frame=max_frame)[1:]


def in_chunks(chunks: Iterable[bytes], *, max_frame: int = MAX_FRAME) -> list[Frame]:
    """The frames of a direction that arrives in `chunks` and ends."""
    framer = Framer(max_frame)
    return merged(_pulled(framer, chunks))


def byte_by_byte(data: bytes, *, max_frame: int = MAX_FRAME) -> list[Frame]:
    """The same byte by byte; each frame comes with its last byte."""
    framer = Framer(max_frame)
    frames: list[Frame] = []
    for at, byte in enumerate(data, 1):
        framer.receive_data(bytes([byte]))
        frames += iter(framer.next_frame, None)
        assert framer.offset + framer.unfinished == at
        assert framer.unfinished == at - sum(len(frame.data) for frame in frames)
    return merged([*frames, *iter(framer.end, None)])


def before_trailing(data: bytes, *, max_frame: int = MAX_FRAME) -> list[Frame]:
    """The same with bytes behind it that belong to another layer; they are handed over."""
    framer = Framer(max_frame)
    framer.receive_data(data + TRAILING)
    frames = []
    while framer.offset < len(data) and (frame := framer.next_frame()):
        frames.append(frame)
    assert framer.take_trailing() == TRAILING
    assert framer.next_frame() is None
    return merged(frames)


def outcome(frames: Iterable[Frame]) -> tuple[list[Frame], list[Flaw]]:
    """What must not depend on the reads: where frames are cut, and the flaws that are told."""
    frames = list(frames)
    flaws = [frame.flaw for frame in frames if frame.flaw is not None]
    return merged(replace(frame, flaw=None) if frame.flaw else frame for frame in frames), flaws


def sliced(data: bytes, lengths: Iterable[int]) -> Iterator[bytes]:
    """The bytes in pieces of the given lengths, the rest as the last one."""
    at = 0
    for length in lengths:
        yield data[at : at + length]
        at += length
    yield data[at:]


def merged(frames: Iterable[Frame]) -> list[Frame]:
    """The frames with neighbours made one where only the reads have parted them."""
    found: list[list[Frame]] = []
    for frame in frames:
        run = found[-1] if found else []
        if run and _in_pieces(run[0]) and _in_pieces(frame) and _continues(frame, run[0]):
            run.append(frame)
        else:
            found.append([frame])
    return [_joined(run) for run in found]


def _joined(run: list[Frame]) -> Frame:
    return replace(run[0], data=b"".join(each.data for each in run)) if len(run) > 1 else run[0]


def _in_pieces(frame: Frame) -> bool:
    """Whether it is a frame that leaves as it comes; elements may have such names too."""
    is_loose = frame.kind in {"space", "text"} and not frame.data.startswith(b"<")
    return is_loose or frame.kind == "opaque"


def _continues(frame: Frame, last: Frame) -> bool:
    return frame.kind == last.kind and frame.flaw is None


def _pulled(framer: Framer, chunks: Iterable[bytes]) -> Iterator[Frame]:
    for chunk in chunks:
        framer.receive_data(chunk)
        yield from iter(framer.next_frame, None)
    yield from iter(framer.end, None)
