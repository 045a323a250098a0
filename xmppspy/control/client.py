"""Client: a connection to the control socket of a running proxy, without asyncio."""

import os
import select
import socket
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

import msgspec

from xmppspy.control import places, replies, requests, wire
from xmppspy.control.lines import Lines
from xmppspy.control.news import News
from xmppspy.errors import ControlError, RequestRefused, SeveralProxies

R = TypeVar("R", bound=replies.Reply)

PATIENCE: Final = 10.0
"""Seconds that a proxy has for a reply, besides those that it was told to wait."""

MISUSE: Final = frozenset({"bad-request", "unknown-command", "malformed", "filter", "template"})
"""Errors that no other state of the proxy would mend."""

_PIECE: Final = 256 * 1024
_NOBODY: Final = (
    "no xmppspy proxy is running; start one with `xmppspy proxy example.org`, or name its "
    "control socket with --control PATH"
)


class Control:
    """A client of the control socket at `path`, as a context manager. Raises ControlError.

    `ask` for something; what happens meanwhile, once `Watch` was asked for, is kept for `news`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._numbers = 0
        self._lines = Lines(wire.MAX_LINE)
        self._news: deque[News] = deque()
        self._socket = _connected(path)
        try:
            self.greeting = self._greeting()
        except BaseException:
            self._socket.close()
            raise

    def ask(self, request: requests.AnyRequest, kind: type[R]) -> R:
        """Ask, and wait for the reply.

        Raises RequestRefused with the proxy's reason, and ControlError when it has gone or says
        nothing.
        """
        self._numbers += 1
        waits = request.wait if isinstance(request, requests.Inject) else 0.0
        deadline = time.monotonic() + PATIENCE + waits
        self._send(wire.request_line(msgspec.structs.replace(request, id=self._numbers)), deadline)
        while True:
            said = self._next(deadline)
            if not isinstance(said, wire.Answer):
                self._news.append(said)
            elif said.id == self._numbers:
                return read_reply(self.path, said, kind)

    def news(self, timeout: float | None = 0.0) -> Iterator[News]:
        """What has happened since, at once; if it is nothing, what happens within `timeout`.

        Without a timeout it waits for ever. Raises ControlError when the proxy has gone.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        self._sort()
        while not self._news and self._receive(deadline):
            self._sort()
        while self._news:
            yield self._news.popleft()

    @property
    def has_news(self) -> bool:
        """Whether something is here already, which `select` does not see."""
        self._sort()
        return bool(self._news)

    def fileno(self) -> int:
        """For `select`: readable when something has happened."""
        return self._socket.fileno()

    def close(self) -> None:
        """Go away."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # --- lines

    def _greeting(self) -> wire.Greeting:
        return greeted(self.path, self._line(time.monotonic() + PATIENCE))

    def _next(self, deadline: float) -> wire.Answer | News:
        return self._parsed(self._line(deadline))

    def _sort(self) -> None:
        """Keep the news of what has been received; nobody waits for a reply any more."""
        while line := self._lines.next_line():
            said = self._parsed(line)
            if not isinstance(said, wire.Answer):
                self._news.append(said)

    def _parsed(self, line: bytes) -> wire.Answer | News:
        try:
            return wire.read_line(line)
        except ValueError as error:
            raise ControlError(f"{self.path}: it says what is not understood: {error}") from None

    def _line(self, deadline: float) -> bytes:
        while not (line := self._lines.next_line()):
            if not self._receive(deadline):
                raise ControlError(f"{self.path}: the proxy does not answer")
        return line

    def _receive(self, deadline: float | None) -> bool:
        """Wait for data; False when time is up."""
        left = None if deadline is None else max(deadline - time.monotonic(), 0)
        if not select.select([self._socket], [], [], left)[0]:
            return False
        try:
            data = self._socket.recv(_PIECE)
        except OSError:
            data = b""
        if not data:
            raise ControlError(f"{self.path}: the proxy has gone")
        self._lines.receive(data)
        return True

    def _send(self, data: bytes, deadline: float) -> None:
        self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            self._socket.sendall(data)
        except TimeoutError:
            raise ControlError(f"{self.path}: the proxy does not read") from None
        except OSError:
            return  # why it has gone, it may have said: that is read next


def greeted(path: Path, line: bytes) -> wire.Greeting:
    """How somebody greets at `path`. Raises ControlError unless it is a proxy that we understand."""
    try:
        greeting = wire.read_greeting(line)
    except ValueError:
        raise ControlError(_told(path, line)) from None
    if greeting.control != wire.VERSION:
        raise ControlError(
            f"{path}: {greeting.tool} speaks version {greeting.control} of the control "
            f"protocol, this is for version {wire.VERSION}"
        )
    return greeting


def _told(path: Path, line: bytes) -> str:
    """What somebody says who does not greet."""
    try:
        answer = wire.read_line(line)
    except ValueError:
        answer = wire.Answer()
    if isinstance(answer, wire.Answer) and answer.error is not None:
        return f"{path}: {answer.error.detail}"
    return f"{path}: what listens there is no xmppspy proxy"


def read_reply(path: Path, answer: wire.Answer, kind: type[R]) -> R:
    """What the proxy at `path` replies. Raises RequestRefused with its reason, and ControlError."""
    error = answer.error
    if error is not None:
        code = 2 if error.name in MISUSE else 1
        raise RequestRefused(error.detail, error.name, error.shown or "", code)
    try:
        return answer.read(kind)
    except ValueError as wrong:
        raise ControlError(f"{path}: it says what is not understood: {wrong}") from None


def connect(path: Path | None) -> Control:
    """Connect to the proxy whose socket is at `path`, or to the only one that runs.

    Raises ControlError when there is none, SeveralProxies, which lists them, when there are more.
    """
    if path is not None:
        return Control(path)
    found = places.running()
    if not found:
        raise ControlError(_NOBODY)
    if len(found) > 1:
        raise SeveralProxies(_several(found))
    return Control(found[0])


def _connected(path: Path) -> socket.socket:
    places.check_length(path)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.connect(os.fspath(path))
    except OSError as error:
        sock.close()
        if isinstance(error, FileNotFoundError | ConnectionRefusedError):
            raise ControlError(f"{path}: no xmppspy proxy listens there") from None
        raise ControlError(f"{path}: {error.strerror or error}") from None
    return sock


def _several(found: list[Path]) -> str:
    lines = [f"  --control {path}   {_serves(path)}" for path in found]
    return "\n".join(["several proxies are running; say which one:", *lines])


def _serves(path: Path) -> str:
    """What a proxy is there for."""
    try:
        with Control(path) as control:
            status = control.ask(requests.Status(), replies.Status)
    except ControlError as error:
        return f"({error})"
    return f"{status.upstream} at {', '.join(status.listening)}"
