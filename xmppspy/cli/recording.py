"""What `proxy` records: the capture, and what its live view reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xmppspy import __version__
from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.capture.rotation import Rotation
    from xmppspy.cli.live import LiveView
    from xmppspy.protocol.events import Event, StanzaRun
    from xmppspy.proxy.server import Clock


@contextmanager
def recording(
    path: Path | None,
    begin_view: Callable[[], LiveView | None],
    clock: Clock,
    warn: Callable[[str], None],
    *,
    keep_secrets: bool,
    rotation: Rotation | None = None,
) -> Iterator[Callable[[Event | StanzaRun], None]]:
    """A capture at `path`, if there is to be one, and a live view; gives what takes their events.

    With `rotation` it is written in parts.

    `warn` is told when it cannot be written. Raises CaptureExists, before there is a view.
    """
    import secrets

    from xmppspy.analysis.redaction import Redactor
    from xmppspy.capture.format import Header
    from xmppspy.capture.rotation import RotatingSink
    from xmppspy.capture.sinks import FileSink, Sink
    from xmppspy.capture.writer import Writer

    sinks: list[Sink] = []
    if path is not None:
        sinks.append(FileSink(path) if rotation is None else RotatingSink(path, rotation))
    view = begin_view()
    if view is not None:
        sinks.append(view.sink)
    header = Header(
        created=clock.created,
        tool=f"xmppspy {__version__}",
        secrets="kept" if keep_secrets else "redacted",
    )
    redactor = Redactor(secrets.token_bytes(32), keep=keep_secrets)
    with Writer(header, sinks, warn, transform=redactor.apply, passes=redactor.passes) as writer:
        yield writer.write
    if view is not None:
        view.wait()


def default_path(upstream: str, clock: Clock) -> Path:
    """Where the capture of a proxy for `upstream` is, unless told; its folder is there then.

    Raises UsageError.
    """
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", upstream.partition("://")[2] or upstream)
    folder = Path("captures")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder}/: {error.strerror}; name the capture's place with -w FILE"
        ) from error
    return folder / f"{clock.created:%Y%m%dT%H%M%SZ}-{name.strip('-')}.xmpp.jsonl"
