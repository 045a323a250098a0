"""Link: a connection to the control socket of a running proxy, on the event loop."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self, TypeVar

import msgspec

from xmppspy.control import places, requests, wire
from xmppspy.control.client import PATIENCE, greeted, read_reply
from xmppspy.control.lines import Lines
from xmppspy.control.news import News
from xmppspy.control.replies import Reply
from xmppspy.errors import ControlError
from xmppspy.view.tui.control import Lost, Told

R = TypeVar("R", bound=Reply)


class Link(asyncio.Protocol):
    """A `Control`. What happens before somebody listens is told then."""

    def __init__(self, path: Path) -> None:
        loop = asyncio.get_running_loop()
        self._path = path
        self._lines = Lines(wire.MAX_LINE)
        self._greeting: asyncio.Future[bytes] = loop.create_future()
        self._numbers = 0
        self._replies: dict[int, asyncio.Future[wire.Answer]] = {}
        self._untold: list[Told] = []
        self._take: Callable[[Told], None] = self._untold.append
        self._lost = ""
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def to(cls, path: Path) -> Self:
        """Connect to the proxy whose socket is at `path`. Raises ControlError."""
        places.check_length(path)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(PATIENCE):
                _, link = await loop.create_unix_connection(lambda: cls(path), str(path))
                greeting = await link._greeting  # noqa: SLF001 - it is one of us
        except OSError:
            raise ControlError(f"{path}: no xmppspy proxy answers there") from None
        try:
            greeted(path, greeting)
        except ControlError:
            link.close()
            raise
        return link

    def listen(self, take: Callable[[Told], None]) -> None:
        """From now on tell `take` what happens, on the running event loop."""
        self._take = take
        for told in self._untold:
            take(told)

    async def ask(self, request: requests.AnyRequest, kind: type[R]) -> R:
        """Ask for something; the reply is of that kind."""
        if self._lost or self._transport is None:
            raise ControlError(self._lost)
        self._numbers += 1
        number, waits = self._numbers, 0.0
        if isinstance(request, requests.Inject):
            waits = request.wait
        self._replies[number] = asyncio.get_running_loop().create_future()
        self._transport.write(wire.request_line(msgspec.structs.replace(request, id=number)))
        try:
            async with asyncio.timeout(PATIENCE + waits):
                answer = await self._replies[number]
        except TimeoutError:
            raise ControlError(f"{self._path}: the proxy does not answer") from None
        finally:
            del self._replies[number]
        return read_reply(self._path, answer, kind)

    def close(self) -> None:
        """Go away; nothing is told any more."""
        self._take = _ignore
        if self._transport is not None:
            self._transport.close()

    # --- what comes

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what there is to write to."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Hear whole lines."""
        self._lines.receive(data)
        try:
            while line := self._lines.next_line():
                if self._greeting.done():
                    self._hear(wire.read_line(line))
                else:
                    self._greeting.set_result(line)
        except (ValueError, ControlError) as error:
            self._lose(f"the proxy says what is not understood: {error}")
            self.close()

    def connection_lost(self, _error: Exception | None) -> None:
        """Nothing comes any more."""
        self._lose("the proxy has gone")

    def _hear(self, said: wire.Answer | News) -> None:
        if isinstance(said, wire.Answer):
            with suppress(KeyError, asyncio.InvalidStateError):  # nobody waits for it any more
                self._replies[int(said.id or 0)].set_result(said)
        else:
            self._take(said)

    def _lose(self, reason: str) -> None:
        if self._lost:
            return
        self._lost = reason
        if not self._greeting.done():
            self._greeting.set_result(b"")
        for reply in self._replies.values():
            if not reply.done():
                reply.set_exception(ControlError(reason))
        self._take(Lost(reason))


def _ignore(_told: Told) -> None:
    """Nobody listens any more."""
