"""Helpers: the processes that read a capture for the interactive view."""

import os
import subprocess
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Literal, Protocol, Self, TypeAlias

from xmppspy.capture.body import Body, unnamed_file
from xmppspy.view.browse.channel import Channel

Role: TypeAlias = Literal["index", "search"]
Take: TypeAlias = Callable[[object], None]


class Helper(Protocol):
    """Somebody who reads a capture for the view."""

    def listen(self, take: Take) -> None:
        """From now on give the messages that come to `take`, on the running event loop."""

    def send(self, message: object) -> None:
        """Send a message."""

    def stop(self) -> None:
        """End it."""


class Shelf:
    """What the view and its helpers share: the capture, and the files of its index."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.records = unnamed_file()
        self.heap = unnamed_file()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.close(self.records)
        os.close(self.heap)


class Process:
    """A helper in a process of its own; it begins to work at once."""

    def __init__(self, role: Role, shelf: Shelf) -> None:
        self._channel, end = Channel.pair()
        body = shelf.body
        shared = (end.fileno(), body.source, body.data, shelf.records, shelf.heap)
        module = "xmppspy.view.browse.process"
        command = [sys.executable, "-m", module, role, *map(str, shared), body.capture]
        self._process = subprocess.Popen(
            command,
            pass_fds=set(shared),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # what it has to say, it says by messages
        )
        end.close()

    def listen(self, take: Take) -> None:
        """From now on give the messages that come to `take`, on the running event loop."""
        import asyncio  # noqa: PLC0415 - the helper is to begin before it is imported

        def receive() -> None:
            for message in self._channel.receive():
                take(message)
            if not self._channel.is_open:
                loop.remove_reader(self._channel.fileno())

        loop = asyncio.get_running_loop()
        loop.add_reader(self._channel.fileno(), receive)

    def send(self, message: object) -> None:
        """Send a message."""
        self._channel.send(message)

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self._channel.close()
