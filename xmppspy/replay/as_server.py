"""A recording played as the server: real clients connect and meet the server that was recorded."""

import asyncio
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from xmppspy.bridge.credentials import Accounts
from xmppspy.errors import ListenError, PeerError
from xmppspy.protocol import answers
from xmppspy.protocol.context import DEFAULT_CONTEXT
from xmppspy.protocol.events import Side
from xmppspy.replay.casting import THE_END, Casting, Character
from xmppspy.replay.live_session import LEAVING, STREAM_END, LiveSession
from xmppspy.replay.login import Admission, Session, StreamRefusedError
from xmppspy.replay.peer import Peer
from xmppspy.replay.recording import Recording
from xmppspy.replay.remap import Remap
from xmppspy.replay.scene import Pace
from xmppspy.replay.tape import Tape, Track

LOGIN_LIMIT: Final = 120.0
"""Seconds that a client may take for each step of its login: a person may have to look at a
certificate first."""

GRACE: Final = 1.0
"""Seconds that a recorded client who has not come yet may keep the others waiting, once."""

_REMEMBERED: Final = 1000
"""Remarks that are not repeated."""


class AsServer:
    """Plays the sessions of a recording to whoever connects.

    `start`, then `stop`; in between everything happens by itself. `context` makes the TLS context
    with a certificate for the names it is given. `say` is told what happens, one line each, and
    `warn` in its place, if there is one, what goes wrong. `strict` sets `failed` when a client does
    what the recording does not hold. With `created`, the time when the recording began, the times
    in stanzas are refreshed.
    """

    def __init__(
        self,
        recording: Recording,
        context: Callable[[tuple[str, ...]], ssl.SSLContext],
        *,
        passwords: Accounts | None = None,
        pace: Pace | None = None,
        say: Callable[[str], None] = lambda _: None,
        warn: Callable[[str], None] | None = None,
        strict: bool = False,
        created: datetime | None = None,
        tape: Tape | None = None,
    ) -> None:
        self.casting = Casting(recording)
        self.passwords = passwords or Accounts()
        self.context = context
        self.pace = pace or Pace()
        self.shared = Remap()
        """What all clients know under another name today."""
        self.failed = asyncio.Event()
        self.accepted = 0
        """Connections so far."""
        self._say, self._strict, self._created, self._tape = say, strict, created, tape
        self._warn = warn or say
        self._said: set[str] = set()
        self._sessions: list[LiveSession] = []
        self._awaited: dict[int, float] = {}  # until when, by recorded connection
        self._serving: dict[Peer, asyncio.Task[None] | None] = {}
        self._listener: asyncio.Server | None = None

    # --- life

    async def start(self, host: str, port: int) -> list[str]:
        """Listen; return the addresses as HOST:PORT. Raises ListenError."""
        for sentence in self.casting.missing:
            self.say(sentence)
        if not self.passwords:
            self.say("no password is known: PLAIN with any password and ANONYMOUS are accepted")
        try:
            self._listener = await asyncio.start_server(self._serve, host, port)
        except OSError as error:
            address = _address((host, port))
            raise ListenError(address, error.strerror or str(error)) from error
        return [_address(sock.getsockname()) for sock in self._listener.sockets]

    async def stop(self) -> None:
        """Listen no more; end all streams in order."""
        if self._listener is not None:
            self._listener.close()
        peers = list(self._serving)
        await asyncio.gather(*(self._dismiss(peer) for peer in peers), return_exceptions=True)
        tasks = [task for task in self._serving.values() if task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=LEAVING)
        for peer, task in list(self._serving.items()):
            peer.abort()
            if task is not None:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _dismiss(self, peer: Peer) -> None:
        error = answers.stream_error("system-shutdown", "the replay was stopped")
        last = b"".join(each.last_words(peer) for each in self._sessions)
        await peer.send(last + error + STREAM_END)
        await peer.end()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        client = _address(writer.get_extra_info("peername"))
        here = writer.get_extra_info("sockname")
        track = None
        if self._tape is not None:
            track = self._tape.track(Side.SERVER, client=client, server=_address(here))
        peer = Peer(reader, writer, LOGIN_LIMIT, watch=track)
        self._serving[peer] = asyncio.current_task()
        try:
            await self._converse(peer, here[0].partition("%")[0])
            _end(track, "client", "ended")
        except PeerError as error:
            self.say(f"{client}: {error.reason}", wrong=True)
            _end(track, "client", error.reason)
        finally:
            _end(track, "server", "the replay was stopped")
            peer.abort()
            del self._serving[peer]

    async def _converse(self, peer: Peer, address: str) -> None:
        admission = Admission(peer, self, address)
        try:
            session = await admission.run()
            if isinstance(session, LiveSession):
                await session.play(peer)
        except StreamRefusedError as error:
            self.say(f"a stream was refused: {error}", wrong=True)
            if not admission.opened:
                await peer.send(answers.response_header(None, DEFAULT_CONTEXT, "none"))
            await peer.send(answers.stream_error(error.condition, error.text))
        with suppress(PeerError):  # all is said; how it goes from here is the client's affair
            await peer.send(STREAM_END)
            await peer.close(LEAVING)

    # --- what a login asks

    def shown(self, domain: str | None, account: str | None) -> Character | None:
        """Whose recorded negotiation a client is shown."""
        return self.casting.of_domain(domain, account)

    def knows(self, account: str | None) -> bool:
        """Whether there is a session to play to an account; None: to an anonymous user."""
        return bool(self.casting.candidates(account))

    def accounts(self) -> list[str]:
        """The recorded accounts."""
        return self.casting.accounts()

    def admit(self, account: str | None, domain: str, resource: str | None) -> Session:
        """Begin a session with the resource that the client wants, or the recorded one."""
        character = self.casting.cast(account, resource, self._plays)
        if character is None:
            raise StreamRefusedError("not-authorized", "the recording holds no session")
        bare = account or character.account or f"{id(character):x}@{domain}"
        name = resource or character.resource
        jid = f"{bare}/{name}" if name or character.script.identity.kind == "client" else bare
        if jid.endswith("/"):
            jid += "replayed"
        for each in [each for each in self._sessions if each.jid == jid]:
            each.replace()
        session = LiveSession(self, character, jid)
        self._sessions.append(session)
        conns = ", ".join(f"#{part.conn}" for part in character.parts)
        self.tell(f"{jid} is played what {character.full or character.account} met ({conns})")
        return session

    def resume(self, account: str | None, name: str) -> Session | None:
        """The session of that id, if it waits for this account."""
        for each in self._sessions:
            if each.sm.name == name and each.sm.enabled:
                owner = each.jid.partition("/")[0]
                if account is None or owner.lower() == account.lower():
                    each.detach()
                    self.tell(f"{each.jid} is back, and resumes its session")
                    return each
        return None

    def tell(self, text: str) -> None:
        """Tell a person what happens, as often as it happens."""
        self._say(text)

    def say(self, text: str, *, serious: bool = False, wrong: bool = False) -> None:
        """Tell a person; the same thing once only, unless it counts.

        `wrong` is what has gone wrong; so is what is `serious`.
        """
        if serious and self._strict:
            self.failed.set()
        if text not in self._said or serious:
            if len(self._said) >= _REMEMBERED:
                self._said.clear()
            self._said.add(text)
            (self._warn if serious or wrong else self._say)(text)

    # --- what scenes ask

    def given(self, cause: tuple[int, int]) -> bool:
        """Whether a recorded client has said something, or nobody plays it."""
        conn, n = cause
        for session in self._sessions:
            if any(part.conn == conn for part in session.character.parts):
                return n != THE_END and n in session.scene.come
        return not self._may_come(conn)

    def _may_come(self, conn: int) -> bool:
        """Whether a recorded client that is not here yet is given the time to come."""
        for character in self.casting.characters:
            if not character.played and any(part.conn == conn for part in character.parts):
                if conn not in self._awaited:
                    self._awaited[conn] = time.monotonic() + GRACE
                    asyncio.get_running_loop().call_later(GRACE, self.wake_all)
                return time.monotonic() < self._awaited[conn]
        return False

    def wake_all(self) -> None:
        """A client has said something, or left: others may have waited for it."""
        for session in self._sessions:
            session.wake.set()

    def forget(self, session: LiveSession) -> None:
        """A session is over."""
        if session in self._sessions:
            self._sessions.remove(session)
            self.wake_all()

    def shift(self, character: Character) -> timedelta | None:
        """By how much the times of a recorded session are to be moved."""
        if self._created is None:
            return None
        begun = self._created + timedelta(seconds=character.script.begin)
        return datetime.now(UTC) - begun

    def _plays(self, character: Character) -> bool:
        return any(session.character is character for session in self._sessions)


def _end(track: Track | None, by: str, reason: str) -> None:
    if track is not None:
        track.closed(by, reason)


def _address(name: tuple[str, int] | tuple[str, int, int, int] | None) -> str:
    if not name:
        return "?"
    return f"[{name[0]}]:{name[1]}" if ":" in name[0] else f"{name[0]}:{name[1]}"
