import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from textwrap import dedent

import pytest

from tests.proxy.scripts.staging import HANG, eventually
from tests.scripting.staging import MESSAGE, frame_of
from xmppspy.intervene.records import record_of
from xmppspy.proxy.scripts.process import ScriptProcess
from xmppspy.scripting import messages


class _Run:
    """A process, and what became of it."""

    def __init__(
        self, process: ScriptProcess, said: list[messages.FromScript], ended: list[str]
    ) -> None:
        self.process, self.said, self.ended = process, said, ended

    def say(self, *said: messages.ToScript) -> None:
        for message in said:
            self.process.send(message)

    async def hears(self, count: int) -> list[messages.FromScript]:
        """The first things that were said."""
        await eventually(lambda: len(self.said) >= count)
        return self.said

    async def end(self) -> str:
        """How it has ended."""
        await eventually(lambda: bool(self.ended))
        (reason,) = self.ended
        return reason


@asynccontextmanager
async def _running(folder: Path, text: str) -> AsyncIterator[_Run]:
    said: list[messages.FromScript] = []
    ended: list[str] = []
    process = await ScriptProcess.start(str(folder / "play.py"), 5.0, said.extend, ended.append)
    run = _Run(process, said, ended)
    run.say(messages.Load(dedent(text).encode()))
    try:
        await run.hears(1)
        yield run
    finally:
        process.kill("the test is over")
        await run.end()


def _ask() -> messages.Ask:
    return messages.Ask.about(1, record_of(1, "c2s", frame_of(MESSAGE), 0.0))


def test_a_conversation(tmp_path: Path) -> None:
    """What is said is answered in order; it ends when nothing more is said to it."""

    async def scene() -> None:
        async with _running(tmp_path, "def stanza(s, session): return s.drop()") as run:
            run.say(messages.Open(1, "c:1"), _ask(), _ask())
            run.process.close()

            assert await run.hears(4) == [
                messages.Loaded(judges=True),
                messages.Done(),
                messages.Answer(drops=True),
                messages.Answer(drops=True),
            ]
            assert await run.end() == "ended by itself, with code 0"
            run.say(_ask())
            run.process.close()

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("os._exit(3)", "ended by itself, with code 3"),
        ("os.kill(os.getpid(), 11)", "ended by SIGSEGV"),
    ],
)
def test_how_it_ends(tmp_path: Path, statement: str, reason: str) -> None:
    """A crash is told, behind all that was said before."""
    text = f"""
        import os
        def stanza(s, session):
            session.note("last words")
            {statement}
    """

    async def scene() -> None:
        async with _running(tmp_path, text) as run:
            run.say(_ask())

            assert await run.end() == reason
            assert run.process.is_gone
            assert run.said[1:] == [messages.Note(1, "last words")]

    asyncio.run(scene())


def test_a_hanging_one_is_killed(tmp_path: Path) -> None:
    """With the reason that it was killed for, the first of several."""

    async def scene() -> None:
        async with _running(tmp_path, f"def connected(session): {HANG}") as run:
            run.say(messages.Open(1, "c:1"))
            run.process.kill("took too long")
            run.process.kill("was not liked")

            assert await run.end() == "took too long"

    asyncio.run(scene())


def test_what_it_has_started_ends_with_it(tmp_path: Path) -> None:
    """Processes of the script's own are not left behind, even where they hold its pipes."""
    text = """
        import os, time
        def connected(session):
            child = os.fork()
            if not child:
                time.sleep(1000)
            session.note(child)
            os._exit(0)
    """

    async def scene() -> None:
        async with _running(tmp_path, text) as run:
            run.say(messages.Open(1, "c:1"))
            await run.end()
            note = run.said[1]
            assert isinstance(note, messages.Note)

            await eventually(lambda: _has_ended(int(note.text)))

    asyncio.run(scene())


def _has_ended(pid: int) -> bool:
    """Whether a process is gone; one that nobody has asked about stays as a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_nonsense_ends_it(tmp_path: Path) -> None:
    """A process that says what is no message is not listened to any more."""
    text = """
        import os
        def connected(session):
            for descriptor in range(3, 20):
                try: os.write(descriptor, b"nonsense\\n")
                except OSError: pass
    """

    async def scene() -> None:
        async with _running(tmp_path, text) as run:
            run.say(messages.Open(1, "c:1"))

            assert await run.end() == "said what nobody understands"

    asyncio.run(scene())


def test_endless_messages_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line without end does not fill the memory."""
    monkeypatch.setattr("xmppspy.proxy.scripts.process.MAX_LINE", 100_000)

    async def scene() -> None:
        async with _running(tmp_path, "def connected(session): session.note('x' * 300_000)") as run:
            run.say(messages.Open(1, "c:1"))

            assert await run.end() == "said more than 100,000 bytes in one line"

    asyncio.run(scene())


def test_ctrl_c_is_not_for_it(tmp_path: Path) -> None:
    """It is in a process group of its own."""

    async def scene() -> None:
        async with _running(tmp_path, "import os\ndef connected(s): s.note(os.getpgid(0))") as run:
            run.say(messages.Open(1, "c:1"))
            note = (await run.hears(2))[1]
            assert isinstance(note, messages.Note)

            assert int(note.text) != os.getpgid(0)

    asyncio.run(scene())
