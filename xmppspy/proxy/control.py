"""The control socket of a running proxy: who may connect, and what is said on it."""

import asyncio
import os
import socket
import struct
from collections.abc import Callable
from typing import Final, TypeAlias

from xmppspy.control import requests, wire
from xmppspy.control.lines import Lines
from xmppspy.control.news import Dropped, News
from xmppspy.control.places import Place
from xmppspy.control.replies import Error, Reply
from xmppspy.errors import ControlError

BACKLOG: Final = 4 * 1024 * 1024
"""Bytes unread by a client beyond which it is told no more."""

LINGER: Final = 5.0
"""Seconds that a client has for reading the rest, when it is disconnected."""

_CREDENTIALS: Final = struct.Struct("3i")


class Caller:
    """A client of the control socket."""

    def __init__(self, control: "ControlSocket") -> None:
        self._control = control
        self._transport: asyncio.Transport | None = None
        self._lines = Lines(wire.MAX_LINE)
        self.watches = False
        """Whether it wants to be told what happens."""

    def reply(self, request: requests.Request, reply: Reply | Error) -> None:
        """Answer one of its requests; at once, or when there is an answer."""
        if isinstance(reply, Error):
            self.send(wire.error_line(request.id, reply))
        else:
            self.send(wire.reply_line(request.id, reply))

    def send(self, line: bytes) -> None:
        """Say something to it. If it does not read, that is the last thing it is told."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() > BACKLOG:
            self._leave(wire.news_line(Dropped(detail="what you are told is not read; go faster")))
        else:
            transport.write(line)

    def hang_up(self) -> None:
        """End the connection, when what was said has been read."""
        self._leave(b"")

    def _leave(self, last: bytes) -> None:
        transport = self._transport
        if transport is not None and not transport.is_closing():
            transport.write(last)
            transport.close()
            asyncio.get_running_loop().call_later(LINGER, transport.abort)

    # --- what its socket does

    def connected(self, transport: asyncio.Transport) -> None:
        """It is there."""
        self._transport = transport
        self._control.entered(self, transport.get_extra_info("socket"))

    def receive(self, data: bytes) -> None:
        """It has said something."""
        self._lines.receive(data)
        try:
            while line := self._lines.next_line():
                self._take(line)
        except ControlError as error:
            self.send(wire.error_line(None, Error(name="too-long", detail=str(error))))
            self.hang_up()

    def disconnected(self) -> None:
        """It has gone."""
        self._transport = None
        self._control.left(self)

    def _take(self, line: bytes) -> None:
        try:
            request = wire.read_request(line)
        except wire.BadRequest as bad:
            self.send(wire.error_line(bad.id, bad.error))
        else:
            self._control.obey(request, self)


class _Socket(asyncio.Protocol):
    """The socket of a client."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._caller.connected(transport)

    def data_received(self, data: bytes) -> None:
        self._caller.receive(data)

    def connection_lost(self, _error: Exception | None) -> None:
        self._caller.disconnected()


Obey: TypeAlias = Callable[[requests.AnyRequest, Caller], None]
"""Carries out a request of a client, and sees to it that it gets its reply."""


class ControlSocket:
    """Listens at its place until it is closed; `obey` does what clients ask for."""

    def __init__(self, place: Place, greeting: wire.Greeting, obey: Obey) -> None:
        self.obey = obey
        self._place = place
        self._greeting = wire.greeting_line(greeting)
        self._callers: set[Caller] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Let clients in."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(
            lambda: _Socket(Caller(self)), sock=self._place.socket
        )

    def close(self) -> None:
        """Let nobody in any more, and disconnect who is here; the place is closed.

        Where somebody may be here, the loop that they were let in by has to run. Again it does nothing.
        """
        if self._server is not None:
            self._server.close()
        while self._callers:
            self._callers.pop().hang_up()
        self._place.close()

    def tell(self, news: News) -> None:
        """Tell those who watch."""
        line = b""
        for caller in list(self._callers):
            if caller.watches:
                line = line or wire.news_line(news)
                caller.send(line)

    @property
    def is_watched(self) -> bool:
        """Whether anybody is there to be told."""
        return any(caller.watches for caller in self._callers)

    def entered(self, caller: Caller, sock: socket.socket) -> None:
        """Somebody has connected: greet them, or send them away."""
        user = peer_user(sock)
        if user is not None and user not in (0, os.geteuid()):
            detail = f"this proxy is another user's ({os.geteuid()}, not {user})"
            caller.send(wire.error_line(None, Error(name="not-yours", detail=detail)))
            caller.hang_up()
            return
        self._callers.add(caller)
        caller.send(self._greeting)

    def left(self, caller: Caller) -> None:
        """Somebody has gone."""
        self._callers.discard(caller)


def peer_user(sock: socket.socket) -> int | None:
    """The user who is at the other end of a Unix socket; None where the system does not tell."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    credentials = sock.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size)
    user: int = _CREDENTIALS.unpack(credentials)[1]
    return user
