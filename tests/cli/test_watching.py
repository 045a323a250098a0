import io

import pytest

from tests.control.samples import held
from tests.view.test_control import STATUS
from xmppspy.cli import ctl_asking, watching
from xmppspy.cli.ctl_asking import Asking
from xmppspy.cli.styles import Styles
from xmppspy.cli.watching import Teller
from xmppspy.control import news


class Output(io.BytesIO):
    """Standard output, a terminal or not."""

    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._is_terminal


def _teller(
    monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool, as_json: bool = False
) -> tuple[Teller, Output]:
    output = Output(is_terminal)
    for module in (watching, ctl_asking):
        monkeypatch.setattr(module, "standard_output", lambda: output)
    monkeypatch.setenv("COLUMNS", "80")
    return Teller(Asking(None, as_json, Styles(color="never")), STATUS), output


def test_last_line_is_below_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is taken away before something is said, and written anew only when it is another one."""
    monkeypatch.setenv("TERM", "xterm")
    teller, output = _teller(monkeypatch, is_terminal=True)
    teller.count(lambda columns: f"12 s, {columns}")
    teller.count(lambda columns: f"12 s, {columns}")
    teller.say("one\ntwo")
    teller.count(lambda _: "11 s")
    teller.clear()
    teller.clear()

    assert output.getvalue() == b"12 s, 80\r\x1b[Kone\ntwo\n11 s\r\x1b[K"


@pytest.mark.parametrize(("is_terminal", "term"), [(True, "dumb"), (False, "xterm")])
def test_without_a_terminal_there_is_no_last_line(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool, term: str
) -> None:
    """Nor on one that cannot do it; nothing is said where there is nothing to say."""
    monkeypatch.setenv("TERM", term)
    teller, output = _teller(monkeypatch, is_terminal=is_terminal)
    teller.count(lambda _: "12 s")
    teller.say("")

    assert output.getvalue() == b""


def test_frame_is_shown_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the number by which it is decided."""
    teller, output = _teller(monkeypatch, is_terminal=False)
    teller.show(held())
    title, header, *rest = output.getvalue().decode().splitlines()

    assert title == "frame 7 waits:"
    assert "#1 C→S message chat" in header
    assert ":17.345 " in header
    assert rest[0].startswith("<message type='chat'")


def test_json_is_all_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is asked for."""
    teller, output = _teller(monkeypatch, is_terminal=False, as_json=True)
    teller.say("something")
    teller.dump(news.Extended(n=7, left=3.0))

    assert output.getvalue() == b'{"event": "extended", "n": 7, "left": 3.0}\n'
