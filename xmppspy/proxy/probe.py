"""Probe: connects to a server as a client would, and looks at what it offers, without a login."""

# Theory of operation
#
# A first visit is made with all the care of a client. When TLS fails in it, a second one takes any
# certificate, version and cipher, so that what is wrong can be shown; nothing secret is ever said,
# so nobody is hurt by that. Then, as the offer may depend on the version of TLS, the server is
# visited once more with TLS 1.2 at most. All visits go to the address that was reached first.
#
# Whatever goes wrong becomes a sentence of the survey; only the person's own mistakes are raised.

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from xmppspy.analysis.words import quoted
from xmppspy.bridge.certificate import in_plain_words, read_certificate
from xmppspy.bridge.survey import (
    Attempt,
    StreamFeatures,
    Survey,
    TLSLayer,
    Visit,
    stream_features,
)
from xmppspy.errors import PeerError, TLSError, UpstreamError
from xmppspy.protocol import answers
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Side
from xmppspy.protocol.features import is_features
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.hosts import a_label
from xmppspy.protocol.leg import Leg
from xmppspy.protocol.stanza import read
from xmppspy.protocol.tls import TLSPipe
from xmppspy.proxy.connector import Connection, Connector
from xmppspy.proxy.resolver import Target
from xmppspy.proxy.standardtls import upstream_context
from xmppspy.proxy.upstream import Upstream

_READ: Final = 64 * 1024
_LARGEST: Final = 256 * 1024
"""Bytes of a frame; what a server offers has some thousand."""
_TLS_RECORDS: Final = (b"\x15\x03", b"\x16\x03")
_SHOWN: Final = 40
_GUEST: Final = "xmppspy-doctor"
"""Who asks, towards servers that offer SASL2 only to a stream with `from` (XEP-0388 §2.1)."""


@dataclass(slots=True)
class Probe:
    """Examines one server. Raises UsageError where `upstream_ca` cannot be used.

    `connector` says where it is, `domain` whom the streams are for. Every wait ends after `patience`
    seconds. `newest` is the best version of TLS to use; None for any.
    """

    connector: Connector
    domain: str
    upstream_ca: Path | None = None
    patience: float = 10.0
    newest: ssl.TLSVersion | None = None
    _attempts: list[Attempt] = field(default_factory=list)
    _untried: tuple[str, ...] = ()
    _via: str = ""

    async def run(self) -> Survey:
        """Connect, look, go."""
        self.connector.patience = self.patience
        for direct in (False, True):
            self._context(direct=direct, insecure=False)  # a wrong file is told before anything
        try:
            connection = await self._find()
        except UpstreamError as error:
            return self._survey(trouble=str(error))
        if connection is None:
            return self._survey(trouble=_unreached(self._attempts))
        visits = await self._visits(connection)
        return self._survey(visits, visits[0].trouble)

    def _survey(self, visits: tuple[Visit, ...] = (), trouble: str = "") -> Survey:
        return Survey(
            domain=self.domain, via=self._via, attempts=tuple(self._attempts),
            untried=self._untried, visits=visits, trouble=trouble,
        )  # fmt: skip

    # --- the way there

    async def _find(self) -> Connection | None:
        """A connection to the first server that takes one."""
        targets = await self.connector.targets(None)
        self._via = targets[0].via
        for place, target in enumerate(targets):
            connection = await self._try(target)
            if connection is not None:
                self._untried = tuple(map(str, targets[place + 1 :]))
                return connection
        return None

    async def _try(self, target: Target) -> Connection | None:
        tried = Attempt(place=str(target), address="", direct_tls=target.direct_tls)
        try:
            connection = await self._reach(Upstream(target.host, target.port, target.direct_tls))
        except UpstreamError as error:
            reason = error.reason.removeprefix("no connection: ").removeprefix(f"{target}: ")
            self._attempts.append(replace(tried, failure=reason))
            return None
        self._attempts.append(replace(tried, address=str(connection.address)))
        return connection

    async def _reach(self, place: Upstream) -> Connection:
        return await replace(self.connector, upstream=place, maps={}).connect(None)

    # --- visits

    async def _visits(self, connection: Connection) -> tuple[Visit, ...]:
        port = int(connection.address.sockaddr[1])
        place = Upstream(connection.address.host, port, connection.direct_tls)
        best = await self._visit(connection, self.newest)
        if best.tls is not None and best.tls.problem and best.after is None:
            best = await self._visit_unverified(place, best, best.tls.problem)
        insecure = best.tls is not None and bool(best.tls.problem)
        if best.tls is None or best.tls.version != "TLSv1.3":
            return (best,)
        older = await self._again(place, ssl.TLSVersion.TLSv1_2, insecure=insecure)
        return (best, older) if older.after is not None else (best,)

    async def _visit_unverified(self, place: Upstream, failed: Visit, problem: str) -> Visit:
        """The same, whoever is there; the visit that failed if that fails too."""
        found = await self._again(place, self.newest, insecure=True)
        if found.tls is None or not found.tls.version:
            return failed
        return replace(found, tls=replace(found.tls, problem=problem))

    async def _again(
        self, place: Upstream, newest: ssl.TLSVersion | None, *, insecure: bool
    ) -> Visit:
        try:
            return await self._visit(await self._reach(place), newest, insecure=insecure)
        except UpstreamError as error:
            return Visit(trouble=str(error))

    async def _visit(
        self, connection: Connection, newest: ssl.TLSVersion | None, *, insecure: bool = False
    ) -> Visit:
        context = self._context(direct=connection.direct_tls, insecure=insecure)
        if newest is not None:
            context.maximum_version = newest
        async with _calling(connection, self.patience) as call:
            return await _look(call, self.domain, context, direct=connection.direct_tls)

    def _context(self, *, direct: bool, insecure: bool) -> ssl.SSLContext:
        return upstream_context(
            ca_file=self.upstream_ca, insecure=insecure, direct=direct, keylog=None
        )


async def _look(call: "_Call", domain: str, context: ssl.SSLContext, *, direct: bool) -> Visit:
    """Features in the clear, TLS, features inside it: as far as the server goes along."""
    visit = Visit()
    try:
        if not direct:
            before = await call.open_stream(domain)
            visit = replace(visit, before=before)
            if not before.starttls:
                return visit
            await call.ask_for_tls()
        try:
            layer = await call.secure(context, domain)
        except TLSError as error:
            failed = _failed(error, domain)
            return replace(visit, tls=failed, trouble=_untrusted(failed.problem, direct=direct))
        visit = replace(visit, tls=layer)
        return replace(visit, after=await call.open_stream(domain, guest=True))
    except (PeerError, TLSError) as error:
        return replace(visit, trouble=str(error))


class _Call:
    """One connection, from the socket to streams."""

    def __init__(self, connection: Connection, patience: float) -> None:
        self._sock, self._patience = connection.sock, patience
        self._direct = connection.direct_tls
        self._leg = Leg(Side.SERVER, _LARGEST)
        self._loop = asyncio.get_running_loop()
        self._first = b""
        self._until = 0.0
        self._heard = False

    def _expect(self) -> None:
        """From now on, the next answer is waited for: all of it, however slowly it comes."""
        self._until = self._loop.time() + self._patience
        self._heard = False

    async def open_stream(self, domain: str, *, guest: bool = False) -> StreamFeatures:
        """Say a header; the features that come. Raises PeerError and TLSError."""
        self._expect()
        await self._send(_header(domain, guest=guest))
        while True:
            frame = await self._next()
            if is_features(frame):
                tree = read(frame).tree
                return StreamFeatures() if tree is None else stream_features(tree)
            if frame.kind == "stream" and not _has_version(frame):
                raise PeerError("it speaks XMPP of before 1.0, without features; nothing is known")
            if frame.kind not in ("stream", "space"):
                raise PeerError(_complaint(frame, domain))

    async def ask_for_tls(self) -> None:
        """STARTTLS (RFC 6120 §5.4). Raises PeerError."""
        self._expect()
        await self._send(answers.STARTTLS)
        while (frame := await self._next()).kind == "space":
            pass
        if (frame.kind, frame.xmlns) != ("proceed", ns.TLS):
            raise PeerError(f"it offers STARTTLS and then refuses it (<{frame.kind}/>)")
        if self._leg.framer.take_trailing():
            raise PeerError("there is clear text behind its <proceed/>; somebody may inject it")

    async def secure(self, context: ssl.SSLContext, domain: str) -> TLSLayer:
        """Do the handshake. Raises TLSError and PeerError."""
        self._leg.start_tls(context, hostname=a_label(domain))
        pipe = self._leg.tls
        assert pipe is not None  # noqa: S101 - it has just begun
        self._expect()
        await self._flush()
        while not pipe.established:
            try:
                await self._read()
            finally:
                await self._flush()
        return _layer(pipe)

    async def close(self) -> None:
        """Say good-bye as far as that can be done at once."""
        try:
            if self._leg.takes_data:
                self._leg.send(b"</stream:stream>")
                self._leg.close_tls()
                await self._flush()
        except (PeerError, TLSError):
            pass
        finally:
            self._sock.close()

    async def _next(self) -> Frame:
        while (frame := self._leg.framer.next_frame()) is None:
            if self._leg.ended:
                raise PeerError(self._silence("it closed the connection without saying anything"))
            await self._read()
            await self._flush()
        return frame

    async def _send(self, data: bytes) -> None:
        self._leg.send(data)
        await self._flush()

    async def _flush(self) -> None:
        data = self._leg.data_to_send()
        try:
            async with asyncio.timeout(self._patience):
                await self._loop.sock_sendall(self._sock, data)
        except TimeoutError as error:
            raise PeerError("it reads nothing of what is sent") from error
        except OSError as error:
            raise PeerError(f"the connection broke: {error.strerror or error}") from error

    async def _read(self) -> None:
        try:
            async with asyncio.timeout_at(self._until):
                data = await self._loop.sock_recv(self._sock, _READ)
        except TimeoutError as error:
            how = "does not come to an end" if self._heard else "says nothing"
            reason = f"it {how} for {self._patience:g} s"
            raise PeerError(self._silence(reason)) from error
        except OSError as error:
            raise PeerError(f"the connection broke: {error.strerror or error}") from error
        if not self._first and data[:2] in _TLS_RECORDS and self._leg.tls is None:
            raise PeerError("it speaks TLS from the first byte; write xmpps://HOST:PORT")
        self._first, self._heard = self._first or data, True
        self._leg.ended = self._leg.ended or not data
        if not data and self._leg.tls is not None and not self._leg.secured:
            raise PeerError("it closed the connection during the TLS handshake")
        self._leg.receive_data(data)

    def _silence(self, reason: str) -> str:
        """The reason, and what may be behind it when nothing at all has come."""
        if self._first:
            return reason
        if self._direct:
            return f"{reason}; is the port for STARTTLS? then write xmpp://HOST:PORT"
        return f"{reason}; is the port for clients of XMPP? for direct TLS write xmpps://HOST:PORT"


@asynccontextmanager
async def _calling(connection: Connection, patience: float) -> AsyncIterator[_Call]:
    call = _Call(connection, patience)
    try:
        yield call
    finally:
        await call.close()


def _has_version(header: Frame) -> bool:
    tree = read(header).tree
    return tree is not None and tree.get("version") is not None


def _header(domain: str, *, guest: bool) -> bytes:
    header = answers.initial_header(domain)
    if not guest:
        return header
    return header.replace(b" to=", f' from="{_GUEST}@{a_label(domain)}" to='.encode(), 1)


def _layer(pipe: TLSPipe) -> TLSLayer:
    der = pipe.peer_der
    return TLSLayer(
        version=pipe.version,
        cipher=pipe.cipher,
        alpn=pipe.alpn,
        certificate=read_certificate(der) if der else None,
        problem="" if pipe.verified else "not asked for",
    )


def _failed(error: TLSError, domain: str) -> TLSLayer:
    problem = in_plain_words(error.reason, domain) if error.kind == "verify" else error.reason
    return TLSLayer(version="", cipher="", alpn=None, certificate=None, problem=problem)


def _untrusted(problem: str, *, direct: bool) -> str:
    hint = "; is the port for STARTTLS? then write xmpp://HOST:PORT" if direct else ""
    return f"TLS fails: {problem}{hint if 'not TLS' in problem else ''}"


def _complaint(frame: Frame, domain: str) -> str:
    """What the server said where its features were to come."""
    tree = read(frame).tree
    if frame.kind == "error" and tree is not None:
        names = [str(each.tag).rpartition("}")[2] for each in tree.iterchildren("{*}*")]
        condition = quoted(next(iter(names), "no condition"), _SHOWN).strip('"')
        text = next((each.text or "" for each in tree.iterchildren("{*}text")), "")
        told = f"it ends the stream: {condition}" + (f" ({quoted(text, 100)})" if text else "")
        if condition in ("host-unknown", "host-gone", "improper-addressing"):
            told += f"; it does not serve {domain}: name its domain with --domain NAME"
        return told
    if frame.kind == "/stream":
        return "it ends the stream without features"
    beginning = quoted(frame.data[: _SHOWN * 2].decode(errors="backslashreplace"), _SHOWN)
    return f"it speaks no XMPP, but says {beginning}; is the port the right one?"


def _unreached(attempts: list[Attempt]) -> str:
    told = "; ".join(f"{each.place}: {each.failure}" for each in attempts)
    is_advised = all(";" in each.failure for each in attempts)
    advice = "" if is_advised else "; check the address and port, and that the server runs"
    return f"no connection: {told}{advice}"
