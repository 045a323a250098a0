"""Peer: one end of an XMPP connection, made of a socket, a `TLSPipe` and a `Framer`."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Protocol

from xmppspy.errors import PeerError, TLSError
from xmppspy.protocol.framing import MAX_FRAME, Frame, Framer
from xmppspy.protocol.hello import TLS_HANDSHAKE, ClientHello, read_client_hello
from xmppspy.protocol.tls import TLSPipe

LIMIT: Final = 10.0
"""Seconds that an answer may take; on the loopback it takes some thousandths."""

FOREVER: Final = float("inf")
"""A limit that is none, for waits that something else ends."""

_WAITS: Final = 3
"""How often a limit may pass before all that is required is there."""
_READ: Final = 64 * 1024
_SPACE: Final = b" \t\r\n"
_CLEAR_TEXT: Final = "there is clear text where the TLS handshake was to begin"


class Watch(Protocol):
    """Is told what a peer hears and says, in the order of the wire, such as to record it."""

    def received(self, frame: Frame) -> None:
        """The other end has said a frame; white space, too."""

    def sent(self, data: bytes) -> None:
        """This end says `data`, in the clear or inside TLS."""

    def secured(self, pipe: TLSPipe) -> None:
        """A handshake is complete; what comes from now on is inside TLS."""


class Peer:
    """One end of a connection: sends text, receives frames, goes over to TLS when told to.

    Every wait ends after `limit` seconds, or a few times as many when a little comes again and again
    of what is required. All methods raise PeerError when the other end is
    silent for longer, breaks the connection, or fails in TLS.
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        limit: float = LIMIT,
        *,
        max_frame: int = MAX_FRAME,
        watch: Watch | None = None,
    ) -> None:
        self._reader, self._writer, self._limit = reader, writer, limit
        self._max_frame = max_frame
        self._framer = Framer(max_frame)
        self._pipe: TLSPipe | None = None
        self._watch = watch
        self._ended = False  # the other end has said its last
        self._finished = False  # this end has

    @property
    def secured(self) -> bool:
        """Whether TLS is up."""
        return self._pipe is not None and self._pipe.established

    @property
    def server_name(self) -> str | None:
        """The SNI."""
        return None if self._pipe is None else self._pipe.server_name

    async def send(self, said: str | bytes) -> None:
        """Send XML, encrypted once TLS is up; any number of stanzas at once."""
        data = said.encode() if isinstance(said, str) else said
        if self._finished:
            return
        if self._watch is not None:
            self._watch.sent(data)
        if self._pipe is not None:
            data = self._encrypted(self._pipe, data)
        await self._write(data)

    def _encrypted(self, pipe: TLSPipe, data: bytes) -> bytes:
        try:
            pipe.send(data)
        except TLSError as error:
            raise PeerError(f"TLS failed: {error}") from error
        return pipe.data_to_send()

    async def receive(self, limit: float | None = None) -> Frame | None:
        """The next frame, white space left out; None when the other end has ended.

        `limit` stands for the peer's own. What is cancelled here loses nothing.
        """
        while True:
            frame = self._framer.next_frame()
            if frame is not None and self._watch is not None:
                self._watch.received(frame)
            if frame is not None and frame.kind != "space":
                return frame
            if frame is None and self._ended:
                return None
            if frame is None:
                await self._read(limit)

    async def require(self, what: str) -> Frame:
        """The next frame; `what` says for the error what it was to be."""
        async with self._within(self._limit, f"{what} did not come to an end"):
            frame = await self.receive()
        if frame is None:
            raise PeerError(f"the connection ended where {what} was to come")
        return frame

    @asynccontextmanager
    async def _within(self, limit: float, trouble: str) -> AsyncIterator[None]:
        """Bound the waits inside together, where the other end says a little again and again."""
        seconds = _WAITS * limit
        try:
            async with asyncio.timeout(None if limit == FOREVER else seconds):
                yield
        except TimeoutError as error:
            raise PeerError(f"{trouble} for {seconds:g} seconds") from error

    # --- TLS

    async def hello(self) -> ClientHello | None:
        """What a client that begins with TLS says in its first message; None when it does not.

        To be asked before anything else. `start_tls` then takes the bytes that were read.
        """
        data = b""
        while not self._ended:
            data += self._framer.take_trailing()
            if data and data[0] != TLS_HANDSHAKE:
                break
            found = read_client_hello(data) if data else None
            if found is not None:
                self._framer.receive_data(data)
                return found
            await self._read()
        self._framer.receive_data(data)
        return None

    async def start_tls(
        self, context: ssl.SSLContext, *, server_side: bool, server_hostname: str | None = None
    ) -> None:
        """Do the handshake, right behind the last frame that was received.

        Nothing of the other end may stand behind that frame (RFC 6120 §5.3.3), but for a client's
        first message of the handshake itself, and white space in front of it, which is dropped.
        """
        first = self._framer.take_trailing()
        if server_side:
            first = await self._handshake_after(first)
        elif first:
            raise PeerError(_CLEAR_TEXT)
        self._pipe = TLSPipe(context, server_side=server_side, server_hostname=server_hostname)
        self._framer = Framer(self._max_frame)
        await self._write(self._pipe.data_to_send())
        if first:
            await self._decrypt(self._pipe, first)
        while not self._pipe.established:
            if self._ended:
                raise PeerError("the connection ended during the TLS handshake")
            await self._read()
        if self._watch is not None:
            self._watch.secured(self._pipe)

    async def _handshake_after(self, data: bytes) -> bytes:
        """What a client says from the beginning of its handshake on, white space left out."""
        while not (data := data.lstrip(_SPACE)) and not self._ended:
            await self._read()
            data = self._framer.take_trailing()
        if data and data[0] != TLS_HANDSHAKE:
            raise PeerError(_CLEAR_TEXT)
        return data

    # --- the end

    async def close(self, limit: float | None = None) -> None:
        """End this direction in order, wait for the end of the other one, let go of the socket.

        `limit` stands for the peer's own.
        """
        try:
            await self.end()
            longest = self._limit if limit is None else limit
            async with self._within(longest, "the other end did not end the connection"):
                while await self.receive(limit) is not None:
                    pass
        finally:
            self._writer.close()

    def abort(self) -> None:
        """Let go of the socket at once, whatever is unsent."""
        self._writer.transport.abort()

    async def end(self) -> None:
        """End this direction in order; what the other end still says can be received."""
        if self._finished:
            return
        if self._pipe is not None and self._pipe.established:
            self._pipe.close()
            await self._write(self._pipe.data_to_send())
        self._finished = True
        try:
            self._writer.write_eof()
        except OSError as error:
            raise PeerError(f"the connection broke: {error}") from error

    # --- the socket

    async def _read(self, limit: float | None = None) -> None:
        """Feed what arrives next to the framer; remember the end."""
        limit = self._limit if limit is None else limit
        try:
            async with asyncio.timeout(None if limit == FOREVER else limit):
                data = await self._reader.read(_READ)
        except TimeoutError as error:
            raise PeerError(f"nothing came for {limit:g} seconds") from error
        except OSError as error:
            raise PeerError(f"the connection broke: {error}") from error
        self._ended = not data
        if self._pipe is None:
            self._framer.receive_data(data)
        elif data:
            await self._decrypt(self._pipe, data)

    async def _decrypt(self, pipe: TLSPipe, data: bytes) -> None:
        try:
            pipe.receive_data(data)
        except TLSError as error:
            raise PeerError(f"TLS failed: {error}") from error
        finally:
            await self._write(pipe.data_to_send())
        self._framer.receive_data(pipe.read())
        self._ended = pipe.ended

    async def _write(self, data: bytes) -> None:
        if not data or self._finished:
            return
        try:
            self._writer.write(data)
            async with asyncio.timeout(self._limit):
                await self._writer.drain()
        except TimeoutError as error:
            raise PeerError(f"nothing was read for {self._limit:g} seconds") from error
        except OSError as error:
            raise PeerError(f"the connection broke: {error}") from error
