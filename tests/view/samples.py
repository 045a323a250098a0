"""Frames and looks for the tests of this room."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from xmppspy.protocol.events import Direction, FrameRecord
from xmppspy.protocol.framing import Framer
from xmppspy.view.clock import Clock
from xmppspy.view.look import Look
from xmppspy.view.theme import coloured

GOLDEN: Final = Path(__file__).parent / "golden"
"""Captures, and what is shown of them. After a change that is wanted, write them again with
`xmppspy show --utc CAPTURE` and read the difference."""

CREATED: Final = datetime(2026, 11, 22, 7, 40, 12, 345000, tzinfo=UTC)
PLAIN: Final = Look(clock=Clock(CREATED, utc=True))
COLOURED: Final = PLAIN._replace(palette=coloured({"TERM": "xterm-256color"}))
NARROW: Final = PLAIN._replace(columns=lambda: 80)

_HEADER: Final = (
    b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
)


def frame(xml: str | bytes, direction: Direction = "c2s", **changes: Any) -> FrameRecord:
    """A frame as it is recorded inside a usual stream, with `changes`."""
    data = xml.encode() if isinstance(xml, str) else xml
    framer = Framer()
    framer.receive_data(_HEADER + data)
    framer.next_frame()
    cut = framer.next_frame() or framer.end()
    assert cut is not None
    record = FrameRecord(
        n=1, t=0.0, conn=1, dir=direction, kind=cut.kind, data=data, xmlns=cut.xmlns,
        type=cut.type, id=cut.id, from_=cut.from_, to=cut.to, ns=cut.ns, context=cut.context,
    )  # fmt: skip
    return replace(record, **changes)
