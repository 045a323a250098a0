"""What of a capture still matters when it goes on in another file: the lines that are repeated there."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import msgspec

# Inside of a string these quotation marks would be escaped, so whatever a peer says, these are keys.
_MATTERS: Final = re.compile(rb'"kind":"stream"|"event":"(?:open|tls|close)"')
_MARK: Final = b',"context":true}\n'

_Key: TypeAlias = tuple[int, str]


class _Line(msgspec.Struct):
    t: float = 0.0
    conn: int = 1
    event: str = ""
    dir: str = ""
    kind: str = ""
    leg: str = ""


_LINE: Final = msgspec.json.Decoder(_Line)


@dataclass(slots=True)
class Standing:
    """Of each open connection: its `open`, its `tls` events, and the header of either direction."""

    _lines: dict[_Key, tuple[float, bytes]] = field(default_factory=dict)
    _keys: dict[int, list[_Key]] = field(default_factory=dict)

    def see(self, pieces: Iterable[bytes]) -> None:
        """Take note of lines that were written; several may stand in one piece."""
        for piece in pieces:
            if _MATTERS.search(piece):
                for line in piece.splitlines(keepends=True):
                    self._see(line, _LINE.decode(line))

    def lines(self) -> Iterator[bytes]:
        """What stands, in the order of time."""
        for _, line in sorted(self._lines.values(), key=lambda each: each[0]):
            yield line

    def repeated(self) -> Iterator[bytes]:
        """The same as lines that say that they were there before."""
        for line in self.lines():
            yield line.removesuffix(b"}\n") + _MARK

    def _see(self, line: bytes, told: _Line) -> None:
        if told.event == "close":
            for key in self._keys.pop(told.conn, ()):
                del self._lines[key]
        elif told.kind == "stream" or told.event in ("open", "tls"):
            key = (told.conn, told.dir or told.event + told.leg)
            if key not in self._lines:
                self._keys.setdefault(told.conn, []).append(key)
            self._lines[key] = (told.t, line)


def numbered(header: bytes, part: int) -> bytes:
    """The header of a part: that of the whole, with its number."""
    return header.removesuffix(b"}\n") + b',"part":%d}\n' % part
