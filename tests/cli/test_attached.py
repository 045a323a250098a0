import asyncio
import json
import os
from pathlib import Path

import pytest

from tests.control.scripted import scripted
from xmppspy.cli.attached import attached
from xmppspy.control import replies
from xmppspy.control.wire import reply_line
from xmppspy.errors import ControlError, SeveralProxies, UsageError


def status(capture: str | None) -> bytes:
    """How a proxy says that it writes a capture."""
    breakpoint_ = replies.Breakpoint(on=False, filter=None, timeout=30.0, otherwise="forward")
    told = replies.Status(
        tool="xmppspy 0", pid=1, upstream="capulet.example", listening=["127.0.0.1:5222"],
        capture=capture, created="2026-11-30T00:00:00.000000Z", t=9.0, connections=0, accepted=0,
        frames=0, held=0, breakpoint=breakpoint_, rules=0, rules_file=None,
    )  # fmt: skip
    return reply_line(1, told)


def in_place(runtime: Path, name: str) -> Path:
    """Where a socket is found by default."""
    folder = runtime / "xmppspy"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{name}.sock"


def test_capture_of_a_proxy_is_shown(runtime: Path) -> None:
    """Of the one that is named, or else of the only one that runs."""
    path = in_place(runtime, "a")
    for control in (path, None):
        with scripted(path, [status("/x/live.xmpp.jsonl")]) as heard:
            capture, _ = attached(None, control)

        assert capture == "/x/live.xmpp.jsonl"
        assert json.loads(heard[0])["command"] == "status"


def test_proxy_that_records_nothing_has_nothing_to_show(runtime: Path) -> None:
    """That is said, and why."""
    path = in_place(runtime, "a")
    with scripted(path, [status(None)]):
        with pytest.raises(UsageError, match="--no-record"):
            attached(None, path)


def test_several_proxies_are_listed(runtime: Path) -> None:
    """For it cannot be guessed which one is meant."""
    with (
        scripted(in_place(runtime, "a"), [status("a")]),
        scripted(in_place(runtime, "b"), [status("b")]),
    ):
        with pytest.raises(SeveralProxies, match="say which one"):
            attached(None, None)


def test_newest_capture_is_shown_without_a_proxy(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is connected to then."""
    monkeypatch.chdir(runtime)
    captures = runtime / "captures"
    captures.mkdir()
    for age, name in enumerate(("new.xmpp.jsonl.zst", "old.xmpp.jsonl", "new.txt")):
        (captures / name).touch()
        os.utime(captures / name, (0, 100 - age))
    capture, connect = attached(None, None)

    assert capture == "captures/new.xmpp.jsonl.zst"
    assert asyncio.run(connect()) is None


def test_name_is_needed_where_there_is_nothing(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And that is said."""
    monkeypatch.chdir(runtime)
    with pytest.raises(UsageError, match="name a CAPTURE; no proxy is running"):
        attached(None, None)


def test_named_proxy_has_to_write_what_is_shown(runtime: Path) -> None:
    """Else one would act on something else than what is seen; and it has to be there."""
    path = in_place(runtime, "a")
    capture, connect = attached("x", path)
    with pytest.raises(ControlError, match="no xmppspy proxy listens there"):
        asyncio.run(connect())
    with scripted(path, [status("/y/x")]):
        with pytest.raises(ControlError, match="writes another capture, /y/x"):
            asyncio.run(connect())

    assert capture == "x"


@pytest.mark.parametrize("capture", ["-", "other.xmpp.jsonl"])
def test_capture_that_no_proxy_writes_has_none(runtime: Path, capture: str) -> None:
    """Nor has standard input; also where some proxy runs."""
    with scripted(in_place(runtime, "a"), [status("/x/live.xmpp.jsonl")]):
        shown, connect = attached(capture, None)
        control = asyncio.run(connect())

    assert shown == capture
    assert control is None
