"""Watching: the loop of `ctl watch` between a proxy, a keyboard and a terminal."""

import os
import secrets
import select
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from xmppspy.analysis.redaction import Redactor
from xmppspy.cli.ctl_asking import Asking
from xmppspy.cli.ctl_edit import Editing, Outcome
from xmppspy.cli.keyboard import Keyboard
from xmppspy.cli.styles import standard_output
from xmppspy.control import news, replies, requests
from xmppspy.control.client import Control
from xmppspy.control.frames import record
from xmppspy.errors import RequestRefused, UsageError
from xmppspy.view import watch as words
from xmppspy.view.pretty import Pretty

_TICK: Final = 0.25
"""Seconds between two looks at the clock."""

_MORE: Final = 30.0
"""Seconds that the space bar adds."""

_DECIDING: Final = frozenset("fde2 ")
"""Keys that do something to the frame that is shown."""

_CLEAR: Final = "\r\x1b[K"


class Teller:
    """Says what happens: on a terminal above a line that counts down, else just so.

    `status` is the proxy's, for the time of day.
    """

    def __init__(self, asking: Asking, status: replies.Status) -> None:
        self._output = standard_output()
        created = datetime.fromisoformat(status.created)
        self._asking = asking
        self._look = asking.styles.look(self._output, created)
        self._pretty = Pretty(self._look)
        self._redactor = Redactor(secrets.token_bytes(32))
        self.is_plain = not asking.as_json
        """Whether a person is told, and no program."""
        is_able = self._output.isatty() and os.environ.get("TERM") != "dumb"
        self._counts = self.is_plain and is_able
        self._shown = ""

    def say(self, text: str) -> None:
        """A line that stays."""
        if self.is_plain and text:
            palette = self._look.palette
            lines = [palette.paint(palette.event, line) for line in text.splitlines()]
            self._write("\n".join(lines) + "\n")

    def show(self, frame: replies.HeldFrame) -> None:
        """A frame, as a person reads it best; secrets are masked, as in a capture."""
        palette = self._look.palette
        title = palette.paint(palette.change, words.title(frame))
        masked = self._redactor.apply(record(frame))
        self._write(f"{title}\n{self._pretty(masked)}")

    def dump(self, told: news.News | replies.Watching) -> None:
        """The same for programs."""
        if self._asking.as_json:
            self._asking.show_json(told)

    def count(self, line: Callable[[int], str]) -> None:
        """Show the last line, which is made for so many columns, if it is another than before."""
        columns = self._look.columns() or 0
        text = line(columns) if self._counts and columns else ""
        if text != self._shown:
            self.clear()
            self._put(self._look.palette.paint(self._look.palette.meta, text))
            self._shown = text

    def clear(self) -> None:
        """Take the last line away."""
        if self._shown:
            self._put(_CLEAR)
            self._shown = ""

    def _write(self, text: str) -> None:
        self.clear()
        self._put(text)

    def _put(self, text: str) -> None:
        self._output.write(text.encode(errors="backslashreplace"))
        self._output.flush()


class Watcher:
    """Shows what is held, one frame after the other, and does what keys say."""

    def __init__(
        self, control: Control, keyboard: Keyboard, teller: Teller, watching: replies.Watching
    ) -> None:
        self._control, self._keyboard, self._teller = control, keyboard, teller
        self._takes_keys = keyboard.are_there and teller.is_plain
        self._editing = Editing(control)
        self._breakpoint = watching.breakpoint
        self._held: dict[int, replies.HeldFrame] = {}
        self._until: dict[int, float] = {}
        self._current: int | None = None
        self._has_ended = False
        teller.dump(watching)
        for frame in watching.frames:
            self._take(frame)

    def run(self) -> None:
        """Go on until the person quits, or the proxy has gone: that is a ControlError."""
        if self._takes_keys:
            self._teller.say(words.KEYS)
        with suppress(KeyboardInterrupt):
            while not self._has_ended:
                self._turn()
                self._teller.count(self._last_line)
                self._wait()
        self._teller.clear()
        if count := len(self._held):
            self._teller.say(f"{count} frame{'s' if count > 1 else ''} held; xmppspy ctl held")

    def _wait(self) -> None:
        """Until something happens, or the clock has gone on."""
        sources: list[Control | Keyboard] = [self._control]
        if self._takes_keys:
            sources.append(self._keyboard)
        timeout = _TICK if self._held else None
        if self._control.has_news:
            timeout = 0.0
        ready, _, _ = select.select(sources, [], [], timeout)
        for told in self._control.news():
            self._happened(told)
        if self._keyboard in ready and (key := self._keyboard.wait(0)):
            self._press(key)

    # --- frames

    def _take(self, frame: replies.HeldFrame) -> None:
        self._held[frame.n] = frame
        self._until[frame.n] = time.monotonic() + frame.left
        if not self._takes_keys and self._teller.is_plain:
            self._teller.show(frame)

    def _turn(self) -> None:
        """Show the frame whose turn it is, when it is another one."""
        if not self._takes_keys or self._current in self._held:
            return
        self._current = min(self._held, default=None)
        if self._current is not None:
            self._show(self._current)

    def _show(self, n: int) -> None:
        self._current = n
        self._teller.show(self._held[n])

    def _last_line(self, columns: int) -> str:
        frame = self._held.get(self._current or 0)
        if frame is None:
            return words.idle(self._breakpoint, columns)
        left = self._until[frame.n] - time.monotonic()
        return words.prompt(frame, left, len(self._held) - 1, columns)

    # --- what happens

    def _happened(self, told: news.News) -> None:
        self._teller.dump(told)
        match told:
            case news.Held(frame=frame):
                self._take(frame)
            case news.Extended():
                self._until[told.n] = time.monotonic() + told.left
            case news.Decided():
                self._held.pop(told.n, None)
            case news.Released():
                self._held.pop(told.n, None)
                self._teller.say(words.outcome(told))
            case news.Breakpoint(breakpoint=breakpoint_):
                self._breakpoint = breakpoint_
                self._teller.say(words.line(told))
            case _:
                self._teller.say(words.line(told))

    # --- keys

    def _press(self, key: str) -> None:
        if key == "q":
            self._has_ended = True
        elif key in ("?", "h"):
            self._teller.say(words.KEYS)
        elif key == "n":
            self._show_next()
        elif key in _DECIDING and self._current in self._held:
            try:
                self._decide(key, self._current or 0)
                self._keep_the_others()
            except (RequestRefused, UsageError) as error:
                self._teller.say(str(error))

    def _decide(self, key: str, n: int) -> None:
        match key:
            case "f":
                self._control.ask(requests.Release(n=n), replies.Decided)
            case "d":
                self._control.ask(requests.Drop(n=n), replies.Decided)
            case "2":
                self._control.ask(requests.Duplicate(n=n), replies.Decided)
            case " ":
                left = max(self._until[n] - time.monotonic(), 0)
                self._control.ask(requests.Extend(n=n, seconds=left + _MORE), replies.Decided)
            case "e":
                self._edit(n)

    def _show_next(self) -> None:
        if self._current in self._held:
            later = [each for each in sorted(self._held) if each > self._current]
            self._show((later or sorted(self._held))[0])

    def _keep_the_others(self) -> None:
        """Somebody is here: what is still to be decided does not count as nobody's."""
        more = requests.Extend(n="all", seconds=self._breakpoint.timeout)
        self._control.ask(more, replies.Decided)

    def _edit(self, n: int) -> None:
        self._teller.clear()
        with self._keyboard.lent():
            outcome = self._editing.edit(n)
        if outcome is not Outcome.EDITED:  # else its fate will tell
            self._teller.say(f"frame {n}: {outcome}")
