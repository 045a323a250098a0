"""Records: frames as filters look at them, before they are recorded."""

from dataclasses import replace
from typing import Final

from xmppspy.intervene import fragments
from xmppspy.protocol.events import Direction, FrameRecord
from xmppspy.protocol.framing import Frame

NO_NUMBER: Final = 0
"""A frame gets its number when it is recorded."""


def record_of(conn: int, direction: Direction, frame: Frame, now: float) -> FrameRecord:
    """A frame, or what its start tag tells of it, as it would be recorded."""
    return FrameRecord(
        n=NO_NUMBER, t=now, conn=conn, dir=direction, kind=frame.kind, data=frame.data,
        xmlns=frame.xmlns, type=frame.type, id=frame.id, from_=frame.from_, to=frame.to,
        ns=frame.ns, context=frame.context,
    )  # fmt: skip


def reread(record: FrameRecord, data: bytes) -> FrameRecord:
    """The record of what has become of a frame; of the first element, if it has become several."""
    found, _ = fragments.read(data, record.context)
    if not found:
        return replace(record, data=data)
    frame = replace(found[0], data=data, context=record.context)
    return record_of(record.conn, record.dir, frame, record.t)
