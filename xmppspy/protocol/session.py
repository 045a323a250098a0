"""Session: two legs, and what happens between them."""

# Theory of operation
#
# A session is told everything from outside: data and ends of data on a side, that the server has
# been reached or not, a TLS context it asked for, the time. It answers with bytes for either side
# and with events, some of which are requests. Its life:
#
#   SNIFFING    The client's first byte tells TLS (0x16) from XML.
#   NAMING      Which server does the client want? The `to` of its header, or the SNI.
#   CONNECTING  Somebody outside connects to it.
#   SECURING    TLS with the server, then with the client, where there is TLS from the beginning.
#   RELAYING    Frames go both ways.
#   REFUSING    The server cannot be had; the client is told in its own protocol.
#   CLOSED
#
# STARTTLS (RFC 6120 §5) while relaying, when both legs are in the clear:
#
#   client                        session                           server
#     | <starttls/> ------------------>|------------------ <starttls/> |
#     |                                |<------------------ <proceed/> |   kept back
#     |                                |==== TLS, verified by name ====|   a failure can still be
#     |                                |  leaf with the server's names |   told to the client
#     |<------------------ <proceed/>  |                               |
#     |==== TLS, our leaf =============|                               |
#     | <stream:stream> -------------->|------------- <stream:stream>  |   both framers are new
#
# What was read behind <starttls/> or <proceed/> in the clear must never count as said inside TLS
# (CVE-2011-0411 and its many children). Behind <starttls/>, white space is skipped and 0x16 is
# an eager ClientHello; anything else, and anything at all behind <proceed/>, is recorded as never
# sent and ends the connection.
#
# The legs are independent, so what one side cannot do is done here:
#
#  * The server speaks direct TLS, the client XML: STARTTLS is added to the features that the
#    client sees. A client that takes it gets our own <proceed/>, and its second header is answered
#    with the server's header and features once more, because the server never saw a restart.
#  * The client speaks direct TLS, the server XML: a header of our own opens the stream and asks
#    for STARTTLS; the client's header is then the server's second one. A server without STARTTLS
#    has answered the only header it will get, so the client's is answered from here.

import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from xmppspy.errors import TLSError
from xmppspy.protocol import answers, features
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import (
    CloseRequested,
    ConnectionClosed,
    ConnectionOpened,
    ConnectRequested,
    EndRequested,
    Event,
    FateDecided,
    LeafRequested,
    Request,
    ResetRequested,
    Side,
    TLSEstablished,
    UpstreamTLSRequested,
    WakeRequested,
)
from xmppspy.protocol.flow import Flow
from xmppspy.protocol.framing import MAX_FRAME, Frame, Framer
from xmppspy.protocol.hello import TLS_HANDSHAKE, read_client_hello
from xmppspy.protocol.leg import Leg
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.tls import ALERT_BAD_CERTIFICATE, a_label
from xmppspy.protocol.verdicts import Interceptor, Replace, Verdict
from xmppspy.protocol.watcher import Watcher

HANDSHAKE_LIMIT: Final = 30.0
"""Seconds that TLS, with either peer, may take."""


class Phase(Enum):
    """Where in its life a session is."""

    SNIFFING = auto()
    NAMING = auto()
    CONNECTING = auto()
    SECURING = auto()
    RELAYING = auto()
    REFUSING = auto()
    CLOSED = auto()


class Upgrade(Enum):
    """Where in STARTTLS a relaying session is."""

    NONE = auto()
    ASKED = auto()
    """`<starttls/>` has gone to the server."""
    SECURING_SERVER = auto()
    """`<proceed/>` is kept back."""
    SECURING_CLIENT = auto()
    """`<proceed/>` goes to the client as soon as there is a leaf."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOptions:
    """What a session is to know from the beginning."""

    upstream_name: str
    """The domain or host that the proxy was started for; stands in where the client names none."""
    max_frame: int = MAX_FRAME
    keep_compression: bool = False
    """Whether `<compression/>` stays in the features, and frames end where it begins."""
    allow_clear_upstream: bool = False
    """Whether a client with TLS may be connected to a server that offers none."""
    interceptors: Sequence[Interceptor] = ()


@dataclass(frozen=True, slots=True)
class _Greeting:
    """The server's header and features, kept to greet the client with them once more."""

    header: bytes
    features: bytes


@dataclass(frozen=True, slots=True)
class _Proceed:
    """The `<proceed/>` that is kept back."""

    data: bytes
    n: int | None = None
    """Its number, None for one of our own."""
    stream: Framer | None = None
    """The stream in the clear that it ends."""


class Session:
    """One intercepted connection.

    After calling any method that receives something, the caller flushes `data_to_send` of both
    sides, then drains `next_event`: recorded events go to the capture, requests are carried out.
    Times are seconds since the capture was created. `numbers` gives the frames' numbers, one
    sequence for the whole capture.
    """

    def __init__(
        self,
        conn: int,
        options: SessionOptions,
        numbers: Iterator[int],
        *,
        client: str,
        server: str,
        now: float,
    ) -> None:
        self._options = options
        self._recorder = recorder = Recorder(conn, numbers)
        self._watcher = Watcher(recorder)
        self._client = Leg(Side.CLIENT, options.max_frame)
        self._server = Leg(Side.SERVER, options.max_frame)
        self._legs = {Side.CLIENT: self._client, Side.SERVER: self._server}
        self._up = Flow(self._client, self._server, recorder, options.interceptors)
        self._down = Flow(self._server, self._client, recorder, options.interceptors)
        self._flows = {Side.CLIENT: self._up, Side.SERVER: self._down}
        self._phase = Phase.SNIFFING
        self._upgrade = Upgrade.NONE
        self._domain: str | None = None
        self._early: list[tuple[int, Frame]] = []  # frames that wait for the server
        self._hello: bytearray | None = None  # the client's TLS bytes before its leaf is there
        self._direct_upstream = False
        self._opening = False  # our own stream to the server is being upgraded
        self._greeting: _Greeting | None = None
        self._header: bytes = b""  # the server's latest
        self._answer_next_header = False
        self._proceed: _Proceed | None = None
        self._refusal = ""
        self._established: set[Side] = set()
        self._eof: set[Side] = set()  # who has sent FIN
        self._ended: dict[Side, str] = {}  # whose direction has ended, and how, in order
        self._told: set[Side] = set()  # to whom a FIN was passed on
        self._deadline: float | None = None
        self._wake_at: float | None = None
        recorder.add(ConnectionOpened(t=now, conn=conn, client=client, server=server))

    # --- receiving

    def receive_data(self, side: Side, data: bytes, now: float) -> None:
        """Data has arrived from a peer."""
        if self._phase is Phase.CLOSED or not data:
            return
        try:
            self._receive(side, data, now)
            self._advance(now)
        except TLSError as error:
            self._tls_failed(side, error, now)
        self._schedule(now)

    def receive_eof(self, side: Side, now: float) -> None:
        """A peer has ended its sending half (FIN)."""
        if self._phase is Phase.CLOSED:
            return
        self._eof.add(side)
        waits = side is Side.CLIENT and self._phase in (Phase.CONNECTING, Phase.SECURING)
        if waits and self._hello is None:
            return
        if self._phase is not Phase.RELAYING or self._upgrade is not Upgrade.NONE:
            self._close(side.value, "ended the connection before it was set up", now)
            return
        self._pass_ends(now)

    def receive_reset(self, side: Side, now: float) -> None:
        """The connection to a peer has broken."""
        if self._phase is Phase.CLOSED:
            return
        self._recorder.add(ResetRequested(side.other))
        self._close(side.value, "reset", now)

    def upstream_connected(self, now: float, *, direct_tls: bool, note: str = "") -> None:
        """The server has been reached; `direct_tls` when it expects TLS at once (XEP-0368)."""
        if self._phase is not Phase.CONNECTING:
            return
        if note:
            self._recorder.note(now, note)
        self._direct_upstream = direct_tls
        self._phase = Phase.SECURING
        self._deadline = now + HANDSHAKE_LIMIT
        if direct_tls:
            self._recorder.add(UpstreamTLSRequested(self._name, direct=True))
        elif self._hello is None:
            self._relay(now)
        else:
            self._opening = True
            self._down.stopped = False
            self._up.inject(answers.initial_header(self._name), now)
        self._schedule(now)

    def upstream_failed(self, reason: str, now: float) -> None:
        """The server cannot be reached; `reason` is one sentence."""
        if self._phase is Phase.CONNECTING:
            self._recorder.fault(now, "upstream-unreachable", reason, leg=Side.SERVER)
            self._refuse(reason, now)
            self._schedule(now)

    def provide_context(self, side: Side, context: ssl.SSLContext, now: float) -> None:
        """The TLS context that `UpstreamTLSRequested` or `LeafRequested` asked for."""
        if self._phase is Phase.CLOSED:
            return
        try:
            if side is Side.SERVER:
                self._server.start_tls(context, hostname=a_label(self._name))
            else:
                self._start_client_tls(context, now)
            self._advance(now)
        except TLSError as error:
            self._tls_failed(side, error, now)
        self._schedule(now)

    def decide(self, n: int, verdict: Verdict, now: float) -> bool:
        """Release the held frame `n`; False when no such frame is held."""
        done = any(flow.decide(n, verdict, now) for flow in self._flows.values())
        if done:
            self._advance(now)
        return done

    def inject(self, to: Side, data: bytes, now: float) -> None:
        """Send elements of our own to a peer, behind the frame that is on its way."""
        if self._phase is Phase.RELAYING:
            self._flows[to.other].inject(data, now)

    def wake(self, now: float) -> None:
        """The time that `WakeRequested` named has come."""
        self._wake_at = None
        if self._deadline is not None and now >= self._deadline:
            self._recorder.fault(now, "timeout", "TLS was not set up in time")
            self._close("proxy", "timeout", now)
        for flow in self._flows.values():
            text = flow.overdue(now)
            if text:
                self._recorder.note(now, text)
        self._schedule(now)

    def stop(self, reason: str, now: float) -> None:
        """End the session from outside."""
        if self._phase is not Phase.CLOSED:
            self._close("proxy", reason, now)

    # --- what comes of it

    def data_to_send(self, side: Side) -> bytes:
        """The bytes to send to a peer now."""
        return self._legs[side].data_to_send()

    def next_event(self) -> Event | Request | None:
        """Pull what happened, or what is to be done, oldest first."""
        return self._recorder.next_event()

    def wants_data(self, side: Side) -> bool:
        """Whether to go on reading from a peer; if not, its data would only be stored."""
        if side is Side.CLIENT:
            if self._phase in (Phase.CONNECTING, Phase.SECURING):
                return self._client.tls is not None
            if self._upgrade in (Upgrade.ASKED, Upgrade.SECURING_SERVER):
                return self._hello is None
            if self._client.tls is not None and not self._client.tls.established:
                return True
        return not self._flows[side].blocked

    @property
    def closed(self) -> bool:
        """Whether the session is over."""
        return self._phase is Phase.CLOSED

    # --- first bytes

    def _receive(self, side: Side, data: bytes, now: float) -> None:
        leg = self._legs[side]
        if side is Side.CLIENT and leg.tls is None:
            if self._phase is Phase.SNIFFING:
                self._sniff(data[0])
            if self._hello is not None:
                self._read_hello(data)
                return
            if self._upgrade is not Upgrade.NONE:
                self._behind_starttls(data, now)
                return
        leg.receive_data(data)

    def _sniff(self, first: int) -> None:
        self._phase = Phase.NAMING
        if first == TLS_HANDSHAKE:
            self._hello = bytearray()

    def _read_hello(self, data: bytes) -> None:
        assert self._hello is not None  # noqa: S101
        self._hello += data
        if self._phase is not Phase.NAMING:
            return
        hello = read_client_hello(bytes(self._hello))
        if hello is not None:
            self._connect(hello.server_name)

    def _connect(self, domain: str | None) -> None:
        self._domain = domain
        self._phase = Phase.CONNECTING
        self._recorder.add(ConnectRequested(domain))

    @property
    def _name(self) -> str:
        return self._domain or self._options.upstream_name

    # --- advancing

    def _advance(self, now: float) -> None:
        """Do whatever has become possible."""
        for side in (Side.SERVER, Side.CLIENT):
            if self._legs[side].secured and side not in self._established:
                self._established.add(side)
                self._secured(side, now)
        if self._phase is Phase.NAMING and self._hello is None:
            self._read_name(now)
        elif self._phase is Phase.SECURING and self._opening:
            self._open_stream(now)
        elif self._phase is Phase.REFUSING:
            self._tell_refusal(now)
        if self._phase is Phase.RELAYING:
            self._pump(self._down, now)
            self._pump(self._up, now)
            self._pass_ends(now)

    def _read_name(self, now: float) -> None:
        """Read the client's header; it waits until the server is there."""
        while self._phase is Phase.NAMING and (frame := self._up.next_frame(now)):
            n = self._recorder.frame(now, "c2s", frame)
            self._early.append((n, frame))
            if frame.kind != "space":
                self._connect(frame.to if frame.kind == "stream" else None)

    def _relay(self, now: float) -> None:
        """Both peers are there: let what has waited go on."""
        self._phase = Phase.RELAYING
        self._deadline = None
        for _, frame in self._early:
            self._server.send(frame.data)
            self._watcher.see("c2s", frame, now)
        self._early.clear()

    def _pump(self, flow: Flow, now: float) -> None:
        while self._phase is Phase.RELAYING and (frame := flow.next_frame(now)):
            self._watcher.see(flow.direction, frame, now)
            if flow is self._up:
                self._from_client(frame, now)
            else:
                self._from_server(frame, now)
        if self._phase is Phase.RELAYING:
            flow.cut_through()

    def _from_client(self, frame: Frame, now: float) -> None:
        if frame.kind == "starttls" and frame.xmlns == ns.TLS and self._client.tls is None:
            self._starttls(frame, now)
        elif frame.kind == "stream" and self._answer_next_header and self._greeting:
            self._answer_next_header = False
            self._up.swallow(frame, now)
            self._down.inject(self._greeting.header + self._greeting.features, now)
        elif frame.kind == "stream" and self._wrong_name(frame, now):
            return
        else:
            self._up.judge(frame, now)

    def _from_server(self, frame: Frame, now: float) -> None:
        if self._upgrade is Upgrade.ASKED and frame.xmlns == ns.TLS:
            self._starttls_answered(frame, now)
            return
        if frame.kind == "stream":
            self._header = frame.data
        if features.is_features(frame):
            self._offer(frame, now)
            return
        self._down.judge(frame, now)
        if frame.kind == "compressed" and frame.xmlns == ns.COMPRESS:
            self._client.framer.go_opaque()
            self._server.framer.go_opaque()
            self._recorder.note(now, "the stream is compressed: nothing is framed from here on")

    def _offer(self, frame: Frame, now: float) -> None:
        """Pass on the server's features, with what has to differ."""
        data, notes = frame.data, []
        if ns.COMPRESS_FEATURE in frame.ns and not self._options.keep_compression:
            data = features.without_compression(data)
            notes.append("stream compression was taken out of the features (--keep-compression)")
        if self._direct_upstream and self._client.tls is None and self._greeting is None:
            self._greeting = _Greeting(self._header, data)
            data = features.with_starttls(data)
            notes.append("STARTTLS was added to the features: the server's leg is in TLS already")
        if notes:
            self._down.replace(frame, Replace(data, "; ".join(notes)), now)
        else:
            self._down.judge(frame, now)

    def _wrong_name(self, header: Frame, now: float) -> bool:
        """Refuse a client whose header names another server than TLS was set up for."""
        tls, domain = self._server.tls, header.to
        if tls is None or not domain or tls.serves(domain):
            return False
        detail = (
            f"the client wants {domain}, but the server's certificate is for {self._name}; "
            "if that is right, start xmppspy with --insecure"
        )
        n = self._up.swallow(header, now)
        self._recorder.fault(now, "certificate-invalid", detail, leg=Side.SERVER, n=n)
        self._refuse(detail, now, header)
        return True

    # --- STARTTLS

    def _starttls(self, frame: Frame, now: float) -> None:
        trailing = self._client.framer.take_trailing()
        if self._server.tls is None:
            self._up.forward(frame, now)
            self._upgrade = Upgrade.ASKED
        else:
            self._up.swallow(frame, now)
            self._answer_next_header = self._greeting is not None
            self._proceed = _Proceed(answers.PROCEED)
            self._upgrade = Upgrade.SECURING_CLIENT
            self._request_leaf()
        self._up.stopped = True
        self._behind_starttls(trailing, now)

    def _behind_starttls(self, data: bytes, now: float) -> None:
        """Bytes in the clear behind `<starttls/>`: white space, an eager ClientHello, an attack."""
        if self._hello is not None:
            self._hello += data
            return
        rest = data.lstrip(b" \t\r\n")
        if len(rest) < len(data):
            self._up.swallow(Frame("space", data[: len(data) - len(rest)]), now)
        if rest[:1] == bytes([TLS_HANDSHAKE]):
            self._hello = bytearray(rest)
        elif rest:
            self._injected(self._up, rest, "behind <starttls/>", now)

    def _starttls_answered(self, frame: Frame, now: float) -> None:
        if frame.kind != "proceed":
            self._upgrade = Upgrade.NONE
            self._down.forward(frame, now)
            self._up.stopped = False
            return
        n = self._recorder.frame(now, "s2c", frame)
        self._proceed = _Proceed(frame.data, n, self._server.framer)
        trailing = self._server.framer.take_trailing()
        if trailing:
            self._injected(self._down, trailing, "behind <proceed/>", now)
            return
        self._upgrade = Upgrade.SECURING_SERVER
        self._deadline = now + HANDSHAKE_LIMIT
        self._recorder.add(UpstreamTLSRequested(self._name, direct=False))

    def _injected(self, flow: Flow, data: bytes, where: str, now: float) -> None:
        n = flow.swallow(Frame("opaque", data), now)
        detail = (
            f"{len(data)} bytes in the clear {where}: a STARTTLS injection, or a peer that does "
            "not wait for TLS (RFC 6120 §5.3.3); nothing of it was passed on"
        )
        self._recorder.fault(now, "starttls-injection", detail, direction=flow.direction, n=n)
        self._drop_proceed(now)
        self._close("proxy", "STARTTLS injection", now)

    def _drop_proceed(self, now: float) -> None:
        if self._proceed is not None and self._proceed.n is not None:
            self._recorder.add(
                FateDecided(t=now, conn=self._recorder.conn, n=self._proceed.n, action="drop")
            )
        self._proceed = None

    # --- TLS

    def _secured(self, side: Side, now: float) -> None:
        """A leg's handshake is complete."""
        self._record_tls(side, now)
        self._flows[side].reset()
        if side is Side.CLIENT:
            self._deadline = None
            self._upgrade = Upgrade.NONE
            if self._phase is Phase.SECURING:
                self._relay(now)
        elif self._upgrade is Upgrade.SECURING_SERVER:
            self._upgrade = Upgrade.SECURING_CLIENT
            self._request_leaf()
        elif self._hello is not None:
            self._request_leaf()
        else:
            self._relay(now)

    def _record_tls(self, side: Side, now: float) -> None:
        tls = self._legs[side].tls
        assert tls is not None  # noqa: S101
        self._recorder.add(
            TLSEstablished(
                t=now,
                conn=self._recorder.conn,
                leg=side,
                version=tls.version,
                cipher=tls.cipher,
                alpn=tls.alpn,
                sni=tls.server_name,
                peer_sha256=tls.peer_sha256,
                verified=tls.verified,
            )
        )

    def _request_leaf(self) -> None:
        peer = self._server.tls.peer_der if self._server.tls else None
        self._recorder.add(LeafRequested((self._name,), peer))

    def _start_client_tls(self, context: ssl.SSLContext, now: float) -> None:
        proceed, self._proceed = self._proceed, None
        if proceed is not None and proceed.n is not None:
            self._client.send(proceed.data)
        elif proceed is not None:
            self._down.inject(proceed.data, now)
        hello, self._hello = self._hello, None
        self._client.start_tls(context, first=bytes(hello or b""))

    def _open_stream(self, now: float) -> None:
        """Upgrade our own stream to a server, for a client that is in TLS already."""
        while self._opening and (frame := self._down.next_frame(now)):
            n = self._down.swallow(frame, now)
            if frame.kind == "stream":
                self._header = frame.data
            elif features.is_features(frame):
                self._choose_security(frame, now)
            elif frame.kind == "proceed" and frame.xmlns == ns.TLS:
                self._opening = False
                trailing = self._server.framer.take_trailing()
                if trailing:
                    self._injected(self._down, trailing, "behind <proceed/>", now)
                else:
                    self._recorder.add(UpstreamTLSRequested(self._name, direct=False))
            elif frame.kind != "space":
                self._opening = False
                reason = f"the server refuses a stream in the clear: <{frame.kind}/>"
                self._recorder.fault(now, "upstream-refused", reason, leg=Side.SERVER, n=n)
                self._refuse(reason, now)

    def _choose_security(self, frame: Frame, now: float) -> None:
        if ns.TLS in frame.ns:
            self._up.inject(answers.STARTTLS, now)
            return
        self._opening = False
        if not self._options.allow_clear_upstream:
            reason = "the server offers no TLS, and the client's is not to end here (--insecure)"
            self._recorder.fault(now, "no-starttls", reason, leg=Side.SERVER)
            self._refuse(reason, now)
            return
        self._recorder.note(now, "the server offers no TLS: its leg stays in the clear")
        self._greeting = _Greeting(self._header, frame.data)
        self._answer_next_header = True
        self._request_leaf()

    def _tls_failed(self, side: Side, error: TLSError, now: float) -> None:
        self._deadline = None
        if side is Side.CLIENT:
            self._client_tls_failed(error, now)
            return
        tls = self._server.tls
        if tls is not None and tls.established:
            self._recorder.fault(now, "tls-failed", f"the server: {error}", leg=side)
            self._close("server", "TLS failed", now)
            return
        name, detail = "tls-failed", f"TLS with the server failed: {error}"
        if error.kind == "verify":
            name = "certificate-invalid"
            detail = (
                f"the server's certificate is not valid for {self._name}: {error.reason}; "
                "give its CA with --upstream-ca FILE, or do not verify with --insecure"
            )
        self._recorder.fault(now, name, detail, leg=side)
        self._refuse(detail, now)

    def _client_tls_failed(self, error: TLSError, now: float) -> None:
        name, detail = "tls-failed", f"TLS with the client failed: {error}"
        if error.kind == "refusal":
            name = "client-refused-certificate"
            detail = (
                f"the client does not trust xmppspy's certificate: {error}; "
                "give it the CA: xmppspy ca export -o xmppspy-ca.pem"
            )
        self._recorder.fault(now, name, detail, leg=Side.CLIENT)
        self._close("client", "TLS failed", now)

    # --- refusing

    def _refuse(self, reason: str, now: float, header: Frame | None = None) -> None:
        """Tell the client, in the protocol it is in, that there is no way to the server."""
        self._refusal = reason
        if self._upgrade is Upgrade.SECURING_SERVER:
            stream = self._proceed.stream if self._proceed else None
            self._drop_proceed(now)
            closing = stream.closing if stream else b""
            self._down.inject(answers.TLS_FAILURE + closing, now, stream)
            self._close("proxy", "no TLS with the server", now)
        elif self._hello is not None and self._client.tls is None:
            if self._phase is Phase.CONNECTING:
                self._phase = Phase.REFUSING
                self._deadline = now + HANDSHAKE_LIMIT
                self._request_leaf()
            else:
                self._client.send_raw(ALERT_BAD_CERTIFICATE)
                self._close("proxy", "no TLS with the server", now)
        else:
            for n, _ in self._early:
                self._recorder.add(FateDecided(t=now, conn=self._recorder.conn, n=n, action="drop"))
            self._send_refusal(header or (self._early[-1][1] if self._early else None), now)

    def _tell_refusal(self, now: float) -> None:
        while self._phase is Phase.REFUSING and (frame := self._up.next_frame(now)):
            self._up.swallow(frame, now)
            if frame.kind != "space":
                self._send_refusal(frame, now)

    def _send_refusal(self, header: Frame | None, now: float) -> None:
        if header is not None and header.kind == "stream":
            stream_id = f"xmppspy-{self._recorder.conn}"
            opening = answers.response_header(header.to, header.context, stream_id)
            error = answers.stream_error("remote-connection-failed", self._refusal)
            self._down.inject(opening + error + b"</stream:stream>", now)
        self._close("proxy", "no way to the server", now)

    # --- ends

    def _pass_ends(self, now: float) -> None:
        """Pass on each end as what it is: close_notify as close_notify, FIN as FIN."""
        for side in (Side.CLIENT, Side.SERVER):
            leg, other = self._legs[side], self._legs[side.other]
            notified = leg.tls is not None and leg.tls.ended
            if (notified or side in self._eof) and side not in self._ended:
                cut_off = leg.secured and not notified
                self._ended[side] = "cut off without close_notify" if cut_off else "end of stream"
                self._flows[side].finish(now)
                if not cut_off:
                    other.close_tls()
            fin = side in self._eof or (notified and not other.secured)
            if fin and side.other not in self._told:
                self._told.add(side.other)
                self._recorder.add(EndRequested(side.other))
        if len(self._eof) == len(Side):
            side, reason = next(iter(self._ended.items()))
            self._close(side.value, reason, now)

    def _close(self, by: str, reason: str, now: float) -> None:
        if self._phase is Phase.CLOSED:
            return
        relaying = self._phase is Phase.RELAYING and self._upgrade is Upgrade.NONE
        for flow in self._flows.values():
            flow.finish(now, deliver=relaying)
        self._phase = Phase.CLOSED
        self._recorder.add(ConnectionClosed(t=now, conn=self._recorder.conn, by=by, reason=reason))
        self._recorder.add(CloseRequested())

    # --- time

    def _schedule(self, now: float) -> None:
        if self._phase is Phase.CLOSED:
            return
        times = [self._deadline, *(flow.overdue_at for flow in self._flows.values())]
        due = min((at for at in times if at is not None), default=None)
        if due is not None and (self._wake_at is None or due < self._wake_at):
            self._wake_at = max(due, now)
            self._recorder.add(WakeRequested(self._wake_at))
