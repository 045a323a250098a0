"""Login: how a live client comes to its session, by a negotiation of its own (RFC 6120 §4-7).

What is offered is what was recorded, as far as it can be honoured; who logs in, how, and with
which resource is the live client's choice.
"""

import secrets
import ssl
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from lxml import etree

from xmppspy.analysis.words import counted
from xmppspy.bridge.credentials import Accounts
from xmppspy.protocol import answers
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.quoting import escape, quoteattr
from xmppspy.protocol.stanza import read
from xmppspy.protocol.tokens import children
from xmppspy.replay import greeting, legacy
from xmppspy.replay.casting import Character
from xmppspy.replay.live_sm import LiveSM, attribute, failure
from xmppspy.replay.mechanisms import Login, LoginRefusedError, begin
from xmppspy.replay.offer import BIND, BIND2, Offer
from xmppspy.replay.peer import Peer
from xmppspy.replay.recording import Part
from xmppspy.replay.remap import Remap

AUTH: Final = "jabber:iq:auth"

ATTEMPTS: Final = 5
"""Login attempts on one stream."""

_NAMED: Final = 10
"""Recorded accounts that are named to a person whose client has another one."""

_SM: Final = frozenset({ns.SM, ns.SM_OLD})


class StreamRefusedError(Exception):
    """The client gets a stream error with this condition (RFC 6120 §4.9.3), and the stream ends."""

    def __init__(self, condition: str, text: str = "") -> None:
        super().__init__(text or condition)
        self.condition, self.text = condition, text


class Session(Protocol):
    """What a login leads to."""

    jid: str
    sm: LiveSM
    remap: Remap
    character: Character


class House(Protocol):
    """What a login asks of the server it belongs to."""

    passwords: Accounts

    def context(self, names: tuple[str, ...]) -> ssl.SSLContext:
        """A TLS context whose certificate is for these names."""

    def shown(self, domain: str | None, account: str | None) -> Character | None:
        """Whose recorded negotiation a client is shown."""

    def knows(self, account: str | None) -> bool:
        """Whether there is a session to play to an account; None: to an anonymous user."""

    def admit(self, account: str | None, domain: str, resource: str | None) -> Session:
        """Begin a session."""

    def resume(self, account: str | None, name: str) -> Session | None:
        """The session of that id, if it waits for this account."""

    def accounts(self) -> list[str]:
        """The recorded accounts."""

    def say(self, text: str, *, serious: bool = False, wrong: bool = False) -> None:
        """Tell a person; `wrong` is what has gone wrong."""


class Admission:
    """Leads one client from its first byte to its session.

    `run` raises StreamRefusedError when the client does what it must not, PeerError when it is
    gone, and returns None when it leaves in order.
    """

    def __init__(self, peer: Peer, house: House, address: str) -> None:
        self._peer, self._house, self._address = peer, house, address
        self._domain = ""
        self._account: str | None = None
        self._admitted = False  # the login succeeded; there is no session yet
        self._stream_id = ""
        self._attempts = 0
        self._context: StreamContext = DEFAULT_CONTEXT
        self.opened = False
        """Whether a stream header has been sent."""

    async def run(self) -> Session | None:
        """Negotiate until there is a session."""
        hello = await self._peer.hello()
        if hello is not None:
            await self._start_tls(hello.server_name)
        while True:
            frame = await self._peer.receive()
            if frame is None or frame.kind == "/stream":
                return None
            session = await self._take(frame)
            if session is not None:
                return session

    async def _take(self, frame: Frame) -> Session | None:
        if frame.kind == "stream":
            await self._greet(frame)
        elif not self.opened:
            raise StreamRefusedError("not-well-formed" if frame.flaw else "invalid-xml")
        elif (frame.kind, frame.xmlns) == ("starttls", ns.TLS) and not self._peer.secured:
            await self._peer.send(answers.PROCEED)
            await self._start_tls(None)
        elif frame.xmlns == ns.SASL and frame.kind == "auth" and not self._admitted:
            await self._sasl(frame)
        elif frame.xmlns == ns.SASL2 and frame.kind == "authenticate" and not self._admitted:
            return await self._sasl2(frame)
        elif frame.kind == "handshake" and self._context.content == ns.COMPONENT_ACCEPT:
            return await self._handshake(frame)
        elif frame.kind == "iq" and AUTH in frame.ns and not self._admitted:
            return await self._legacy(frame)
        elif self._admitted and frame.kind == "iq" and BIND in frame.ns:
            return await self._bind(frame)
        elif self._admitted and frame.xmlns in _SM and frame.kind == "resume":
            return await self._resume(frame)
        else:
            raise StreamRefusedError("not-authorized")
        return None

    async def _start_tls(self, sni: str | None) -> None:
        shown = self._house.shown(self._domain or sni, None)
        recorded = shown.script.identity.domain if shown else None
        names = (self._domain, sni, recorded, self._address)
        wanted = tuple(dict.fromkeys(name for name in names if name))
        await self._peer.start_tls(self._house.context(wanted), server_side=True)

    # --- streams

    async def _greet(self, frame: Frame) -> None:
        """Answer a stream header with header and features."""
        account = self._account or frame.from_
        shown = self._house.shown(frame.to, account)
        part = shown.first if shown else None
        self._domain = frame.to or (shown.script.identity.domain if shown else None) or ""
        self._stream_id = secrets.token_hex(8)
        header, self._context = greeting.header(part, frame, self._stream_id, self._domain)
        features = b""
        if attribute(frame, "version") and frame.context.content == ns.CLIENT:
            features = self._features(part)
        self.opened = True
        await self._peer.send(header + features)

    def _features(self, part: Part | None) -> bytes:
        offer = Offer(with_passwords=bool(self._house.passwords))
        stage = greeting.Stage(admitted=self._admitted, secured=self._peer.secured)
        features = greeting.features(part, self._context, stage, offer)
        if offer.left_out:
            self._house.say(f"not offered: {', '.join(offer.left_out)}")
        return features

    # --- logins

    async def _sasl(self, frame: Frame) -> None:
        async def ask(challenge: bytes) -> bytes:
            text = b64encode(challenge).decode()
            await self._peer.send(f"<challenge xmlns='{ns.SASL}'>{text}</challenge>")
            response = await self._peer.require("a response")
            if (response.kind, response.xmlns) != ("response", ns.SASL):
                raise LoginRefusedError("aborted")
            return _decoded(read(response).text) or b""

        try:
            initial = _decoded(read(frame).text)
            login = await self._log_in(attribute(frame, "mechanism") or "", initial, ask)
        except LoginRefusedError as refused:
            await self._refuse(refused, ns.SASL)
            return
        final = b64encode(login.final).decode()
        await self._peer.send(f"<success xmlns='{ns.SASL}'>{final}</success>")

    async def _sasl2(self, frame: Frame) -> Session | None:
        """The exchange of XEP-0388, with Bind 2 (XEP-0386) or a resumption in it."""

        async def ask(challenge: bytes) -> bytes:
            text = b64encode(challenge).decode()
            await self._peer.send(f"<challenge xmlns='{ns.SASL2}'>{text}</challenge>")
            response = await self._peer.require("a response")
            if (response.kind, response.xmlns) != ("response", ns.SASL2):
                raise LoginRefusedError("aborted")
            return _decoded(read(response).text) or b""

        tree = read(frame).tree
        try:
            first = None if tree is None else tree.find(f"{{{ns.SASL2}}}initial-response")
            initial = None if first is None else _decoded(first.text or "=")
            login = await self._log_in(attribute(frame, "mechanism") or "", initial, ask)
        except LoginRefusedError as refused:
            await self._refuse(refused, ns.SASL2)
            return None
        return await self._succeed(tree, login)

    async def _log_in(
        self, mechanism: str, initial: bytes | None, ask: Callable[[bytes], Awaitable[bytes]]
    ) -> Login:
        self._attempts += 1
        if self._attempts > ATTEMPTS:
            raise StreamRefusedError("policy-violation", "too many attempts to log in")
        dialogue = begin(mechanism, self._domain, self._house.passwords)
        challenge = next(dialogue)
        try:
            while True:
                response = await ask(challenge) if initial is None else initial
                initial = None
                challenge = dialogue.send(response)
        except StopIteration as ended:
            login: Login = ended.value
        if not self._is_known(login.account):
            raise LoginRefusedError("not-authorized")
        self._account, self._admitted = login.account, True
        return login

    def _is_known(self, account: str | None) -> bool:
        """Whether there is something to play to an account; tells a person when there is not."""
        known = self._house.knows(account)
        if not known:
            accounts = self._house.accounts()
            held = ", ".join(accounts[:_NAMED])
            if len(accounts) > _NAMED:
                held += f" and {counted(len(accounts) - _NAMED, 'other')}"
            self._house.say(f"{account} is not in the recording, which holds {held}", serious=True)
        return known

    async def _refuse(self, refused: LoginRefusedError, namespace: str) -> None:
        self._house.say(f"a login was refused: {refused.condition}", wrong=True)
        condition = f"<{refused.condition} xmlns='{ns.SASL}'/>"
        await self._peer.send(f"<failure xmlns='{namespace}'>{condition}</failure>")

    async def _succeed(self, tree: etree._Element | None, login: Login) -> Session | None:
        """Say success with all that was done besides, then the features (XEP-0388 §2.6)."""
        session: Session | None = None
        inline = b""
        replay = b""
        bind = None if tree is None else tree.find(f"{{{BIND2}}}bind")
        resume = None if tree is None else tree.find(f"{{{ns.SM}}}resume")
        if resume is not None:
            session, inline = self._resumption(
                resume.get("previd") or "", resume.get("h") or "", ns.SM
            )
            replay = b"".join(session.sm.unconfirmed()) if session else b""
        if session is None and bind is not None:
            session = self._house.admit(self._account, self._domain, None)
            inline += self._bound(session, bind)
        jid = session.jid if session else self._account or ""
        success = f"<success xmlns='{ns.SASL2}'>"
        if login.final:
            success += f"<additional-data>{b64encode(login.final).decode()}</additional-data>"
        success += f"<authorization-identifier>{escape(jid)}</authorization-identifier>"
        shown = self._house.shown(self._domain, self._account)
        features = self._features(shown.first if shown else None)
        await self._peer.send(success.encode() + inline + b"</success>" + features + replay)
        return session

    def _bound(self, session: Session, bind: etree._Element) -> bytes:
        """What Bind 2 has done: what was recorded, with stream management as it is now."""
        content = b""
        for turn in session.character.first.negotiation:
            if turn.dir == "s2c" and turn.record.kind == "success":
                content = _recorded_bound(turn.record.data)
        enable = bind.find(f"{{{ns.SM}}}enable")
        if enable is not None:
            resume = enable.get("resume") in ("true", "1")
            content += session.sm.begin(ns.SM, resume=resume)
        return f"<bound xmlns='{BIND2}'>".encode() + session.remap.to_live(content) + b"</bound>"

    # --- sessions

    async def _bind(self, frame: Frame) -> Session:
        """Bind the wanted resource, or the recorded one (RFC 6120 §7)."""
        tree = read(frame).tree
        found = None if tree is None else next(tree.iter(f"{{{BIND}}}resource"), None)
        wanted = (found.text or "").strip() if found is not None else ""
        session = self._house.admit(self._account, self._domain, wanted or None)
        name = "" if frame.id is None else f" id={quoteattr(frame.id)}"
        await self._peer.send(
            f"<iq type='result'{name}><bind xmlns='{BIND}'>"
            f"<jid>{escape(session.jid)}</jid></bind></iq>"
        )
        return session

    async def _resume(self, frame: Frame) -> Session | None:
        previd, h = attribute(frame, "previd") or "", attribute(frame, "h") or ""
        session, answer = self._resumption(previd, h, frame.xmlns or ns.SM)
        again = session.sm.unconfirmed() if session else ()
        await self._peer.send(answer + b"".join(again))
        return session

    def _resumption(self, previd: str, h: str, namespace: str) -> tuple[Session | None, bytes]:
        session = self._house.resume(self._account, previd)
        if session is None:
            return None, failure(namespace, "item-not-found")
        if h.isascii() and h.isdigit():
            session.sm.confirm(int(h))
        return session, session.sm.resumed()

    async def _legacy(self, frame: Frame) -> Session | None:
        """Log in the old way (XEP-0078)."""
        tree = read(frame).tree
        name = quoteattr(frame.id or "")
        if frame.type == "get" or tree is None:
            fields = "<username/><password/><digest/><resource/>"
            await self._peer.send(
                f"<iq type='result' id={name}><query xmlns='{AUTH}'>{fields}</query></iq>"
            )
            return None
        told = {each: (tree.findtext(f".//{{{AUTH}}}{each}") or "") for each in _LEGACY}
        account = f"{told['username']}@{self._domain}"
        proof = legacy.Proof(told["password"], told["digest"])
        is_right = legacy.checks(self._house.passwords, account, self._stream_id, proof)
        if not is_right or not self._is_known(account):
            self._house.say("a login was refused: not-authorized", wrong=True)
            error = f"<error type='auth'><not-authorized xmlns='{ns.STANZA_ERRORS}'/></error>"
            await self._peer.send(f"<iq type='error' id={name}>{error}</iq>")
            return None
        self._account, self._admitted = account, True
        session = self._house.admit(account, self._domain, told["resource"] or None)
        await self._peer.send(f"<iq type='result' id={name}/>")
        return session

    async def _handshake(self, frame: Frame) -> Session:
        """Let a component in (XEP-0114)."""
        proof = legacy.Proof(digest=read(frame).text.strip())
        if not legacy.checks(self._house.passwords, self._domain, self._stream_id, proof):
            raise StreamRefusedError("not-authorized")
        self._account = self._domain
        session = self._house.admit(self._domain, self._domain, None)
        await self._peer.send("<handshake/>")
        return session


_LEGACY: Final = ("username", "password", "digest", "resource")


def _decoded(text: str) -> bytes | None:
    """A SASL payload; None when there is none, `=` stands for an empty one."""
    text = text.strip()
    if not text:
        return None
    if text == "=":
        return b""
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise LoginRefusedError("incorrect-encoding") from error


def _recorded_bound(success: bytes) -> bytes:
    """What the recorded `<bound/>` holds, but for stream management."""
    for child in children(success):
        if child.name.rpartition(b":")[2] == b"bound":
            bound = success[child.start : child.stop]
            pieces = [bound[each.start : each.stop] for each in children(bound)]
            return b"".join(each for each in pieces if ns.SM.encode() not in each)
    return b""
