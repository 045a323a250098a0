"""What `proxy` records: the capture, and what its live view reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xmppspy import __version__
from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.capture.rotation import Rotation
    from xmppspy.capture.sinks import Sink
    from xmppspy.cli.live import LiveView
    from xmppspy.protocol.events import Event, StanzaRun
    from xmppspy.proxy.clock import Clock


class Outlets:
    """Where the events of a proxy go: a capture at `path`, a live view, both, or nowhere.

    With `rotation` the capture is written in parts. Raises CaptureExists, before there is a view.
    """

    def __init__(
        self,
        path: Path | None,
        begin_view: Callable[[], LiveView | None],
        rotation: Rotation | None = None,
    ) -> None:
        self.path = path
        self._sinks: list[Sink] = [] if path is None else [_file(path, rotation)]
        self._view = begin_view()
        if self._view is not None:
            self._sinks.append(self._view.sink)

    @contextmanager
    def recording(
        self, clock: Clock, warn: Callable[[str], None], *, keep_secrets: bool
    ) -> Iterator[Callable[[Event | StanzaRun], None]]:
        """What takes the events while the block runs; then they are written and shown to the end.

        `warn` is told when they cannot be written. For one block only.
        """
        import secrets

        from xmppspy.analysis.redaction import Redactor
        from xmppspy.capture.format import Header
        from xmppspy.capture.writer import Writer

        header = Header(
            created=clock.created,
            tool=f"xmppspy {__version__}",
            secrets="kept" if keep_secrets else "redacted",
        )
        redactor = Redactor(secrets.token_bytes(32), keep=keep_secrets)
        with Writer(
            header, self._sinks, warn, transform=redactor.apply, passes=redactor.passes
        ) as writer:
            yield writer.write
        if self._view is not None:
            self._view.wait()


def _file(path: Path, rotation: Rotation | None) -> Sink:
    from xmppspy.capture.sinks import FileSink

    if rotation is None:
        return FileSink(path)
    from xmppspy.capture.rotation import RotatingSink

    return RotatingSink(path, rotation)


def default_path(upstream: str, clock: Clock) -> Path:
    """Where the capture of a proxy for `upstream` is, unless told; its folder is there then.

    Raises UsageError.
    """
    import re

    name = re.sub(r"[^A-Za-z0-9.-]+", "-", upstream.partition("://")[2] or upstream)
    folder = Path("captures")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder}/: {error.strerror}; name the capture's place with -w FILE"
        ) from error
    return folder / f"{clock.created:%Y%m%dT%H%M%SZ}-{name.strip('-')}.xmpp.jsonl"
