"""Reading: the rows of a capture as events, one after the other, a few at a time."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from xmppspy.capture.body import Body
from xmppspy.capture.decoder import Decoder
from xmppspy.capture.format import FrameLine, Header
from xmppspy.errors import CaptureError
from xmppspy.protocol.events import Direction, Event
from xmppspy.view.browse.cutting import Offsets, lines_at

Row: TypeAlias = tuple[int, bytes, Event | CaptureError | None]
"""Its number, its line, and the event on it: None for an unknown one, or why it cannot be read."""


class Reading:
    """One pass over the rows of a capture, from the first one or from another."""

    def __init__(self, body: Body, offsets: Offsets, row: int = 0) -> None:
        self.row = row
        """The row that comes next."""
        self._body = body
        self._offsets = offsets
        self._decoder = Decoder(body.path)

    @property
    def n(self) -> int:
        """The number of the latest frame."""
        return self._decoder.n

    def begin(self, line: bytes) -> Header | None:
        """Take the first line of the capture; returns the header if it is one, else it is a row.

        Raises CaptureError where it is no capture.
        """
        self._decoder.decode(line)
        header = self._decoder.header
        if header is None:
            self._decoder = Decoder(self._body.path)
        return header

    def introduce(self, conn: int, headers: Mapping[Direction, bytes]) -> None:
        """Tell of streams that began before the first row that is read."""
        self._decoder.introduce(conn, headers)

    def step(self, stop: int) -> Iterator[Row]:
        """The rows before `stop` that were not read yet."""
        stop = min(stop, self._offsets.rows)
        if self.row >= stop:
            return
        for line in lines_at(self._body, self._offsets.offsets(self.row, stop)):
            yield self.row, line, self._decoded(line)
            self.row += 1

    def keys(self, stop: int) -> Iterator[tuple[int, FrameLine | Event | None]]:
        """The same, where the keys of frames will do; what cannot be read is None."""
        stop = min(stop, self._offsets.rows)
        if self.row >= stop:
            return
        for line in lines_at(self._body, self._offsets.offsets(self.row, stop)):
            try:
                yield self.row, self._decoder.keys(line)
            except CaptureError:
                yield self.row, None
            self.row += 1

    def _decoded(self, line: bytes) -> Event | CaptureError | None:
        try:
            return self._decoder.decode(line)
        except CaptureError as error:
            return error
