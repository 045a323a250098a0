import itertools
from dataclasses import replace

import pytest

from tests.protocol.feeding import HEADER, in_chunks
from xmppspy.protocol.accelerator import NOTHING
from xmppspy.protocol.context import DEFAULT_CONTEXT
from xmppspy.protocol.events import Fault, FrameRecord, Mark, Note, Side, StanzaRun
from xmppspy.protocol.frames import Run
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.requests import ConnectRequested, HoldsChanged


def frame_of(data: bytes) -> Frame:
    """The one frame that `data` is in a usual stream."""
    return in_chunks([HEADER, data])[1]


def test_frame() -> None:
    """A record says all that the frame says, and its number."""
    recorder = Recorder(7, itertools.count(41))
    data = b"<iq type='set' id='1' from='a' to='b'><x xmlns='urn:x'/></iq>"
    frame = frame_of(data)
    n = recorder.frame(1.5, "s2c", frame, sent=b"<iq/>")

    assert n == 41
    assert recorder.next_event() == FrameRecord(
        n=41, t=1.5, conn=7, dir="s2c", kind="iq", data=data, type="set", id="1", from_="a",
        to="b", ns=("urn:x",), sent=b"<iq/>", context=frame.context,
    )  # fmt: skip
    assert recorder.next_event() is None


def test_numbers_are_shared() -> None:
    """Connections of one capture take their numbers from one sequence."""
    numbers = itertools.count(1)
    first, second = Recorder(1, numbers), Recorder(2, numbers)
    frame = frame_of(b"<a/>")

    assert [each.frame(0.0, "c2s", frame) for each in (first, second, first)] == [1, 2, 3]


def test_flawed_frame_is_followed_by_its_fault() -> None:
    """What is wrong with a frame is told right behind it, whatever was recorded meanwhile."""
    recorder = Recorder(1, itertools.count(1))
    recorder.frame(2.0, "c2s", frame_of(b"<x:a/>"))
    recorder.note(3.0, "later", 1)
    frame, fault, note, end = (recorder.next_event() for _ in range(4))

    assert isinstance(frame, FrameRecord)
    assert isinstance(fault, Fault)
    assert (fault.t, fault.conn, fault.dir, fault.n) == (2.0, 1, "c2s", 1)
    assert (fault.error, fault.offset, fault.leg) == ("undeclared-prefix", len(HEADER), None)
    assert note == Note(t=3.0, text="later", conn=1, n=1)
    assert end is None


def test_lost_boundaries_are_told_by_the_framer() -> None:
    """The flaw of an opaque frame is the one with which framing ended."""
    recorder = Recorder(1, itertools.count(1))
    recorder.frame(0.0, "c2s", frame_of(b"</b>"))
    fault = list(iter(recorder.next_event, None))[1]

    assert isinstance(fault, Fault)
    assert (fault.error, fault.detail) == ("not-well-formed", "</b> closes nothing")


def test_own_frames_are_not_judged() -> None:
    """Of what xmppspy or its user injected, no fault is told."""
    recorder = Recorder(1, itertools.count(1))
    recorder.frame(0.0, "c2s", frame_of(b"<x:a/>"), injected=True)
    (record,) = iter(recorder.next_event, None)

    assert isinstance(record, FrameRecord)
    assert record.injected


@pytest.mark.parametrize("injected", [True, False])
@pytest.mark.parametrize("waits", [True, False])
def test_how_a_frame_came_to_be_there(injected: bool, waits: bool) -> None:
    """Whether it is our own, and whether it had left, is on its record; the rest is the same."""
    recorder = Recorder(1, itertools.count(1))
    frame = frame_of(b"<a/>")
    for _ in range(2):
        recorder.frame(1.0, "c2s", frame, injected=injected, waits=waits)
    first, second = iter(recorder.next_event, None)

    assert isinstance(first, FrameRecord)
    assert (first.injected, first.waits, first.data) == (injected, waits, b"<a/>")
    assert second == replace(first, n=2)


def test_changes_of_what_is_held() -> None:
    """The outside is asked to look again."""
    recorder = Recorder(1, itertools.count(1))
    recorder.holds_changed()

    assert list(iter(recorder.next_event, None)) == [HoldsChanged()]


def test_everything_comes_in_order() -> None:
    """Events and requests are pulled in the order in which they were made."""
    recorder = Recorder(3, itertools.count(1))
    recorder.add(ConnectRequested("capulet.example"))
    recorder.fault(1.0, "upstream-unreachable", "nobody listens", leg=Side.SERVER, n=5)
    recorder.add(Mark(t=2.0, text="here"))
    fault = Fault(
        t=1.0, conn=3, error="upstream-unreachable", detail="nobody listens", leg=Side.SERVER, n=5
    )

    assert list(iter(recorder.next_event, None)) == [
        ConnectRequested("capulet.example"), fault, Mark(t=2.0, text="here"),
    ]  # fmt: skip


def test_run_takes_as_many_numbers_as_it_has_stanzas() -> None:
    """Pulled in short it is one item; pulled as usual, the records of its stanzas, in order."""
    numbers = itertools.count(1)
    recorder = Recorder(1, numbers)
    data = b"<presence/><iq id='1'/>"
    run = Run(data, 2, 0, DEFAULT_CONTEXT, NOTHING)
    for _ in range(2):
        recorder.run(1.5, "c2s", run)
    recorder.note(2.0, "later")
    short = recorder.next_in_short()
    records = [recorder.next_event() for _ in range(3)]

    assert short == StanzaRun(1, 2, 1.5, 1, "c2s", data, DEFAULT_CONTEXT, NOTHING)
    assert [getattr(each, "n", None) for each in records] == [3, 4, None]
    assert [getattr(each, "kind", "note") for each in records] == ["presence", "iq", "note"]
    assert next(numbers) == 5


def test_plain_frames_are_not_judged_again() -> None:
    """What the accelerator has found flawless is believed."""
    recorder = Recorder(1, itertools.count(1))
    recorder.frame(0.0, "c2s", Frame("message", b"<x:message/>", plain=True))

    assert isinstance(recorder.next_event(), FrameRecord)
    assert recorder.next_event() is None
