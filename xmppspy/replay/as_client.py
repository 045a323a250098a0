"""A recording played as its clients, against a live server."""

# Theory of operation
#
# What all played clients did and heard stands in one list of steps, in the order of the recording.
# The list is walked once. In lock-step, nothing is said before everything that came earlier in the
# recording, to whichever client, has come again: so each client says what it said knowing what it
# knew, and a chat of two goes to and fro as it did. With `--timed`, the recorded times alone decide.
#
# Each client listens in a task of its own. It matches what comes with what was recorded, so nothing
# here depends on the order in which the server says things.
#
# Every wait has a limit, counted from the last thing that came. When it is over, what is missing
# is said, and the play goes on. A client that waited in vain waits less until something recorded
# comes to it again: else a server that says nothing would be waited for once for each stanza.

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from xmppspy.analysis.words import counted
from xmppspy.errors import PeerError, UpstreamError
from xmppspy.protocol.events import FrameRecord, Side
from xmppspy.replay.client_sasl import NotAdmittedError
from xmppspy.replay.difference import Difference, Judge
from xmppspy.replay.expectations import Expectations
from xmppspy.replay.normal import Selector
from xmppspy.replay.peer import LIMIT, Peer
from xmppspy.replay.performer import Performer
from xmppspy.replay.remap import Remap
from xmppspy.replay.roles import Cast, Role
from xmppspy.replay.scene import describe
from xmppspy.replay.steps import Act, Step, steps
from xmppspy.replay.tape import Tape, Track

PATIENCE: Final = 10.0
"""Seconds that a wait takes at most."""

IMPATIENCE: Final = 1.0
"""Seconds that a wait takes at most after one that was in vain."""

_TOLD: Final = 5


class Connection(Protocol):
    """An open connection to the server."""

    @property
    def sock(self) -> socket.socket:
        """Non-blocking."""

    @property
    def direct_tls(self) -> bool:
        """Whether TLS comes first (XEP-0368)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How clients come to the server."""

    connect: Callable[[str | None], Awaitable[Connection]]
    """Connects to the server of a domain. Raises UpstreamError."""
    context: Callable[[bool], ssl.SSLContext]
    """The TLS context, for TLS that comes first (True) or by STARTTLS."""
    in_the_clear: bool = False
    """Whether a server without TLS will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a recording is played."""

    timed: bool = False
    """By the recorded times; in lock-step otherwise."""
    speed: float = 1.0
    """Recorded delays are divided by it; infinite for none. For what is timed."""
    patience: float = PATIENCE
    compare: bool = True
    ignore: Selector | None = None
    """Finds what is not to be compared."""


class AsClient:
    """Plays the roles of a cast. `run` once; afterwards its attributes tell how it was.

    `say` is told what happens, `warn` what is not played as it was recorded, one line each;
    `differs` each difference as it is found.
    """

    def __init__(
        self,
        cast: Cast,
        way: Way,
        manner: Manner | None = None,
        *,
        say: Callable[[str], None] = lambda _: None,
        warn: Callable[[str], None] = lambda _: None,
        differs: Callable[[Difference], None] = lambda _: None,
        tape: Tape | None = None,
    ) -> None:
        self.said = 0
        """Stanzas and the like that were said."""
        self.differences = 0
        self.left_out: list[str] = list(cast.left_out)
        """Who was not played, or not to the end; one sentence each."""
        self._cast, self._way, self._manner = cast, way, manner or Manner()
        self._say, self.warn, self._differs, self._tape = say, warn, differs, tape
        self._judge = Judge(cast.names, self._manner.ignore) if self._manner.compare else None
        self._stirred = asyncio.Event()
        self._listening: dict[Performer, asyncio.Task[None]] = {}
        self._performers: dict[Role, Performer] = {}
        self._expectations: dict[Role, Expectations] = {}
        self._tracks: dict[Role, Track] = {}
        self._played: set[int] = set()  # the recorded connections
        self._speaking: Performer | None = None
        self._start: tuple[float, float] | None = None  # one moment, then and now
        self._in_vain: dict[Performer, int] = {}  # how much it had recognized when it gave up
        self._has_hinted = False

    @property
    def heard(self) -> int:
        """Recorded stanzas that came again."""
        return sum(each.heard for each in self._expectations.values())

    @property
    def expected(self) -> int:
        """Recorded stanzas that are heard again when all goes well."""
        return sum(each.expected for each in self._expectations.values())

    @property
    def succeeded(self) -> bool:
        """Whether everybody played to the end, and nothing differed."""
        return not self.left_out and not self.differences

    async def run(self) -> None:
        """Play to the end; whatever goes wrong is said."""
        for sentence in self.left_out:
            self.warn(sentence)
        play = steps(self._cast.roles)
        self._prepare(play)
        try:
            async with asyncio.TaskGroup() as tasks:
                for step in play:
                    await self._take(step, tasks)
        finally:
            for performer in self._performers.values():
                performer.abort()
            for track in self._tracks.values():
                track.closed("client", "the replay was stopped")

    def _prepare(self, play: Sequence[Step]) -> None:
        """Tell everybody what is to be heard."""
        for role in self._cast.roles:
            remap = Remap(self._cast.remap)
            expectations = Expectations(role.character, remap, self._judge, self._differ)
            self._expectations[role] = expectations
            self._played.update(part.conn for part in role.character.parts)
        for step in play:
            if step.act in (Act.HEAR, Act.OVERHEAR) and step.record is not None:
                self._expectations[step.role].expect(step.record, surely=step.act is Act.HEAR)

    # --- steps

    async def _take(self, step: Step, tasks: asyncio.TaskGroup) -> None:
        if step.act is Act.HEAR:
            self._hear(step)
        elif step.act is Act.ENTER or (
            step.act is not Act.OVERHEAR and step.role in self._performers
        ):
            await self._do(step, tasks)

    async def _do(self, step: Step, tasks: asyncio.TaskGroup) -> None:
        """Do something of one's own, when it is time."""
        if self._manner.timed:
            await self._wait_until(step.t)
        else:
            await self._settle(self._performers.values())
        if step.act is Act.ENTER:
            await self._enter(step.role, tasks)
        elif step.act is Act.LEAVE:
            await self._leave(step.role)
        elif step.record is not None:
            await self._speak(self._performers[step.role], step.record)

    def _hear(self, step: Step) -> None:
        performer = self._performers.get(step.role)
        if performer is None or step.record is None:
            return
        if step.cause is None or step.cause in self._played:
            performer.expectations.wait_for(step.record)

    async def _speak(self, performer: Performer, record: FrameRecord) -> None:
        if performer is not self._speaking:
            await self._flush()
            self._speaking = performer
        self.said += await performer.say(record)

    async def _flush(self) -> None:
        if self._speaking is not None:
            await self._speaking.flush()
            self._speaking = None

    # --- waiting

    async def _wait_until(self, t: float) -> None:
        """Wait until something recorded at `t` is due."""
        now = time.monotonic()
        if self._start is None:
            self._start = t, now
        then, begun = self._start
        due = begun + (t - then) / self._manner.speed
        if due > now:
            await self._flush()
            await asyncio.sleep(due - now)

    async def _settle(self, performers: Iterable[Performer]) -> None:
        """Wait until all that came earlier in the recording has come again, or the limit is over."""
        performers = list(performers)
        if not any(each.waits for each in performers):
            return
        await self._flush()
        begin, heard = time.monotonic(), self.heard
        while waiting := [each for each in performers if each.waits]:
            if self.heard > heard:
                begin, heard = time.monotonic(), self.heard
            limit = begin + max(map(self._patience, waiting))
            if not await self._is_stirred(limit - time.monotonic()):
                break
        for performer in performers:
            self._give_up(performer)

    def _patience(self, performer: Performer) -> float:
        """Seconds that are waited for what one client is to hear."""
        if self._in_vain.get(performer) == performer.expectations.recognized:
            return min(self._manner.patience, IMPATIENCE)
        return self._manner.patience

    async def _is_stirred(self, limit: float) -> bool:
        """Wait until something comes; False when nothing does."""
        self._stirred.clear()
        try:
            async with asyncio.timeout(max(limit, 0)):
                await self._stirred.wait()
        except TimeoutError:
            return False
        return True

    def _give_up(self, performer: Performer) -> None:
        is_in_vain, patience = performer.waits, self._patience(performer)
        missing = performer.give_up()
        if is_in_vain:
            self._in_vain[performer] = performer.expectations.recognized
        if not missing:
            return
        why = performer.gone or self._too_late(patience)
        for record in missing[:_TOLD]:
            self.warn(f"{performer.role.name} goes on without {describe(record)}: {why}")
        if len(missing) > _TOLD:
            self.warn(f"{performer.role.name} goes on without {len(missing) - _TOLD} more: {why}")

    def _too_late(self, patience: float) -> str:
        hint = "" if self._has_hinted else " (--wait SECONDS sets how long is waited)"
        self._has_hinted = True
        return f"it did not come within {patience:g} s{hint}"

    def stir(self) -> None:
        """Something has come, or a client is gone."""
        self._stirred.set()

    def _differ(self, difference: Difference) -> None:
        self.differences += 1
        self._differs(difference)

    # --- entrances and exits

    async def _enter(self, role: Role, tasks: asyncio.TaskGroup) -> None:
        try:
            performer, jid = await self._admit(role)
        except (NotAdmittedError, PeerError, UpstreamError) as error:
            self._played.difference_update(part.conn for part in role.character.parts)
            sentence = f"{role.name} does not get in: {error}"
            self.left_out.append(sentence)
            self.warn(sentence)
            return
        recorded = role.character.full or role.character.account
        if recorded is not None:
            wanted = jid if "/" in recorded else jid.partition("/")[0]
            self._cast.move(recorded, wanted)
        self._performers[role] = performer
        self._listening[performer] = tasks.create_task(performer.listen(), name=f"listen {jid}")
        self._say(f"{jid} is in, and plays {recorded or 'whom the capture does not name'}")

    async def _admit(self, role: Role) -> tuple[Performer, str]:
        connection = await self._way.connect(role.domain)
        reader, writer = await asyncio.open_connection(sock=connection.sock)
        track = self._track(role, writer)
        peer = Peer(reader, writer, max(self._manner.patience, LIMIT), watch=track)
        expectations = self._expectations[role]
        performer = Performer(role, peer, expectations, self)
        try:
            jid = await performer.enter(
                self._way.context,
                direct_tls=connection.direct_tls,
                in_the_clear=self._way.in_the_clear,
            )
        except BaseException:
            peer.abort()
            if track is not None:
                track.closed("client", "it did not get in")
            raise
        return performer, jid

    def _track(self, role: Role, writer: asyncio.StreamWriter) -> Track | None:
        if self._tape is None:
            return None
        ends = (writer.get_extra_info(name) for name in ("sockname", "peername"))
        client, server = (
            f"[{end[0]}]:{end[1]}" if ":" in end[0] else f"{end[0]}:{end[1]}" for end in ends
        )
        track = self._tape.track(Side.CLIENT, client=client, server=server)
        self._tracks[role] = track
        return track

    async def _leave(self, role: Role) -> None:
        performer = self._performers[role]
        await self._flush()
        if self._manner.timed:
            await self._settle([performer])
        await performer.leave()
        end = time.monotonic() + self._manner.patience
        while performer.gone is None and await self._is_stirred(end - time.monotonic()):
            pass
        if performer.gone is None:
            self.warn(f"{role.name}: the server does not end its stream; going on without it")
        self._listening.pop(performer).cancel()
        await performer.close()
        if performer.unsaid:
            unsaid = counted(performer.unsaid, "stanza")
            sentence = f"{role.name} could not say {unsaid}: {performer.gone}"
            self.left_out.append(sentence)
            self.warn(sentence)
        if role in self._tracks:
            self._tracks[role].closed("client", "the recording is over")
        self._give_up(performer)
