"""Link: the two legs of a connection, the flows between them, and where in its life it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from xmppspy.protocol import mirror
from xmppspy.protocol.accelerator import NOTHING, Watch
from xmppspy.protocol.events import UNCHANGED, ConnectionClosed, Direction, Side, TLSEstablished
from xmppspy.protocol.flow import Flow
from xmppspy.protocol.framing import MAX_FRAME, Frame
from xmppspy.protocol.guard import Guard, Ruling
from xmppspy.protocol.leg import Leg
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.requests import (
    CloseRequested,
    EndRequested,
    LeafRequested,
    ResetRequested,
    UpstreamTLSRequested,
)
from xmppspy.protocol.urgent import Urgent
from xmppspy.protocol.verdicts import End, Interceptor

HANDSHAKE_LIMIT: Final = 30.0
"""Seconds that TLS, with either peer, may take."""


class Phase(Enum):
    """Where in its life a connection is; the essay in `session` tells what each means."""

    SNIFFING = auto()
    NAMING = auto()
    CONNECTING = auto()
    SECURING = auto()
    RELAYING = auto()
    REFUSING = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOptions:
    """What a session is to know from the beginning."""

    upstream_name: str
    """The domain or host that the proxy was started for; stands in where the client names none."""
    max_frame: int = MAX_FRAME
    trust_advice: str = "give it the CA: xmppspy ca export -o xmppspy-ca.pem"
    """What helps a client that does not trust the certificate it is shown; a part of a sentence."""
    keep_compression: bool = False
    """Whether `<compression/>` stays in the features, and framing ends where it begins."""
    allow_clear_upstream: bool = False
    """Whether a client with TLS may be connected to a server that offers none."""
    keep_redirects: bool = False
    """Whether a client that is sent elsewhere is let go there, past xmppspy."""
    seed: int = 0
    """Of what is random about broken lines."""
    watch: Watch = NOTHING
    """What a stanza must be without to be recorded in a run."""


class Link:
    """What the parts of a session share. Each part reads all of it and says what it changes."""

    def __init__(
        self,
        conn: int,
        options: SessionOptions,
        numbers: Iterator[int],
        guard: Guard | None = None,
        interceptor: Interceptor | None = None,
    ) -> None:
        self.conn = conn
        self.options = options
        self.guard = guard
        self.recorder = Recorder(conn, numbers)
        seed = options.seed * 1_000_003 + conn * 2
        self.client = Leg(Side.CLIENT, options.max_frame, seed=seed)
        self.server = Leg(Side.SERVER, options.max_frame, seed=seed + 1)
        self.legs = {Side.CLIENT: self.client, Side.SERVER: self.server}
        urgent = Urgent()
        self.up = Flow(self.client, self.server, self.recorder, interceptor, urgent, options.watch)
        self.down = Flow(
            self.server, self.client, self.recorder, interceptor, urgent, options.watch
        )
        self.flows = {Side.CLIENT: self.up, Side.SERVER: self.down}
        self.phase = Phase.SNIFFING
        self.upgrading = False
        """Whether STARTTLS is under way while relaying."""
        self.domain: str | None = None
        """The name the client asked for, if it asked for any."""
        self.direct_upstream = False
        """Whether TLS with the server comes first."""
        self.hello: bytearray | None = None
        """The client's first TLS bytes, kept until there is a leaf for it."""
        self.deadline: float | None = None
        """When what is under way has to be done."""
        self.secured: set[Side] = set()
        """Whose TLS handshake is complete."""
        self.eof: set[Side] = set()
        """Who has sent FIN."""
        self._ended: dict[Side, str] = {}  # whose direction has ended, and how, in order
        self._told: set[Side] = set()  # to whom a FIN was passed on

    @property
    def name(self) -> str:
        """The name that the server's certificate has to carry."""
        return self.domain or self.options.upstream_name

    @property
    def early(self) -> list[Frame]:
        """The client's frames that wait for the server."""
        return [turn.frame for turn in self.up.outlet.kept]

    def request_leaf(self) -> None:
        """Ask for the context of the client's TLS, to be like the server's."""
        server = self.server.tls
        version, alpn = mirror.answered(server, direct=self.direct_upstream)
        peer = server.peer_der if server else None
        self.recorder.add(LeafRequested((self.name,), peer, version, alpn))

    def request_upstream_tls(self, name: str | None, *, direct: bool) -> None:
        """Ask for the context of the server's TLS, to be like what the client asks for."""
        hello = bytes(self.hello) if self.hello else None
        version, asked = mirror.asked_for(hello, self.client.tls)
        alpn = asked.alpn if direct and asked is not None else None
        self.recorder.add(UpstreamTLSRequested(name, direct, version, alpn))

    def has_tls(self, side: Side, now: float) -> None:
        """Record that a leg's handshake is complete, and have the guard know its channel."""
        tls = self.legs[side].tls
        if tls is None:
            return
        if self.guard is not None:
            self.guard.secured(side, tls)
        self.recorder.add(
            TLSEstablished(
                t=now,
                conn=self.conn,
                leg=side,
                version=tls.version,
                cipher=tls.cipher,
                alpn=tls.alpn,
                sni=tls.server_name,
                peer_sha256=tls.peer_sha256,
                verified=tls.verified,
            )
        )
        remark = mirror.difference(self.client.tls, self.server.tls)
        if remark:
            self.recorder.note(now, remark)

    def reject_injection(self, flow: Flow, data: bytes, where: str, now: float) -> None:
        """Record bytes that must not count as said inside TLS, and close (CVE-2011-0411)."""
        n = flow.swallow(Frame("opaque", data), now)
        detail = (
            f"{len(data)} bytes in the clear {where}: a STARTTLS injection, or a peer that does "
            "not wait for TLS (RFC 6120 §5.3.3); nothing of it was passed on"
        )
        self.recorder.fault(now, "starttls-injection", detail, direction=flow.direction, n=n)
        self.close("proxy", "STARTTLS injection", now)

    # --- the guard

    def named(self, header: Frame) -> None:
        """Have the guard know whom a header of the client names."""
        if self.guard is not None and header.kind == "stream" and header.to:
            self.guard.named(header.to)

    def carry_out(self, ruling: Ruling, flow: Flow, frame: Frame, now: float) -> None:
        """Let a frame go on as the ruling says, answer it, and record what there is to say."""
        if ruling.data is UNCHANGED:
            n = flow.forward(frame, now)
        elif ruling.data is None:
            n = flow.swallow(frame, now)
        else:
            n = flow.replace(frame, ruling.data, now)
        self.tell(ruling, now, flow.direction, n)
        if ruling.reply:
            self.flows[flow.sink.side].inject(ruling.reply, now)

    def tell(
        self, ruling: Ruling, now: float, direction: Direction | None = None, n: int | None = None
    ) -> None:
        """Record the notes and troubles of a ruling, about the frame `n` if there is one."""
        for note in ruling.notes:
            self.recorder.note(now, note, n)
        for trouble in ruling.troubles:
            self.recorder.fault(now, trouble.error, trouble.detail, direction=direction, n=n)

    # --- interventions

    @property
    def is_timed(self) -> bool:
        """Whether something is to happen by itself soon, which the usual watch does not see."""
        if self.client.line is not None or self.server.line is not None:
            return True
        return self.up.waits or self.down.waits

    def grant(self, flow: Flow, now: float) -> None:
        """Do what verdicts that were carried out in a flow want besides."""
        wishes = flow.outlet.wishes
        while wishes:
            verdict = wishes.popleft()
            if verdict.back:
                self.flows[flow.sink.side].inject(verdict.back, now)
            if verdict.end is not None:
                self.end(verdict.end, verdict.end.by(verdict.ender), now)

    def tick(self, now: float) -> None:
        """Time has come to `now`: let arrive what is on its way, end what is broken."""
        for leg in self.legs.values():
            leg.tick(now)
            ended = leg.line.end(now) if leg.line is not None else None
            if ended is not None:
                self._break_off(*ended, now)
        self.pass_ends(now)

    def end(self, how: End, reason: str, now: float) -> None:
        """End the connection on both legs, in order or by a reset; what is at hand stays here."""
        if how is End.CLOSE and self.phase is not Phase.CLOSED:
            for leg in self.legs.values():
                leg.close_tls()
        self._break_off(how, reason, now)

    def _break_off(self, how: End, reason: str, now: float) -> None:
        if how is End.RESET and self.phase is not Phase.CLOSED:
            for side in Side:
                self.recorder.add(ResetRequested(side))
        self.close("proxy", reason, now, deliver=False)

    # --- ends

    def pass_ends(self, now: float) -> None:
        """Pass on each end as what it is: close_notify as close_notify, FIN as FIN.

        An end waits behind frames that wait, and behind what is on its way on a line.
        """
        if self.phase is not Phase.RELAYING or self.upgrading:
            return
        for side in Side:
            if not self.flows[side].waits:
                self._pass_end(side, now)
        if self.eof == self._told == {*Side}:
            side, reason = next(iter(self._ended.items()))
            self.close(side.value, reason, now)

    def _pass_end(self, side: Side, now: float) -> None:
        leg, other = self.legs[side], self.legs[side.other]
        notified = leg.tls is not None and leg.tls.ended
        if (notified or side in self.eof) and side not in self._ended:
            cut_off = leg.secured and not notified
            self._ended[side] = "cut off without close_notify" if cut_off else "end of stream"
            self.flows[side].finish(now)
            if not cut_off:
                other.close_tls()
        ends = side in self.eof or (notified and not other.secured)
        if ends and not other.is_busy and side.other not in self._told:
            self._told.add(side.other)
            self.recorder.add(EndRequested(side.other))

    def close(self, by: str, reason: str, now: float, *, deliver: bool = True) -> None:
        """Record what is left, and `deliver` it; ask for both sockets to be closed."""
        if self.phase is Phase.CLOSED:
            return
        deliver = deliver and self.phase is Phase.RELAYING and not self.upgrading
        for flow in self.flows.values():
            flow.finish(now, deliver=deliver and flow.sink.takes_data)
            flow.sink.flush()
        self.phase = Phase.CLOSED
        if self.guard is not None:
            self.tell(self.guard.ended(), now)
        self.recorder.add(ConnectionClosed(t=now, conn=self.conn, by=by, reason=reason))
        self.recorder.add(CloseRequested())
