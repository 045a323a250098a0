import os
import shlex
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from xmppspy.cli import editor
from xmppspy.cli.editor import edited
from xmppspy.errors import UsageError


def _nothing() -> None:
    """There is nothing to do meanwhile."""


def _python(program: str) -> str:
    return shlex.join([sys.executable, "-c", program])


def test_text_goes_in_and_comes_out() -> None:
    """By the program of VISUAL, of EDITOR without it, arguments and all."""
    upper = _python(
        "import sys; f = open(sys.argv[1], 'r+'); t = f.read(); f.seek(0); f.write(t.upper())"
    )
    environment = {"EDITOR": upper}

    assert edited("häst", environment, _nothing) == "HÄST"
    assert edited("hist", environment | {"VISUAL": "true"}, _nothing) == "hist"


def test_others_cannot_read_it() -> None:
    """What is edited may be private."""
    show = _python(
        "import os, sys; p = sys.argv[1]; m = os.stat(os.path.dirname(p)).st_mode & 0o777;"
        "open(p, 'w').write(oct(m))"
    )

    assert edited("", {"EDITOR": show}, _nothing) == "0o700"


def test_bytes_that_are_no_text_are_seen() -> None:
    """As the character that stands for such."""
    write = _python("import sys; open(sys.argv[1], 'wb').write(b'a\\xff')")

    assert edited("", {"EDITOR": write}, _nothing) == "a\ufffd"


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither of what was edited nor of what the editor has put beside it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    edited("", {"EDITOR": _python("import sys; open(sys.argv[1] + '~', 'w')")}, _nothing)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "words"),
    [("no-such-editor", "No such file.*set EDITOR"), ("false", "false ended with code 1")],
)
def test_editors_that_fail(command: str, words: str) -> None:
    """Are told, with what to do."""
    with pytest.raises(UsageError, match=words):
        edited("", {"EDITOR": command}, _nothing)


def test_something_may_be_done_meanwhile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Now and then, as long as the editor is open."""
    monkeypatch.setattr(editor, "BEAT", 0.01)
    done = tmp_path / "done"
    wait = _python(f"import os, time\nwhile not os.path.exists({str(done)!r}): time.sleep(0.01)")
    beats = []

    def beat() -> None:
        beats.append(time.monotonic())
        if len(beats) == 3:
            done.touch()

    edited("", {"EDITOR": wait}, beat)

    assert len(beats) >= 3


def test_interrupts_are_the_editor_s(tmp_path: Path) -> None:
    """Ctrl-C ends the editor, if it wants, and not what has opened it; later it counts again."""
    ready = tmp_path / "pid"
    wait = _python(
        "import os, signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL);"
        f"open({str(tmp_path / 'new')!r}, 'w').write(str(os.getpid()));"
        f"os.rename({str(tmp_path / 'new')!r}, {str(ready)!r}); time.sleep(60)"
    )

    def interrupt() -> None:
        while not ready.exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(int(ready.read_text()), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(UsageError, match="ended with code"):
        edited("", {"EDITOR": wait}, _nothing)
    thread.join()

    assert signal.getsignal(signal.SIGINT) == before
