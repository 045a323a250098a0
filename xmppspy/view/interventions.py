"""Frames that are held, and what was put in, as a person reads it."""

from typing import Final

from xmppspy.analysis.explainer import Explanation
from xmppspy.control import replies
from xmppspy.control.frames import record
from xmppspy.view.columns import Column, table
from xmppspy.view.control import span
from xmppspy.view.describe import kind_of, outline_of
from xmppspy.view.escape import in_comment
from xmppspy.view.look import ARROWS, Look
from xmppspy.view.paint import Painter

_ROOM: Final = 60


def held(told: replies.HeldFrames, look: Look, now: float) -> str:
    """A table of the frames that wait; a sentence when none do."""
    if not told.frames:
        return "nothing is held\n"
    columns = (
        Column("frame", is_number=True),
        Column("conn", is_number=True),
        Column("way"),
        Column("what", is_elastic=True),
        Column("waits", is_number=True),
        Column("left", is_number=True),
        Column("then"),
    )
    rows = [
        (
            str(each.n),
            str(each.conn),
            ARROWS[each.dir],
            what(each),
            span(now - each.t),
            span(each.left),
            each.otherwise,
        )
        for each in told.frames
    ]
    return table(columns, rows, look.columns(), look.palette)


def what(frame: replies.HeldFrame) -> str:
    """A held frame in a few words: `message chat "Wherefore art thou Romeo?"`."""
    told = Explanation(record(frame))
    outline = outline_of(told, _ROOM)
    who = frame.to if frame.dir == "c2s" else frame.from_
    address = "" if who is None else f"{'to' if frame.dir == 'c2s' else 'from'} {who}"
    return " ".join(filter(None, (kind_of(told.record, outline), outline.text, address)))


def injected(told: replies.Injected, look: Look) -> str:
    """What was put in, and what came back for it."""
    parts = [_element(f"sent to the {told.to} on connection {told.conn}", told.xml, look)]
    parts += [_element(answered(each), each.xml, look) for each in told.answers]
    parts += [f"no answer to {id_} in time\n" for id_ in told.missing]
    return "".join(parts)


def answered(told: replies.Answer) -> str:
    """Which answer came, and how soon."""
    kept = ", kept from the other side" if told.private else ""
    return f"{told.type} for {told.id} after {told.seconds * 1000:.0f} ms{kept}"


def _element(title: str, xml: str, look: Look) -> str:
    heading = look.palette.paint(look.palette.meta, f"<!-- {in_comment(title)} -->")
    painter = Painter(look.palette, full=look.full)
    return f"{heading}\n{painter.xml(xml.encode(errors='surrogatepass'), look.columns())}"
