"""A floor without connections, where a script can act, and what it does there."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from tests.scripting.staging import MESSAGE, frame_of
from xmppspy.intervene.orders import Asker
from xmppspy.intervene.records import record_of
from xmppspy.protocol.events import ConnectionOpened, Direction, Side
from xmppspy.protocol.verdicts import End, Verdict
from xmppspy.proxy.scripts.runner import Scripts

LIMIT = 20.0
"""Seconds that anything awaited here may take."""

HANG = "sum(range(10 ** 15))"
"""What never ends, and does not come back to Python."""


@dataclass
class Floor:
    """What a script has done."""

    settled: dict[int, Verdict] = field(default_factory=dict)
    """Verdicts by tickets, in their order."""
    asker: Asker | None = None
    """Who is asked about frames."""
    injected: list[tuple[int, Side, bytes]] = field(default_factory=list)
    ended: list[tuple[int, End, str]] = field(default_factory=list)
    notes: list[tuple[int | None, str]] = field(default_factory=list)
    has_streams: bool = True

    def consult(self, asker: Asker | None) -> None:
        """Take who is to be asked."""
        self.asker = asker

    def settle(self, conn: int, answers: Iterable[tuple[int, Verdict]]) -> None:
        """Take answers."""
        self.settled |= dict(answers)

    def inject(self, conn: int, to: Side, data: bytes) -> bool:
        """Take elements."""
        self.injected.append((conn, to, data))
        return self.has_streams

    def end(self, conn: int, how: End, reason: str) -> None:
        """Take an end."""
        self.ended.append((conn, how, reason))

    def note(self, text: str, conn: int | None = None) -> None:
        """Take a note."""
        self.notes.append((conn, text))

    def now(self) -> float:
        """The time."""
        return asyncio.get_running_loop().time()


@dataclass
class Stage:
    """A running script and its floor."""

    path: Path
    scripts: Scripts
    floor: Floor
    told: list[str]

    def is_asked(self) -> bool:
        """Whether the script is asked about frames."""
        return self.floor.asker is self.scripts

    def save(self, text: str) -> None:
        """Save another version, the way editors do."""
        other = self.path.with_suffix(".new")
        other.write_text(dedent(text))
        other.replace(self.path)

    def ask(self, xml: bytes = MESSAGE, conn: int = 1, direction: Direction = "c2s") -> int:
        """Ask about a stanza; its ticket."""
        now = self.floor.now()
        asked = self.scripts.ask(record_of(conn, direction, frame_of(xml), now), now)
        assert asked is not None
        return asked.ticket

    async def verdict(self, xml: bytes = MESSAGE) -> Verdict:
        """Ask about a stanza, and wait for the answer."""
        ticket = self.ask(xml)
        await eventually(lambda: ticket in self.floor.settled)
        return self.floor.settled[ticket]

    def open(self, conn: int = 1) -> None:
        """A connection begins."""
        self.scripts.see(ConnectionOpened(t=0.0, conn=conn, client="c:1", server="s"))

    async def hears(self, text: str) -> str:
        """Wait for a line that holds a text, and give it."""
        await eventually(lambda: any(text in line for line in self.told))
        return next(line for line in self.told if text in line)


async def eventually(true: Callable[[], bool]) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(LIMIT):
        while not true():  # noqa: ASYNC110 - it may be anything, and another process needs time
            await asyncio.sleep(0.002)


@asynccontextmanager
async def stage(folder: Path, text: str, limit: float = 5.0) -> AsyncIterator[Stage]:
    """Run a script until the block ends."""
    path = folder / "play.py"
    path.write_text(dedent(text))
    told: list[str] = []
    scripts, floor = Scripts(str(path), told.append, limit=limit), Floor()
    await scripts.start(floor)
    try:
        yield Stage(path, scripts, floor, told)
    finally:
        await scripts.stop()
