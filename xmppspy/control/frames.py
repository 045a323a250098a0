"""Held frames as the control protocol tells of them, and as the core knows them."""

from types import MappingProxyType

from xmppspy.control.replies import HeldFrame
from xmppspy.protocol import waiting
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import FrameRecord


def described(conn: int, held: waiting.HeldFrame, now: float) -> HeldFrame:
    """What is told of a frame that is held on a connection."""
    frame, context = held.frame, held.frame.context
    xml, b64 = _text(held.proposal)
    received = None if held.proposal == frame.data else frame.data.decode(errors="backslashreplace")
    return HeldFrame(
        n=held.n,
        conn=conn,
        dir=held.direction,
        t=round(held.since, 6),
        left=round(max(held.until - now, 0.0), 3),
        otherwise="drop" if held.drops else "forward",
        kind=frame.kind,
        xmlns=frame.xmlns,
        type=frame.type,
        id=frame.id,
        from_=frame.from_,
        to=frame.to,
        ns=frame.ns,
        xml=xml,
        b64=b64,
        received=received,
        content=context.content,
        namespaces={"": context.default, **context.prefixes},
    )


def record(frame: HeldFrame) -> FrameRecord:
    """A frame as the capture has it, but as what it will leave."""
    text = frame.xml if frame.xml is not None else frame.received
    return FrameRecord(
        n=frame.n,
        t=frame.t,
        conn=frame.conn,
        dir=frame.dir,
        kind=frame.kind,
        data=frame.b64 if frame.b64 is not None else (text or "").encode(),
        xmlns=frame.xmlns,
        type=frame.type,
        id=frame.id,
        from_=frame.from_,
        to=frame.to,
        ns=frame.ns,
        waits=True,
        context=stream(frame),
    )


def stream(frame: HeldFrame) -> StreamContext:
    """The stream that a frame stands in."""
    prefixes = {prefix: name for prefix, name in frame.namespaces.items() if prefix}
    default = frame.namespaces.get("", "")
    return StreamContext(
        default=default, prefixes=MappingProxyType(prefixes), content=frame.content
    )


def _text(data: bytes | None) -> tuple[str | None, bytes | None]:
    if data is None:
        return None, None
    try:
        return data.decode(), None
    except UnicodeDecodeError:
        return None, data
