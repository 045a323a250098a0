"""Channel: messages between two processes of one program, over a pair of sockets."""

import pickle
import select
import socket
from collections.abc import Iterator
from struct import Struct
from typing import Any, Final, Self

_LENGTH: Final = Struct("<I")
_CHUNK: Final = 256 * 1024


class Channel:
    """One end. What comes is trusted: the other end is a process that this one has started.

    Sending waits while the other end is behind; so the one that shows things sends little.
    """

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._came = bytearray()
        self.is_open = True
        """Whether the other end was there when it was last asked."""

    @classmethod
    def pair(cls) -> tuple[Self, Self]:
        """Both ends."""
        one, other = socket.socketpair()
        return cls(one), cls(other)

    @classmethod
    def of(cls, descriptor: int) -> Self:
        """The end that was handed over as a descriptor."""
        return cls(socket.socket(fileno=descriptor))

    def fileno(self) -> int:
        """The descriptor, to wait for."""
        return self._end.fileno()

    def send(self, message: object) -> None:
        """Send a message; nothing happens when the other end is gone."""
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        try:
            self._end.sendall(_LENGTH.pack(len(data)) + data)
        except OSError:
            self.is_open = False

    def receive(self, wait: float | None = 0.0) -> Iterator[Any]:
        """The messages that have come; waits for at most `wait` seconds, or for ever, for one."""
        if self.is_open and select.select([self._end], [], [], wait)[0]:
            self._fill()
        while len(self._came) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._came)
            end = _LENGTH.size + length
            if len(self._came) < end:
                break
            message = pickle.loads(self._came[_LENGTH.size : end])  # noqa: S301 - see above
            del self._came[:end]
            yield message

    def close(self) -> None:
        """Close this end; the other one learns of it."""
        self.is_open = False
        self._end.close()

    def _fill(self) -> None:
        try:
            data = self._end.recv(_CHUNK)
        except OSError:
            data = b""
        self.is_open = bool(data)
        self._came += data
