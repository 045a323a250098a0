"""Performer: one live client that plays one recorded session; it listens by itself."""

import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from xmppspy.errors import PeerError
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.namespaces import STANZAS
from xmppspy.protocol.quoting import quoteattr
from xmppspy.replay.client_sm import ClientSM
from xmppspy.replay.entrance import Admitted, Entrance, condition
from xmppspy.replay.expectations import Expectations
from xmppspy.replay.masks import unmasked
from xmppspy.replay.peer import FOREVER, Peer
from xmppspy.replay.roles import Role
from xmppspy.replay.scene import describe, with_id
from xmppspy.replay.script import PING
from xmppspy.replay.steps import requests

BATCH: Final = 64 * 1024
"""Bytes that are kept together before they leave."""

_CARBONS: Final = "urn:xmpp:carbons:2"
_SM: Final = frozenset({ns.SM, ns.SM_OLD})


class Company(Protocol):
    """What a performer tells the others."""

    def warn(self, text: str) -> None:
        """Tell a person what is not played as it was recorded."""

    def stir(self) -> None:
        """Something has come, or a client is gone."""


class Performer:
    """Plays what it is told to say, and keeps track of what it hears.

    `enter` first, then `listen` in a task of its own, beside `say` and `flush`, and `leave` at
    the end.
    """

    def __init__(
        self,
        role: Role,
        peer: Peer,
        expectations: Expectations,
        company: Company,
    ) -> None:
        self.role = role
        self.gone: str | None = None
        """Why nothing more can be said or heard; None as long as it can."""
        self.expectations = expectations
        self.unsaid = 0
        """How much was to be said when nothing could be any more."""
        self._sm = ClientSM()
        self._peer, self._remap, self._company = peer, expectations.remap, company
        self._admitted: Admitted | None = None
        self._asked = requests(role.character)
        self._used: set[str] = set()  # the ids of today's stanzas
        self._out = bytearray()
        self._spoken = 0
        self._leaving = False
        self._noted: set[str] = set()

    # --- the session

    async def enter(
        self, context: Callable[[bool], ssl.SSLContext], *, direct_tls: bool, in_the_clear: bool
    ) -> str:
        """Log in; returns the full JID. Raises NotAdmittedError and PeerError."""
        entrance = Entrance(self._peer, self.role, self._remap, context, in_the_clear=in_the_clear)
        self._admitted = await entrance.run(direct_tls=direct_tls)
        await self._repeat_bind2()
        return self._admitted.jid

    async def _repeat_bind2(self) -> None:
        """What the recorded client had done together with its login (XEP-0386) is done now."""
        wanted = b"".join(
            turn.record.data
            for turn in self.role.character.first.negotiation
            if turn.dir == "c2s" and turn.record.kind == "authenticate"
        )
        if _CARBONS.encode() in wanted:
            carbons = f"<iq type='set' id='xmppspy-carbons'><enable xmlns='{_CARBONS}'/></iq>"
            self.expectations.ignore("xmppspy-carbons")
            self._send_stanza(carbons.encode())
        if b"<enable" in wanted and ns.SM.encode() in wanted:
            self._enable(ns.SM, f"<enable xmlns='{ns.SM}'/>".encode())
        await self.flush()

    async def leave(self) -> None:
        """End the stream; the server's own end is heard by `listen`."""
        self._leaving = True
        if self.gone is None and self._admitted is not None:
            with suppress(PeerError):
                await self.flush()
                await self._peer.send(self._sm.acknowledge() + self._admitted.end)

    def abort(self) -> None:
        """Let go of the connection at once."""
        self._peer.abort()

    async def close(self) -> None:
        """Let go of the connection; what the server still says is not waited for."""
        with suppress(PeerError):
            await self._peer.end()
        self._peer.abort()

    # --- speaking

    async def say(self, record: FrameRecord) -> bool:
        """Say what was recorded, with the values of today; returns whether there was anything."""
        before = self._spoken
        if self.gone is not None:
            self.expectations.never_asked(record)
            self.unsaid += record.kind in STANZAS
            return False
        if record.xmlns in _SM:
            self._manage(record)
        elif record.xmlns is None and record.kind in STANZAS:
            self._say_stanza(record)
        else:
            self._say_nonza(record)
        if len(self._out) >= BATCH:
            await self.flush()
        return self._spoken > before

    async def flush(self) -> None:
        """Let go of what is kept together."""
        data = bytes(self._out)
        self._out.clear()
        if data:
            try:
                await self._peer.send(data)
            except PeerError as error:
                self._end(str(error))

    def _say_stanza(self, record: FrameRecord) -> None:
        data = unmasked(record, self.role)
        if data is None:
            self._leave_out(record, "a part of it was masked when it was recorded")
            return
        data = self._remap.to_live(data)
        if record.kind == "iq" and record.type in ("result", "error"):
            asked = self._asked.get(record.n)
            name = None if asked is None else self.expectations.live_id(asked)
            if asked is not None and name is None:
                self._leave_out(record, "the server has not asked for it")
                return
            data = data if name is None else with_id(data, name)
        elif record.id is not None:
            data = self._with_unique_id(data, record)
        self._send_stanza(data)

    def _with_unique_id(self, data: bytes, record: FrameRecord) -> bytes:
        wanted = self._remap.live_id(record.id or "")
        name, count = wanted, 1
        while name in self._used:
            count += 1
            name = f"{wanted}-{count}"
        self._used.add(name)
        if record.kind == "iq":
            self.expectations.asked(name, record)
        elif name != wanted:
            self._remap.learn_id(record.id or "", name, shared=True)
        return data if name == record.id else with_id(data, name)

    def _send_stanza(self, data: bytes) -> None:
        self._out += data
        self._spoken += 1
        self._sm.counted()

    def _manage(self, record: FrameRecord) -> None:
        if record.kind == "r":
            self._out += self._sm.ask()
        else:
            self._enable(record.xmlns or ns.SM, record.data)

    def _say_nonza(self, record: FrameRecord) -> None:
        """Only what the server offers: it ends the stream over what it does not know."""
        offered = self._admitted.offered if self._admitted else frozenset[str]()
        if record.xmlns in offered:
            self._out += record.data
            self._spoken += 1
        else:
            self._leave_out(record, f"the server does not offer {record.xmlns}")

    def _enable(self, namespace: str, data: bytes) -> None:
        """Ask for stream management with the `<enable/>` that `data` is, once, if it is offered."""
        offered = self._admitted.offered if self._admitted else frozenset[str]()
        if namespace not in offered:
            self._note("the server offers no stream management")
        elif not self._sm.asked:
            self._out += data
            self._sm.enable(namespace)

    def _leave_out(self, record: FrameRecord, why: str) -> None:
        self.expectations.never_asked(record)
        self._company.warn(f"{self.role.name}: {describe(record)} is left out: {why}")

    def _note(self, text: str) -> None:
        if text not in self._noted:
            self._noted.add(text)
            self._company.warn(f"{self.role.name}: {text}")

    # --- waiting

    @property
    def waits(self) -> bool:
        """Whether something is to come that may still come."""
        return self.gone is None and (self.expectations.pending or self._sm.unanswered > 0)

    def give_up(self) -> list[FrameRecord]:
        """Wait no longer; returns what did not come."""
        self._sm.unanswered = 0
        return self.expectations.give_up()

    # --- listening

    async def listen(self) -> None:
        """Take what the server says until it has said its last."""
        try:
            while self.gone is None:
                frame = await self._peer.receive(FOREVER)
                if frame is None:
                    self._end("the server closed the connection")
                else:
                    await self._take(frame)
        except PeerError as error:
            self._end(str(error))

    async def _take(self, frame: Frame) -> None:
        if frame.xmlns in _SM:
            answer, wrong = self._sm.take(frame)
            await self._answer(answer)
            if wrong:
                self._note(wrong)
        elif frame.xmlns is None and frame.kind in STANZAS:
            self._sm.received()
            known = self.expectations.hear(frame, expected_only=self._leaving)
            if not known and self._is_request(frame):
                await self._improvise(frame)
        elif frame.kind == "/stream" or (frame.kind, frame.xmlns) == ("error", ns.STREAMS):
            self.expectations.hear(frame, expected_only=self._leaving)
            if frame.kind == "/stream":
                self._end("the server ended the stream")
            else:
                self._note(f"the server ends the stream: {condition(frame)}")
        elif frame.flaw is not None:
            self._note(f"what the server says is no XML any more: {frame.flaw.detail}")
        self._company.stir()

    @staticmethod
    def _is_request(frame: Frame) -> bool:
        return frame.kind == "iq" and frame.type in ("get", "set")

    async def _improvise(self, frame: Frame) -> None:
        """Answer what the recorded client was not asked (RFC 6120 §8.2.3)."""
        attributes = f"id={quoteattr(frame.id or '')}"
        if frame.from_ is not None:
            attributes += f" to={quoteattr(frame.from_)}"
        if PING in frame.ns:
            answer = f"<iq type='result' {attributes}/>"
        else:
            error = f"<service-unavailable xmlns='{ns.STANZA_ERRORS}'/>"
            answer = f"<iq type='error' {attributes}><error type='cancel'>{error}</error></iq>"
        self._sm.counted()
        await self._answer(answer.encode())

    async def _answer(self, data: bytes) -> None:
        """Say something at once, behind what is kept together."""
        if data and not self._leaving:
            self._out += data
            await self.flush()

    def _end(self, reason: str) -> None:
        if self.gone is None:
            self.gone = reason
            if not self._leaving:
                self._note(reason)
            self._company.stir()
