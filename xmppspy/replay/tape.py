"""Tape: records what a replay itself says and hears, as a capture like any other."""

import itertools
from collections.abc import Callable, Iterator

from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    Event,
    FrameRecord,
    Note,
    Side,
    TLSEstablished,
)
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.tls import TLSPipe


class Tape:
    """Where the events of all connections of a replay go; one numbering for them all."""

    def __init__(self, record: Callable[[Event], None], now: Callable[[], float]) -> None:
        self._record = record
        self._numbers = itertools.count(1)
        self._conns = itertools.count(1)
        self.now = now
        """Seconds since the capture was created."""
        self.frames = 0
        """Frames so far."""

    def track(self, played: Side, *, client: str, server: str) -> "Track":
        """A connection begins on which `played` is ours. The others are HOST:PORT, or a domain."""
        track = Track(self, next(self._conns), played, self._numbers)
        opened = ConnectionOpened(t=self.now(), conn=track.conn, client=client, server=server)
        self.record(opened)
        return track

    def record(self, event: Event) -> None:
        """Record an event."""
        self.frames += isinstance(event, FrameRecord)
        self._record(event)


class Track:
    """One connection on the tape: the `Watch` of its `Peer`."""

    def __init__(self, tape: Tape, conn: int, played: Side, numbers: Iterator[int]) -> None:
        self.conn = conn
        self._tape = tape
        self._played = played
        self._recorder = Recorder(conn, numbers)
        self._said = Framer()
        self._open = True

    def received(self, frame: Frame) -> None:
        """The other end has said a frame."""
        self._recorder.frame(self._tape.now(), self._played.other.direction, frame)
        self._flush()

    def sent(self, data: bytes) -> None:
        """This end says `data`."""
        self._said.receive_data(data)
        now = self._tape.now()
        while (frame := self._said.next_frame()) is not None:
            self._recorder.frame(now, self._played.direction, frame)
        self._flush()

    def secured(self, pipe: TLSPipe) -> None:
        """A handshake is complete."""
        self._said = Framer()
        established = TLSEstablished(
            t=self._tape.now(),
            conn=self.conn,
            leg=self._played.other,
            version=pipe.version,
            cipher=pipe.cipher,
            alpn=pipe.alpn,
            sni=pipe.server_name,
            peer_sha256=pipe.peer_sha256,
            verified=pipe.verified,
        )
        self._tape.record(established)

    def note(self, text: str) -> None:
        """Record what was done or noticed."""
        self._tape.record(Note(t=self._tape.now(), text=text, conn=self.conn))

    def closed(self, by: str, reason: str) -> None:
        """The connection is over; to be said once."""
        if self._open:
            self._open = False
            closed = ConnectionClosed(t=self._tape.now(), conn=self.conn, by=by, reason=reason)
            self._tape.record(closed)

    def _flush(self) -> None:
        while (event := self._recorder.next_event()) is not None:
            assert isinstance(event, Event)  # noqa: S101 - nothing is asked of this recorder
            self._tape.record(event)
