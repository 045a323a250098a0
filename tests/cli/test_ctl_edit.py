import socket
from pathlib import Path

import pytest

from tests.cli.commanding import MESSAGE, ctl, editor, held
from tests.cli.running import Running, eventually, read_exactly
from xmppspy.cli import ctl_edit
from xmppspy.cli.ctl_edit import Editing, Outcome
from xmppspy.control import news, replies, requests
from xmppspy.control.client import Control
from xmppspy.errors import MalformedXML, RequestRefused, UsageError


def _held(running: Running, client: socket.socket, data: bytes) -> int:
    client.sendall(data)
    eventually(lambda: len(held(running)) == 1)
    return held(running)[0]


@pytest.mark.parametrize(
    ("is_exact", "data", "old"),
    [
        (False, MESSAGE, "\n  <body>Hist!</body>\n</message>\n"),
        (True, MESSAGE, "><body>Hist!</body></message>\n"),
        (False, MESSAGE.replace(b"<body>", b"\n <body>"), ">\n <body>Hist!</body>"),
        (False, b"<message><a/>  <b/><body>Hist!</body></message>", "<a/>  <b/><body>Hist!"),
    ],
)
def test_what_is_in_the_editor(
    running: Running,
    client: socket.socket,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_exact: bool,
    data: bytes,
    old: str,
) -> None:
    """Laid out for reading, if that can be undone; what leaves differs in the edit alone."""
    n = _held(running, client, data)
    monkeypatch.setenv("EDITOR", editor(tmp_path, (old, old.replace("Hist", "Hush"))))
    with Control(running.control) as control:
        assert Editing(control, is_exact=is_exact).edit(n) is Outcome.EDITED
    read_exactly(client, data.replace(b"Hist", b"Hush"))


@pytest.mark.parametrize(("timeout", "least", "most"), [("5", 9, 10), ("100", 99, 100)])
def test_frames_stay_held_as_long_as_the_editor_is_open(
    running: Running,
    client: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
    timeout: str,
    least: float,
    most: float,
) -> None:
    """All of them, for the whole time again and ten seconds at least: somebody is busy."""
    ctl(running, "hold", "--timeout", "5")
    client.sendall(MESSAGE * 2)
    eventually(lambda: len(held(running)) == 2)
    n, other = held(running)
    ctl(running, "hold", "--timeout", timeout)
    monkeypatch.setenv("EDITOR", "true")
    with Control(running.control) as control:
        control.ask(requests.Watch(), replies.Watching)
        assert Editing(control).edit(n) is Outcome.KEPT
        extended = {told.n: told.left for told in control.news() if isinstance(told, news.Extended)}
    ctl(running, "hold", "--timeout", "30")

    assert {*extended} == {n, other}
    assert least < min(extended.values()) <= max(extended.values()) <= most


def test_edit_that_comes_too_late_is_not_lost(
    running: Running,
    client: socket.socket,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The text is printed, when the frame has gone meanwhile."""
    n = _held(running, client, MESSAGE)
    monkeypatch.setenv("EDITOR", editor(tmp_path, ("Hist", "Hush")))
    monkeypatch.setattr(ctl_edit, "_keep_held", lambda *_: ctl(running, "drop", "all"))
    with Control(running.control) as control, pytest.raises(RequestRefused, match="is not held"):
        Editing(control).edit(n)

    assert "<body>Hush!</body>" in capsys.readouterr().out


def test_frame_that_goes_while_nothing_is_changed(
    running: Running, client: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not said to be held as before."""
    n = _held(running, client, MESSAGE)
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.setattr(ctl_edit, "_keep_held", lambda *_: ctl(running, "drop", "all"))
    with Control(running.control) as control:
        outcome = Editing(control).edit(n)

    assert outcome is Outcome.GONE


def test_malformed_edit_without_a_terminal(
    running: Running,
    client: socket.socket,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nobody can be asked what to do: the text is printed, and the frame is held as before."""
    n = _held(running, client, MESSAGE)
    monkeypatch.setenv("EDITOR", editor(tmp_path, ("</body>", "")))
    monkeypatch.setattr("sys.stdin", None)
    with Control(running.control) as control, pytest.raises(MalformedXML):
        Editing(control).edit(n)

    assert "<body>Hist!\n" in capsys.readouterr().out
    assert held(running) == [n]


def test_what_is_no_text_is_not_edited(running: Running, client: socket.socket) -> None:
    """It is told what can be done instead."""
    n = _held(running, client, b"<message>\xff</message>")
    with Control(running.control) as control, pytest.raises(UsageError, match="is no text"):
        Editing(control).edit(n)


def test_frame_that_is_not_held(running: Running) -> None:
    """Is told before an editor opens, with what is held."""
    with Control(running.control) as control, pytest.raises(RequestRefused, match="held: none"):
        Editing(control).edit(999)
