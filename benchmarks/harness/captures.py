"""Captures of the mix, and the same stanzas for tshark; made once and kept."""

import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final

from benchmarks.harness.setting import BUILD
from benchmarks.harness.traffic import HEADER, stanzas
from xmppspy.capture.format import Header, encode, encode_header
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.framing import Frame, Framer

_CREATED: Final = datetime(2026, 11, 22, 7, 40, 12, tzinfo=UTC)
_LINKTYPE: Final = 252
"""Wireshark's upper PDUs: the name of a dissector, and what it is to dissect."""


def capture(size: int) -> Path:
    """A capture of `size` stanzas of the mix."""
    return _made(f"mix-{size}.xmpp.jsonl", lambda path: _write_capture(path, size))


def pcapng(size: int) -> Path:
    """The same stanzas, one a packet."""
    return _made(f"mix-{size}.pcapng", lambda path: _write_pcapng(path, size))


def raw(size: int) -> Path:
    """The bytes of the same stanzas, one after the other."""
    return _made(f"mix-{size}.xml", lambda path: _write_raw(path, size))


def _made(name: str, write: Callable[[Path], None]) -> Path:
    path = BUILD / name
    if not path.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        write(unfinished)
        unfinished.rename(path)
    return path


def _some(size: int) -> Iterator[bytes]:
    endless = stanzas()
    return (next(endless) for _ in range(size))


def _frames(size: int) -> Iterator[Frame]:
    framer = Framer()
    for data in (HEADER, *_some(size)):
        framer.receive_data(data)
        frame = framer.next_frame()
        assert frame is not None
        yield frame


def _write_capture(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.write(encode_header(Header(_CREATED, "xmppspy benchmark")))
        for n, frame in zip(count(1), _frames(size), strict=False):
            file.write(encode(_record(n, frame)))


def _record(n: int, frame: Frame) -> FrameRecord:
    return FrameRecord(
        n=n, t=n / 1000, conn=1, dir="s2c", kind=frame.kind, data=frame.data, xmlns=frame.xmlns,
        type=frame.type, id=frame.id, from_=frame.from_, to=frame.to, ns=frame.ns,
    )  # fmt: skip


def _write_raw(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.writelines(_some(size))


def _write_pcapng(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.write(_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        file.write(_block(1, struct.pack("<HHI", _LINKTYPE, 0, 0)))
        began = int(_CREATED.timestamp() * 1e6)
        # Tag 12 names the dissector; an empty tag ends the tags.
        head = struct.pack(">HH", 12, 4) + b"xmpp" + struct.pack(">HH", 0, 0)
        for n, data in enumerate(_some(size), 2):
            file.write(_packet(began + n * 1000, head + data))


def _packet(at: int, data: bytes) -> bytes:
    head = struct.pack("<IIIII", 0, at >> 32, at & 0xFFFFFFFF, len(data), len(data))
    return _block(6, head + data + b"\0" * (-len(data) % 4))


def _block(kind: int, body: bytes) -> bytes:
    length = len(body) + 12
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)
