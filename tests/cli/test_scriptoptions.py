import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.cli.running import Running, eventually, exchange, proxy, read_exactly

HANG = "sum(range(10 ** 15))"


def _message(body: str, id_: str = "m") -> bytes:
    return f"<message id='{id_}'><body>{body}</body></message>".encode()


def _script(folder: Path, text: str) -> Path:
    path = folder / "play.py"
    path.write_text(dedent(text))
    return path


def _save(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    new.write_text(dedent(text))
    new.replace(path)


def _notes(running: Running) -> list[str]:
    return [line["text"] for line in running.lines() if line.get("event") == "note"]


def _frames(running: Running) -> list[dict[str, Any]]:
    return [line for line in running.lines() if line.get("kind") in ("message", "iq", "presence")]


def test_a_script_decides(tmp_path: Path) -> None:
    """It drops, edits, answers and injects, and the capture tells what became of each frame."""
    path = _script(
        tmp_path,
        """
        from xmppspy.scripting import Session, Stanza, Verdict

        def connected(session: Session) -> None:
            print("hello", session.client.partition(":")[0])

        def stanza(s: Stanza, session: Session) -> Verdict | None:
            if s.match("c2s body:drop"):
                return s.drop()
            if s.match("c2s body:edit"):
                return s.edit("//c:body", text="edited").note("made milder")
            if s.match("iq c2s type:get"):
                session.inject("client", "<presence/>")
                return s.reply_error("item-not-found")

        def closed(session: Session) -> None:
            print("bye", session.domain)
            session.note("it is over")
        """,
    )
    with proxy(tmp_path, "-q", "--script", str(path)) as running:
        with running.client() as client:
            client.sendall(_message("drop") + _message("edit") + b"<iq type='get' id='q'/>")
            answer = b'<iq type="error" id="q"><error type="cancel"><item-not-found '
            got = b""
            while b"edited" not in got or b"</iq>" not in got:
                got += client.recv(65536)
        assert b"<presence/>" in got.partition(answer)[0]
        eventually(lambda: "it is over" in _notes(running))
        assert running.stop() == 0
    frames = _frames(running)
    sent = {line["xml"]: line["sent"] for line in frames if "sent" in line}

    assert sent == {
        _message("drop").decode(): None,
        _message("edit").decode(): _message("edited").decode(),
        "<iq type='get' id='q'/>": None,
    }
    assert [line["kind"] for line in frames if line.get("injected")] == ["presence", "iq"]
    assert _notes(running) == ["made milder", "it is over"]
    assert [line for line in running.said if line.startswith("play.py")] == [
        "play.py: hello 127.0.0.1",
        "play.py: bye capulet.example",
    ]


def test_rules_come_first(tmp_path: Path) -> None:
    """The script sees what rules have made of a stanza."""
    path = _script(
        tmp_path,
        "def stanza(s, session): return s.note(f'saw {s.body}') if s.dir == 'c2s' else None",
    )
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[[rule]]\nfilter = "body:hist"\nactions = [{replace = "//c:body", text = "Hush!"}]\n'
    )
    with proxy(tmp_path, "-q", "--script", str(path), "--rules", str(rules)) as running:
        with running.client() as client:
            client.sendall(_message("Hist!"))
            read_exactly(client, _message("Hush!"))
        assert running.stop() == 0

    assert "saw Hush!" in _notes(running)


def test_saving_it_changes_what_it_does(tmp_path: Path) -> None:
    """A wrong version is told with its place and changes nothing; the next right one is taken."""
    path = _script(tmp_path, "def stanza(s, session): return s.note('old')")
    with proxy(tmp_path, "-q", "--script", str(path)) as running:
        with running.client() as client:
            exchange(client, _message("a"))
            _save(path, "def stanza(s, session):\n    return s.drop(")
            wrong = "xmppspy: play.py:2: SyntaxError: '(' was never closed, in: return s.drop(; "
            wrong += "the version before stays in force"
            eventually(lambda: wrong in running.said)
            exchange(client, _message("b"))
            _save(path, "def stanza(s, session): return s.note('new')")
            eventually(
                lambda: "xmppspy: play.py: loaded anew; this version is in force" in running.said
            )
            exchange(client, _message("c"))
        assert running.stop() == 0
    notes = [note for note in _notes(running) if not note.startswith("script")]

    assert notes == ["old"] * 4 + ["new"] * 2
    assert f"script {wrong.removeprefix('xmppspy: ')}" in _notes(running)


def test_the_stream_survives_whatever_the_script_does(tmp_path: Path) -> None:
    """Exceptions, endless loops, exits, crashes, floods of output: every stanza arrives."""
    path = _script(
        tmp_path,
        """
        import os, sys, time

        def stanza(s, session):
            if s.dir == "s2c":
                return
            if s.body == "raise": raise ValueError("no")
            if s.body == "exit": sys.exit(3)
            if s.body == "loop":
                while True: pass
            if s.body == "stubborn":
                while True:
                    try: time.sleep(1000)
                    except BaseException: pass
            if s.body == "print": print("x" * 100_000_000)
            if s.body == "memory": session.data["x"] = "x" * 10 ** 16
            if s.body == "crash": os.kill(os.getpid(), 11)
            if s.body == "leave": os._exit(3)
            return s.note(f"judged {s.body}")
        """,
    )
    bodies = ["raise", "exit", "loop", "stubborn", "print", "memory", "last", "crash", "leave"]
    with proxy(tmp_path, "-q", "--script", str(path), "--script-limit", "0.3") as running:
        with running.client() as client:
            for body in bodies:
                exchange(client, _message(body))
        assert running.stop() == 0
    said = "\n".join(
        line if len(line) < 300 else f"{len(line)} characters" for line in running.said
    )

    assert "judged last" in _notes(running)
    assert [line["xml"] for line in _frames(running) if line["dir"] == "c2s"] == [
        _message(body).decode() for body in bodies
    ]
    assert 'play.py:7: ValueError: no, in: if s.body == "raise": raise ValueError("no")' in said
    assert "play.py:8: SystemExit: 3" in said
    assert "play.py:10: stanza() took longer than 0.3 s, in: while True: pass" in said
    assert "play.py: did not answer for 1.3 s; it is started again now" in said
    assert "MemoryError" in said
    assert "play.py: ended by SIGSEGV; it is started again" in said


def test_a_slow_script_delays_its_own_stanzas_only(tmp_path: Path) -> None:
    """While it judges one connection's stanza, another connection's frames go on."""
    path = _script(tmp_path, f"FILTER = 'message body:slow'\ndef stanza(s, session): {HANG}")
    with proxy(tmp_path, "-q", "--script", str(path), "--script-limit", "5") as running:
        with running.client() as slow, running.client() as quick:
            began = time.monotonic()
            slow.sendall(_message("slow"))
            for _ in range(100):
                exchange(quick, _message("quick"))
            exchange(quick, b"<presence/>")
            took = time.monotonic() - began
            slow.setblocking(False)
            with pytest.raises(BlockingIOError):
                slow.recv(1)

    assert took < 5


def test_ctrl_c_lets_it_finish(tmp_path: Path) -> None:
    """The last functions are called, what they do is recorded, and no traceback is shown."""
    path = _script(
        tmp_path,
        """
        import atexit
        def closed(session):
            session.note("closed")
        atexit.register(print, "and out")
        """,
    )
    with proxy(tmp_path, "-q", "--script", str(path)) as running:
        with running.client() as client:
            exchange(client, _message("a"))
            assert running.stop() == 0

    assert _notes(running) == ["closed"]
    assert running.said[-1] == "play.py: and out"
    assert not any("Traceback" in line for line in running.said)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def stanza(s, session)", ":1: SyntaxError: expected ':', in: def stanza(s, session)"),
        ("x = 1 / 0", ":1: ZeroDivisionError: division by zero, in: x = 1 / 0"),
        (None, ": No such file or directory"),
    ],
)
def test_a_wrong_script_starts_nothing(tmp_path: Path, text: str | None, told: str) -> None:
    """It is one line with the place, exit code 2; there is no capture."""
    path = tmp_path / "play.py" if text is None else _script(tmp_path, text)
    command = [
        sys.executable, "-m", "xmppspy", "proxy", "127.0.0.1:1", "--listen", "0", "-q",
        "-w", str(tmp_path / "c"), "--ca-dir", str(tmp_path / "ca"), "--script", str(path),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (2, f"xmppspy: {path}{told}\n")
    assert not (tmp_path / "c").exists()


def test_without_the_control_socket(tmp_path: Path) -> None:
    """A script needs nobody else."""
    path = _script(tmp_path, "def stanza(s, session): return s.note('seen')")
    with proxy(tmp_path, "-q", "--no-control", "--script", str(path)) as running:
        with running.client() as client:
            exchange(client, _message("a"))
        assert running.stop() == 0

    assert _notes(running) == ["seen", "seen"]
