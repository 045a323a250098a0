"""The process of a script, by itself."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.scripting.staging import MESSAGE, frame_of
from xmppspy.intervene.records import record_of
from xmppspy.protocol.events import Side
from xmppspy.scripting import messages

LIMIT = 30


class Running:
    """The process, and what is said to it and by it."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process

    def say(self, *said: messages.ToScript) -> None:
        """Say something."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"".join(map(messages.encode, said)))
        self.process.stdin.flush()

    def hear(self) -> messages.FromScript:
        """The next thing that it says."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "it has ended"
        return messages.read_by_proxy(line)

    def ask(self) -> None:
        """Ask about a message."""
        self.say(messages.Ask.about(1, record_of(1, "c2s", frame_of(MESSAGE), 0.0)))

    def end(self) -> str:
        """End the conversation; what was printed."""
        _, printed = self.process.communicate(timeout=LIMIT)
        return printed.decode()


@contextmanager
def running(folder: Path, text: str, limit: float = 5.0, **options: Any) -> Iterator[Running]:
    """Run a script until the block ends."""
    command = [sys.executable, "-P", "-m", "xmppspy.scripting", str(folder / "play.py"), str(limit)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, **options) as process:
        try:
            run = Running(process)
            run.say(messages.Load(dedent(text).encode()))
            assert isinstance(run.hear(), messages.Loaded)
            yield run
        finally:
            process.kill()


def test_answers_until_the_end(tmp_path: Path) -> None:
    """It answers in order, and ends in order when the proxy says no more."""
    text = """
        import atexit
        atexit.register(print, "goodbye")
        def stanza(s, session): return s.drop()
    """
    with running(tmp_path, text) as run:
        run.say(messages.Open(1, "c:1"))
        run.ask()
        assert run.hear() == messages.Done()
        assert run.hear() == messages.Answer(drops=True)

        assert run.end() == "play.py: goodbye\n"
        assert run.process.returncode == 0


def test_the_conversation_is_kept_from_the_script(tmp_path: Path) -> None:
    """Whatever it prints, by whatever way, is on standard error; there is nothing to read."""
    text = """
        import os, subprocess, sys
        def stanza(s, session):
            print("printed")
            print("wrong", file=sys.stderr)
            os.write(1, b"written\\n")
            subprocess.run(["echo", "from below"])
            return s.note(repr(sys.stdin.read()))
    """
    with running(tmp_path, text) as run:
        run.ask()
        assert run.hear() == messages.Answer(notes=("''",))

        assert run.end().splitlines() == [
            "play.py: printed",
            "play.py: wrong",
            "written",
            "from below",
        ]


def test_modules_beside_the_script(tmp_path: Path) -> None:
    """They can be imported, and hide nothing that others need."""
    (tmp_path / "helper_of_play.py").write_text("word = 'helped'")
    (tmp_path / "random.py").write_text("raise RuntimeError")
    text = """
        import random
        from helper_of_play import word
        def stanza(s, session): return s.note(word)
    """
    with running(tmp_path, text) as run:
        run.ask()

        assert run.hear() == messages.Answer(notes=("helped",))


def test_what_is_done_from_a_thread(tmp_path: Path) -> None:
    """A thread of the script may inject, too, and messages do not mix."""
    text = """
        import threading
        def connected(session):
            def inject():
                for _ in range(20):
                    session.inject("client", b" " * 200_000, check=False)
            threads = [threading.Thread(target=inject) for _ in range(4)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
    """
    with running(tmp_path, text) as run:
        run.say(messages.Open(1, "c:1"))
        said = [run.hear() for _ in range(81)]

        assert said == [messages.Inject(1, Side.CLIENT, b" " * 200_000)] * 80 + [messages.Done()]


def test_time_that_is_up_tears_no_message(tmp_path: Path) -> None:
    """A message that is being said when time is up is said to its end."""
    text = """
        def stanza(s, session):
            while True: session.note("x" * 100_000)
    """
    with running(tmp_path, text, limit=0.2) as run:
        run.ask()
        notes = 0
        while isinstance(said := run.hear(), messages.Note):
            assert said.text == "x" * 100_000
            notes += 1

        assert notes > 0
        assert isinstance(said, messages.Say)
        assert "took longer than 0.2 s" in said.text
        assert isinstance(run.hear(), messages.Answer)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux has this")
def test_ends_with_whoever_started_it() -> None:
    """Also when it is busy for ever, in what does not come back to Python."""
    script = """
        def connected(session):
            print("busy")
            sum(range(10 ** 15))
    """
    program = """
        import subprocess, sys
        from xmppspy.scripting import messages
        command = [sys.executable, "-P", "-m", "xmppspy.scripting", "play.py", "60"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE)
        for message in messages.Load(sys.argv[1].encode()), messages.Open(1, "c:1"):
            child.stdin.write(messages.encode(message))
            child.stdin.flush()
        child.wait()
    """
    command = [sys.executable, "-c", dedent(program), dedent(script)]
    nothing, pipe = subprocess.DEVNULL, subprocess.PIPE
    with subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=pipe) as parent:
        assert parent.stderr is not None
        assert parent.stderr.readline() == b"play.py: busy\n"
        parent.kill()

        assert parent.stderr.read() == b""  # it is open as long as the script's process lives
