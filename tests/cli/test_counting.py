from pathlib import Path

import pytest

from xmppspy.capture.reader import read
from xmppspy.cli import together
from xmppspy.cli.counting import count
from xmppspy.filters import Filter

CAPTURE = Path(__file__).parent.parent.parent / "captures" / "group-chat.xmpp.jsonl"


@pytest.fixture(autouse=True)
def _many_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "_processors", lambda: 6)
    monkeypatch.setattr(together, "LEAST", 1)


@pytest.mark.parametrize(
    "text", ["message", "not message", "ns:urn:xmpp:mam", "xpath://c:body", ""]
)
def test_processes_find_together_what_one_finds(text: str) -> None:
    """The number is the same, also where what is asked for needs the stream's header."""
    wanted = Filter(text)

    assert count(str(CAPTURE), wanted) == sum(map(wanted.match, read(CAPTURE)))


def test_what_depends_on_lines_before_is_counted_in_one_go() -> None:
    """The answer to a request may be in another portion."""
    assert count(str(CAPTURE), Filter("latency:0..1")) is None


def test_a_capture_that_breaks_far_behind_is_counted_in_one_go(tmp_path: Path) -> None:
    """Then it can be said in which line."""
    path = tmp_path / "broken.xmpp.jsonl"
    path.write_bytes(CAPTURE.read_bytes() + b"{}\n")

    assert count(str(path), Filter("message")) is None
