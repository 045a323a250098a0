"""Reader: a capture, finished or still growing, as events."""

from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing
from types import TracebackType
from typing import Final, Self, TypeAlias

from xmppspy.capture.decoder import Decoder
from xmppspy.capture.format import Header
from xmppspy.capture.source import MAX_LINE, LineTooLongError, Source, is_path, name_of, read_lines
from xmppspy.errors import CaptureError, NotACapture
from xmppspy.protocol.events import Event, Note

_BOM: Final = b"\xef\xbb\xbf"
_LINE_FEED: Final = 0x0A

Line: TypeAlias = tuple[Event | None, bytes]
"""An event and the bytes of its line; None for a header, a comment, a blank or unknown line."""


class Reader:
    """One pass over a capture, from its first line; iterating gives its events.

    `source` is a path, `-` for standard input, or a binary stream, plain or compressed with
    zstandard. With `follow`, a file that ended is waited for to grow, for ever or until the time
    `until` of `time.monotonic()`. Memory stays flat: one line is held at a time.

    Nothing is opened before the first line is asked for. Then reading raises `CaptureError`, or
    one of its kinds, naming file and line.
    """

    def __init__(self, source: Source, *, follow: bool = False, until: float | None = None) -> None:
        self.path = name_of(source)
        """How errors name the capture."""
        self.torn: Note | None = None
        """Says that the last line was incomplete and left out; known when iteration has ended."""
        self._decoder = Decoder(self.path)
        self._lines = self._read(read_lines(source, follow=follow, until=until))
        self._may_be_empty = follow or not is_path(source)
        self._ahead: deque[Line] = deque()

    @property
    def header(self) -> Header | None:
        """The header; None for lines without one, as `grep` leaves them.

        Reads as far as the first line that is no comment, and so may wait for it.
        """
        while not self._decoder.started:
            line = next(self._lines, None)
            if line is None:
                break
            self._ahead.append(line)
        return self._decoder.header

    def lines(self) -> Iterator[Line]:
        """Every line as it stands in the file, header and comments included, with its event."""
        while self._ahead:
            yield self._ahead.popleft()
        yield from self._lines

    def __iter__(self) -> Iterator[Event]:
        yield from (event for event, _ in self._ahead if event is not None)
        self._ahead.clear()
        for event, _ in self._lines:
            if event is not None:
                yield event

    def close(self) -> None:
        """Close the file; iteration ends."""
        self._ahead.clear()
        self._lines.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _read(self, lines: Generator[bytes]) -> Generator[Line]:
        number = 0
        decode = self._decoder.decode
        try:
            with closing(lines):
                for number, line in enumerate(lines, 1):
                    told = line.removeprefix(_BOM) if number == 1 else line
                    if line[-1] != _LINE_FEED and self._decoder.is_torn(told):
                        self.torn = self._tear(line)
                        return
                    yield decode(told), line
        except OSError as error:
            reason = f"cannot be read: {error.strerror or error}"
            raise CaptureError(self.path, reason, number) from None
        except LineTooLongError:
            reason = f"a line of more than {MAX_LINE} bytes; this is no capture, or a broken one"
            raise CaptureError(self.path, reason, number + 1) from None
        if not number and not self._may_be_empty:
            raise NotACapture(self.path, "the file holds no whole line; nothing was recorded")

    def _tear(self, line: bytes) -> Note:
        text = f"the capture ends in the middle of a line ({len(line)} bytes were left out)"
        return Note(t=self._decoder.t, text=text)


def read(source: Source) -> Iterator[Event]:
    """The events of a capture: a path, `-` for standard input, or a binary stream.

    A last line that is cut off comes as a final `Note`. Raises `CaptureError` where the capture
    cannot be read.
    """
    with Reader(source) as reader:
        yield from reader
        if reader.torn is not None:
            yield reader.torn
