"""Frames to judge, as the framer cuts them out of a stream."""

from random import Random
from xml.sax.saxutils import quoteattr

from xmppspy.intervene.ids import Ids
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.events import Direction, FrameRecord
from xmppspy.protocol.framing import Frame, Framer


def cut(data: bytes) -> list[FrameRecord]:
    """The frames of a stream, as they are recorded."""
    framer = Framer()
    framer.receive_data(data)
    return [recorded(frame) for frame in iter(framer.next_frame, None)]


def frame(xml: str, context: StreamContext = DEFAULT_CONTEXT) -> Frame:
    """The first frame of `xml` in a stream of that context, or what its start tag tells of it."""
    declared = "".join(
        f" xmlns:{prefix}={quoteattr(name)}" for prefix, name in context.prefixes.items()
    )
    framer = Framer()
    framer.receive_data(f"<stream xmlns={quoteattr(context.default)}{declared}>{xml}".encode())
    framer.next_frame()
    found = framer.next_frame() or framer.head
    assert found is not None
    return found


def recorded(found: Frame, dir_: Direction = "c2s") -> FrameRecord:
    """A frame as it is recorded."""
    return FrameRecord(
        n=0, t=0.0, conn=1, dir=dir_, kind=found.kind, data=found.data, xmlns=found.xmlns,
        type=found.type, id=found.id, from_=found.from_, to=found.to, ns=found.ns,
        context=found.context,
    )  # fmt: skip


def record(
    xml: str, dir_: Direction = "c2s", context: StreamContext = DEFAULT_CONTEXT
) -> FrameRecord:
    """The first frame of `xml` in a stream of that context, as it is recorded."""
    return recorded(frame(xml, context), dir_)


def ids_of(seed: int) -> Ids:
    """Ids that are the same ones every time."""
    return Ids(Random(seed))  # noqa: S311 - they are to be repeatable
