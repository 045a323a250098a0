"""What is said of frames written down in tests."""

from typing import Any, Final

from xmppspy.analysis.exchanges import Request
from xmppspy.analysis.identity import Identity
from xmppspy.analysis.summary import Outline, outline, summarize
from xmppspy.protocol.events import Direction, FrameRecord
from xmppspy.protocol.framing import Framer

JULIET: Final = Identity(
    domain="example.org", bare="juliet@example.org", full="juliet@example.org/phone"
)
"""Whose connection the tests look at."""

_HEADER: Final = (
    "<stream:stream xmlns='{content}' xmlns:stream='http://etherx.jabber.org/streams'"
    " xmlns:db='jabber:server:dialback'>"
)


def frame(
    xml: str | bytes, direction: Direction = "c2s", content: str = "jabber:client"
) -> FrameRecord:
    """A frame as it is recorded in a stream of that content namespace."""
    data = xml.encode() if isinstance(xml, str) else xml
    framer = Framer()
    is_header = data.lstrip().startswith((b"<?xml", b"<stream:stream"))
    framer.receive_data(data if is_header else _HEADER.format(content=content).encode() + data)
    cut = framer.next_frame()
    if not is_header:
        cut = framer.next_frame() or framer.end()
    assert cut is not None
    return FrameRecord(
        n=1, t=0.0, conn=1, dir=direction, kind=cut.kind, data=data, xmlns=cut.xmlns,
        type=cut.type, id=cut.id, from_=cut.from_, to=cut.to, ns=cut.ns, context=cut.context,
    )  # fmt: skip


def sent(xml: str, **more: Any) -> str:
    """The summary of what the client sends."""
    return summarize(frame(xml), JULIET, **more)


def got(xml: str, **more: Any) -> str:
    """The summary of what the client gets."""
    return summarize(frame(xml, "s2c"), JULIET, **more)


def outlined(xml: str, **more: Any) -> Outline:
    """The summary in its parts."""
    return outline(frame(xml), JULIET, **more)


def asked(type_: str, name: str, namespace: str) -> Request:
    """A request that was seen before."""
    return Request(
        n=1, t=0.0, conn=1, dir="c2s", type=type_, id="q1", from_=None, to=None,
        name=name, namespace=namespace,
    )  # fmt: skip
