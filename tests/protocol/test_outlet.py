"""Outlet: what leaves, what is said of it, and what is counted."""

import itertools
from dataclasses import replace

import pytest

from tests.protocol.feeding import END, HEADER
from xmppspy.protocol.events import UNCHANGED, Event, FateDecided, FrameRecord, Mark, Note, Side
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.protocol.ledger import Ledger
from xmppspy.protocol.leg import Leg
from xmppspy.protocol.line import BACKLOG
from xmppspy.protocol.outlet import MOST_COPIED, Outlet
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.requests import HoldsChanged, Request
from xmppspy.protocol.stanzas import name_of
from xmppspy.protocol.toxics import LimitData, Slicer, Timeout
from xmppspy.protocol.verdicts import DROP, FORWARD, End, Verdict
from xmppspy.protocol.waiting import Waiting

MESSAGE = b"<message><body>Wherefore art thou?</body></message>"
PRESENCE = b"<presence/>"
ACK = b"<a xmlns='urn:xmpp:sm:3'/>"


class Scene:
    """The outlet of what a client says."""

    def __init__(self) -> None:
        self.client, self.server = Leg(Side.CLIENT), Leg(Side.SERVER)
        self.recorder = Recorder(1, itertools.count(1))
        self.outlet = Outlet(self.client, self.server, self.recorder)
        self.client.framer.receive_data(HEADER)
        self.client.framer.next_frame()
        self.ledger = self.outlet.ledger = Ledger()

    def arrives(self, data: bytes = MESSAGE) -> Frame:
        """A frame that the client has said."""
        self.client.framer.receive_data(data)
        frame = self.client.framer.next_frame()
        assert frame is not None
        return frame

    def leaves(self, verdict: Verdict = FORWARD, data: bytes = MESSAGE, now: float = 0.0) -> int:
        """A frame comes, and leaves by a verdict."""
        turn = Waiting(self.arrives(data), now, verdict)
        return self.outlet.leave(turn, turn.frame, turn.data, now)

    def gets(self) -> bytes:
        """What the server got since the last call."""
        self.server.tick(0.0)
        return b"".join(iter(self.server.data_to_send, b""))

    def said(self) -> list[Event | Request]:
        """What was recorded and requested since the last call."""
        return list(iter(self.recorder.next_event, None))

    def sent(self) -> list[object]:
        """What is recorded to have left in the place of each frame since the last call."""
        return [each.sent for each in self.said() if isinstance(each, FrameRecord)]

    def counts(self) -> tuple[int, int]:
        """How many stanzas the client and the server count."""
        return self.ledger.sent, self.ledger.received


# --- frames


def test_forward() -> None:
    """A frame leaves as it came, and is counted."""
    scene = Scene()
    n = scene.outlet.forward(scene.arrives(), 1.0)
    record = scene.said()[0]

    assert scene.gets() == MESSAGE
    assert isinstance(record, FrameRecord)
    assert (record.n, record.t, record.sent, record.waits) == (n, 1.0, UNCHANGED, False)
    assert scene.counts() == (1, 1)


@pytest.mark.parametrize(
    ("verdict", "sent", "received"),
    [
        (FORWARD, UNCHANGED, 1),
        (DROP, None, 0),
        (Verdict(data=b""), None, 0),
        (Verdict(data=MESSAGE), UNCHANGED, 1),
        (Verdict(data=PRESENCE), PRESENCE, 1),
        (Verdict(data=ACK), ACK, 0),
        (Verdict(copies=2), MESSAGE * 2, 2),
        (Verdict(data=PRESENCE + ACK, copies=3), (PRESENCE + ACK) * 3, 3),
    ],
)
def test_leave(verdict: Verdict, sent: object, received: int) -> None:
    """What leaves is recorded, and counted by what it is."""
    scene = Scene()
    scene.leaves(verdict)

    assert scene.gets() == (MESSAGE if sent is UNCHANGED else sent or b"")
    assert scene.sent() == [sent]
    assert scene.counts() == (1, received)


def test_copies_do_not_fill_memory() -> None:
    """Of a large stanza as many leave as are allowed, one at least, and it is told."""
    scene = Scene()
    large = b"<message><body>" + b"x" * (MOST_COPIED * 2 // 5) + b"</body></message>"
    scene.leaves(Verdict(data=large, copies=1000))
    scene.leaves(Verdict(data=large * 3, copies=2))
    records = scene.said()

    assert [each.sent for each in records if isinstance(each, FrameRecord)] == [
        large * 2,
        large * 3,
    ]
    assert [each.text.partition(",")[0] for each in records if isinstance(each, Note)] == [
        "copies that left: 2",
        "copies that left: 1",
    ]


@pytest.mark.parametrize(("data", "received"), [(ACK, 0), (b"<c/>", 0), (PRESENCE * 2, 2)])
def test_stanza_in_the_place_of_something_else(data: bytes, received: int) -> None:
    """It is one of our own: the client has not counted what it replaces."""
    scene = Scene()
    scene.leaves(Verdict(data=data), ACK)

    assert scene.counts() == (0, received)
    assert scene.ledger.resume(0) == [PRESENCE] * received


def test_nothing_is_counted_without_a_ledger() -> None:
    """As long as there is no stream management."""
    scene = Scene()
    scene.outlet.ledger = None
    scene.leaves()
    scene.leaves(DROP)
    scene.outlet.forward(scene.arrives(), 0.0)
    scene.outlet.inject(PRESENCE, 0.0)

    assert scene.gets() == MESSAGE * 2 + PRESENCE


def test_outcomes_are_remembered() -> None:
    """So that the same becomes of a stanza when it comes again."""
    scene = Scene()
    scene.leaves()
    scene.leaves(Verdict(data=PRESENCE))
    scene.leaves(DROP)
    scene.ledger.resume(0)
    again = [scene.ledger.recall(ahead, name_of(scene.arrives())) for ahead in range(4)]

    assert again == [UNCHANGED, PRESENCE, None, UNCHANGED]


def test_overtaking_is_counted() -> None:
    """What leaves before something that came earlier has a number behind that one's."""
    scene = Scene()
    turn = Waiting(scene.arrives(), 0.0, ahead=1)
    scene.outlet.leave(turn, turn.frame, MESSAGE, 0.0)

    assert scene.counts() == (2, 1)
    assert scene.ledger.translate(1) == 0


def test_frame_of_which_a_part_has_left() -> None:
    """The rest leaves; what is swallowed of it was sent all the same."""
    scene = Scene()
    scene.client.framer.receive_data(MESSAGE[:20])
    scene.outlet.stream()
    first, passed = scene.gets(), scene.outlet.passed
    scene.outlet.forward(scene.arrives(MESSAGE[20:]), 0.0)
    rest = scene.gets()
    scene.client.framer.receive_data(MESSAGE[:20])
    scene.outlet.stream()
    frame = scene.arrives(MESSAGE[20:])
    scene.outlet.leave(Waiting(frame, 0.0), frame, None, 0.0)

    assert (first, passed, rest) == (MESSAGE[:20], 20, MESSAGE[20:])
    assert scene.gets() == MESSAGE[:20]
    assert scene.sent() == [UNCHANGED, MESSAGE[:20]]
    assert scene.outlet.passed == 0


def test_stanza_over_the_limit_is_counted() -> None:
    """Once, as both peers do, although it leaves in pieces."""
    scene = Scene()
    scene.client.framer = Framer(200)
    scene.arrives(HEADER)
    big = b"<message>" + b"x" * 300 + b"</message>"
    for piece in (big[:150], big[150:250], big[250:]):
        scene.client.framer.receive_data(piece)
        while frame := scene.client.framer.next_frame():
            scene.outlet.forward(frame, 0.0)
    scene.leaves(DROP)

    assert scene.gets() == big
    assert scene.counts() == (2, 1)


# --- what is said of it


@pytest.mark.parametrize(
    ("verdict", "action", "sent"),
    [
        (FORWARD, "forward", None),
        (DROP, "drop", None),
        (Verdict(data=PRESENCE), "replace", PRESENCE),
        (Verdict(copies=2), "duplicate", MESSAGE * 2),
    ],
)
def test_fate(verdict: Verdict, action: str, sent: bytes | None) -> None:
    """Of a frame that was recorded as waiting it is told what became of it."""
    scene = Scene()
    turn = Waiting(scene.arrives(), 1.0, verdict, n=7, waits=True)
    n = scene.outlet.leave(turn, turn.frame, turn.data, 3.5)
    fate = scene.said()[0]

    assert n == 7
    assert isinstance(fate, FateDecided)
    assert (fate.n, fate.t, fate.action, fate.sent, fate.held) == (7, 3.5, action, sent, 2.5)


@pytest.mark.parametrize("is_shown", [True, False])
def test_person_is_told_that_a_frame_waits_no_more(is_shown: bool) -> None:
    """If they had been told that it did."""
    scene = Scene()
    for leave in (True, False):
        turn = Waiting(scene.arrives(), 0.0, n=7, waits=True, is_shown=is_shown)
        if leave:
            scene.outlet.leave(turn, turn.frame, turn.data, 1.0)
        else:
            scene.outlet.drop(turn, 1.0)
    told = [each for each in scene.said() if isinstance(each, HoldsChanged)]

    assert len(told) == 2 * is_shown


def test_frame_that_never_leaves() -> None:
    """It is recorded as that, now or by its fate."""
    scene = Scene()
    scene.outlet.drop(Waiting(scene.arrives(), 1.0), 2.0)
    scene.outlet.drop(Waiting(scene.arrives(), 1.0, n=7, waits=True), 2.0)
    record, fate = scene.said()

    assert scene.gets() == b""
    assert isinstance(record, FrameRecord)
    assert record.sent is None
    assert fate == FateDecided(t=2.0, conn=1, n=7, action="drop", held=1.0)


def test_frame_that_is_kept_back() -> None:
    """It is recorded once, and leaves when it is released, as what it has become."""
    scene = Scene()
    plain = Waiting(scene.arrives(), 0.0)
    edited = Waiting(scene.arrives(), 0.0, Verdict(data=PRESENCE, notes=("why",)))
    waited = Waiting(scene.arrives(), 0.0, n=7, waits=True)
    numbers = [scene.outlet.keep_back(turn, 0.0) for turn in (plain, edited, waited)]
    before = (scene.gets(), scene.sent())
    scene.outlet.release(1.0)
    after = scene.said()

    assert numbers == [1, 2, 7]
    assert before == (b"", [UNCHANGED, UNCHANGED])
    assert scene.gets() == MESSAGE + PRESENCE + MESSAGE
    assert [(each.n, each.action) for each in after if isinstance(each, FateDecided)] == [
        (2, "replace"), (7, "forward"),
    ]  # fmt: skip
    assert [each.text for each in after if isinstance(each, Note)] == ["why"]
    assert scene.outlet.kept == []


def test_frame_that_was_kept_back_and_never_leaves() -> None:
    """Its fate is told."""
    scene = Scene()
    scene.outlet.keep_back(Waiting(scene.arrives(), 0.0), 0.0)
    scene.said()
    scene.outlet.drop_kept(1.0)

    assert scene.said() == [FateDecided(t=1.0, conn=1, n=1, action="drop")]
    assert (scene.outlet.kept, scene.gets()) == ([], b"")


# --- what a verdict wants besides


def test_notes_and_marks() -> None:
    """They are recorded behind the frame, the notes about it."""
    scene = Scene()
    n = scene.leaves(Verdict(notes=("one", "two"), marks=("here",)), now=2.0)

    assert scene.said()[1:] == [
        Note(t=2.0, text="one", conn=1, n=n),
        Note(t=2.0, text="two", conn=1, n=n),
        Mark(t=2.0, text="here", conn=1),
    ]


@pytest.mark.parametrize("data", [UNCHANGED, None, b"<edited/>"])
def test_behind(data: bytes | None) -> None:
    """Elements of our own follow it, whatever becomes of it, and are counted as such."""
    scene = Scene()
    scene.leaves(replace(Verdict(behind=PRESENCE), data=data))
    frames = [each for each in scene.said() if isinstance(each, FrameRecord)]

    assert scene.gets().endswith(PRESENCE)
    assert [(each.kind, each.injected) for each in frames] == [
        ("message", False), ("presence", True),
    ]  # fmt: skip
    assert scene.ledger.resume(0) == [PRESENCE]


def test_toxics_work_behind_what_follows() -> None:
    """The frame, and what is put in behind it, are past what begins to be wrong then."""
    scene = Scene()
    scene.leaves(Verdict(behind=PRESENCE, toxics=(Timeout(),)))
    scene.leaves()

    assert scene.gets() == MESSAGE + PRESENCE
    assert scene.sent() == [UNCHANGED, UNCHANGED, None]


@pytest.mark.parametrize(
    ("verdict", "wishes"),
    [
        (Verdict(back=PRESENCE), True),
        (Verdict(end=End.RESET), True),
        (Verdict(data=None, notes=("why",)), False),
    ],
)
def test_wishes(verdict: Verdict, wishes: bool) -> None:
    """What an outlet cannot do itself is left to the link."""
    scene = Scene()
    scene.leaves(verdict)

    assert list(scene.outlet.wishes) == [verdict] * wishes


# --- what is put in


def test_injection() -> None:
    """It leaves at once, is recorded frame by frame, and its stanzas are counted."""
    scene = Scene()
    scene.outlet.inject(MESSAGE + ACK + PRESENCE, 1.0)
    frames = [each for each in scene.said() if isinstance(each, FrameRecord)]

    assert scene.gets() == MESSAGE + ACK + PRESENCE
    assert [(each.kind, each.injected, each.t, each.sent) for each in frames] == [
        (kind, True, 1.0, UNCHANGED) for kind in ("message", "a", "presence")
    ]
    assert scene.counts() == (0, 2)


@pytest.mark.parametrize("way", ["forward", "leave"])
def test_injection_waits_for_the_end_of_a_frame(way: str) -> None:
    """That has begun to leave; several keep their order."""
    scene = Scene()
    scene.client.framer.receive_data(MESSAGE[:20])
    scene.outlet.stream()
    scene.outlet.inject(PRESENCE, 0.0)
    scene.outlet.inject(ACK, 0.0)
    frame = scene.arrives(MESSAGE[20:])
    if way == "forward":
        scene.outlet.forward(frame, 0.0)
    else:
        scene.outlet.leave(Waiting(frame, 0.0), frame, frame.data, 0.0)

    assert scene.gets() == MESSAGE + PRESENCE + ACK


def test_what_waits_to_be_put_in_is_bounded() -> None:
    """Whoever causes more and more of it is told to stop; it is over when it has left."""
    scene = Scene()
    full = [scene.outlet.is_full]
    scene.client.framer.receive_data(MESSAGE[:20])
    scene.outlet.stream()
    for data in (b" " * BACKLOG, b" "):
        scene.outlet.inject(data, 0.0)
        full.append(scene.outlet.is_full)
    scene.outlet.forward(scene.arrives(MESSAGE[20:]), 0.0)

    assert full == [False, False, True]
    assert not scene.outlet.is_full


def test_nothing_is_put_in_behind_the_end() -> None:
    """What still waits for the end of a frame is forgotten then; a note says so."""
    scene = Scene()
    scene.client.framer.receive_data(MESSAGE[:20])
    scene.outlet.stream()
    scene.outlet.inject(b"x" * (BACKLOG + 1), 0.0)
    scene.outlet.ends = True
    scene.outlet.forget_injections(0.0)
    notes = [each.text for each in scene.said() if isinstance(each, Note)]

    assert b"x" not in scene.gets()
    assert notes == ["262145 bytes were not injected towards the server: the stream has ended"]
    assert not scene.outlet.is_full


def test_what_comes_too_late_is_not_put_in() -> None:
    """The note comes at once."""
    scene = Scene()
    scene.outlet.ends = True
    scene.outlet.inject(PRESENCE, 0.0)
    notes = [each.text for each in scene.said() if isinstance(each, Note)]

    assert scene.gets() == b""
    assert notes == ["11 bytes were not injected towards the server: the stream has ended"]


def test_injection_into_a_stream_that_was_left() -> None:
    """It is read in the one it is said to stand in."""
    scene = Scene()
    before = scene.client.framer
    scene.client.framer = type(before)()
    scene.outlet.inject(END, 0.0, before)
    record = scene.said()[0]

    assert isinstance(record, FrameRecord)
    assert record.kind == "/stream"


# --- broken lines


def test_line() -> None:
    """A frame leaves on it as without it."""
    scene = Scene()
    scene.server.poison([Slicer(10)], 0.0)
    scene.outlet.forward(scene.arrives(), 0.0)

    assert scene.gets() == MESSAGE
    assert scene.sent() == [UNCHANGED]
    assert scene.counts() == (1, 1)


@pytest.mark.parametrize(("limit", "sent"), [(0, None), (20, MESSAGE[:20]), (200, UNCHANGED)])
def test_frame_on_a_broken_line(limit: int, sent: object) -> None:
    """What has left of it is recorded, and no more."""
    scene = Scene()
    scene.server.poison([LimitData(limit)], 0.0)
    scene.outlet.forward(scene.arrives(), 0.0)

    assert scene.gets() == MESSAGE[:limit]
    assert scene.sent() == [sent]


def test_frame_on_a_line_that_breaks_in_its_middle() -> None:
    """What had left before is recorded; it has not arrived, so it is not counted."""
    scene = Scene()
    scene.client.framer.receive_data(MESSAGE[:20])
    scene.outlet.stream()
    scene.server.poison([Timeout()], 0.0)
    scene.outlet.forward(scene.arrives(MESSAGE[20:]), 0.0)

    assert scene.gets() == MESSAGE[:20]
    assert scene.sent() == [MESSAGE[:20]]
    assert scene.counts() == (0, 0)


def test_injection_on_a_broken_line() -> None:
    """What has left of each frame is recorded; what has not arrived is not counted."""
    scene = Scene()
    scene.server.poison([LimitData(len(PRESENCE) + 5)], 0.0)
    scene.outlet.inject(PRESENCE + MESSAGE + ACK, 0.0)

    assert scene.gets() == PRESENCE + MESSAGE[:5]
    assert scene.sent() == [UNCHANGED, MESSAGE[:5], None]
    assert scene.counts() == (0, 1)


def test_stanza_that_a_line_has_swallowed_is_not_handled() -> None:
    """It was not dropped: when the session is resumed it comes again, and goes on."""
    scene = Scene()
    scene.leaves()
    scene.server.poison([Timeout()], 0.0)
    scene.leaves()
    scene.leaves(Verdict(data=PRESENCE))
    scene.leaves(data=ACK)

    assert scene.ledger.translate(1) == 1
    assert scene.ledger.resume(1) == []
    assert not scene.ledger.recalls


def test_stanza_that_a_line_has_swallowed_is_given_up() -> None:
    """When the line is whole again, and something else arrives."""
    scene = Scene()
    scene.server.poison([Timeout()], 0.0)
    scene.leaves()
    assert scene.server.line is not None
    scene.server.line.clear()
    scene.leaves()

    assert scene.ledger.translate(1) == 2
