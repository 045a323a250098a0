"""Relay: the sockets of one intercepted connection, driven by its session."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from xmppspy.errors import UpstreamError, UsageError
from xmppspy.protocol.events import Direction, Event, Side, StanzaRun
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
from xmppspy.protocol.session import Session
from xmppspy.protocol.toxics import Toxic
from xmppspy.protocol.verdicts import End, Verdict
from xmppspy.protocol.waiting import HeldFrame
from xmppspy.proxy.contexts import Contexts
from xmppspy.proxy.redirects import Connect, Redirects, Trail
from xmppspy.proxy.tasks import spawn

LINGER: Final = 5.0
"""Seconds that a peer has for reading the rest when the proxy closes."""

READ: Final = 256 * 1024
"""Bytes that are read at once, at most."""

HIGH_WATER: Final = 256 * 1024
"""Bytes unsent to one side that stop the reading from the other."""

_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


def _nobody_minds() -> None:
    """What `holds_changed` is where nobody decides about frames."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all relays of a proxy share."""

    connect: Connect
    redirects: Redirects
    contexts: Contexts
    record: Callable[[Event | StanzaRun], None]
    now: Callable[[], float]
    """Seconds since the capture was created."""
    idle_timeout: float = 0.0
    holds_changed: Callable[[], None] = _nobody_minds
    """Called when other frames are held than before."""
    place: memoryview = field(default_factory=lambda: memoryview(bytearray(READ)))
    """Where all of them read into."""


class _Wire(asyncio.BufferedProtocol):
    """One socket of a relay.

    Asyncio would make room for the largest read each time, which takes as long as all the rest of a
    small one. So all read into the same place, and what was read is taken out at once.
    """

    def __init__(self, relay: "Relay", side: Side, place: memoryview) -> None:
        self._relay, self._side = relay, side
        self._place = place

    def get_buffer(self, sizehint: int) -> memoryview:
        del sizehint
        return self._place

    def buffer_updated(self, nbytes: int) -> None:
        self._relay.data_received(self._side, bytes(self._place[:nbytes]))

    def eof_received(self) -> bool:
        self._relay.eof_received(self._side)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self._relay.connection_lost(self._side, exc)

    def pause_writing(self) -> None:
        self._relay.congested(self._side, is_so=True)

    def resume_writing(self) -> None:
        self._relay.congested(self._side, is_so=False)


class Relay:
    """Carries bytes between two sockets and a session, and carries out what the session asks.

    `client` is the address of the client's host. Data leaves before it is recorded. `ended` is
    called once, when both sockets are gone.
    """

    def __init__(
        self,
        session: Session,
        surroundings: Surroundings,
        client: str,
        ended: Callable[["Relay"], None],
    ) -> None:
        self._session = session
        self._around = surroundings
        self._trail = Trail(surroundings.redirects, surroundings.connect, client)
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._transports: dict[Side, asyncio.Transport] = {}
        self._congested: set[Side] = set()
        self._paused: set[Side] = set()
        self._connecting: asyncio.Task[None] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._last_data = surroundings.now()
        self._watch_idleness()

    def wire(self, side: Side) -> asyncio.BufferedProtocol:
        """The protocol for the socket of a side; `attach` its transport when there is one."""
        return _Wire(self, side, self._around.place)

    def attach(self, side: Side, transport: asyncio.Transport) -> None:
        """A socket is there."""
        transport.set_write_buffer_limits(high=HIGH_WATER)
        self._transports[side] = transport

    # --- what happens

    def data_received(self, side: Side, data: bytes) -> None:
        """Data from a peer."""
        self._last_data = now = self._around.now()
        passed = self._session.receive_data(side, data, now)
        self._work()
        if not passed:
            self._regulate()

    def eof_received(self, side: Side) -> None:
        """A peer sends no more."""
        self._session.receive_eof(side, self._around.now())
        self.work()

    def connection_lost(self, side: Side, error: Exception | None) -> None:
        """A socket is gone."""
        self._transports.pop(side, None)
        self._congested.discard(side)
        if error is not None:
            self._session.receive_reset(side, self._around.now())
        else:
            self._session.stop("closed", self._around.now())
        self.work()
        if not self._transports and self._connecting is None:
            self._cancel_timers()
            self._ended(self)

    def congested(self, side: Side, *, is_so: bool) -> None:
        """A peer reads too slowly, or fast enough again."""
        (self._congested.add if is_so else self._congested.discard)(side)
        self._regulate()

    def stop(self, reason: str) -> None:
        """Close both connections."""
        self._session.stop(reason, self._around.now())
        self.work()

    # --- interventions

    def held(self) -> list[HeldFrame]:
        """The frames that wait for a person."""
        return self._session.held()

    def decide(self, n: int, verdict: Verdict) -> bool:
        """A person has decided about the held frame `n`; False when no such frame is held."""
        done = self._session.decide(n, verdict, self._around.now())
        self.work()
        return done

    def settle(self, answers: Iterable[tuple[int, Verdict]]) -> None:
        """Whoever was asked has answered, by tickets."""
        self._session.settle_all(answers, self._around.now())
        self.work()

    def extend(self, n: int, seconds: float) -> bool:
        """Let the held frame `n` wait for so long at least; False when no such frame is held."""
        now = self._around.now()
        done = self._session.extend(n, now + seconds, now)
        self.work()
        return done

    def inject(self, to: Side, data: bytes) -> bool:
        """Send elements of our own to a peer; False when there is no stream to put them into."""
        done = self._session.inject(to, data, self._around.now())
        self.work()
        return done

    def set_toxics(self, direction: Direction, toxics: Iterable[Toxic]) -> None:
        """Let these, and no others, be wrong with the line of a direction."""
        self._session.set_toxics(direction, toxics, self._around.now())
        self.work()

    def end(self, how: End, reason: str) -> None:
        """End both connections, in order or by a reset."""
        self._session.end(how, reason, self._around.now())
        self.work()

    # --- work

    def work(self) -> None:
        """Send what is to be sent, then record and carry out what the session has to say."""
        self._work()
        self._regulate()

    def _work(self) -> None:
        self._flush()
        while (item := self._session.next_in_short()) is not None:
            if isinstance(item, Request):
                self._perform(item)
                self._flush()
            else:
                self._around.record(item)

    def _flush(self) -> None:
        for side, transport in self._transports.items():
            while data := self._session.data_to_send(side):
                if not transport.is_closing():
                    transport.write(data)

    def _regulate(self) -> None:
        """Read from a side only while its data has somewhere to go."""
        for side, transport in self._transports.items():
            pause = side.other in self._congested or not self._session.wants_data(side)
            if pause == (side in self._paused) or transport.is_closing():
                continue
            if pause:
                self._paused.add(side)
                transport.pause_reading()
            else:
                self._paused.discard(side)
                transport.resume_reading()

    def _perform(self, request: Request) -> None:
        now = self._around.now()
        match request:
            case ConnectRequested(domain):
                self._connecting = spawn(self._connect(domain), "connect to the server")
            case UpstreamTLSRequested():
                self._provide_upstream(request, now)
            case LeafRequested():
                self._provide_leaf(request, now)
            case WakeRequested(at):
                self._set_alarm(at - now)
            case Redirected():
                self._trail.redirected(request)
            case RedirectExpired():
                self._trail.expired()
            case HoldsChanged():
                self._around.holds_changed()
            case EndRequested(side):
                self._end(side)
            case ResetRequested(side):
                self._reset(side)
            case CloseRequested():
                self._close()

    def _provide_upstream(self, wanted: UpstreamTLSRequested, now: float) -> None:
        try:
            context = self._around.contexts.for_server(
                direct=wanted.direct,
                named=wanted.domain is not None,
                version=wanted.version,
                alpn=wanted.alpn,
            )
        except UsageError as error:
            self._session.context_failed(Side.SERVER, str(error), now)
        else:
            self._session.provide_context(Side.SERVER, context, now)

    def _provide_leaf(self, wanted: LeafRequested, now: float) -> None:
        names, contexts = (*wanted.names, *self._address()), self._around.contexts
        try:
            context = contexts.for_client(
                names, wanted.peer_der, version=wanted.version, alpn=wanted.alpn
            )
        except UsageError as error:
            self._session.context_failed(Side.CLIENT, str(error), now)
        else:
            note = contexts.remark(names)
            self._session.provide_context(Side.CLIENT, context, now, note=note)

    def _address(self) -> tuple[str, ...]:
        """The address the client has connected to; clients may check the leaf against it."""
        transport = self._transports.get(Side.CLIENT)
        name = transport.get_extra_info("sockname") if transport else None
        return (name[0].partition("%")[0],) if name else ()

    async def _connect(self, domain: str | None) -> None:
        try:
            connection, note = await self._trail.connect(domain)
            wire = self.wire(Side.SERVER)
            transport, _ = await self._loop.create_connection(lambda: wire, sock=connection.sock)
        except (UpstreamError, OSError) as error:
            self._connecting = None
            self._session.upstream_failed(str(error), self._around.now())
        else:
            self._connecting = None
            self.attach(Side.SERVER, transport)
            self._session.upstream_connected(
                self._around.now(), direct_tls=connection.direct_tls, note=note
            )
            if self._session.closed:
                transport.abort()
        self.work()

    def _end(self, side: Side) -> None:
        transport = self._transports.get(side)
        if transport is not None and not transport.is_closing():
            with contextlib.suppress(OSError):
                transport.write_eof()

    def _reset(self, side: Side) -> None:
        transport = self._transports.get(side)
        if transport is not None:
            sock = transport.get_extra_info("socket")
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            transport.abort()

    def _close(self) -> None:
        self._cancel_timers()
        if self._connecting is not None:
            self._connecting.cancel()
            self._connecting = None
        for transport in self._transports.values():
            transport.close()
            self._loop.call_later(LINGER, transport.abort)

    # --- time

    def _set_alarm(self, delay: float) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = self._loop.call_later(max(delay, 0), self._wake)

    def _wake(self) -> None:
        self._alarm = None
        self._session.wake(self._around.now())
        self.work()

    def _watch_idleness(self) -> None:
        limit = self._around.idle_timeout
        if not limit:
            return
        left = self._last_data + limit - self._around.now()
        if left <= 0:
            self.stop(f"idle for {limit:g} s")
        else:
            self._idle = self._loop.call_later(left, self._watch_idleness)

    def _cancel_timers(self) -> None:
        for timer in (self._alarm, self._idle):
            if timer is not None:
                timer.cancel()
        self._alarm = self._idle = None
