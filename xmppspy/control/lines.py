"""Lines: bytes that arrive in pieces, cut at line feeds."""

from xmppspy.errors import ControlError


class Lines:
    """What was received and not taken yet. No line may be longer than `most` bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._buffer = bytearray()
        self._searched = 0  # bytes at the front in which there is no line feed

    def receive(self, data: bytes) -> None:
        """Store what arrived. After calling this, take lines until there are none."""
        self._buffer += data

    def next_line(self) -> bytes:
        """The next whole line that is not blank, without its end; empty when there is none.

        Raises ControlError when it is too long, whole or not; the rest cannot be read then.
        """
        while True:
            end = self._buffer.find(b"\n", self._searched)
            if (len(self._buffer) if end < 0 else end) > self._most:
                raise ControlError(f"a line of more than {self._most:,} bytes")
            if end < 0:
                self._searched = len(self._buffer)
                return b""
            line = bytes(self._buffer[:end]).strip()
            del self._buffer[: end + 1]
            self._searched = 0
            if line:
                return line
