"""Conversation: a client, a session and a server in memory, TLS included.

A test is a script of plain verbs. Every verb settles all that follows from it: bytes are carried
until none are left, and the session's requests are answered as a relay would.
"""

import itertools
from dataclasses import replace
from typing import TypeVar

from tests.authority import client_context, server_context
from xmppspy.errors import TLSError
from xmppspy.protocol.events import Event, FateDecided, Fault, FrameRecord, Note, Side
from xmppspy.protocol.guard import Guard
from xmppspy.protocol.registers import Registers
from xmppspy.protocol.requests import (
    CloseRequested,
    ConnectRequested,
    EndRequested,
    HoldsChanged,
    LeafRequested,
    Redirected,
    RedirectExpired,
    Request,
    ResetRequested,
    UpstreamTLSRequested,
    WakeRequested,
)
from xmppspy.protocol.session import Session, SessionOptions
from xmppspy.protocol.tls import TLSPipe
from xmppspy.protocol.verdicts import Interceptor

E = TypeVar("E")

DOMAIN = "capulet.example"
HEADER = (
    b"<?xml version='1.0'?><stream:stream to='capulet.example' xmlns='jabber:client' "
    b"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
)
ANSWER = (
    b"<?xml version='1.0'?><stream:stream from='capulet.example' id='s1' xmlns='jabber:client' "
    b"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
)
STARTTLS = b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
PROCEED = b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
OFFER = b"<stream:features>" + STARTTLS + b"</stream:features>"
MECHANISMS = (
    b"<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
    b"<mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>"
)


class Peer:
    """One end of the conversation."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.tls: TLSPipe | None = None
        self.wire = bytearray()
        self.clear = bytearray()
        self.error: TLSError | None = None

    def send(self, data: bytes) -> None:
        if self.tls is None:
            self.wire += data
        else:
            self.tls.send(data)
            self.wire += self.tls.data_to_send()

    def receive(self, data: bytes) -> None:
        if self.tls is None:
            self.clear += data
            return
        try:
            self.tls.receive_data(data)
        except TLSError as error:
            self.error = error
        self.wire += self.tls.data_to_send()
        self.clear += self.tls.read()

    def start_tls(
        self,
        *,
        distrusts: bool = False,
        name: str = DOMAIN,
        sni: bool = True,
        newest: str | None = None,
        alpn: tuple[str, ...] = (),
    ) -> None:
        """Begin TLS; the server shows a certificate for `name`, the client may name nobody.

        Neither goes beyond the TLS version `newest`; `alpn` are the protocols it knows.
        """
        if self.side is Side.CLIENT:
            context = client_context(
                trusts_proxy=not distrusts, names_server=sni, newest=newest, alpn=alpn
            )
            hostname = DOMAIN if sni else None
            self.tls = TLSPipe(context, server_side=False, server_hostname=hostname)
        else:
            self.tls = TLSPipe(server_context(name, newest=newest, alpn=alpn), server_side=True)
        self.wire += self.tls.data_to_send()
        hello = self.clear.find(b"\x16\x03")  # what the other engine has sent already
        if hello >= 0:
            early = bytes(self.clear[hello:])
            del self.clear[hello:]
            self.receive(early)


class Conversation:
    """A session between two peers.

    `upstream` says how the server is reached: `clear`, `direct` (TLS from the first byte) or
    `unreachable`, or `pending` for ever; `certificate` is the name in its certificate then. `address`
    is where the client has connected to; `guard` watches over the logins, `interceptor` judges
    frames; `registers` are shared by connections that resume sessions.
    """

    def __init__(
        self,
        *,
        upstream: str = "clear",
        options: SessionOptions | None = None,
        certificate: str = DOMAIN,
        address: str = "",
        guard: Guard | None = None,
        interceptor: Interceptor | None = None,
        registers: Registers | None = None,
    ) -> None:
        self.certificate = certificate
        self.now = 0.0
        self.upstream = upstream
        self.client, self.server = Peer(Side.CLIENT), Peer(Side.SERVER)
        self.peers = {Side.CLIENT: self.client, Side.SERVER: self.server}
        self.events: list[Event] = []
        self.requests: list[Request] = []
        self.connected = False
        self.arrivals: dict[Side, list[bytes]] = {side: [] for side in Side}
        """The pieces in which the wires of either side have delivered."""
        self.leaf_names: tuple[str, ...] = ()
        self.session = Session(
            1,
            options or SessionOptions(upstream_name=DOMAIN),
            itertools.count(1),
            client="127.0.0.1:50000",
            server=DOMAIN,
            now=0.0,
            address=address,
            guard=guard,
            interceptor=interceptor,
            registers=registers,
        )

    # --- verbs

    def client_sends(self, data: bytes) -> None:
        self.client.send(data)
        self.settle()

    def server_sends(self, data: bytes) -> None:
        self.server.send(data)
        self.settle()

    def client_gets(self) -> bytes:
        """What has reached the client since the last call."""
        return _take(self.client.clear)

    def server_gets(self) -> bytes:
        """What has reached the server since the last call."""
        return _take(self.server.clear)

    def starts_tls(
        self, side: Side, *, distrusts: bool = False, name: str = DOMAIN, sni: bool = True
    ) -> None:
        self.peers[side].start_tls(distrusts=distrusts, name=name, sni=sni)
        self.settle()

    def ends(self, side: Side, *, notify: bool = False) -> None:
        """A peer sends FIN, after close_notify if told so."""
        tls = self.peers[side].tls
        if notify and tls is not None:
            tls.close()
            self.peers[side].wire += tls.data_to_send()
            self.settle()
        self.session.receive_eof(side, self.now)
        self.settle()

    def resets(self, side: Side) -> None:
        self.session.receive_reset(side, self.now)
        self.settle()

    def passes(self, seconds: float) -> None:
        """Time passes; the session is woken when it asked to be."""
        self.now += seconds
        due = [request.at for request in self.requests if isinstance(request, WakeRequested)]
        if any(at <= self.now for at in due):
            self.session.wake(self.now)
        self.settle()

    # --- what was seen

    def frames(self, direction: str | None = None) -> list[FrameRecord]:
        """The frames recorded, of one direction if it is named."""
        return [e for e in self.seen(FrameRecord) if direction in (None, e.dir)]

    def kinds(self, direction: str) -> list[str]:
        """The kinds of a direction's frames, those of our own with a `+`."""
        return [("+" if f.injected else "") + f.kind for f in self.frames(direction)]

    def seen(self, kind: type[E]) -> list[E]:
        """The events and requests of a class."""
        return [e for e in (*self.events, *self.requests) if isinstance(e, kind)]

    def faults(self) -> list[str]:
        """The names of the errors."""
        return [event.error for event in self.seen(Fault)]

    def notes(self) -> list[str]:
        """The texts of the notes."""
        return [event.text for event in self.seen(Note)]

    def received_from(self, direction: str) -> bytes:
        """What a side said, rebuilt from the frames."""
        return b"".join(f.data for f in self.frames(direction) if not f.injected)

    def sent_on(self, direction: str) -> bytes:
        """What the other side was told, rebuilt from the frames."""
        return b"".join(f.left for f in self.frames(direction))

    def left_for(self, direction: str) -> bytes:
        """The same, what became of frames later considered: they left where their fate stands."""
        fated = {fate.n: fate for fate in self.seen(FateDecided)}
        frames = {frame.n: frame for frame in self.frames(direction)}
        left = b""
        for event in self.events:
            if isinstance(event, FrameRecord) and event.dir == direction:
                left += b"" if event.n in fated else event.left
            elif isinstance(event, FateDecided) and event.n in frames and event.action != "drop":
                left += frames[event.n].left if event.sent is None else event.sent
        return left

    # --- shortcuts

    def reach_features(self, features: bytes = OFFER) -> None:
        """Header, answer and features in the clear; nothing is left to be got."""
        self.client_sends(HEADER)
        self.server_sends(ANSWER + features)
        self.client_gets()
        self.server_gets()

    def reach_tls(self) -> None:
        """STARTTLS on both legs; nothing is left to be got."""
        self.reach_features()
        self.client_sends(STARTTLS)
        self.server_sends(PROCEED)
        self.starts_tls(Side.SERVER)
        self.starts_tls(Side.CLIENT)
        self.client_gets()
        self.server_gets()

    def settle(self) -> None:
        """Carry bytes and answer requests until nothing more happens."""
        while self._carry() or self._drain():
            pass

    def _carry(self) -> bool:
        moved = False
        for side, peer in self.peers.items():
            out = _take(peer.wire)
            if out:
                self.session.receive_data(side, out, self.now)
            arrived = self.session.data_to_send(side) if self._reachable(side) else b""
            if arrived:
                self.arrivals[side].append(arrived)
            peer.receive(arrived)
            moved = moved or bool(out or arrived)
        return moved

    def _reachable(self, side: Side) -> bool:
        return side is Side.CLIENT or self.connected

    def _drain(self) -> bool:
        item = self.session.next_event()
        if item is None:
            return False
        if isinstance(item, Request):
            self.requests.append(item)
            self._perform(item)
        else:
            self.events.append(item)
        return True

    def _perform(self, request: Request) -> None:
        match request:
            case ConnectRequested():
                self._connect()
            case UpstreamTLSRequested(domain, _, version, alpn):
                context = client_context(
                    names_server=domain is not None, newest=version, alpn=alpn or ()
                )
                self.session.provide_context(Side.SERVER, context, self.now)
            case LeafRequested(names, _, version, alpn):
                self.leaf_names = names
                context = server_context(names[0], of_proxy=True, newest=version, alpn=alpn or ())
                self.session.provide_context(Side.CLIENT, context, self.now)
            case (
                WakeRequested()
                | Redirected()
                | RedirectExpired()
                | HoldsChanged()
                | EndRequested()
                | ResetRequested()
                | CloseRequested()
            ):
                pass

    def _connect(self) -> None:
        if self.upstream == "pending":
            return
        if self.upstream == "unreachable":
            self.session.upstream_failed("capulet.example: nobody listens", self.now)
            return
        self.connected = True
        if self.upstream == "direct":
            self.server.start_tls(name=self.certificate)
        self.session.upstream_connected(self.now, direct_tls=self.upstream == "direct")


def _take(buffer: bytearray) -> bytes:
    data = bytes(buffer)
    buffer.clear()
    return data


def options(**changes: object) -> SessionOptions:
    """Options for the usual domain, with changes."""
    return replace(SessionOptions(upstream_name=DOMAIN), **changes)  # type: ignore[arg-type]
