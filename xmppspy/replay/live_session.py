"""One live client's session of a replay as server: its scene, its counts, its connections."""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta
from typing import Final, Protocol

from xmppspy.analysis.words import counted
from xmppspy.errors import PeerError
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.namespaces import STANZAS
from xmppspy.replay.casting import Character
from xmppspy.replay.live_sm import RESUMABLE, LiveSM, h_of
from xmppspy.replay.login import StreamRefusedError
from xmppspy.replay.peer import FOREVER, Peer
from xmppspy.replay.remap import Remap
from xmppspy.replay.scene import Cues, Pace, Scene

LEAVING: Final = 2.0
"""Seconds that a client gets to end its stream when the server has ended it."""

STREAM_END: Final = b"</stream:stream>"

_SM: Final = frozenset({ns.SM, ns.SM_OLD})


class House(Cues, Protocol):
    """The server that a session belongs to."""

    shared: Remap
    pace: Pace

    def say(self, text: str, *, serious: bool = False, wrong: bool = False) -> None:
        """Tell a person, once; `wrong` is what has gone wrong, `serious` what fails `--strict`."""

    def shift(self, character: Character) -> timedelta | None:
        """By how much the times of a recorded session are to be moved."""

    def tell(self, text: str) -> None:
        """Tell a person what happens, as often as it happens."""

    def wake_all(self) -> None:
        """A client has said something: others may have waited for it."""

    def forget(self, session: "LiveSession") -> None:
        """A session is over."""


class LiveSession:
    """One client's session, which may outlive its connection."""

    def __init__(self, house: House, character: Character, jid: str) -> None:
        self._house = house
        self.jid = jid
        self.character = character
        self.sm = LiveSM()
        self.remap = Remap(house.shared)
        self.remap.shift = house.shift(character)
        self._learn_addresses()
        self.scene = Scene(character.script, self.remap, house.pace, house, time.monotonic())
        self.wake = asyncio.Event()
        self._peer: Peer | None = None
        self._left = False  # the client has ended its stream
        self._lapse: asyncio.TimerHandle | None = None
        self._told = False

    def _learn_addresses(self) -> None:
        recorded, live = self.character.script.identity, self.jid
        bare, _, _ = live.partition("/")
        if recorded.full:
            self.remap.learn_jid(recorded.full, live, shared=True)
        if recorded.bare and recorded.bare.lower() != bare.lower():
            self.remap.learn_jid(recorded.bare, bare, shared=True)
        domain = bare.rpartition("@")[2]
        if recorded.domain and recorded.domain.lower() != domain.lower():
            self.remap.learn_jid(recorded.domain, domain, shared=True)

    # --- connections

    async def play(self, peer: Peer) -> None:
        """Play on a connection until it ends. Raises PeerError when the client is lost for good."""
        if self._lapse is not None:
            self._lapse.cancel()
            self._lapse = None
            self.scene.resume(time.monotonic())
        self._peer = peer
        start = asyncio.get_running_loop().create_task
        hearing = start(self._hear(peer), name=f"hear {self.jid}")
        saying = start(self._say_lines(peer), name=f"talk to {self.jid}")
        try:
            done, _ = await asyncio.wait({hearing, saying}, return_when=asyncio.FIRST_COMPLETED)
            if hearing not in done and saying.exception() is None:
                await asyncio.wait({hearing}, timeout=LEAVING)
        finally:
            for task in (hearing, saying):
                task.cancel()
            await asyncio.gather(hearing, saying, return_exceptions=True)
            if self._peer is peer:
                self._let_go()
        for task in done:
            task.result()

    def last_words(self, peer: Peer) -> bytes:
        """What is to be said on a connection before its stream ends (XEP-0198 §4)."""
        return self.sm.answer() if self._peer is peer else b""

    def detach(self) -> None:
        """The connection is dead, or taken for dead, and another one takes its place."""
        peer, self._peer = self._peer, None
        if peer is not None:
            peer.abort()

    def replace(self) -> None:
        """Another client binds the same address (RFC 6120 §7.7.2.2): this one has to go."""
        self.sm.name = None
        self.detach()
        self._end()

    def _let_go(self) -> None:
        self._peer = None
        if self.sm.name is None or self._left:
            self._end()
            return
        self._house.tell(f"{self.jid} lost its connection; it may resume for {RESUMABLE} s")
        self._lapse = asyncio.get_running_loop().call_later(RESUMABLE, self._end)

    def _end(self) -> None:
        if self._lapse is not None:
            self._lapse.cancel()
        left = self.scene.left
        if left and not self._told:
            self._told = True
            verb = "was" if left == 1 else "were"
            what = counted(left, "recorded stanza")
            self._house.tell(f"{self.jid} left; {what} {verb} not played")
        self._house.forget(self)

    # --- both directions

    async def _hear(self, peer: Peer) -> None:
        """Take what the client says, up to its end."""
        while True:
            frame = await peer.receive(FOREVER)
            if frame is None:
                return
            if frame.kind == "/stream":
                self._left = True
                with suppress(PeerError):  # it may have gone without waiting for this
                    await peer.send(self.sm.answer())
                return
            if frame.kind in ("opaque", "partial"):
                raise StreamRefusedError("not-well-formed", frame.flaw.detail if frame.flaw else "")
            await self._take(peer, frame)

    async def _take(self, peer: Peer, frame: Frame) -> None:
        if frame.xmlns in _SM:
            await self._manage(peer, frame)
        elif frame.kind in STANZAS and frame.xmlns is None:
            self.sm.received()
            self.scene.take(frame, time.monotonic())
            self._house.wake_all()

    async def _manage(self, peer: Peer, frame: Frame) -> None:
        if frame.kind == "enable":
            await peer.send(self.sm.enable(frame))
        elif frame.kind == "r":
            await peer.send(self.sm.answer())
        elif frame.kind == "a":
            h = h_of(frame)
            if h is None or not self.sm.confirm(h):
                text = f"{self.jid} acknowledges stanzas that were not sent (h={h})"
                self._house.say(text, wrong=True)

    async def _say_lines(self, peer: Peer) -> None:
        """Say the recorded lines when they are due."""
        while True:
            self.wake.clear()
            piece = self.scene.next(time.monotonic())
            if piece is None:
                self._tell_end()
                await self._sleep()
            elif piece.ends:
                await peer.send(self.sm.answer() + STREAM_END)
                await peer.end()
                self._house.tell(f"{self.jid}: the stream ends here, as it was recorded")
                self._left = True
                return
            elif piece.asks:
                await peer.send(self.sm.ask())
            else:
                await peer.send(piece.data + self.sm.sent(piece.data, piece.stanzas))

    async def _sleep(self) -> None:
        at = self.scene.wake_at
        delay = None if at is None else max(at - time.monotonic(), 0.0)
        with suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await self.wake.wait()

    def _tell_end(self) -> None:
        if self.scene.over and not self._told:
            self._told = True
            self._house.tell(f"{self.jid} has been played all that was recorded")
