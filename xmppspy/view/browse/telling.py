"""Telling: what a line of a capture means, in words."""

from collections.abc import Iterator
from typing import TypeAlias

from xmppspy.analysis.explainer import Explanation
from xmppspy.errors import CaptureError
from xmppspy.protocol.events import FateDecided, FrameRecord, Mark
from xmppspy.view.browse.browser import Browser, Told
from xmppspy.view.clock import Clock
from xmppspy.view.describe import about, doubts, is_error, is_stanza, latency_of, outline_of
from xmppspy.view.escape import escape_line, unmarked
from xmppspy.view.fold import size_of
from xmppspy.view.ink import Palette
from xmppspy.view.look import ARROWS
from xmppspy.view.notices import notice

Row: TypeAlias = tuple[str, str, str]
"""A label, the name of an ink, and what is said."""

_ROOM = 2000
"""Characters of what a person wrote."""
_SEVERITIES = {"error": "error", "warning": "change", "info": "event"}
_NO_INKS = Palette()


class Telling:
    """Puts lines into words; `browser` knows those that belong to them."""

    def __init__(self, browser: Browser, clock: Clock) -> None:
        self._browser = browser
        self._clock = clock

    def title(self, told: Told) -> str:
        """What is told about: `frame 21 · iq result`."""
        event = told.event
        if isinstance(event, FrameRecord):
            typed = f" {event.type}" if event.type and is_stanza(event) else ""
            return _clean(f"frame {event.n} · {event.kind}{typed}")
        if event is None or isinstance(event, CaptureError):
            return "a line"
        return notice(event, _NO_INKS).name

    def __call__(self, told: Told) -> Iterator[Row]:
        """The rows about a line."""
        event = told.event
        if isinstance(event, FrameRecord):
            yield from self._frame(told, told.explanation or Explanation(event))
        elif event is None:
            yield "", "text", "an event that this xmppspy does not know"
        elif isinstance(event, CaptureError):
            yield "", "error", _clean(event.reason)
        else:
            found = notice(event, _NO_INKS)
            for detail in found.details:
                yield "", "text", unmarked(detail)
            yield "when", "meta", self._when(event.t, found.conn, None)
        yield from self._remarks(told)

    # --- frames

    def _frame(self, told: Told, explanation: Explanation) -> Iterator[Row]:
        frame = explanation.record
        said = about(outline_of(explanation, _ROOM), titled=True)
        if said:
            yield "", "error" if is_error(frame) else "kind", unmarked(said)
        for doubt in doubts(explanation):
            yield "", "change", doubt
        yield "when", "meta", self._when(frame.t, frame.conn, ARROWS[frame.dir])
        if is_stanza(frame):
            yield from self._addresses(explanation)
        yield from self._answers(told, explanation)
        size = size_of(len(frame.data))
        masked = f" · masked: {', '.join(frame.redacted)}" if frame.redacted else ""
        yield "size", "meta", _clean(size + masked)

    def _when(self, t: float, conn: int | None, arrow: str | None) -> str:
        where = "" if conn is None else f" · connection {conn}"
        way = "" if arrow is None else f", {arrow}"
        return f"{self._clock(t)} (+{t:,.3f} s){where}{way}"

    def _addresses(self, explanation: Explanation) -> Iterator[Row]:
        frame, shorten = explanation.record, explanation.identity.shorten
        for label, address in (("from", frame.from_), ("to", frame.to)):
            if address is not None:
                short = shorten(address)
                yield label, "text", _clean(address + (f" ({short})" if short != address else ""))
        if frame.id is not None:
            yield "id", "meta", _clean(frame.id)

    def _answers(self, told: Told, explanation: Explanation) -> Iterator[Row]:
        """What it answers, or what answers it; what acknowledges it."""
        frame, record = explanation.record, told.record
        partner = self._frame_in(record.partner)
        if explanation.answer is not None and partner is not None:
            latency = latency_of(explanation)
            after = f" after {latency}" if latency else ""
            yield "answers", "text", f"frame {partner.n}{after}"
        elif partner is not None:
            yield "answered", "text", f"in frame {partner.n}, {_later(partner.t - frame.t)}"
        elif frame.kind == "iq" and frame.type in ("get", "set"):
            yield "answered", "meta", "not, as far as was read"
        acked = self._frame_in(record.acked)
        if acked is not None:
            yield "acked", "text", f"in frame {acked.n}, {_later(acked.t - frame.t)}"

    def _frame_in(self, row: int) -> FrameRecord | None:
        """The frame in a row, which is counted from 1 here; 0 is none."""
        event = self._browser.event(row - 1) if row else None
        return event if isinstance(event, FrameRecord) else None

    # --- what is said about it

    def _remarks(self, told: Told) -> Iterator[Row]:
        for judgement in told.judgements:
            said = f"lint {judgement.rule}: {judgement.message} ({judgement.ref})"
            yield judgement.severity, _SEVERITIES[judgement.severity], _clean(said)
        for event in told.remarks:
            found = notice(event, _NO_INKS)
            ink = "change" if isinstance(event, FateDecided | Mark) else "text"
            # Which frame it is about goes without saying here.
            details = (each for each in found.details if each != f"frame {event.n}")
            yield found.name.partition(" ")[0], ink, unmarked(", ".join(details) or "·")


def _later(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms later" if seconds < 1 else f"{seconds:,.2f} s later"


def _clean(text: str) -> str:
    return unmarked(escape_line(text))
