"""The independent witness: a relay that ends TLS on both of its sides and keeps what passes.

Placed between xmppspy and a server (or between a client and xmppspy) it knows what that endpoint
sent and received below TLS, without any of xmppspy's code and without knowing XMPP, but for the
one element after which TLS begins.
"""

import asyncio
import re
import ssl
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

import trustme

_PROCEED = re.compile(rb"<proceed\b[^>]*>$")
_CHUNK = 65536


def difference(wanted: bytes, got: bytes) -> str:
    """Nothing when both are equal; else where they part, with what stands there."""
    if wanted == got:
        return ""
    pairs = enumerate(zip(wanted, got, strict=False))
    at = next((n for n, (one, other) in pairs if one != other), min(len(wanted), len(got)))
    around = slice(max(0, at - 60), at + 60)
    return f"at {at} of {len(wanted)} and {len(got)}: {wanted[around]!r} and {got[around]!r}"


@dataclass(slots=True)
class Tapped:
    """One connection: the decrypted bytes of each direction."""

    from_client: bytearray = field(default_factory=bytearray)
    from_server: bytearray = field(default_factory=bytearray)


class Tap:
    """Relay connections to `target` on loopback; `connections` holds them in their order.

    `tls` is `direct` or `starttls`, on both sides alike. Towards the client the tap shows
    `certificate`; the server must show one for `domain` that `trust` (a PEM file) vouches for.
    Used as a context manager: inside it the tap listens on `port`.
    """

    def __init__(
        self, target: int, tls: str, domain: str, certificate: trustme.LeafCert, trust: Path
    ) -> None:
        self.port = 0
        self.connections: list[Tapped] = []
        self._target = target
        self._is_direct = tls == "direct"
        self._domain = domain
        self._as_server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(self._as_server)
        self._as_client = ssl.create_default_context(cafile=str(trust))
        self._ready = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), name="tap")

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        context = self._as_server if self._is_direct else None
        server = await asyncio.start_server(self._relay, "127.0.0.1", 0, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()

    async def _relay(self, reader: StreamReader, writer: StreamWriter) -> None:
        tapped = Tapped()
        self.connections.append(tapped)
        context, name = (self._as_client, self._domain) if self._is_direct else (None, None)
        target = await asyncio.open_connection(
            "127.0.0.1", self._target, ssl=context, server_hostname=name
        )
        try:
            if not self._is_direct:
                await self._start_tls(reader, writer, *target, tapped)
            await _pass_both_ways((reader, writer), target, tapped)
        except (OSError, EOFError, asyncio.CancelledError):
            pass  # an endpoint that goes without a word, or the end of the witness itself
        finally:
            writer.transport.abort()
            target[1].transport.abort()

    async def _start_tls(
        self,
        reader: StreamReader,
        writer: StreamWriter,
        server_reader: StreamReader,
        server_writer: StreamWriter,
        tapped: Tapped,
    ) -> None:
        """Pass on what comes before TLS, then begin it, first with the server."""
        async with asyncio.TaskGroup() as tasks:
            requests = tasks.create_task(_pump(reader, server_writer, tapped.from_client))
            proceed = await _pass_until_proceed(server_reader, writer, tapped.from_server)
            requests.cancel()
        await server_writer.start_tls(self._as_client, server_hostname=self._domain)
        writer.write(proceed)
        await writer.start_tls(self._as_server)


async def _pass_until_proceed(reader: StreamReader, writer: StreamWriter, kept: bytearray) -> bytes:
    """Pass on all but the read that ends with `<proceed/>`, which is given."""
    while data := await reader.read(_CHUNK):
        kept += data
        if _PROCEED.search(kept):
            return data
        writer.write(data)
    writer.close()
    raise EOFError


async def _pass_both_ways(
    client: tuple[StreamReader, StreamWriter],
    server: tuple[StreamReader, StreamWriter],
    tapped: Tapped,
) -> None:
    """Pass bytes until both have ended; one that does not answer the other's end is not awaited.

    asyncio would wait 30 s for its close_notify, which ejabberd never sends.
    """
    requests = asyncio.ensure_future(_pump(client[0], server[1], tapped.from_client))
    answers = asyncio.ensure_future(_pump(server[0], client[1], tapped.from_server))
    _, waiting = await asyncio.wait((requests, answers), return_when=asyncio.FIRST_COMPLETED)
    if waiting:
        await asyncio.wait(waiting, timeout=1)
    for pump in waiting:
        pump.cancel()


async def _pump(reader: StreamReader, writer: StreamWriter, kept: bytearray) -> None:
    """Pass bytes on until their sender ends; then end towards the receiver."""
    with suppress(OSError):
        while data := await reader.read(_CHUNK):
            kept += data
            writer.write(data)
            await writer.drain()
    writer.close()
