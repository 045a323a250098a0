from typing import Self

from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.frames import Frame

class Cutter:
    def __new__(
        cls,
        default: bytes,
        content: list[bytes],
        default_is_content: bool,
        prefixes: dict[bytes, bytes],
        elements: list[bytes],
        assigned: list[bytes],
        namespaces: list[bytes],
    ) -> Self: ...
    def skim(self, buffer: bytes | bytearray, start: int, limit: int, /) -> tuple[int, int]: ...
    def frames(
        self,
        buffer: bytes | bytearray,
        start: int,
        limit: int,
        most: int,
        offset: int,
        context: StreamContext,
        kind: type[Frame],
        /,
    ) -> list[Frame]: ...
    def namespaces(self, data: bytes, /) -> tuple[str, ...] | None: ...
    def bodies(self, data: bytes, /) -> tuple[bytes, ...] | None: ...
    def lines(self, data: bytes, n: int, middle: bytes, /) -> bytes: ...
