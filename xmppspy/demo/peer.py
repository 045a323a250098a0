"""Peer: one end of an XMPP connection, made of a socket, a `TLSPipe` and a `Framer`."""

import asyncio
import ssl
from typing import Final

from xmppspy.errors import DemoError, TLSError
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.protocol.tls import TLSPipe

LIMIT: Final = 10.0
"""Seconds that an answer may take; on the loopback it takes some thousandths."""

_READ: Final = 64 * 1024


class Peer:
    """One end of a connection: sends text, receives frames, goes over to TLS when told to.

    Every wait ends after `limit` seconds. All methods raise DemoError when the other end is
    silent for longer, breaks the connection, or fails in TLS.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: float = LIMIT
    ) -> None:
        self._reader, self._writer, self._limit = reader, writer, limit
        self._framer = Framer()
        self._pipe: TLSPipe | None = None
        self._ended = False  # the other end has said its last
        self._finished = False  # this end has

    async def send(self, text: str) -> None:
        """Send `text`, encrypted once TLS is up."""
        data = text.encode()
        if self._pipe is not None:
            self._pipe.send(data)
            data = self._pipe.data_to_send()
        await self._write(data)

    async def receive(self) -> Frame | None:
        """The next frame, white space left out; None when the other end has ended."""
        while True:
            frame = self._framer.next_frame()
            if frame is not None and frame.kind != "space":
                return frame
            if frame is None and self._ended:
                return None
            if frame is None:
                await self._read()

    async def require(self, what: str) -> Frame:
        """The next frame; `what` says for the error what it was to be."""
        frame = await self.receive()
        if frame is None:
            raise DemoError(f"the connection ended where {what} was to come")
        return frame

    async def start_tls(
        self, context: ssl.SSLContext, *, server_side: bool, server_hostname: str | None = None
    ) -> None:
        """Do the handshake, right behind the last frame that was received.

        Nothing of the other end may stand behind that frame (RFC 6120 §5.3.3).
        """
        if self._framer.take_trailing():
            raise DemoError("there is clear text where the TLS handshake was to begin")
        self._pipe = TLSPipe(context, server_side=server_side, server_hostname=server_hostname)
        self._framer = Framer()
        await self._write(self._pipe.data_to_send())
        while not self._pipe.established:
            if self._ended:
                raise DemoError("the connection ended during the TLS handshake")
            await self._read()

    async def close(self) -> None:
        """End this direction in order, wait for the end of the other one, let go of the socket."""
        try:
            await self._end()
            while await self.receive() is not None:
                pass
        finally:
            self._writer.close()

    def abort(self) -> None:
        """Let go of the socket at once, whatever is unsent."""
        self._writer.transport.abort()

    async def _end(self) -> None:
        if self._pipe is not None and self._pipe.established:
            self._pipe.close()
            await self._write(self._pipe.data_to_send())
        self._finished = True
        try:
            self._writer.write_eof()
        except OSError as error:
            raise DemoError(f"the connection broke: {error}") from error

    async def _read(self) -> None:
        """Feed what arrives next to the framer; remember the end."""
        try:
            async with asyncio.timeout(self._limit):
                data = await self._reader.read(_READ)
        except TimeoutError as error:
            raise DemoError(f"nothing came for {self._limit:g} seconds") from error
        except OSError as error:
            raise DemoError(f"the connection broke: {error}") from error
        self._ended = not data
        if self._pipe is None:
            self._framer.receive_data(data)
        elif data:
            await self._decrypt(self._pipe, data)

    async def _decrypt(self, pipe: TLSPipe, data: bytes) -> None:
        try:
            pipe.receive_data(data)
        except TLSError as error:
            raise DemoError(f"TLS failed: {error}") from error
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
            raise DemoError(f"nothing was read for {self._limit:g} seconds") from error
        except OSError as error:
            raise DemoError(f"the connection broke: {error}") from error
