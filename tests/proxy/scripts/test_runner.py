import asyncio
from pathlib import Path

import pytest

from tests.proxy.scripts.staging import HANG, Floor, eventually, stage
from tests.scripting.staging import MESSAGE, QUERY, frame_of
from xmppspy.errors import ScriptError
from xmppspy.intervene.records import record_of
from xmppspy.protocol.events import ConnectionClosed, FrameRecord, Side
from xmppspy.protocol.verdicts import DROP, FORWARD, End, Undecided, Verdict
from xmppspy.proxy.scripts import Scripts, keeper
from xmppspy.proxy.scripts.calls import Question
from xmppspy.proxy.scripts.keeper import MORE
from xmppspy.proxy.scripts.runner import LOOK
from xmppspy.scripting import limits
from xmppspy.scripting.messages import Answer, Note

EXIT = b"<message><body>exit</body></message>"
HEADER = FrameRecord(
    n=1, t=0.0, conn=1, dir="c2s", kind="stream", data=b"<stream:stream>",
    xmlns="http://etherx.jabber.org/streams", to="capulet.example",
)  # fmt: skip


def _record(xml: bytes) -> FrameRecord:
    return record_of(1, "c2s", frame_of(xml), 0.0)


def test_stanzas_are_judged(tmp_path: Path) -> None:
    """Each question has a ticket, by which it is answered; its frame waits long enough."""

    async def scene() -> None:
        async with stage(tmp_path, "def stanza(s, session): return s.drop()") as on:
            found = on.scripts.ask(_record(MESSAGE), 0.0)
            assert found == Undecided(1, 5.0 + MORE + 2 * LOOK)
            assert on.ask() == 2
            await eventually(lambda: len(on.floor.settled) == 2)

            assert on.floor.settled == {1: DROP, 2: DROP}
            assert on.told == []

    asyncio.run(scene())


def test_filters_limit_what_is_asked(tmp_path: Path) -> None:
    """A script without `stanza` is asked nothing at all."""

    async def scene() -> None:
        async with stage(tmp_path, "FILTER = 'iq'\ndef stanza(s, session): pass") as on:
            assert on.is_asked()
            assert not on.scripts.wants(_record(MESSAGE))
            assert on.scripts.ask(_record(MESSAGE), 0.0) is None
            assert on.scripts.wants(_record(QUERY))
            assert on.scripts.ask(_record(QUERY), 0.0) is not None
            on.save("def closed(session): pass")
            await on.hears("loaded anew")

            assert not on.is_asked()
            assert not on.scripts.wants(_record(QUERY))
            assert on.scripts.ask(_record(QUERY), 0.0) is None

    asyncio.run(scene())


def test_connections_are_told(tmp_path: Path) -> None:
    """Their beginning, what becomes known, and their end; what the script does is done."""
    text = """
        def connected(session):
            session.note("hello")
            session.inject("client", "<presence/>")
        def closed(session):
            session.note(session.domain)
            session.reset()
    """

    async def scene() -> None:
        async with stage(tmp_path, text) as on:
            on.floor.has_streams = False
            on.open()
            on.scripts.see(HEADER)
            on.scripts.see(ConnectionClosed(t=1.0, conn=1, by="client", reason="reset"))
            await eventually(lambda: bool(on.floor.ended))

            nothing = "nothing was injected towards the client: no stream"
            assert on.floor.notes == [
                (1, "hello"), (1, f"script play.py: {nothing}"), (1, "capulet.example"),
            ]  # fmt: skip
            assert on.floor.injected == [(1, Side.CLIENT, b"<presence/>")]
            assert on.floor.ended == [(1, End.RESET, "reset by a script")]
            assert on.told == [f"play.py: {nothing}"]

    asyncio.run(scene())


def test_answers_come_before_what_is_done_later(tmp_path: Path) -> None:
    """What a script wants done finds all gone on that it has judged before."""

    async def scene() -> None:
        async with stage(tmp_path, "def closed(session): pass") as on:
            on.scripts.replied(Question(1, _record(MESSAGE)), Answer(drops=True))
            assert on.floor.settled == {}
            on.scripts.done(Note(1, "behind it"))
            assert on.floor.settled == {1: DROP}
            on.scripts.replied(Question(2, _record(MESSAGE)), Answer())
            on.scripts.rest()

            assert on.floor.settled == {1: DROP, 2: FORWARD}

    asyncio.run(scene())


def test_exceptions_are_told_and_noted(tmp_path: Path) -> None:
    """On the terminal, and with the frame, or else with the connection."""
    text = """
        def connected(session): 1 / 0
        def stanza(s, session): return 2 / 0
    """

    async def scene() -> None:
        async with stage(tmp_path, text) as on:
            on.open()
            verdict = await on.verdict()
            error = "play.py:{0}: ZeroDivisionError: division by zero, in: {1}"
            first = error.format(2, "def connected(session): 1 / 0")
            second = error.format(3, "def stanza(s, session): return 2 / 0")

            assert on.told == [first, second]
            assert on.floor.notes == [(1, f"script {first}")]
            assert verdict == Verdict(notes=(f"script {second}",))

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def stanza(", ":1: SyntaxError: '(' was never closed, in: def stanza("),
        ("import os; os._exit(3)", ": ended by itself, with code 3 when it was loaded"),
    ],
)
def test_a_script_that_cannot_be_loaded_at_first(tmp_path: Path, text: str, told: str) -> None:
    """Nothing is started, and it is told where it is wrong."""

    async def scene() -> None:
        async with stage(tmp_path, text):
            pass

    with pytest.raises(ScriptError) as caught:
        asyncio.run(scene())
    assert str(caught.value).startswith(f"{tmp_path / 'play.py'}{told}")


def test_a_script_that_is_not_there(tmp_path: Path) -> None:
    """It is told by its path."""
    scripts = Scripts(str(tmp_path / "play.py"), print)

    with pytest.raises(ScriptError, match=r"play\.py: No such file or directory"):
        asyncio.run(scripts.start(Floor()))


def test_a_saved_script_is_loaded_anew(tmp_path: Path) -> None:
    """Its filter, too; what it kept for connections is still there."""
    text = """
        def connected(session): session.data["name"] = "Juliet"
        def stanza(s, session): return s.drop()
    """
    other = """
        FILTER = "message"
        def stanza(s, session): return s.note(session.data["name"])
    """

    async def scene() -> None:
        async with stage(tmp_path, text) as on:
            on.open()
            assert await on.verdict() == DROP
            on.save(other)
            await on.hears("play.py: loaded anew")

            assert await on.verdict() == Verdict(notes=("Juliet",))
            assert on.scripts.ask(_record(QUERY), 0.0) is None
            assert on.floor.notes == [
                (None, "script play.py: loaded anew; this version is in force")
            ]

    asyncio.run(scene())


WRONG = {
    "def stanza(": "play.py:1: SyntaxError: '(' was never closed, in: def stanza(",
    "x = 1\nx = y": "play.py:2: NameError: name 'y' is not defined, in: x = y",
    "FILTER = 'mesage'\ndef stanza(s, session): pass": "play.py:1: FilterError: ",
    "import os; os._exit(0)": "play.py: ended by itself, with code 0 when it was loaded",
    "": "play.py: it has no function",
}


def test_a_wrong_script_leaves_the_one_before(tmp_path: Path) -> None:
    """Whatever is wrong with it, and it is told; what comes after goes to the one before."""

    async def scene() -> None:
        async with stage(tmp_path, "def stanza(s, session): return s.drop()") as on:
            for text, told in WRONG.items():
                on.save(text)
                line = await on.hears(told)
                assert line.startswith(told)
                assert line.endswith("; the version before stays in force")
                assert await on.verdict() == DROP
            assert on.floor.notes == [(None, f"script {line}") for line in on.told]
            on.save("def stanza(s, session): return s.note('new')")
            await on.hears("loaded anew")

            assert await on.verdict() == Verdict(notes=("new",))

    asyncio.run(scene())


def test_stanzas_that_wait_when_it_is_saved(tmp_path: Path) -> None:
    """All are judged, in their order: some by the old version, the others by the new one."""
    text = """
        import time
        def stanza(s, session):
            time.sleep(0.01)
            return s.note("old")
    """

    async def scene() -> None:
        async with stage(tmp_path, text) as on:
            tickets = [on.ask() for _ in range(60)]
            on.save("def stanza(s, session): return s.note('new')")
            await on.hears("loaded anew")
            tickets += [on.ask() for _ in range(3)]
            await eventually(lambda: len(on.floor.settled) == 63)
            notes = ["".join(on.floor.settled[ticket].notes) for ticket in tickets]

            assert list(on.floor.settled) == tickets
            assert notes == sorted(notes, reverse=True)
            assert (notes[0], notes[-3:]) == ("old", ["new"] * 3)

    asyncio.run(scene())


def test_a_crash_is_told_and_hurts_one_stanza(tmp_path: Path) -> None:
    """The one that was being judged goes on; the others are judged by a new process."""
    text = """
        import os
        def connected(session): session.data["name"] = session.client
        def stanza(s, session):
            if s.body == "exit": os._exit(3)
            return s.note(session.data["name"])
    """

    async def scene() -> None:
        async with stage(tmp_path, text) as on:
            on.open()
            tickets = [on.ask(xml) for xml in (MESSAGE, EXIT, MESSAGE)]
            await eventually(lambda: len(on.floor.settled) == 3)
            ended = "play.py: ended by itself, with code 3"

            assert on.floor.settled == {
                tickets[0]: Verdict(notes=("c:1",)),
                tickets[1]: Verdict(notes=(f"script {ended}",)),
                tickets[2]: Verdict(notes=("c:1",)),
            }
            assert on.told == [f"{ended}; it is started again now"]

    asyncio.run(scene())


def test_a_script_that_crashes_again_and_again(tmp_path: Path) -> None:
    """It gets a pause; what waits goes on, and so does what comes meanwhile. Saving helps."""

    async def scene() -> None:
        async with stage(tmp_path, "import os\ndef stanza(s, session): os._exit(0)") as on:
            for _ in range(4):
                on.ask()
            await on.hears("it is started again in 0.5 s; until then everything goes on")
            assert len(on.floor.settled) == 4
            assert on.floor.settled[4] == FORWARD
            assert not on.is_asked()
            on.save("def stanza(s, session): return s.drop()")
            await on.hears("loaded anew")

            assert await on.verdict() == DROP

    asyncio.run(scene())


def test_a_script_that_hangs_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said once, and the next stanza is judged."""
    monkeypatch.setattr(limits, "GRACE", 0.1)
    text = f"""
        def stanza(s, session):
            if s.body == "exit": {HANG}
            return s.drop()
    """

    async def scene() -> None:
        async with stage(tmp_path, text, limit=0.3) as on:
            hanging = await on.verdict(EXIT)
            assert hanging.notes == ("script play.py: did not answer for 0.4 s",)

            assert await on.verdict() == DROP
            assert on.told == ["play.py: did not answer for 0.4 s; it is started again now"]

    asyncio.run(scene())


def test_what_was_good_may_not_load_again(tmp_path: Path) -> None:
    """Then everything goes on until it is saved again."""
    text = f"""
        import os
        from pathlib import Path
        if Path({str(tmp_path / "loaded")!r}).exists(): raise RuntimeError("once is enough")
        Path({str(tmp_path / "loaded")!r}).touch()
        def stanza(s, session): os._exit(0)
    """

    async def scene() -> None:
        async with stage(tmp_path, text) as on:
            on.ask()
            line = await on.hears("once is enough")

            assert line.startswith("play.py:4: RuntimeError: once is enough")
            assert line.endswith("; everything goes on")
            assert not on.is_asked()

    asyncio.run(scene())


def test_what_was_in_force_is_saved_again(tmp_path: Path) -> None:
    """As when a mistake is undone: it is told, too."""
    good = "def stanza(s, session): return s.drop()"

    async def scene() -> None:
        async with stage(tmp_path, good) as on:
            on.save("def stanza(")
            await on.hears("stays in force")
            on.save(good)
            await on.hears("loaded anew")

            assert await on.verdict() == DROP

    asyncio.run(scene())


def test_what_waits_for_too_long_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told now and then, with their number, and noted with each."""
    monkeypatch.setattr(keeper, "MORE", 0.0)
    text = """
        import time
        def stanza(s, session):
            time.sleep(0.4)
            return s.drop()
    """

    async def scene() -> None:
        async with stage(tmp_path, text, limit=0.5) as on:
            for _ in range(4):
                on.ask()
            await eventually(lambda: len(on.floor.settled) == 4)
            slow = Verdict(notes=("script play.py: it was too slow",))
            assert on.floor.settled[4] == slow
            count = list(on.floor.settled.values()).count(slow)

            line = await on.hears("it was too slow")
            assert line in [
                f"play.py: it was too slow; {n} frame{'s' * (n > 1)} went on before it said anything"
                for n in range(1, count + 1)
            ]

    asyncio.run(scene())


def test_a_file_that_cannot_be_read_any_more(tmp_path: Path) -> None:
    """It is told, and the version before goes on."""

    async def scene() -> None:
        async with stage(tmp_path, "def stanza(s, session): return s.drop()") as on:
            on.path.unlink()
            await on.hears("play.py: No such file or directory; the version before stays in force")
            on.path.mkdir()
            await on.hears("play.py: Is a directory; the version before stays in force")

            assert await on.verdict() == DROP

    asyncio.run(scene())


def test_an_end_before_it_is_loaded(tmp_path: Path) -> None:
    """Nothing is left behind, however busy the script is."""

    async def scene() -> None:
        async with asyncio.timeout(0.5):
            async with stage(tmp_path, HANG):
                pass

    with pytest.raises(TimeoutError):
        asyncio.run(scene())


def test_a_version_that_is_loaded_at_the_end_is_asked_nothing(tmp_path: Path) -> None:
    """Whatever is on its way when the proxy ends."""

    async def scene() -> None:
        async with stage(tmp_path, "def closed(session): pass") as on:
            on.save(f"""
                import time
                from pathlib import Path
                Path({str(tmp_path / "begun")!r}).touch()
                time.sleep(0.3)
                def stanza(s, session): pass
            """)
            await eventually((tmp_path / "begun").exists)
            await on.scripts.stop()

            assert not on.is_asked()
            assert on.told == ["play.py: loaded anew; this version is in force"]

    asyncio.run(scene())
