"""Entrance: how a recorded client comes to a session at a live server (RFC 6120 §4-7).

The negotiation is a new one, whatever the recording holds of its own: only the stream headers are
the recorded ones, because the stanzas lean on what they declare.
"""

import ssl
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from inspect import GEN_CLOSED, getgeneratorstate
from typing import Final

from xmppspy.errors import PeerError
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.protocol.quoting import escape, quoteattr
from xmppspy.protocol.stanza import read
from xmppspy.protocol.tokens import start_tag
from xmppspy.replay.client_sasl import Dialogue, NotAdmittedError, begin, choose
from xmppspy.replay.mechanisms import SCRAM
from xmppspy.replay.offer import BIND
from xmppspy.replay.peer import Peer
from xmppspy.replay.remap import Remap
from xmppspy.replay.roles import Role

_BIND_ID: Final = "xmppspy-bind"


@dataclass(frozen=True, slots=True)
class Admitted:
    """A session that has begun."""

    jid: str
    """The full JID."""
    offered: frozenset[str]
    """The namespaces of the stream's features."""
    end: bytes
    """What ends the stream."""


class Entrance:
    """Leads one client from a connected socket to its session.

    `context` gives the TLS context, for TLS that comes first (True) or by STARTTLS.
    """

    def __init__(
        self,
        peer: Peer,
        role: Role,
        remap: Remap,
        context: Callable[[bool], ssl.SSLContext],
        *,
        in_the_clear: bool,
    ) -> None:
        self._peer, self._role, self._remap, self._context = peer, role, remap, context
        self._in_the_clear = in_the_clear
        self._end = b""

    async def run(self, *, direct_tls: bool) -> Admitted:
        """Negotiate until there is a session.

        Raises NotAdmittedError when the server does not let the client in, PeerError when it is
        gone or silent.
        """
        if direct_tls:
            await self._start_tls(direct=True)
        features = await self._open_stream(first=True)
        if not self._peer.secured:
            features = await self._secure(features)
        features = await self._log_in(features)
        offered = frozenset(features.ns)
        if BIND not in offered:
            raise NotAdmittedError("the server offers no resource binding")
        return Admitted(await self._bind(), offered, self._end)

    # --- streams

    async def _open_stream(self, *, first: bool = False) -> Frame:
        """Send a header; return the features."""
        header = self._header(first=first)
        tag = start_tag(header)
        self._end = b"</" + (tag.name if tag else b"stream:stream") + b">"
        await self._peer.send(header)
        await self._next("stream", ns.STREAMS)
        return await self._next("features", ns.STREAMS)

    def _header(self, *, first: bool) -> bytes:
        recorded = self._role.headers
        if recorded:
            header = self._remap.to_live(recorded[0 if first else -1])
            framer = Framer()
            framer.receive_data(header)
            frame = framer.next_frame()
            if frame is not None and frame.to == self._role.domain:
                return header
        return (
            f"<?xml version='1.0'?><stream:stream to={quoteattr(self._role.domain)} "
            f"version='1.0' xmlns='{ns.CLIENT}' xmlns:stream='{ns.STREAMS}'>"
        ).encode()

    async def _next(self, kind: str, namespace: str | None, *others: str) -> Frame:
        """The next frame, which has to be of one of these kinds."""
        frame = await self._peer.require(f"<{kind}/>")
        if frame.xmlns == ns.STREAMS and frame.kind == "error":
            raise NotAdmittedError(f"the server ends the stream: {condition(frame)}")
        is_header = frame.kind == kind == "stream"
        if frame.kind not in (kind, *others) or not (is_header or frame.xmlns == namespace):
            raise NotAdmittedError(f"the server says <{frame.kind}/> where <{kind}/> was to come")
        return frame

    # --- TLS

    async def _secure(self, features: Frame) -> Frame:
        if ns.TLS not in features.ns:
            if self._in_the_clear:
                return features
            raise NotAdmittedError("the server offers no TLS; --insecure plays without it")
        await self._peer.send(f"<starttls xmlns='{ns.TLS}'/>")
        answer = await self._next("proceed", ns.TLS, "failure")
        if answer.kind == "failure":
            raise NotAdmittedError("the server refuses to begin TLS")
        await self._start_tls(direct=False)
        return await self._open_stream(first=True)

    async def _start_tls(self, *, direct: bool) -> None:
        try:
            await self._peer.start_tls(
                self._context(direct), server_side=False, server_hostname=self._role.domain
            )
        except PeerError as error:
            hint = "; name its CA with --upstream-ca FILE" if "certificate" in str(error) else ""
            raise NotAdmittedError(f"{error}{hint}") from error

    # --- the login

    async def _log_in(self, features: Frame) -> Frame:
        """Log in; return the features of the stream that this leads to."""
        by_sasl2 = ns.SASL not in features.ns and ns.SASL2 in features.ns
        namespace = ns.SASL2 if by_sasl2 else ns.SASL
        offered = _texts(features, f"{{{namespace}}}mechanism")
        mechanism = choose(offered, self._role.password, secured=self._peer.secured)
        dialogue = begin(mechanism, self._role.user, self._role.password)
        response = _encoded(next(dialogue))
        await self._peer.send(_attempt(namespace, mechanism, response))
        await self._converse(dialogue, namespace)
        if mechanism in SCRAM and getgeneratorstate(dialogue) != GEN_CLOSED:
            # Whoever says success without a proof may be anybody (RFC 5802 §3).
            raise NotAdmittedError("the server does not prove that it knows the password")
        if by_sasl2:
            return await self._next("features", ns.STREAMS)
        return await self._open_stream()

    async def _converse(self, dialogue: Dialogue, namespace: str) -> None:
        while True:
            frame = await self._next("success", namespace, "challenge", "failure", "continue")
            if frame.kind == "failure":
                raise NotAdmittedError(f"the login was refused: {condition(frame)}")
            if frame.kind == "continue":
                raise NotAdmittedError("the server wants more than a password")
            said = _payload(frame)
            response = b""
            with suppress(StopIteration):
                if said or frame.kind == "challenge":
                    response = dialogue.send(said)
            if frame.kind == "success":
                return
            text = b64encode(response).decode()
            await self._peer.send(f"<response xmlns='{namespace}'>{text}</response>")

    # --- the resource

    async def _bind(self) -> str:
        """Bind the recorded resource; the JID that the server makes of it."""
        wanted = self._role.resource
        content = f"<resource>{escape(wanted)}</resource>" if wanted else ""
        await self._peer.send(
            f"<iq type='set' id='{_BIND_ID}'><bind xmlns='{BIND}'>{content}</bind></iq>"
        )
        while (answer := await self._next("iq", None, "presence", "message")).id != _BIND_ID:
            pass
        if answer.type != "result":
            raise NotAdmittedError(f"the server binds no resource: {condition(answer)}")
        return next(iter(_texts(answer, f"{{{BIND}}}jid")), "")


def condition(frame: Frame) -> str:
    """The condition that an error or a failure names, and its text."""
    tree = read(frame).tree
    elements = [] if tree is None else list(tree.iterdescendants("{*}*"))
    names = [str(each.tag).rpartition("}")[2] for each in elements]
    named = [name for name in names if name not in ("error", "text")]
    texts = [each.text for each, name in zip(elements, names, strict=True) if name == "text"]
    words = next((text for text in texts if text), "")
    return (named[0] if named else frame.kind) + (f" ({words})" if words else "")


def _attempt(namespace: str, mechanism: str, response: str) -> str:
    if namespace == ns.SASL:
        return f"<auth xmlns='{namespace}' mechanism='{mechanism}'>{response}</auth>"
    return (
        f"<authenticate xmlns='{namespace}' mechanism='{mechanism}'>"
        f"<initial-response>{response}</initial-response></authenticate>"
    )


def _payload(frame: Frame) -> bytes:
    """What a challenge or success carries; empty when that is nothing."""
    if frame.xmlns == ns.SASL2 and frame.kind == "success":
        text = next(iter(_texts(frame, f"{{{ns.SASL2}}}additional-data")), "")
    else:
        text = read(frame).text
    try:
        return b64decode("" if text.strip() == "=" else text)
    except ValueError as error:
        raise NotAdmittedError("the server's login is no base64") from error


def _encoded(response: bytes) -> str:
    """A response as it is written; `=` is an empty one (RFC 6120 §6.4.2)."""
    return b64encode(response).decode() or "="


def _texts(frame: Frame, tag: str) -> Sequence[str]:
    tree = read(frame).tree
    return [] if tree is None else [(found.text or "").strip() for found in tree.iter(tag)]
