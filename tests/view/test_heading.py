import pytest

from tests.view.samples import COLOURED, PLAIN, frame
from xmppspy.protocol.events import Fault, FrameRecord, Gap
from xmppspy.view.heading import heading, notice_heading
from xmppspy.view.notices import Occurrence, notice
from xmppspy.view.segments import paint

PALETTE = COLOURED.palette


def test_a_frame_begins_with_when_where_what() -> None:
    """Time, connection, direction, and its kind unless that is said elsewhere."""
    record = frame("<iq type='get'/>", conn=3, t=1.5)
    begins = [paint(PLAIN.palette, heading(record, kind, PLAIN)) for kind in ("iq get", "")]

    assert begins == ["07:40:13.845 #3 C→S iq get", "07:40:13.845 #3 C→S"]


@pytest.mark.parametrize(
    "record",
    [
        frame("<iq type='error'/>"),
        frame("<stream:error/>"),
        frame("<message><body>", kind="partial"),
        frame("x", kind="opaque"),
    ],
)
def test_trouble_is_in_the_ink_of_errors(record: FrameRecord) -> None:
    """Error stanzas and what is no whole element stand out."""
    assert heading(record, "iq", COLOURED)[-1][0] == PALETTE.error


def test_white_space_is_quiet() -> None:
    """Keepalives are grey from end to end."""
    assert {ink for ink, _ in heading(frame(" "), "space", COLOURED)} == {PALETTE.meta}


def test_a_type_may_hold_anything() -> None:
    """Kind and type come from the traffic."""
    shown = paint(PLAIN.palette, heading(frame("<iq/>"), "i\x1bq \x07\n", PLAIN))

    assert shown == r"07:40:12.345 #1 C→S i\x1bq \x07\n"


def test_an_event_begins_with_what_is_known() -> None:
    """Connection and direction only where there are some."""
    events: list[Occurrence] = [Fault(t=0, error="e", conn=2, dir="s2c"), Gap(t=0, lost=1)]
    begins = [
        paint(PLAIN.palette, notice_heading(event.t, notice(event, PLAIN.palette), PLAIN))
        for event in events
    ]

    assert begins == ["07:40:12.345 #2 S→C ", "07:40:12.345 "]
