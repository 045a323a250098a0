"""Taping: a replay's own capture, written as the proxy writes its captures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xmppspy import __version__

if TYPE_CHECKING:
    from xmppspy.proxy.clock import Clock
    from xmppspy.replay.tape import Tape


@contextmanager
def taping(
    path: Path | None, clock: Clock, warn: Callable[[str], None], *, keep_secrets: bool = False
) -> Iterator[Tape | None]:
    """A tape that is written to `path`; none without one.

    `warn` is told when it cannot be written. Raises CaptureExists.
    """
    if path is None:
        yield None
        return
    import secrets

    from xmppspy.analysis.redaction import Redactor
    from xmppspy.capture.format import Header
    from xmppspy.capture.sinks import FileSink
    from xmppspy.capture.writer import Writer
    from xmppspy.replay.tape import Tape

    header = Header(
        created=clock.created,
        tool=f"xmppspy {__version__}",
        secrets="kept" if keep_secrets else "redacted",
    )
    redactor = Redactor(secrets.token_bytes(32), keep=keep_secrets)
    with Writer(
        header, [FileSink(path)], warn, transform=redactor.apply, passes=redactor.passes
    ) as writer:
        yield Tape(writer.write, clock.now)
