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
#  * The same, but the client names nobody in its hello, and the server is known by an address only:
#    then TLS with the client comes first, and our own stream waits for the name in its header.
#
# A stanza goes on as it came. What has to differ is made in `passage`: the features, places where
# the server sends the client, and what the guard, who watches over logins, rules otherwise.

from collections.abc import Iterable, Iterator

from xmppspy.errors import TLSError
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.alarm import Alarm
from xmppspy.protocol.events import ConnectionOpened, Direction, Event, Side, StanzaRun
from xmppspy.protocol.flow import Flow
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import Guard
from xmppspy.protocol.hosts import a_label, is_address
from xmppspy.protocol.link import HANDSHAKE_LIMIT, Link, Phase, SessionOptions
from xmppspy.protocol.naming import Naming
from xmppspy.protocol.opening import Greeting, Opening
from xmppspy.protocol.passage import Passage
from xmppspy.protocol.refusal import Refusal
from xmppspy.protocol.registers import Registers
from xmppspy.protocol.requests import Request, ResetRequested
from xmppspy.protocol.starttls import StartTLS
from xmppspy.protocol.tls import TLSContext
from xmppspy.protocol.toxics import Toxic
from xmppspy.protocol.verdicts import End, Interceptor, Verdict
from xmppspy.protocol.waiting import HeldFrame

__all__ = ["Session", "SessionOptions"]


class Session:
    """One intercepted connection.

    After calling any method that receives something, the caller flushes `data_to_send` of both
    sides, then drains `next_event`: recorded events go to the capture, requests are carried out.
    Times are seconds since the capture was created. `numbers` gives the frames' numbers, one
    sequence for the whole capture. `address` is where the client has connected to, as HOST:PORT:
    one that the server sends elsewhere comes back there. `guard` watches over its logins,
    `interceptor` may change what is said; `registers` are the sessions that may be resumed, which
    all connections of a proxy share.
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
        address: str = "",
        guard: Guard | None = None,
        interceptor: Interceptor | None = None,
        registers: Registers | None = None,
    ) -> None:
        self._link = link = Link(conn, options, numbers, guard, interceptor)
        self._naming = Naming(link)
        self._greeting = Greeting(link)
        self._passage = Passage(link, self._greeting, address, registers or Registers())
        self._opening = Opening(link, self._greeting, self._passage.offer)
        self._starttls = StartTLS(link)
        self._refusal = Refusal(link, self._starttls)
        self._alarm = Alarm(link)
        link.recorder.add(ConnectionOpened(t=now, conn=conn, client=client, server=server))

    # --- receiving

    def receive_data(self, side: Side, data: bytes, now: float) -> bool:
        """Data has arrived from a peer.

        Returns whether all that came of it is that it goes on, so that nobody has to be asked anew
        who `wants_data`.
        """
        link = self._link
        if link.phase is Phase.CLOSED or not data:
            return False
        try:
            self._receive(side, data, now)
            if link.phase is Phase.RELAYING and not link.upgrading:
                if self._has_passed(side, now):
                    return True
                self._carry(side, now)
            else:
                self._advance(now)
        except TLSError as error:
            self._refusal.tls_failed(side, error, now)
        self._rest(now)
        return False

    def receive_eof(self, side: Side, now: float) -> None:
        """A peer has ended its sending half (FIN)."""
        link = self._link
        if self.closed:
            return
        link.eof.add(side)
        if link.phase is Phase.RELAYING and not link.upgrading:
            link.pass_ends(now)
        elif side is Side.SERVER or not self._may_end_early:
            self._refusal.explain_leaving(side, now)
            link.close(side.value, "ended the connection before it was set up", now)
        self._rest(now)

    def receive_reset(self, side: Side, now: float) -> None:
        """The connection to a peer has broken."""
        if not self.closed:
            self._refusal.explain_leaving(side, now)
            self._link.recorder.add(ResetRequested(side.other))
            self._link.close(side.value, "reset", now)

    def upstream_connected(self, now: float, *, direct_tls: bool, note: str = "") -> None:
        """The server has been reached; `direct_tls` when it expects TLS at once (XEP-0368)."""
        link = self._link
        if link.phase is not Phase.CONNECTING:
            return
        if note:
            link.recorder.note(now, note)
        link.direct_upstream = direct_tls
        link.phase = Phase.SECURING
        link.deadline = now + HANDSHAKE_LIMIT
        if direct_tls:
            # A client in TLS that names nobody yet will do so in its header: the name waits.
            name = link.domain if link.hello is not None else link.name
            link.request_upstream_tls(name, direct=True)
        elif link.hello is None:
            self._relay(now)
        elif link.domain is None and is_address(link.name):
            link.request_leaf()  # no server is called by an address: the header has to tell
        else:
            self._opening.begin(now)
        self._rest(now)

    def upstream_failed(self, reason: str, now: float) -> None:
        """The server cannot be reached; `reason` is one sentence."""
        if self._link.phase is Phase.CONNECTING:
            self._link.recorder.fault(now, "upstream-unreachable", reason, leg=Side.SERVER)
            self._refusal.begin(reason, now)
            self._rest(now)

    def provide_context(
        self, side: Side, context: TLSContext, now: float, *, note: str = ""
    ) -> None:
        """The TLS context that `UpstreamTLSRequested` or `LeafRequested` asked for.

        `note` is what there is to say about it.
        """
        if self.closed:
            return
        if note:
            self._link.recorder.note(now, note)
        try:
            if side is Side.SERVER:
                self._start_server_tls(context, now)
            else:
                self._start_client_tls(context, now)
            self._advance(now)
        except TLSError as error:
            self._refusal.tls_failed(side, error, now)
        self._rest(now)

    def context_failed(self, side: Side, reason: str, now: float) -> None:
        """The TLS context that was asked for cannot be had."""
        if not self.closed:
            self._refusal.tls_failed(side, TLSError("local", reason), now)
            self._rest(now)

    # --- interventions

    def decide(self, n: int, verdict: Verdict, now: float) -> bool:
        """A person has decided about the held frame `n`; False when no such frame is held.

        It leaves when those have left that came before it.
        """
        done = any(flow.decide(n, verdict) for flow in self._link.flows.values())
        if done:
            self._advance_by(now)
        return done

    def extend(self, n: int, until: float, now: float) -> bool:
        """Let the held frame `n` wait until then at least; False when no such frame is held."""
        done = any(flow.extend(n, until) for flow in self._link.flows.values())
        self._rest(now)
        return done

    def settle(self, ticket: int, verdict: Verdict, now: float) -> bool:
        """The answer to an `Undecided`; False when it comes too late."""
        done = any(flow.settle(ticket, verdict) for flow in self._link.flows.values())
        if done:
            self._advance_by(now)
        return done

    def settle_all(self, answers: Iterable[tuple[int, Verdict]], now: float) -> None:
        """The answers to several `Undecided`, by their tickets; those that come too late are lost.

        It costs less than to `settle` them one by one.
        """
        for ticket, verdict in answers:
            for flow in self._link.flows.values():
                if flow.settle(ticket, verdict):
                    break
        self._advance_by(now)

    def held(self) -> list[HeldFrame]:
        """The frames that wait for a person, in the order of their numbers."""
        found = [each for flow in self._link.flows.values() for each in flow.held()]
        return sorted(found, key=lambda each: each.n)

    def set_toxics(self, direction: Direction, toxics: Iterable[Toxic], now: float) -> None:
        """Let these, and no others, be wrong with the line of a direction."""
        link = self._link
        sink = link.server if direction == "c2s" else link.client
        if sink.line is not None:
            sink.line.clear()
        if toxics := tuple(toxics):
            sink.poison(toxics, now)
        self._rest(now)

    def end(self, how: End, reason: str, now: float) -> None:
        """End the session from outside, in order or by a reset."""
        self._link.end(how, reason, now)

    def _advance_by(self, now: float) -> None:
        if not self.closed:
            self._advance(now)
        self._rest(now)

    def inject(self, to: Side, data: bytes, now: float) -> bool:
        """Send elements of our own to a peer, behind the frame that is on its way.

        False when there is no stream to put them into: before there is one, between STARTTLS or
        SASL and the header that begins it anew, and after the end.
        """
        link, flow = self._link, self._link.flows[to.other]
        can = link.phase is Phase.RELAYING and not link.upgrading
        can = can and flow.outlet.is_open and not flow.outlet.ends
        if can:
            flow.inject(data, now)
            self._rest(now)
        return can

    def wake(self, now: float) -> None:
        """The time that `WakeRequested` named has come."""
        if not self.closed:
            self._alarm.ring(now)
            self._advance_by(now)

    def stop(self, reason: str, now: float) -> None:
        """End the session from outside. What waits goes on before, as it would in the end."""
        if self._link.phase is Phase.RELAYING:
            for flow in self._link.flows.values():
                if flow.waits:
                    flow.hurry()
            self._advance(now)
        self._link.close("proxy", reason, now)

    # --- what comes of it

    def data_to_send(self, side: Side) -> bytes:
        """The bytes to send to a peer now, in a write of their own; ask until there are none."""
        return self._link.legs[side].data_to_send()

    def next_event(self) -> Event | Request | None:
        """Pull what happened, or what is to be done, oldest first."""
        return self._link.recorder.next_event()

    def next_in_short(self) -> Event | StanzaRun | Request | None:
        """The same, but what came at once is pulled at once, where it can be."""
        return self._link.recorder.next_in_short()

    def wants_data(self, side: Side) -> bool:
        """Whether to go on reading from a peer; if not, its data would only be stored."""
        link = self._link
        tls = link.legs[side].tls
        if tls is not None and not tls.established:
            return True
        if side is Side.CLIENT:
            if link.phase is Phase.SECURING:
                return tls is not None and not self._opening.begun
            if link.phase is Phase.CONNECTING:
                return False
            if link.upgrading:
                return link.hello is None
        return not link.flows[side].blocked and self._has_room(side)

    def _has_room(self, side: Side) -> bool:
        """Whether what a side says, and what it is answered from here, can be on its way."""
        link = self._link
        line, own = link.legs[side.other].line, link.legs[side].line
        if (line is not None and line.is_full) or (own is not None and own.is_overfull):
            return False
        return not link.flows[side.other].outlet.is_full

    @property
    def _may_end_early(self) -> bool:
        """Whether the client's FIN can wait for the server: all it has to say is here, in clear."""
        link = self._link
        has_tls = link.upgrading or link.hello is not None or link.client.tls is not None
        return link.phase not in (Phase.SNIFFING, Phase.NAMING) and not has_tls

    @property
    def closed(self) -> bool:
        """Whether the session is over."""
        return self._link.phase is Phase.CLOSED

    def _rest(self, now: float) -> None:
        """Nothing more is to be done at present."""
        is_timed = self._link.is_timed
        if is_timed:
            self._link.tick(now)
        self._alarm.set(now, is_timed=is_timed)

    # --- first bytes

    def _receive(self, side: Side, data: bytes, now: float) -> None:
        link = self._link
        leg = link.legs[side]
        if side is Side.CLIENT and leg.tls is None:
            if link.phase is Phase.SNIFFING:
                self._naming.sniff(data[0])
            if link.upgrading:
                self._starttls.receive(data, now)
                return
            if link.hello is not None:
                self._naming.read_hello(link.hello, data)
                return
        leg.receive_data(data)

    # --- advancing

    def _advance(self, now: float) -> None:
        """Do whatever has become possible."""
        link = self._link
        for side in (Side.SERVER, Side.CLIENT):
            if link.legs[side].secured and side not in link.secured:
                link.secured.add(side)
                self._has_tls(side, now)
        if link.phase is Phase.NAMING and link.hello is None:
            self._naming.read_header(now)
        elif link.phase is Phase.SECURING:
            self._open_stream(now)
        elif link.phase is Phase.REFUSING:
            self._refusal.advance(now)
        if link.phase is Phase.RELAYING:
            self._pump(link.down, now)
            self._pump(link.up, now)
        link.pass_ends(now)

    def _has_passed(self, side: Side, now: float) -> bool:
        """Let all that a side has said go on, if it is plain stanzas and nothing else is to be done.

        So are most reads, and who waits for them waits for this.
        """
        link = self._link
        flow = link.flows[side]
        if flow.outlet.injects or not flow.pass_run(now):
            return False
        return not (flow.source.framer.unfinished or flow.source.ended or link.is_timed)

    def _carry(self, side: Side, now: float) -> None:
        """What a side has said goes on; the usual case, kept short."""
        link = self._link
        self._pump(link.flows[side], now)
        if link.upgrading:
            self._advance(now)
        elif link.legs[side].ended:
            link.pass_ends(now)

    def _open_stream(self, now: float) -> None:
        """Bring a server in the clear to where the client, which is in TLS, expects it."""
        link = self._link
        if link.client.secured and not self._opening.begun:
            header = self._naming.read_late_header(now)
            if header is not None:
                self._refusal.header = header
                self._opening.begin(now)
        while self._opening.active and (frame := link.down.pull(now)):
            reason = self._opening.receive(frame, now)
            if reason:
                self._refusal.begin(reason, now)
        if self._opening.done and link.client.secured and link.phase is Phase.SECURING:
            self._relay(now)

    def _relay(self, now: float) -> None:
        """Both peers are there: let what has waited go on."""
        link = self._link
        link.phase = Phase.RELAYING
        link.deadline = None
        link.up.outlet.release(now)
        header = self._naming.late_header
        if header is not None and self._greeting.is_due:
            self._greeting.give(now)
        elif header is not None:
            link.up.inject(header.data, now)
        self._advance(now)

    def _pump(self, flow: Flow, now: float) -> None:
        link = self._link
        while link.phase is Phase.RELAYING:
            flow.pass_run(now)
            frame = flow.next_frame(now)
            if frame is None:
                if not flow.outlet.wishes:
                    break
            elif flow is link.up:
                self._from_client(frame, now)
            else:
                self._from_server(frame, now)
            if flow.outlet.wishes:
                link.grant(flow, now)
        if link.phase is Phase.RELAYING:
            flow.cut_through()

    def _from_client(self, frame: Frame, now: float) -> None:
        link = self._link
        if frame.kind == "starttls" and frame.xmlns == ns.TLS and link.client.tls is None:
            self._greeting.is_due = link.server.tls is not None
            self._starttls.ask(frame, now)
        elif frame.kind == "stream":
            self._restart(frame, now)
        else:
            self._passage.pass_on(link.up, frame, now)

    def _restart(self, header: Frame, now: float) -> None:
        """The client's header while relaying: for the server, or for us alone."""
        link = self._link
        link.named(header)
        if self._greeting.is_due:
            link.up.swallow(header, now)
            self._greeting.give(now)
        elif not self._wrong_name(header, now):
            link.up.forward(header, now)
            link.up.outlet.is_open = True

    def _from_server(self, frame: Frame, now: float) -> None:
        link = self._link
        if self._starttls.asked and frame.xmlns == ns.TLS:
            self._starttls.answered(frame, now)
        else:
            self._passage.pass_on(link.down, frame, now)
        if frame.kind == "stream":
            self._greeting.header(frame)
            link.down.outlet.is_open = True
        elif frame.kind == "success" and frame.xmlns == ns.SASL:
            link.up.outlet.is_open = link.down.outlet.is_open = False  # until the restart
        elif frame.kind == "compressed" and frame.xmlns == ns.COMPRESS:
            link.client.framer.go_opaque()
            link.server.framer.go_opaque()
            link.recorder.note(now, "the stream is compressed: nothing is framed from here on")
            self._pump(link.up, now)

    def _wrong_name(self, header: Frame, now: float) -> bool:
        """Refuse a client whose header names another server than TLS was set up for."""
        link = self._link
        tls, domain = link.server.tls, header.to or link.name
        if tls is None or tls.serves(domain):
            return False
        detail = (
            f"the client wants {domain}, but the server's certificate is not for that name; "
            "if that is right, start xmppspy with --insecure"
        )
        n = link.up.swallow(header, now)
        link.recorder.fault(now, "certificate-invalid", detail, leg=Side.SERVER, n=n)
        self._refusal.tell(detail, header, now)
        return True

    # --- TLS

    def _has_tls(self, side: Side, now: float) -> None:
        """A leg's handshake is complete."""
        link = self._link
        link.has_tls(side, now)
        link.flows[side].reset()
        link.flows[side.other].outlet.is_open = False  # until the restart
        link.down.stopped = side is Side.SERVER and link.upgrading  # the client's goes first
        if side is Side.CLIENT:
            link.deadline = None
            link.upgrading = False
            if link.phase is Phase.SECURING and (self._opening.done or link.server.secured):
                self._relay(now)
        elif link.upgrading or link.hello is not None:
            link.request_leaf()
        else:
            self._relay(now)

    def _start_server_tls(self, context: TLSContext, now: float) -> None:
        """Begin TLS with the server, unless it goes on in the clear behind `<proceed/>`."""
        link = self._link
        early = link.server.framer.take_trailing()
        if early and not link.direct_upstream:
            self._starttls.drop_proceed(now)
            link.reject_injection(link.down, early, "behind <proceed/>", now)
        else:
            link.server.start_tls(context, hostname=a_label(link.name), first=early)

    def _start_client_tls(self, context: TLSContext, now: float) -> None:
        link = self._link
        self._starttls.release(now)
        link.down.stopped = True  # until the handshake is done: nothing counts as sent before
        hello, link.hello = link.hello, None
        link.client.start_tls(context, first=bytes(hello or b""))
