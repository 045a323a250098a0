"""Heap: what is told about single lines of a capture, kept in a file."""

import os
import pickle
from collections.abc import Iterator
from functools import lru_cache
from struct import Struct
from typing import Any, Final

_HEAD: Final = Struct("<II")
"""The link to what was told before, and the number of bytes."""
_UNIT: Final = 8
"""Links count in units, so that 32 bits of them reach far."""
_LEAST: Final = 512


class HeapWriter:
    """Keeps things in a file. A link, which is never 0, is where one is."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._end = 0

    def add(self, thing: object, before: int = 0) -> int:
        """Keep a thing, and the link to the one before it; returns its link."""
        data = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
        link = self._end // _UNIT + 1
        entry = _HEAD.pack(before, len(data)) + data
        os.pwrite(self._file, entry, self._end)
        self._end += -(-len(entry) // _UNIT) * _UNIT
        return link


class Heap:
    """Reads what a `HeapWriter`, as a rule in another process, keeps.

    What it reads is trusted: the file has no name, and belongs to processes of one program.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self.get = lru_cache(maxsize=256)(self._get)
        """The thing at a link."""

    def chain(self, link: int) -> Iterator[Any]:
        """The things that were told one after the other, the last one first."""
        while link:
            link, thing = self._read(link)
            yield thing

    def _get(self, link: int) -> Any:
        return self._read(link)[1]

    def _read(self, link: int) -> tuple[int, Any]:
        at = (link - 1) * _UNIT
        data = os.pread(self._file, _LEAST, at)
        before, size = _HEAD.unpack_from(data)
        if len(data) < _HEAD.size + size:
            data = os.pread(self._file, _HEAD.size + size, at)
        return before, pickle.loads(data[_HEAD.size : _HEAD.size + size])  # noqa: S301 - our own
