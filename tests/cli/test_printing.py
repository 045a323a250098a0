from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from xmppspy.cli import cli, printing, show, together

CAPTURES = sorted((Path(__file__).parent.parent.parent / "captures").glob("[a-z]*.xmpp.jsonl"))
GROUP_CHAT = next(path for path in CAPTURES if path.name.startswith("group-chat"))


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "LEAST", 1)
    monkeypatch.setattr(show, "LARGE", 1)


def shown(path: Path, processors: int, *options: str) -> tuple[bytes, str, int]:
    """What `xmppspy show` prints, says and ends with, where there are so many processors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(together, "_processors", lambda: processors)
        result = CliRunner().invoke(cli, ["show", str(path), *options])
    return result.stdout_bytes, result.stderr or str(result.exception), result.exit_code


@pytest.mark.parametrize("options", ["--brief", "--pretty --full", "--json", "--raw", "--bytes",
                                     "--brief iq", "--relative message"])  # fmt: skip
@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
def test_processes_print_together_what_one_prints(path: Path, options: str) -> None:
    """Answers know their requests, and everybody is called as before, wherever a portion begins."""
    for processors in (2, 7):
        assert shown(path, processors, *options.split()) == shown(path, 1, *options.split())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data + b"no capture\n",
        lambda data: data.replace(b'"kind":"iq"', b'"kind":iq'),
        lambda data: data.replace(b'"kind":"stream"', b'"kind": "stream"'),
        lambda data: data.replace(b'"event":"open"', b'"event": "open"'),
        lambda data: data[:-20],
        lambda data: data.partition(b"\n")[2],
    ],
)
@pytest.mark.parametrize("options", ["--brief", "--json"])
def test_what_cannot_be_divided_is_read_on_in_one_go(
    tmp_path: Path, spoil: Callable[[bytes], bytes], options: str
) -> None:
    """Nothing is printed twice or left out, and the error is that of the line."""
    path = tmp_path / "a.xmpp.jsonl"
    path.write_bytes(spoil(GROUP_CHAT.read_bytes()))
    for processors in (2, 5):
        assert shown(path, processors, options) == shown(path, 1, options)


def test_very_large_captures_are_read_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed of them would have to be kept somewhere until its turn comes."""
    begun: list[object] = []
    monkeypatch.setattr(printing, "MOST", 10)
    monkeypatch.setattr(printing, "helpers", begun.append)

    assert shown(GROUP_CHAT, 4, "--brief") == shown(GROUP_CHAT, 1, "--brief")
    assert not begun
