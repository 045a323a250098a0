"""`xmppspy proxy` as a child process, started and stopped as a user does it."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from xmppspy.errors import DemoError

START_LIMIT: Final = 30.0
"""Seconds until the proxy has to listen."""

STOP_LIMIT: Final = 10.0
"""Seconds until the proxy has to have ended when it was told to."""

_LISTENING: Final = re.compile(r"listening on (\S+):(\d+)")


class ProxyProcess:
    """`xmppspy proxy` with `arguments`, listening inside `async with`.

    Its stdout is this process's own. It stands in a session of its own, so that Ctrl-C reaches it
    once, by way of this process. `say` gets each line of its stderr from when it listens on; an
    earlier one only when it does not come to that.
    """

    def __init__(self, arguments: Sequence[str], say: Callable[[str], None]) -> None:
        self.host = ""
        self.port = 0
        self._command = (sys.executable, "-m", "xmppspy", "proxy", *arguments)
        self._say = say

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stderr is not None  # noqa: S101 - it is a pipe
        self._stderr = self._process.stderr
        try:
            async with asyncio.timeout(START_LIMIT):
                await self._listen()
        except TimeoutError as error:
            await self._stop()
            raise DemoError(f"the proxy did not listen within {START_LIMIT:g} seconds") from error
        except BaseException:
            await self._stop()
            raise
        loop = asyncio.get_running_loop()
        self._echo = loop.create_task(self._repeat(), name="stderr of the proxy")
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        try:
            code = await self._stop()
            # A view that outlives the proxy has its stderr, too; its words are not waited for.
            await asyncio.wait((self._echo,), timeout=STOP_LIMIT)
        finally:
            self._echo.cancel()
        if code and error is None:
            raise DemoError(f"the proxy ended with exit code {code}")

    async def _listen(self) -> None:
        """Read its stderr until it says where it listens."""
        earlier: list[str] = []
        async for line in self._lines():
            if found := _LISTENING.search(line):
                self.host, self.port = found[1], int(found[2])
                return
            earlier.append(line)
        for line in earlier:
            self._say(line)
        raise DemoError("the proxy ended before it listened")

    async def _repeat(self) -> None:
        async for line in self._lines():
            self._say(line)

    async def _lines(self) -> AsyncIterator[str]:
        while line := await self._stderr.readline():
            yield line.decode(errors="replace").rstrip("\n")

    async def _stop(self) -> int:
        """Press its Ctrl-C, and wait for its end; the exit code."""
        self._signal(signal.SIGINT)
        try:
            async with asyncio.timeout(STOP_LIMIT):
                return await self._process.wait()
        except TimeoutError as error:
            self._signal(signal.SIGKILL)
            await self._process.wait()
            raise DemoError(f"the proxy did not end within {STOP_LIMIT:g} seconds") from error

    def _signal(self, number: signal.Signals) -> None:
        # Process.send_signal would reap a process that has just ended, and asyncio lose its code.
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, number)
