"""Tracing: the journey of one message, from the lines of a capture that name it."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import msgspec

from xmppspy.analysis.identity import UNKNOWN, Identities, Identity
from xmppspy.analysis.journeys import Journey, Journeys
from xmppspy.analysis.mentions import mentions
from xmppspy.capture.body import Body
from xmppspy.protocol.events import FateDecided, FrameRecord
from xmppspy.view.browse.browser import Browser, Told

MAX_LINES: Final = 2000
"""Lines that name a message and are looked at; an id may be as common as `1`."""

_BLOCK: Final = 4 * 1024 * 1024
_LONGEST: Final = 8192
"""Bytes of an id with what stands around it."""
_PASSES: Final = 4
"""How often all lines are searched: each time for the ids that were learnt the last time."""
_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
)


class _Known(Identities):
    """Whose connection it is, as the index tells."""

    def __init__(self) -> None:
        super().__init__()
        self.identity: Identity = UNKNOWN

    def of(self, _conn: int) -> Identity:
        """The one that counts now."""
        return self.identity


def trace(body: Body, browser: Browser, row: int, size: int) -> Iterator[Journey | None]:
    """Look for the journey of the message in a row, in steps, in the first `size` bytes.

    Each step gives None, the last one the journey if there is one.
    """
    told = browser.told(row)
    if not isinstance(told.event, FrameRecord):
        return
    ids = _named_in(told)
    found = _followed(browser, [row], told.event.n)
    for _ in range(_PASSES if ids else 0):
        rows: list[int] = []
        for more in _rows_with(body, browser, ids, size):
            rows += more
            yield None
        found = _followed(browser, rows[:MAX_LINES], told.event.n)
        learnt = set() if found is None else {*found.ids, *(name for name, _ in found.stored)}
        if learnt <= ids:
            break
        ids |= learnt
    yield found


def _named_in(told: Told) -> set[str]:
    """The ids by which a frame names messages."""
    if not isinstance(told.event, FrameRecord):
        return set()
    found = mentions(told.event, _identity_of(told))
    return {name for each in found for name in (*each.ids, *(name for name, _ in each.stored))}


def _rows_with(body: Body, browser: Browser, ids: set[str], size: int) -> Iterator[list[int]]:
    """The rows whose lines hold one of the ids in quotation marks, some at a time."""
    search = _pattern(ids).search
    last = -1
    for start, stop in pairwise([*range(0, size, _BLOCK), size]):
        # What is cut by the end of a block is found in the next one.
        data = body.read(start, stop + _LONGEST)
        rows: list[int] = []
        match = search(data)
        while match is not None and start + match.start() < stop:
            row = browser.row_at(start + match.start())
            if row > last:
                rows.append(row)
                last = row
            line_feed = data.find(b"\n", match.end())
            match = search(data, line_feed) if line_feed >= 0 else None
        yield rows


def _pattern(ids: set[str]) -> re.Pattern[bytes]:
    forms = {form for name in ids for form in (name, name.translate(_ESCAPES))}
    encoded = sorted(re.escape(msgspec.json.encode(form)[1:-1]) for form in forms)
    return re.compile(rb"[\"'](?:" + b"|".join(encoded) + rb")\\?[\"']")


def _followed(browser: Browser, rows: list[int], n: int) -> Journey | None:
    """The journey that a frame is a step of."""
    known = _Known()
    journeys = Journeys(known)
    acknowledged: list[tuple[int, int]] = []
    for row in rows:
        told = browser.told(row)
        if isinstance(told.event, FrameRecord):
            known.identity = _identity_of(told)
            journeys.see(told.event)
            for fate in told.remarks:
                if isinstance(fate, FateDecided):
                    journeys.see(fate)
            if told.record.acked:
                acknowledged.append((told.event.n, told.record.acked - 1))
    for confirmed, by in acknowledged:
        told = browser.told(by)
        if isinstance(told.event, FrameRecord):
            known.identity = _identity_of(told)
            journeys.confirm(confirmed, told.event)
    return _with_frame(journeys, n)


def _identity_of(told: Told) -> Identity:
    return UNKNOWN if told.explanation is None else told.explanation.identity


def _with_frame(journeys: Journeys, n: int) -> Journey | None:
    """The journey that a frame is a step of: rather of what it confirms than its own."""
    found = [each for each in journeys if any(step.n == n for step in each.steps)]
    if not found:
        return None
    journey = next((each for each in found if each.is_content), found[0])
    journey.steps.sort(key=lambda step: step.t)
    return journey
