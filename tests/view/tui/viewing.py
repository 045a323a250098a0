"""The interactive view at work, for tests: its helpers run in the same process, step by step."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from random import Random
from typing import Any, ParamSpec

from textual.pilot import Pilot

from tests.cli.captures import written
from tests.view.browse.samples import chat
from xmppspy.capture.body import Body
from xmppspy.intervene.ids import Ids
from xmppspy.view.browse.indexwork import IndexWork
from xmppspy.view.browse.process import Work
from xmppspy.view.browse.searchwork import SearchWork
from xmppspy.view.tui.acting import Acting
from xmppspy.view.tui.app import Viewer
from xmppspy.view.tui.attaching import attach
from xmppspy.view.tui.control import Control
from xmppspy.view.tui.helpers import Shelf, Take
from xmppspy.view.tui.memory import Memory
from xmppspy.view.tui.scheme import DARK, Scheme
from xmppspy.view.tui.table import TABLE
from xmppspy.view.tui.times import Times

P = ParamSpec("P")


def played(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Let a test that waits for things run on an event loop of its own."""

    @wraps(test)
    def play(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return play


class Inline:
    """A helper that works in this process, whenever the event loop has nothing else to do."""

    def __init__(self, make: Callable[[Callable[[object], None]], Work]) -> None:
        self._take: Take | None = None
        self._work = make(self._told)
        self._is_scheduled = False
        self.stopped = False

    def listen(self, take: Take) -> None:
        """Begin to work."""
        self._take = take
        self.go_on()

    def send(self, message: object) -> None:
        """Take a message."""
        self._work.handle(message)
        self.go_on()

    def stop(self) -> None:
        """Work no more."""
        self.stopped = True

    @property
    def is_idle(self) -> bool:
        """Whether nothing is left to do."""
        return not self._is_scheduled

    def go_on(self) -> None:
        """There may be something to do."""
        if not self._is_scheduled and not self.stopped:
            self._is_scheduled = True
            asyncio.get_running_loop().call_soon(self._step)

    def _step(self) -> None:
        self._is_scheduled = False
        if not self.stopped and self._work.step():
            self.go_on()

    def _told(self, message: object) -> None:
        if self._take is not None:
            self._take(message)


class Viewing:
    """A view of a capture, and a person who uses it."""

    def __init__(self, viewer: Viewer, pilot: Pilot[int], index: Inline, path: Path) -> None:
        self.viewer = viewer
        self.pilot = pilot
        self.index = index
        self.path = path
        self.loads = True
        """Whether more is loaded than what the first screen needs."""

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until all that they lead to is done."""
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.press(*(_KEYS.get(char, char) for char in text))

    async def settle(self) -> None:
        """Wait until nothing is going on any more."""
        while self.viewer._exception is None and not self.viewer._exit:
            await self.pilot.pause()
            searcher = self.viewer.searcher._helper
            is_searching = isinstance(searcher, Inline) and not searcher.is_idle
            is_loaded = self.viewer.source.browser is not None or not self.loads
            if self.index.is_idle and not is_searching and is_loaded:
                break
        await self.viewer.workers.wait_for_complete()
        await self.pilot.pause()

    async def add(self, data: bytes) -> None:
        """Append something to the capture, and wait until it is known."""
        with self.path.open("ab") as file:
            file.write(data)
        self.index.go_on()
        await self.settle()

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, without white space at their ends."""
        strips = self.viewer.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def row(self) -> int | None:
        """The row at the cursor."""
        return self.viewer.rows.row

    @property
    def status(self) -> str:
        """What stands in the last line."""
        return self.viewer.bar("status").text


_KEYS = {
    " ": "space", ":": "colon", ".": "full_stop", "/": "slash", "@": "at", "(": "left_parenthesis",
    "+": "plus", "~": "tilde", "-": "minus", "*": "asterisk", "#": "number_sign", "_": "underscore",
}  # fmt: skip


@asynccontextmanager
async def viewing(
    path: Path,
    size: tuple[int, int] = (80, 24),
    *,
    scheme: Scheme = DARK,
    memory: Memory | None = None,
    relative: bool = False,
    loads: bool = True,
    proxy: Control | None = None,
    text: str = "",
) -> AsyncIterator[Viewing]:
    """A view of the capture at a path, when all of it is known; its clock stands still.

    `proxy` is the one that writes it; `text` a filter to begin with.
    """

    async def connect() -> Control | None:
        return proxy

    async def attach_it(viewer: Viewer) -> None:
        await attach(viewer, connect)
        if isinstance(viewer.acting, Acting):
            viewer.acting.ids = Ids(Random(0))  # noqa: S311 - the same each time

    with Body.open(str(path)) as body, Shelf(body) as shelf:

        def index(send: Callable[[object], None]) -> Work:
            return IndexWork(body, shelf.records, shelf.heap, send, lambda: None)

        def search(send: Callable[[object], None]) -> Work:
            return SearchWork(body, shelf.records, shelf.heap, send)

        indexer = Inline(index)
        viewer = Viewer(
            shelf,
            indexer,
            lambda: Inline(search),
            TABLE,
            times=Times(utc=True, relative=relative),
            scheme=scheme,
            memory=memory,
            attach=attach_it,
            text=text,
        )
        viewer.clock = lambda: 0.0
        if not loads:
            viewer._load = _nothing  # type: ignore[method-assign]
        async with viewer.run_test(size=size) as pilot:
            view = Viewing(viewer, pilot, indexer, path)
            view.loads = loads
            await view.settle()
            yield view
        viewer.close_helpers()


async def _nothing() -> None:
    """Load nothing."""


def chat_at(folder: Path) -> Path:
    """The sample scene as a capture."""
    path = folder / "chat.xmpp.jsonl"
    path.write_bytes(written(chat()))
    return path
