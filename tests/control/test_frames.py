import pytest

from tests.control.samples import HIST, held
from xmppspy.control.frames import described, record, stream
from xmppspy.control.replies import HeldFrame
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.waiting import HeldFrame as Waiting

CONTEXT = StreamContext(default="", prefixes={"x": "urn:x"}, content="jabber:server")


def _waiting(data: bytes, proposal: bytes | None, context: StreamContext = CONTEXT) -> Waiting:
    frame = Frame("message", data, 0, context, type="chat", id="m1", from_="a", to="b", ns=("n",))
    return Waiting(7, "s2c", frame, since=5.0, until=35.0, drops=True, proposal=proposal)


def test_frame_is_described() -> None:
    """With all that there is to know of it."""
    told = described(3, _waiting(b"<message/>", b"<message/>"), now=10.0)

    assert told == HeldFrame(
        n=7,
        conn=3,
        dir="s2c",
        t=5.0,
        left=25.0,
        otherwise="drop",
        kind="message",
        type="chat",
        id="m1",
        from_="a",
        to="b",
        ns=("n",),
        xml="<message/>",
        content="jabber:server",
        namespaces={"": "", "x": "urn:x"},
    )


@pytest.mark.parametrize(
    ("proposal", "xml", "b64", "received"),
    [
        (b"<message/>", "<message/>", None, None),
        (b"<presence/>", "<presence/>", None, "<message/>"),
        (b"<a>\xff", None, b"<a>\xff", "<message/>"),
        (None, None, None, "<message/>"),
    ],
)
def test_what_will_leave(
    proposal: bytes | None, xml: str | None, b64: bytes | None, received: str | None
) -> None:
    """As text, or as bytes where it is none; and what came, where that is something else."""
    told = described(1, _waiting(b"<message/>", proposal), now=99.0)

    assert (told.xml, told.b64, told.received) == (xml, b64, received)
    assert told.left == 0.0


def test_frame_is_read_again() -> None:
    """As the capture has it, in its stream."""
    assert record(held()) == FrameRecord(
        n=7,
        t=5.0,
        conn=1,
        dir="c2s",
        kind="message",
        data=HIST.encode(),
        type="chat",
        id="m1",
        to="juliet@capulet.example",
        waits=True,
    )
    assert stream(held()) == DEFAULT_CONTEXT


def test_what_is_no_text_is_read_again() -> None:
    """The bytes; of what a rule drops, what came."""
    assert record(held(xml=None, b64=b"\xff", received="<a/>")).data == b"\xff"
    assert record(held(xml=None, received="<a/>")).data == b"<a/>"


@pytest.mark.parametrize("context", [CONTEXT, DEFAULT_CONTEXT])
def test_streams_come_through(context: StreamContext) -> None:
    """So that a frame can be checked in its stream by who is told of it."""
    told = described(1, _waiting(b"<message/>", None, context), now=0.0)

    assert stream(told) == context
