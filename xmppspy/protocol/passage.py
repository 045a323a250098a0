"""Passage: what a frame becomes on its way from one peer to the other."""

from dataclasses import replace
from typing import Final

from xmppspy.protocol import features
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import UNCHANGED
from xmppspy.protocol.flow import Flow
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import PASS, Ruling
from xmppspy.protocol.link import Link
from xmppspy.protocol.management import Management
from xmppspy.protocol.opening import Greeting
from xmppspy.protocol.redirects import Redirects
from xmppspy.protocol.registers import Registers

_LOGIN: Final = frozenset({ns.SASL, ns.SASL2})
_COMPRESSION: Final = "stream compression was taken out of the features (--keep-compression)"
_STARTTLS: Final = "STARTTLS was added to the features: the server's leg is in TLS already"


class Passage:
    """Has the guard judge what it is for, and makes the edits that interception needs.

    `address` is where the client has connected to, as HOST:PORT. `registers` are the sessions that
    may be resumed.
    """

    def __init__(self, link: Link, greeting: Greeting, address: str, registers: Registers) -> None:
        self._link = link
        self._greeting = greeting
        self._redirects = Redirects(link, address)
        self._management = Management(link, registers)

    def pass_on(self, flow: Flow, frame: Frame, now: float) -> None:
        """Let a frame go on as what it has to become."""
        if frame.xmlns is None:  # a stanza, or what stands between stanzas
            flow.forward(frame, now)
            if frame.kind == "/stream" and flow is self._link.up:
                self._redirects.stream_closed()
        else:
            self._link.carry_out(self._ruling(flow, frame), flow, frame, now)
            if self._management.lost:
                self._put_in_again(now)

    def _ruling(self, flow: Flow, frame: Frame) -> Ruling:
        if features.is_features(frame) and flow is self._link.down:
            return self.offer(frame)
        is_guarded = frame.xmlns in _LOGIN or is_stream_error(frame)
        ruling = self._judged(flow, frame) if is_guarded else PASS
        if flow is self._link.down:
            ruling = self._redirects.turn(frame, ruling)
        if self._management.concerns(flow, frame):
            ruling = self._management.turn(flow, frame, ruling)
        return ruling

    def _put_in_again(self, now: float) -> None:
        """What was put into a session has not arrived before it was resumed."""
        lost, self._management.lost = self._management.lost, {}
        for side, elements in lost.items():
            for data in elements:
                self._link.flows[side.other].inject(data, now)

    def offer(self, frame: Frame) -> Ruling:
        """The server's features as the client is to have them."""
        link = self._link
        ruling = self._judged(link.down, frame)
        if ruling.data is None:
            return ruling
        data = frame.data if ruling.data is UNCHANGED else ruling.data
        notes = list(ruling.notes)
        if ns.COMPRESS_FEATURE in frame.ns and not link.options.keep_compression:
            data = features.without_compression(data)
            notes.append(_COMPRESSION)
        if link.direct_upstream and link.client.tls is None and self._greeting.remember(data):
            data = features.with_starttls(data)
            notes.append(_STARTTLS)
        edited = UNCHANGED if data == frame.data else data
        return replace(ruling, data=edited, notes=tuple(notes))

    def _judged(self, flow: Flow, frame: Frame) -> Ruling:
        guard = self._link.guard
        ruling = PASS if guard is None else guard.see(flow.direction, frame)
        return replace(ruling, data=UNCHANGED) if ruling.data == frame.data else ruling


def is_stream_error(frame: Frame) -> bool:
    """Whether the frame is a `<stream:error/>` (RFC 6120 §4.9)."""
    return frame.kind == "error" and frame.xmlns == ns.STREAMS
