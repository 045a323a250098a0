import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from textwrap import dedent

import pytest

from tests.proxy.scripts.staging import HANG, eventually
from tests.scripting.staging import frame_of
from xmppspy.intervene.records import record_of
from xmppspy.proxy.scripts import keeper
from xmppspy.proxy.scripts.calls import Call, Question
from xmppspy.proxy.scripts.keeper import Keeper
from xmppspy.scripting.messages import Answer, Close, Deed, Known, Load, Note, Open, Reply

EXITS = """
    import os
    def connected(session): session.note(f"hello {session.jid}")
    def stanza(s, session):
        if s.match("body:exit"): os._exit(0)
        return s.note(s.body)
"""


@dataclass
class _Owner:
    """What a keeper serves, and what it has been told."""

    good: Load
    opened: list[Open] = field(default_factory=list)
    replies: list[tuple[Call, Reply]] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    interruptions: list[tuple[Call | None, str, float]] = field(default_factory=list)
    gone_on: list[Question] = field(default_factory=list)
    rests: int = 0
    goes_on: bool = True

    def now(self) -> float:
        """The time."""
        return asyncio.get_running_loop().time()

    def beginning(self) -> tuple[list[Load], list[Open]]:
        """What a new process has to be told."""
        return [self.good], self.opened

    def replied(self, call: Call, reply: Reply) -> bool:
        """Take a reply."""
        self.replies.append((call, reply))
        return True

    def done(self, deed: Deed) -> None:
        """Take a deed."""
        self.deeds.append(deed)

    def given_up(self, question: Question) -> None:
        """Take it."""
        self.gone_on.append(question)

    def rest(self) -> None:
        """Count."""
        self.rests += 1

    def interrupted(self, call: Call | None, reason: str, pause: float) -> bool:
        """Take an interruption."""
        self.interruptions.append((call, reason, pause))
        return self.goes_on

    def answers(self) -> list[str]:
        """What was said of the questions."""
        replies = [reply for _, reply in self.replies if isinstance(reply, Answer)]
        return ["".join(each.notes) for each in replies]


@asynccontextmanager
async def _keeping(text: str, limit: float = 5.0) -> AsyncIterator[tuple[Keeper, _Owner]]:
    owner = _Owner(Load(dedent(text).encode()))
    kept = Keeper("play.py", limit, owner)
    await kept.start()
    try:
        yield kept, owner
    finally:
        await kept.stop(5.0)


def _question(keeper_: Keeper, owner: _Owner, body: str, ticket: int = 1) -> Question:
    xml = f"<message><body>{body}</body></message>".encode()
    asked = Question(ticket, record_of(1, "c2s", frame_of(xml), owner.now()))
    keeper_.add(asked)
    return asked


def test_calls_are_made() -> None:
    """In order, in the stream of each; what is known is told in between."""

    async def scene() -> None:
        async with _keeping(EXITS) as (kept, owner):
            kept.add(Open(1, "c:1"))
            asked = [_question(kept, owner, str(n), n) for n in range(3)]
            kept.tell(Known(1, None, "juliet@capulet.example"))
            kept.add(Close(1))
            await eventually(lambda: len(owner.replies) == 6)

            assert [call for call, _ in owner.replies] == [
                owner.good,
                Open(1, "c:1"),
                *asked,
                Close(1),
            ]
            assert owner.answers() == ["0", "1", "2"]
            assert owner.deeds == [Note(1, "hello None")]
            assert owner.rests >= 1

    asyncio.run(scene())


def test_the_stream_of_a_frame_is_told_again_to_a_new_process() -> None:
    """Prefixes of the header hold there, too."""
    header = b"<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns:c='jabber:client'>"
    text = """
        import os
        def stanza(s, session):
            if s.match("presence"): os._exit(0)
            return s.note(s.body)
    """

    async def scene() -> None:
        async with _keeping(text) as (kept, owner):
            context = frame_of(b" ", header).context
            for xml in (b"<c:message><c:body>a</c:body></c:message>", b"<c:presence/>") * 2:
                record = record_of(1, "c2s", frame_of(xml, header), owner.now())
                kept.add(Question(1, replace(record, context=context)))
            await eventually(lambda: len(owner.answers()) == 2)

            assert owner.answers() == ["a", "a"]

    asyncio.run(scene())


def test_an_end_interrupts_one_call_only() -> None:
    """The others are asked of a new process, which learns what connections there are."""

    async def scene() -> None:
        async with _keeping(EXITS) as (kept, owner):
            owner.opened = [Open(1, "c:1", "capulet.example", "juliet@capulet.example")]
            culprit, *_ = (_question(kept, owner, body) for body in ("exit", "a", "b"))
            await eventually(lambda: len(owner.answers()) == 2)

            assert owner.answers() == ["a", "b"]
            assert owner.interruptions == [(culprit, "ended by itself, with code 0", 0.0)]
            assert owner.deeds == [Note(1, "hello juliet@capulet.example")]

    asyncio.run(scene())


def test_pauses_grow_while_it_does_not_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first time it begins again at once, then later and later; once it lasts, at once."""
    monkeypatch.setattr(keeper, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(keeper, "LONGEST_PAUSE", 0.015)

    async def scene() -> None:
        async with _keeping(EXITS) as (kept, owner):
            for count in range(1, 4):
                _question(kept, owner, "exit")
                await eventually(lambda count=count: len(owner.interruptions) == count)  # type: ignore[misc]
            monkeypatch.setattr(keeper, "STEADY", 0.0)
            _question(kept, owner, "exit")
            await eventually(lambda: len(owner.interruptions) == 4)

            assert [pause for *_, pause in owner.interruptions] == [0.0, 0.01, 0.015, 0.0]

    asyncio.run(scene())


def test_a_pause_can_be_cut_short() -> None:
    """Such as when the script was saved meanwhile."""

    async def scene() -> None:
        async with _keeping(EXITS) as (kept, owner):
            kept.hurry()
            for count in (1, 2):
                _question(kept, owner, "exit")
                await eventually(lambda count=count: len(owner.interruptions) == count)  # type: ignore[misc]
            _question(kept, owner, "a")
            assert owner.interruptions[-1][2] == keeper.FIRST_PAUSE
            began = owner.now()
            kept.hurry()
            await eventually(lambda: owner.answers() == ["a"])

            assert owner.now() > began

    asyncio.run(scene())


def test_the_owner_may_want_no_other_process() -> None:
    """What was not asked can be taken back."""

    async def scene() -> None:
        async with _keeping(EXITS) as (kept, owner):
            owner.goes_on = False
            _question(kept, owner, "exit")
            later = _question(kept, owner, "a")
            await eventually(lambda: bool(owner.interruptions))

            assert kept.questions() == [later]

    asyncio.run(scene())


def test_a_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a call takes longer than it may, and longer than it takes to break it off."""
    monkeypatch.setattr("xmppspy.scripting.limits.GRACE", 0.1)

    async def scene() -> None:
        async with _keeping(f"def stanza(s, session): {HANG}", limit=0.2) as (kept, owner):
            await eventually(lambda: bool(owner.replies))  # it takes its time until it runs
            asked = _question(kept, owner, "a")

            def hangs() -> bool:
                kept.look()
                return bool(owner.interruptions)

            await eventually(hangs)

            assert owner.interruptions == [(asked, "did not answer for 0.3 s", 0.0)]

    asyncio.run(scene())


def test_what_waits_for_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told once; the answers that come after all are nobody's."""
    monkeypatch.setattr(keeper, "MORE", 0.0)
    text = """
        import time
        def stanza(s, session): time.sleep(float(s.body))
    """

    async def scene() -> None:
        async with _keeping(text, limit=0.5) as (kept, owner):
            await eventually(lambda: bool(owner.replies))
            asked = [_question(kept, owner, "0.3", ticket) for ticket in range(3)]

            def has_done() -> bool:
                kept.look()
                return len(owner.gone_on) + len(owner.answers()) == 3

            await eventually(has_done)
            last = _question(kept, owner, "0", 3)
            await eventually(lambda: owner.replies[-1][0] == last)

            assert owner.gone_on == asked[len(owner.answers()) - 1 :]
            assert len(owner.gone_on) >= 1

    asyncio.run(scene())


def test_an_answer_to_nothing_ends_it() -> None:
    """So that nothing is taken for what it is not."""
    text = """
        import os
        from xmppspy.scripting import messages
        def connected(session):
            for descriptor in range(3, 20):
                try: os.write(descriptor, messages.encode(messages.Done()) * 2)
                except OSError: pass
    """

    async def scene() -> None:
        async with _keeping(text) as (kept, owner):
            kept.add(Open(1, "c:1"))
            await eventually(lambda: bool(owner.interruptions))

            assert owner.interruptions == [(None, "answered what it was not asked", 0.0)]

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("python", "reason"),
    [
        ("/nowhere/python", "could not be started: No such file or directory"),
        (shutil.which("false"), "ended by itself, with code 1"),
    ],
)
def test_what_cannot_be_started_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, python: str, reason: str
) -> None:
    """Such as while there are too many processes."""

    async def scene() -> None:
        with monkeypatch.context() as patch:
            patch.setattr("sys.executable", python)
            patch.setattr(keeper, "FIRST_PAUSE", 0.01)
            async with _keeping(EXITS) as (kept, owner):
                await eventually(lambda: len(owner.interruptions) > 1)
                patch.undo()
                _question(kept, owner, "a")
                kept.hurry()
                await eventually(lambda: owner.answers() == ["a"])

                assert [why for _, why, _ in owner.interruptions] == [reason] * len(
                    owner.interruptions
                )
                assert [pause for *_, pause in owner.interruptions[:2]] == [0.0, 0.01]

    asyncio.run(scene())


def test_last_calls_are_made(tmp_path: Path) -> None:
    """What was asked before the end is done; what takes too long is not waited for."""
    text = f"""
        from pathlib import Path
        def closed(session): Path({str(tmp_path / "closed")!r}).touch()
    """

    async def scene() -> None:
        async with _keeping(text) as (kept, _):
            kept.add(Close(1))
        assert (tmp_path / "closed").exists()
        async with _keeping("import time\ndef closed(session): time.sleep(1000)", 1000.0) as (
            kept,
            _,
        ):
            kept.add(Close(1))
            await kept.stop(0.1)

    asyncio.run(scene())
