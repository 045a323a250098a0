"""Differences as text: a line that tells which frames, and their contrast; or as JSON.

Imported by commands when they run, so it may import what it likes.
"""

from typing import Any, Final

from xmppspy.analysis.identity import Identity
from xmppspy.analysis.summary import summarize
from xmppspy.analysis.words import counted, joined, word
from xmppspy.cli.reports import json_line
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.namespaces import STANZAS
from xmppspy.replay.difference import Changed, Difference, Extra, Missing
from xmppspy.view.contrast import Contrast
from xmppspy.view.look import Look
from xmppspy.view.segments import Segment, paint

_ROOM: Final = 40
"""Characters of a body in a title."""


def told(difference: Difference, look: Look, sides: tuple[str, str] = ("A", "B")) -> str:
    """A title, what was expected and what came, and an empty line.

    `sides` names the captures; the frames of one without a name are not told.
    """
    title = paint(look.palette, _title(difference, look, sides))
    return f"{title}\n{Contrast(look)(difference.before, difference.after)}\n"


def as_line(difference: Difference) -> bytes:
    """A difference as JSON, on a line of its own that does nothing to a terminal."""
    value = {
        "difference": difference.word,
        "account": difference.identity.bare,
        "frames": difference.frames,
        "request": _as_value(difference.request),
        "expected": _as_value(difference.expected),
        "got": _as_value(difference.got),
        "before": difference.before,
        "after": difference.after,
    }
    return json_line(value)


def _as_value(record: FrameRecord | None) -> dict[str, Any] | None:
    if record is None:
        return None
    text = record.data.decode(errors="backslashreplace")
    return {"n": record.n, "conn": record.conn, "dir": record.dir, "xml": text}


def _title(difference: Difference, look: Look, sides: tuple[str, str]) -> list[Segment]:
    palette = look.palette
    ink = {Missing: palette.error, Extra: palette.value, Changed: palette.change}[type(difference)]
    record = difference.expected or difference.got
    parts: list[list[Segment]] = [[(ink, difference.word)]]
    if difference.identity.bare is not None:
        parts.append([(palette.meta, word(difference.identity.bare))])
    if difference.frames > 1:
        size = counted(difference.frames, "frame")
        parts.append([(palette.kind, f"a whole session, {size}; it begins with")])
    if record is not None:
        parts.append(_named(record, difference.identity, look))
    if difference.request is not None and difference.request is not record:
        relation = "answers" if record is not None and record.kind == "iq" else "belongs to"
        parts.append(
            [(palette.text, f"{relation} {_gist(difference.request, difference.identity)}")]
        )
    if places := _places(difference, sides):
        parts.append([(palette.meta, places)])
    divided = [segment for part in parts for segment in ((palette.meta, " · "), *part)]
    return divided[1:]


def _named(record: FrameRecord, identity: Identity, look: Look) -> list[Segment]:
    ink, arrow = look.direction(record.dir)
    return [(ink, arrow), (look.palette.text, f" {_gist(record, identity)}")]


def _gist(record: FrameRecord, identity: Identity) -> str:
    """`iq get roster`: what a frame is, in one line of harmless text."""
    kind = record.kind if record.kind in STANZAS else ""
    kind_of_it = word(record.type) if record.kind in ("message", "iq") else ""
    said = summarize(record, identity, room=_ROOM)
    side, other = ("to", record.to) if record.dir == "c2s" else ("from", record.from_)
    address = f"{side} {word(identity.shorten(other))}" if other else ""
    return joined([kind, kind_of_it, said, address])


def _places(difference: Difference, sides: tuple[str, str]) -> str:
    """Which frames of the captures they are."""
    found = zip(sides, (difference.expected, difference.got), strict=True)
    named = (f"frame {record.n} of {side}" for side, record in found if side and record is not None)
    return ", ".join(named)
