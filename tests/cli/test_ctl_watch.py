import json
import signal
import socket
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.cli.commanding import MESSAGE, ctl, editor, held, terminal
from tests.cli.running import LIMIT, Running, eventually, proxy, read_exactly
from xmppspy.control import news, replies, requests
from xmppspy.control.client import Control

UNCLOSED = b"<message to='juliet@capulet.example' id='m1'>\n  <body>Hist!\n</message>"


def _number(shown: str) -> int:
    """The frame that is counted down last."""
    return int(shown.rpartition("frame ")[2].partition(":")[0])


def test_each_frame_takes_one_key(running: Running, client: socket.socket) -> None:
    """It is shown, counted down, and done with as the key says; then the next one is shown."""
    with terminal(running, "watch") as shell:
        shell.sees("nothing is held · message c2s (for 30 s, then forward) · q quit")
        client.sendall(MESSAGE * 3)
        shown = shell.sees("s, then forward · 2 more · ")
        n = _number(shown)
        assert f"frame {n} waits:\n<!-- " in shown
        assert "\n  <body>Hist!</body>\n</message>\n" in shown
        shell.press("f")
        shell.sees(f"frame {n} was forwarded after")
        shell.sees(f"frame {n + 1}: ")
        read_exactly(client, MESSAGE)
        shell.press("d")
        shell.sees(f"frame {n + 1} was dropped after")
        shell.sees("then forward · f d e 2 space n q")
        shell.press("2")
        shell.sees("was duplicated after")
        read_exactly(client, MESSAGE * 2)
        shell.sees("nothing is held")
        shell.press("q")

        assert shell.ends() == 0


def test_next_one_help_and_more_time(running: Running, client: socket.socket) -> None:
    """By n one goes through what is held, ? tells the keys, space adds half a minute."""
    client.sendall(MESSAGE * 2)
    eventually(lambda: len(held(running)) == 2)
    first, second = held(running)
    with terminal(running, "watch") as shell:
        shell.sees(f"frame {first}: ")
        shell.press("n")
        shell.sees(f"frame {second}: ")
        shell.press("n")
        shell.sees(f"frame {first}: ")
        shell.press("?")
        shell.sees("f forward · d drop · e edit")
        shell.press("x ")
        shell.sees(f"frame {first}: 5")
        shell.press("q")
        shell.sees("2 frames held; xmppspy ctl held")

        assert shell.ends() == 0
    assert held(running) == [first, second]


def test_editing(running: Running, client: socket.socket, tmp_path: Path) -> None:
    """What is not well-formed is shown with the place, and can be edited again."""
    client.sendall(MESSAGE)
    changes = editor(tmp_path, ("</body>", ""), ("Hist!", "Hush!</body>"))
    with terminal(running, "watch", EDITOR=changes) as shell:
        shell.sees("frame ")
        shell.press("e")
        shown = shell.sees("k keeps the frame held")
        assert "not well-formed, line 3: " in shown
        assert "\n  </message>\n  ^\n" in shown
        shell.press("xe")
        shell.sees("was edited after")
        read_exactly(client, MESSAGE.replace(b"Hist", b"Hush"))
        shell.sees("nothing is held")
        shell.press("q")

        assert shell.ends() == 0


@pytest.mark.parametrize(
    ("answer", "words", "arrives"),
    [
        ("k", ": not edited, and held as before", b""),
        ("s", "was edited after", UNCLOSED),
    ],
)
def test_editing_that_goes_wrong(
    running: Running,
    client: socket.socket,
    tmp_path: Path,
    answer: str,
    words: str,
    arrives: bytes,
) -> None:
    """It can be given up, or sent as it is."""
    client.sendall(MESSAGE)
    with terminal(running, "watch", EDITOR=editor(tmp_path, ("</body>", ""))) as shell:
        shell.sees("frame ")
        shell.press("e")
        shell.sees("k keeps the frame held")
        shell.press(answer)
        shell.sees(words)
        if arrives:
            read_exactly(client, arrives)
        shell.press("q")

        assert shell.ends() == 0


def test_editing_nothing(running: Running, client: socket.socket) -> None:
    """Sends nothing; an editor that fails is told, and the frame is held as before."""
    client.sendall(MESSAGE)
    for command, words in (("true", "not edited"), ("false", "false ended with code 1")):
        with terminal(running, "watch", EDITOR=command) as shell:
            shell.sees("frame ")
            shell.press("e")
            shell.sees(words)
            shell.press("q")
            shell.sees("1 frame held")

            assert shell.ends() == 0
    assert len(held(running)) == 1


def test_what_others_do_is_seen(running: Running, client: socket.socket) -> None:
    """Decisions, breakpoints, injections, connections that come and go."""
    with terminal(running, "watch") as shell:
        shell.sees("nothing is held")
        client.sendall(MESSAGE)
        n = _number(shell.sees("s, then forward · "))
        ctl(running, "drop", str(n))
        shell.sees(f"frame {n} was dropped after")
        ctl(running, "hold", "iq")
        shell.sees("holding iq (for 30 s, then forward)\n")
        ctl(running, "hold", "message", "c2s")
        ctl(running, "inject", "--to", "client", "<presence/>")
        shell.sees("injected on connection ")
        with running.client():
            shell.sees(" opened by 127.0.0.1:")
        shell.sees(" closed by client: ")
        shell.press("q")

        assert shell.ends() == 0


def test_nobody_decides(running: Running, client: socket.socket) -> None:
    """Time passes, and the frame goes on; that is said."""
    ctl(running, "hold", "--timeout", "0.5")
    try:
        with terminal(running, "watch") as shell:
            shell.sees("nothing is held")
            client.sendall(MESSAGE)
            shell.sees("was forwarded after 0.5 s, nobody has decided")
            read_exactly(client, MESSAGE)
            shell.press("q")
            shell.ends()
    finally:
        ctl(running, "hold", "--timeout", "30")


def test_keys_that_decide_nothing_give_no_time(running: Running, client: socket.socket) -> None:
    """Unlike those that do, which let all others wait for the whole time again."""
    client.sendall(MESSAGE * 3)
    eventually(lambda: len(held(running)) == 3)
    first, second, third = held(running)
    with Control(running.control) as control, terminal(running, "watch") as shell:
        control.ask(requests.Watch(), replies.Watching)
        shell.sees(f"frame {first}: ")
        shell.press("x?n")
        shell.sees(f"frame {second}: ")
        shell.press("f")
        told: list[news.News] = []

        def is_told() -> bool:
            told.extend(control.news())
            return len(told) == 3

        eventually(is_told)
        shell.press("q")
        shell.ends()

    assert [type(each) for each in told] == [news.Decided, news.Extended, news.Extended]
    assert [each.n for each in told if isinstance(each, news.Extended)] == [first, third]


def test_interrupt_ends_it(running: Running, client: socket.socket, tmp_path: Path) -> None:
    """As q does, also where it is asked what to do; the terminal is as before."""
    client.sendall(MESSAGE)
    for keys, until in (("", "then forward"), ("e", "k keeps the frame held")):
        with terminal(running, "watch", EDITOR=editor(tmp_path, ("</body>", ""))) as shell:
            shell.sees("then forward")
            shell.press(keys)
            shell.sees(until)
            shell.press("\x03")
            shell.sees("1 frame held; xmppspy ctl held")

            assert shell.ends() == 0
            assert termios.tcgetattr(shell._master)[3] & termios.ECHO


def test_secrets_are_masked(running: Running, client: socket.socket) -> None:
    """As in a capture; what is edited is exact."""
    ctl(running, "hold", "auth", "c2s")
    secret = b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAc2VjcmV0</auth>"
    with terminal(running, "watch") as shell:
        shell.sees("nothing is held")
        client.sendall(secret)
        shown = shell.sees("s, then forward · ")
        assert "<auth" in shown
        assert "AGEAc2VjcmV0" not in shown
        shell.press("f")
        read_exactly(client, secret)
        shell.press("q")
        shell.ends()
    ctl(running, "hold", "message", "c2s")


def test_without_a_terminal_it_prints(running: Running, client: socket.socket) -> None:
    """What happens, in words or as the lines of the protocol; an interrupt ends it."""
    client.sendall(MESSAGE)
    eventually(lambda: len(held(running)) == 1)
    (n,) = held(running)
    with _printing(running) as (words, text), _printing(running, "--json") as (lines, events):
        first = text.readline().decode()
        told = json.loads(events.readline())
        ctl(running, "release", "all")
        while b"was forwarded after" not in (line := text.readline()):
            assert line
        names = [json.loads(events.readline())["event"] for _ in range(2)]
        for program in (words, lines):
            program.send_signal(signal.SIGINT)

            assert program.wait(LIMIT) == 0
    assert first == f"frame {n} waits:\n"
    assert [frame["n"] for frame in told["frames"]] == [n]
    assert names == ["decided", "released"]


@contextmanager
def _printing(running: Running, *more: str) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """The command without a terminal, and what it prints."""
    base = [sys.executable, "-m", "xmppspy", "ctl", "--control", str(running.control), "watch"]
    with subprocess.Popen(
        [*base, *more], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        try:
            yield program, program.stdout
        finally:
            program.kill()


def test_proxy_that_ends(tmp_path: Path) -> None:
    """Is told; exit code 1."""
    with proxy(tmp_path, "-q") as running, terminal(running, "watch") as shell:
        shell.sees("nothing is held")
        running.stop()
        shell.sees("xmppspy: ")
        shell.sees("the proxy has gone")

        assert shell.ends() == 1
