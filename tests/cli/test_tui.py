import os
import re
from pathlib import Path

import pytest

from tests.cli.captures import write
from tests.cli.commanding import MESSAGE
from tests.cli.running import proxy, read_exactly
from tests.cli.terminals import terminal
from tests.view.browse.samples import chat
from xmppspy.cli import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a capture where `proxy` writes them."""
    (tmp_path / "captures").mkdir()
    write(chat(), tmp_path / "captures" / "old.xmpp.jsonl")
    os.utime(tmp_path / "captures" / "old.xmpp.jsonl", (0, 0))
    write(chat(), tmp_path / "captures" / "new.xmpp.jsonl")
    return tmp_path


def test_view_runs_in_a_terminal(folder: Path) -> None:
    """It shows the capture, does what keys say, remembers what was typed, and ends well."""
    with terminal(folder, "tui", "captures/new.xmpp.jsonl") as view:
        view.wait_for("new.xmpp.jsonl")
        view.wait_for("Wherefore art thou?")
        view.wait_for("finding")
        view.press(b"f")
        view.wait_for("an empty filter")
        view.press(b"type:error\r")
        view.wait_for("1 of 15")
        view.press(b"q")

        assert view.end() == 0
    assert "type:error" in (folder / "data" / "xmppspy" / "typed.json").read_text()


def test_capture_is_followed_into_another_file(folder: Path) -> None:
    """As when it is rotated; the filter stays."""
    path = folder / "captures" / "new.xmpp.jsonl"
    with terminal(folder, "tui", "captures/new.xmpp.jsonl", "-F", "message") as view:
        view.wait_for("Wherefore art thou?")
        path.rename(folder / "captures" / "new.0001.xmpp.jsonl")
        data = (folder / "captures" / "old.xmpp.jsonl").read_bytes()
        path.write_bytes(data.replace(b"Wherefore art", b"Why art"))
        view.wait_for("it goes on in another file")
        view.press(b"G")
        view.wait_for("Why art thou?")
        view.wait_for("of 15")
        view.press(b"q")

        assert view.end() == 0


def test_newest_capture_is_shown_without_a_name(folder: Path) -> None:
    """It is what a running proxy writes."""
    with terminal(folder, "tui", "--utc") as view:
        view.wait_for("new.xmpp.jsonl")
        view.press(b"q")

        assert view.end() == 0


def test_standard_input_is_shown(folder: Path) -> None:
    """Keys come from the terminal all the same."""
    with (folder / "captures" / "new.xmpp.jsonl").open("rb") as capture:
        reading, writing = os.pipe()
        os.write(writing, capture.read())
        with os.fdopen(reading, "rb") as stdin, terminal(folder, "tui", "-", stdin=stdin) as view:
            view.wait_for("standard input")
            view.wait_for("live")
            os.close(writing)
            view.wait_for("finding")
            view.press(b"q")

            assert view.end() == 0


def test_no_color_is_obeyed(folder: Path) -> None:
    """No colour is written; what is chosen is shown in reverse."""
    with terminal(folder, "tui", "captures/new.xmpp.jsonl", NO_COLOR="1") as view:
        view.wait_for("finding")
        view.press(b"q")
        code = view.end()

    assert code == 0
    assert re.search(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8])(?:;[0-9;]*)?m", view.came) is None
    assert b"\x1b]11;?" not in view.came
    assert re.search(rb"\x1b\[(?:[0-9]+;)*7(?:;[0-9]+)*m", view.came)


def test_what_is_no_capture_is_refused(folder: Path) -> None:
    """In one line, with exit code 2, after the screen was given back."""
    (folder / "notes.txt").write_text("notes\n")
    with terminal(folder, "tui", "notes.txt") as view:
        code = view.end()
        view.read()

    assert code == 2
    assert "xmppspy: notes.txt: this is no capture" in view.text


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["missing"], "missing: cannot be read: No such file"),
        (["captures/new.xmpp.jsonl"], "needs a terminal; see xmppspy show"),
    ],
)
def test_wrong_usage_is_told(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    reason: str,
) -> None:
    """Before anything is begun."""
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as end:
        main(["tui", *arguments])

    assert end.value.code == 2
    assert reason in capsys.readouterr().err


@pytest.mark.usefixtures("runtime")
def test_name_is_needed_where_there_is_no_capture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And that is said; proxies of others on this machine are none of ours."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(["tui"])

    assert end.value.code == 2
    assert "name a CAPTURE" in capsys.readouterr().err


def test_running_proxy_is_found_and_acted_on(folder: Path) -> None:
    """Its capture is shown, and what it is told to hold waits, is shown, and goes on."""
    with proxy(folder, "--quiet") as running:
        with terminal(folder, "tui", XDG_RUNTIME_DIR=str(running.runtime)) as view:
            view.wait_for("session.xmpp.jsonl")
            view.wait_for("hold")
            view.press(b"imessage c2s\r")
            view.wait_for("holding message c2s")
            with running.client() as client:
                client.sendall(MESSAGE)
                view.wait_for("then forward")
                view.press(b"a")
                read_exactly(client, MESSAGE)
            view.press(b"q")

            assert view.end() == 0
        running.stop()


def test_filter_is_applied_from_the_beginning(folder: Path) -> None:
    """A wrong one is told before anything is begun."""
    with terminal(folder, "tui", "captures/new.xmpp.jsonl", "-F", "iq") as view:
        view.wait_for("filter iq")
        view.press(b"q")

        assert view.end() == 0
    with terminal(folder, "tui", "captures/new.xmpp.jsonl", "-F", "iqq") as view:
        assert view.end() == 2
