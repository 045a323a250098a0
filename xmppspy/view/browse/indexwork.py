"""The work of the process that reads a capture from its beginning, in small steps."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from xmppspy.analysis.lookout import Lookout
from xmppspy.capture.body import Body
from xmppspy.capture.growth import Standing
from xmppspy.capture.reader import Reader
from xmppspy.errors import CaptureError
from xmppspy.view.browse.browser import Browser
from xmppspy.view.browse.drawing import draw
from xmppspy.view.browse.heap import Heap, HeapWriter
from xmppspy.view.browse.indexer import Indexer
from xmppspy.view.browse.messages import Answered, Ask, Drawn, Opened, Progress, Trouble
from xmppspy.view.browse.records import Records, RecordWriter
from xmppspy.view.browse.seen import Seen

if TYPE_CHECKING:
    from xmppspy.view.browse.judge import Judge

Send: TypeAlias = Callable[[object], None]

FIRST_ROWS: Final = 64
"""Rows that are drawn here, for the first screen."""

COLUMNS: Final = 120
"""Of amounts over time; who shows them may take fewer."""
_TELL_AFTER: Final = 0.05
_WATCH_AFTER: Final = 0.5
"""Seconds between two looks at what became of the file."""
_CONCLUDE_AFTER: Final = 1.0
"""Seconds without anything new, after which a capture that nobody writes is over."""


class IndexWork:
    """Indexes a capture, follows it, and tells by `send` how far it is; to be told to take steps.

    `step_aside` is called when what is seen first is there: the rest may take its time.
    """

    def __init__(
        self, body: Body, records: int, heap: int, send: Send, step_aside: Callable[[], object]
    ) -> None:
        self._send = send
        self._body = body
        self._seen = Seen()
        self._writer = RecordWriter(records)
        self._indexer = Indexer(body, self._writer, HeapWriter(heap))
        explainer = self._indexer.facts.explainer
        self._lookout = Lookout(explainer.identities, explainer.exchanges, explainer.management)
        self._indexer.watchers += [self._seen.see, self._lookout.see]
        self._browser = Browser(body, Records(records), Heap(heap))
        self._judge: Judge | None = None
        self._answers: Mapping[str, Callable[[], Any]] = {
            "seen": self._seen.names,
            "overview": lambda: self._lookout.view(COLUMNS),
        }
        self._step_aside = step_aside
        self._opening = self._open()
        self._is_open = False
        self._in_trouble = False
        self._concluded = False
        self._told = Progress()
        self._told_at = 0.0
        self._watched_at = 0.0
        self._standing = Standing.SAME
        self._is_written = False
        self._quiet_since = time.monotonic()

    def handle(self, message: object) -> None:
        """Take a message of the process that shows the capture."""
        if isinstance(message, Ask):
            self._send(Answered(message.about, self._answers[message.about]()))

    def step(self) -> bool:
        """Do a little; says whether there was anything to do."""
        busy = next(self._opening, False) or self._go_on()
        now = time.monotonic()
        if busy:
            self._quiet_since = now
        if not busy or now - self._told_at > _TELL_AFTER:
            self._watch(now)
            self._tell(now)
        return busy

    # --- at the beginning

    def _open(self) -> Iterator[bool]:
        """What is seen first comes first."""
        while not self._indexer.first_line:
            busy = self._scan()
            if not busy:
                self._refuse()
            yield busy
        header = self._indexer.header
        if header is None:
            self._send(Opened(None))
        else:
            self._send(Opened(header.created, header.tool, header.secrets))
        self._is_open = True
        self._indexer.explain(FIRST_ROWS)
        self._draw(0)
        yield True
        while self._scan():
            yield True
        if self._indexer.growth.is_written and self._writer.rows > FIRST_ROWS:
            self._draw(self._writer.rows - FIRST_ROWS)
        self._step_aside()

    def _refuse(self) -> None:
        """Say what is wrong with a file that holds nothing of a capture, and is not to grow."""
        growth = self._indexer.growth
        if self._in_trouble or not growth.size or growth.is_written:
            return
        try:
            with Reader(self._body.capture) as reader:
                next(reader.lines(), None)
        except CaptureError as error:
            self._in_trouble = True
            self._send(Trouble(str(error), is_fatal=True))

    def _draw(self, first: int) -> None:
        browser = self._browser
        browser.records.rows = self._writer.rows
        browser.explained = self._indexer.explained
        rows = range(first, min(first + FIRST_ROWS, browser.rows))
        drawn = Drawn(first, tuple(draw(browser.told(row)) for row in rows))
        browser.forget()
        now = time.monotonic()
        self._watch(now)
        self._tell(now)
        self._send(drawn)

    # --- from then on

    def _go_on(self) -> bool:
        return self._scan() or self._indexer.explain() or self._judge_more()

    def _scan(self) -> bool:
        if self._in_trouble:
            return False
        try:
            return self._indexer.scan()
        except CaptureError as error:
            self._in_trouble = True
            self._send(Trouble(str(error), is_fatal=not self._writer.rows))
            return False

    def _judge_more(self) -> bool:
        if self._judge is None:
            if not self._indexer.first_line:
                return False
            from xmppspy.view.browse.judge import Judge  # noqa: PLC0415 - all rules take a while

            self._judge = Judge(self._body, self._writer, self._indexer.facts)
            return True
        return self._judge.step(self._indexer.explained)

    def _watch(self, now: float) -> None:
        """Look after the file, and after the end of the capture."""
        if now - self._watched_at < _WATCH_AFTER:
            return
        self._watched_at = now
        growth = self._indexer.growth
        self._standing, self._is_written = growth.standing(), growth.is_written
        is_over = not self._is_written and now - self._quiet_since > _CONCLUDE_AFTER
        if is_over and self._judge is not None and not self._concluded:
            self._concluded = True
            self._judge.conclude()

    def _tell(self, now: float) -> None:
        if not self._is_open:
            return
        self._told_at = now
        facts, judge = self._indexer.facts, self._judge
        progress = Progress(
            rows=self._writer.rows,
            explained=self._indexer.explained,
            judged=0 if judge is None else judge.judged,
            size=self._indexer.growth.size,
            connections=self._lookout.count,
            errors=facts.errors,
            findings=0 if judge is None else judge.findings,
            marks=facts.marks,
            is_written=self._is_written,
            standing=self._standing.value,
            torn=self._indexer.torn,
            touched=tuple(row for row in facts.touched if row < self._told.explained),
        )
        facts.touched.clear()
        untouched = replace(progress, touched=())
        if progress.touched or untouched != self._told:
            self._told = untouched
            self._send(progress)
