"""Doorway: the sockets at which a proxy listens, before there is anybody to let clients in."""

import errno
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

from xmppspy.errors import ListenError, UsageError
from xmppspy.protocol.hosts import join_address

BACKLOG: Final = 512
"""Clients that may wait."""

_LACKING: Final = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL)
"""Why a host may have an address that this machine has not: it has no IPv6, for one."""


def parse_listen(text: str) -> tuple[str, int]:
    """Read `[HOST:]PORT`; the host is the loopback unless told. Raises UsageError."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if not port.isascii() or not port.isdigit() or int(port) >= 1 << 16:
        raise UsageError(f"--listen {text!r}: write PORT or HOST:PORT, such as 127.0.0.1:5222")
    return host, int(port)


class Doorway:
    """Sockets that listen: whoever connects waits there until a `Listener` lets them in.

    As systemd does for its services, a proxy listens first and gets ready then.
    """

    def __init__(self, sockets: Sequence[socket.socket]) -> None:
        self.sockets = sockets
        self.places: list[tuple[str, int]] = [each.getsockname()[:2] for each in sockets]
        """Their addresses and ports, those that were picked for port 0."""

    @property
    def addresses(self) -> list[str]:
        """The same as HOST:PORT."""
        return [join_address(host, port) for host, port in self.places]


@contextmanager
def doorway(host: str, port: int) -> Iterator[Doorway]:
    """Listen at all addresses of a host while the block runs. Raises ListenError."""
    with ExitStack() as opened:
        try:
            sockets = _listen(host, port, opened)
        except OSError as error:
            reason = (error.strerror or str(error)).partition(" (while ")[0]
            raise ListenError(join_address(host, port), reason) from error
        yield Doorway(sockets)


def _listen(host: str, port: int, opened: ExitStack) -> list[socket.socket]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    sockets = []
    lacking: OSError | None = None
    for family, address in dict.fromkeys((each[0], each[4]) for each in found):
        try:
            made = socket.create_server(address, family=family, backlog=BACKLOG)
        except OSError as error:
            if error.errno not in _LACKING:
                raise
            lacking = error
        else:
            sockets.append(opened.enter_context(made))
    if lacking is not None and not sockets:
        raise lacking
    return sockets
