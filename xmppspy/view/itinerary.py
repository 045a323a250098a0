"""Itinerary: the journey of a message, a line for each step, with what is missing at its end."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.durations import elapsed
from xmppspy.analysis.journeys import Journey, Kind, Step
from xmppspy.view.escape import escape_line
from xmppspy.view.ink import Ink
from xmppspy.view.look import Look
from xmppspy.view.segments import Segment, paint

_DELTA: Final = 10
"""Columns for the time since the first step."""

_SAID: Final[dict[tuple[Kind, str], str]] = {
    ("sent", "c2s"): "sent",
    ("acked", "s2c"): "acknowledged by the server",
    ("acked", "c2s"): "acknowledged by {who}",
    ("reflected", "s2c"): "sent back by the room",
    ("received", "s2c"): "received by {who}",
    ("carbon", "s2c"): "carbon copy to {who}",
    ("archived", "s2c"): "found in the archive by {who}",
    ("receipt", "c2s"): "receipt sent by {who}",
    ("receipt", "s2c"): "receipt from {peer}",
    ("marker", "c2s"): "marked by {who}",
    ("marker", "s2c"): "marked by {peer}",
    ("error", "c2s"): "error from {who}",
    ("error", "s2c"): "error from {peer}",
}
_NAMELESS: Final = {"who": "the client", "peer": "the account"}

_CONFIRMATIONS: Final[tuple[tuple[str, tuple[Kind, ...]], ...]] = (
    ("acknowledgement", ("acked",)),
    ("arrival", ("received", "reflected")),
    ("receipt", ("receipt",)),
    ("marker", ("marker",)),
)
"""What a message may expect, and the steps that it shows in."""


def itinerary(journey: Journey, look: Look) -> Iterator[str]:
    """The lines about one message, each ended by a line break."""
    for line, _ in stops(journey, look):
        yield line


def stops(
    journey: Journey, look: Look, *, has_numbers: bool = True
) -> Iterator[tuple[str, Step | None]]:
    """The same lines, each with the step that it tells; None for one that tells no step.

    Without numbers, who shows the lines has another way from a step to its frame.
    """
    for segments in _heading(journey, look):
        yield paint(look.palette, segments) + "\n", None
    told = _steps(journey, look, has_numbers=has_numbers)
    for step in journey.steps:
        yield paint(look.palette, next(told)) + "\n", step
    for segments in (*told, *_missing(journey, look)):
        yield paint(look.palette, segments) + "\n", None


def _heading(journey: Journey, look: Look) -> Iterator[list[Segment]]:
    name = (*journey.ids, *(name for name, _ in journey.stored))[0]
    remarks = [] if journey.encryption is None else [f"encrypted by {journey.encryption}"]
    remarks += [] if journey.is_content else ["without text"]
    yield [
        (look.palette.kind, f"message {escape_line(name)}"),
        (look.palette.meta, "".join(f" · {escape_line(remark)}" for remark in remarks)),
    ]
    if between := _between(journey):
        yield [(look.palette.text, escape_line(between))]
    others = [*journey.ids[1:], *(f"{id_} by {by}" for id_, by in journey.stored if id_ != name)]
    if others:
        yield [(look.palette.meta, f"also known as {escape_line(', '.join(others))}")]


def _between(journey: Journey) -> str:
    """From whom to whom it went, as far as its first step tells."""
    step = journey.first("sent", "received", "reflected")
    if step is None:
        return ""
    way = (step.who, step.peer) if step.kind == "sent" else (step.peer, step.who)
    return " ".join(
        f"{word} {name}" for word, name in zip(("from", "to"), way, strict=True) if name
    )


def _steps(journey: Journey, look: Look, *, has_numbers: bool) -> Iterator[list[Segment]]:
    start = journey.steps[0].t
    times_sent = 0
    for index, step in enumerate(journey.steps):
        times_sent += step.kind == "sent"
        delta = f"+{elapsed(max(step.t - start, 0.0))}" if index else ""
        arrow_ink, arrow = look.direction(step.dir)
        yield [
            (look.palette.meta, f"{look.clock(step.t)} {delta:>{_DELTA}} #{step.conn} "),
            (arrow_ink, arrow),
            (_ink(step, look), f" {_said(step, again=step.kind == 'sent' and times_sent > 1)}"),
            (look.palette.meta, f"{_detail(step)}{f' n:{step.n}' if has_numbers else ''}"),
        ]
    if journey.more:
        yield [(look.palette.meta, f"… and {journey.more:,} more steps")]


def _ink(step: Step, look: Look) -> Ink:
    if step.kind == "error":
        return look.palette.error
    return look.palette.change if step.kind == "fate" else look.palette.text


def _said(step: Step, *, again: bool) -> str:
    names = {
        key: escape_line(value) or _NAMELESS[key]
        for key, value in (("who", step.who), ("peer", step.peer))
    }
    said = _SAID.get((step.kind, step.dir), "{detail}").format(
        detail=escape_line(step.detail), **names
    )
    return f"{said} again" if again else said


def _detail(step: Step) -> str:
    is_said = step.kind == "fate" or (step.kind, step.detail) == ("receipt", "received")
    return f" ({escape_line(step.detail)})" if step.detail and not is_said else ""


def _missing(journey: Journey, look: Look) -> Iterator[list[Segment]]:
    """What of a message that was sent was never seen."""
    if journey.first("sent") is None or not journey.is_content or journey.first("error"):
        return
    missing = [said for said, kinds in _CONFIRMATIONS if journey.first(*kinds) is None]
    if missing:
        yield [(look.palette.aside, f"not seen: {', '.join(missing)}")]
