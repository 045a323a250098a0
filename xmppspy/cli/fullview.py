"""The interactive view of `proxy --tui`: `xmppspy tui`, in a process of its own."""

# The view and the proxy have the capture file and the control socket between them, and nothing
# else, so that the one cannot slow or break the other. They share the terminal: what the proxy has
# to say meanwhile is kept, and said when the view has ended.

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from xmppspy.cli.passwords import environment_without_password
from xmppspy.errors import UsageError

_PATIENCE: Final = 5.0
"""Seconds for the view to leave the terminal as it was."""
_STDERR: Final = 2


class FullView:
    """The view, with further options of `tui`."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments = arguments
        self._kept: IO[bytes] | None = None
        self._terminal = -1

    @contextmanager
    def terminal(self) -> Iterator[None]:
        """Keep what is said on standard error until the end. Raises UsageError without a terminal."""
        if not (os.isatty(0) and os.isatty(1) and os.isatty(_STDERR)):
            raise UsageError("--tui needs a terminal")
        with tempfile.TemporaryFile() as kept:
            self._kept, self._terminal = kept, os.dup(_STDERR)
            os.dup2(kept.fileno(), _STDERR)
            try:
                yield
            finally:
                self._give_back()

    def _give_back(self) -> None:
        """Say what was kept, and from now on at once."""
        if self._terminal < 0 or self._kept is None:
            return
        sys.stderr.flush()
        os.dup2(self._terminal, _STDERR)
        os.close(self._terminal)
        self._terminal = -1
        self._kept.seek(0)
        os.write(_STDERR, self._kept.read())

    async def run(self, capture: Path, control: Path | None, stopped: asyncio.Event) -> None:
        """Show a capture until the person quits, which sets `stopped`, or until that is set.

        When the view breaks, that is said, and nothing else happens.
        """
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "xmppspy", "tui", *self._arguments),
            *(() if control is None else ("--control", str(control))),
            *("--", str(capture)),
            stderr=self._terminal,
            env=environment_without_password(),
        )
        ended = asyncio.ensure_future(process.wait())
        stopping = asyncio.ensure_future(stopped.wait())
        await asyncio.wait((ended, stopping), return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(ended), _PATIENCE)
        if not ended.done():
            process.kill()
        code = await ended
        self._give_back()
        if code == 0:
            stopped.set()
        elif not stopped.is_set():
            _say(f"the interactive view has ended with code {code}; the proxy goes on until Ctrl-C")
            await stopping


def _say(text: str) -> None:
    sys.stderr.write(f"xmppspy: {text}\n")
    sys.stderr.flush()
