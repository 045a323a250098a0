"""Process: the one that a script runs in, and the two pipes to it."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeAlias

import msgspec

from xmppspy.scripting import messages

MAX_LINE: Final = 64 * 1024 * 1024
"""Bytes of a message from it, beyond which it is not listened to any more."""

_LINGER: Final = 1.0

Received: TypeAlias = Callable[[list[messages.FromScript]], None]


class ScriptProcess(asyncio.SubprocessProtocol):
    """A script's process, made by `start`.

    `received` is called with the messages that have come together, and `ended` once, with a
    sentence, when it is gone. What is sent after its end is lost.
    """

    def __init__(self, received: Received, ended: Callable[[str], None]) -> None:
        self._received, self._ended = received, ended
        self._loop = asyncio.get_running_loop()
        self._lines = messages.Lines()
        self._unsent: list[bytes] = []
        self.is_gone = False
        """Whether it has ended, and that was told."""
        self._reason = ""  # why it was killed

    @classmethod
    async def start(
        cls,
        path: str,
        limit: float,
        received: Received,
        ended: Callable[[str], None],
    ) -> "ScriptProcess":
        """Start the process of a script, of which a call may take `limit` seconds.

        It is in a group of its own: Ctrl-C is for the proxy alone, and what the script starts can
        be ended with it.
        """
        loop = asyncio.get_running_loop()
        command = [sys.executable, "-P", "-m", "xmppspy.scripting", path, str(limit)]
        _, process = await loop.subprocess_exec(
            lambda: cls(received, ended), *command, stderr=None, process_group=0
        )
        return process

    def send(self, message: messages.ToScript) -> None:
        """Send a message, together with others that are sent now."""
        if not self._unsent:
            self._loop.call_soon(self._flush)
        self._unsent.append(messages.encode(message))

    def close(self) -> None:
        """Let it end by itself, when it has done what it was asked to."""
        self._flush()
        if (pipe := self._transport.get_pipe_transport(0)) is not None:
            pipe.close()

    def kill(self, reason: str) -> None:
        """End it, and all that it has started, at once."""
        self._reason = self._reason or reason
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._transport.get_pid(), signal.SIGKILL)

    def _flush(self) -> None:
        pipe = self._transport.get_pipe_transport(0)
        if self._unsent and isinstance(pipe, asyncio.WriteTransport) and not pipe.is_closing():
            pipe.write(b"".join(self._unsent))
        self._unsent.clear()

    # --- what happens

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It runs."""
        assert isinstance(transport, asyncio.SubprocessTransport)  # noqa: S101
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:  # noqa: ARG002
        """It has said something."""
        try:
            self._received([messages.read_by_proxy(line) for line in self._lines.receive(data)])
        except msgspec.DecodeError:
            self.kill("said what nobody understands")
        if self._lines.unfinished > MAX_LINE:
            self.kill(f"said more than {MAX_LINE:,} bytes in one line")

    def process_exited(self) -> None:
        """It has ended; what it has started and left behind ends, too."""
        self.kill(_how(self._transport.get_returncode() or 0))
        self._loop.call_later(_LINGER, self._transport.close)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """It has ended, and all that it has said has been read."""
        self._transport.close()
        self.is_gone = True
        self._ended(self._reason)


def _how(code: int) -> str:
    """How it ended by itself."""
    if code >= 0:
        return f"ended by itself, with code {code}"
    return f"ended by {signal.Signals(-code).name}"
