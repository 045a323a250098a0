"""Which running proxy the interactive view is attached to, and which capture it shows."""

# Imported before the indexer is started, so it imports little itself.

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from xmppspy.errors import ControlError, UsageError

if TYPE_CHECKING:
    from xmppspy.control import replies
    from xmppspy.view.tui.control import Control

Connect: TypeAlias = "Callable[[], Coroutine[Any, Any, Control | None]]"

_FOLDER: Final = Path("captures")
"""Where `xmppspy proxy` writes, unless it is told otherwise."""


def attached(capture: str | None, control: Path | None) -> tuple[str, Connect]:
    """The capture to show, and what connects to the proxy that writes it.

    Without `capture`, it is the one of the proxy at `control`, or of the only one that runs, or
    the newest one that there is. Raises UsageError, and ControlError.
    """
    if control is not None and capture is not None:
        return capture, partial(_this_writer, control, Path(capture))
    if control is not None:
        return _recorded(control), partial(_link, control)
    if capture is None:
        found = _only_one()
        if found is None:
            return _newest(), _nobody
        return _recorded(found), partial(_link, found)
    return capture, _nobody if capture == "-" else partial(_writer, Path(capture))


def _only_one() -> Path | None:
    """The control socket of the proxy that runs; None where none does. Raises SeveralProxies."""
    from xmppspy.control import client, places

    if not places.running():
        return None
    with client.connect(None) as control:
        return control.path


def _recorded(control: Path) -> str:
    """The capture that a proxy writes."""
    capture = _status(control).capture
    if capture is None:
        raise UsageError("the proxy records nothing (--no-record): there is nothing to look at")
    return capture


def _status(control: Path) -> replies.Status:
    from xmppspy.control import client, replies, requests

    with client.Control(control) as proxy:
        return proxy.ask(requests.Status(), replies.Status)


async def _link(control: Path) -> Control:
    from xmppspy.view.tui.link import Link

    return await Link.to(control)


async def _this_writer(control: Path, capture: Path) -> Control:
    """Connect to a proxy, if it is the one that writes the capture. Raises ControlError."""
    import asyncio

    await asyncio.to_thread(_check_writer, control, capture)
    return await _link(control)


def _check_writer(control: Path, capture: Path) -> None:
    status = _status(control)
    if status.capture is None or Path(status.capture).resolve() != capture.resolve():
        raise ControlError(f"{control}: the proxy there writes another capture, {status.capture}")


async def _writer(capture: Path) -> Control | None:
    """Connect to the proxy that writes a capture, if one does."""
    import asyncio

    found = await asyncio.to_thread(_written_by, capture)
    return None if found is None else await _link(found)


def _written_by(capture: Path) -> Path | None:
    from xmppspy.control import places

    wanted = capture.resolve()
    return next((path for path in places.running() if _writes(path, wanted)), None)


def _writes(control: Path, wanted: Path) -> bool:
    try:
        capture = _status(control).capture
    except ControlError:
        return False
    return capture is not None and Path(capture).resolve() == wanted


async def _nobody() -> None:
    """There is no proxy to connect to."""


def _newest() -> str:
    """The capture that was written to last."""
    found = [*_FOLDER.glob("*.xmpp.jsonl"), *_FOLDER.glob("*.xmpp.jsonl.zst")]
    if not found:
        raise UsageError("name a CAPTURE; no proxy is running, and there is none in captures/ here")
    return str(max(found, key=lambda path: path.stat().st_mtime))
