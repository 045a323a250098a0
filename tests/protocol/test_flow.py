import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.protocol.feeding import END, HEADER, sliced
from xmppspy.protocol.events import (
    UNCHANGED,
    Direction,
    FateDecided,
    FrameRecord,
    Note,
    Side,
)
from xmppspy.protocol.flow import UNFINISHED_AFTER, Flow
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.ledger import Ledger
from xmppspy.protocol.leg import Leg
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.toxics import Slicer
from xmppspy.protocol.verdicts import (
    DROP,
    FORWARD,
    Hold,
    Interceptor,
    Judgement,
    Undecided,
    Verdict,
)
from xmppspy.protocol.waiting import OVERTAKEN_WITHIN

LIMIT = 300
IQ = b"<iq type='get'><query xmlns='urn:q'/></iq>"
MESSAGE = b"<message><body>Wherefore art thou?</body></message>"
PRESENCE = b"<presence/>"
PING = b"<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>"


@dataclass
class Rule:
    """An interceptor that has a verdict for the frames of one kind."""

    kind: str
    verdict: Judgement
    idle: bool = False
    heads: list[Frame] = field(default_factory=list)
    """The start tags it was asked about."""
    judged: list[Frame] = field(default_factory=list)
    """The whole frames."""

    def wants(self, direction: Direction, head: Frame) -> bool:
        """As the protocol says."""
        self.heads.append(head)
        return head.kind == self.kind

    def judge(self, direction: Direction, frame: Frame, now: float) -> Judgement:
        """As the protocol says."""
        self.judged.append(frame)
        return self.verdict if frame.kind == self.kind else FORWARD


class Scene:
    """What a client says, flowing to the server."""

    def __init__(self, rule: Interceptor | None = None) -> None:
        self.client, self.server = Leg(Side.CLIENT, LIMIT), Leg(Side.SERVER, LIMIT)
        self.recorder = Recorder(1, itertools.count(1))
        self.flow = Flow(self.client, self.server, self.recorder, rule)
        self.says(HEADER)
        self.gets()
        self.records()

    def says(self, data: bytes, now: float = 0.0) -> None:
        """The client says something; the flow does with it what a session would."""
        self.client.receive_data(data)
        self.pump(now)

    def pump(self, now: float = 0.0) -> None:
        """Let flow what can."""
        while frame := self.flow.next_frame(now):
            self.flow.forward(frame, now)
        self.flow.cut_through()

    def decides(self, verdict: Verdict, now: float = 0.0) -> bool:
        """A person decides about the first frame that is held."""
        found = self.flow.decide(self.flow.held()[0].n, verdict)
        self.pump(now)
        return found

    def gets(self) -> bytes:
        """What the server got since the last call."""
        return self.server.data_to_send()

    def records(self) -> list[FrameRecord | FateDecided | Note]:
        """What was recorded since the last call, faults left out."""
        found = iter(self.recorder.next_event, None)
        return [each for each in found if isinstance(each, FrameRecord | FateDecided | Note)]

    def frames(self) -> list[FrameRecord]:
        """The frames recorded since the last call."""
        return [each for each in self.records() if isinstance(each, FrameRecord)]

    def kinds(self) -> list[str]:
        """Their kinds."""
        return ["+" * frame.injected + frame.kind for frame in self.frames()]


# --- cutting through


def test_unwanted_frames_leave_as_they_come() -> None:
    """A frame that nobody wants leaves byte by byte once its start tag is whole."""
    rule = Rule("message", DROP)
    scene = Scene(rule)
    left = []
    for byte in IQ:
        scene.says(bytes([byte]))
        left.append(scene.gets())

    assert left == [b""] * 14 + [IQ[:15]] + [bytes([byte]) for byte in IQ[15:]]
    assert [(head.data, head.ns) for head in rule.heads] == [(b"<iq type='get'>", ())]


@pytest.mark.parametrize(
    "data",
    [
        b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'></starttls>",
        b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AA==</auth>",
        b"<authenticate xmlns='urn:xmpp:sasl:2'></authenticate>",
        b"<compress xmlns='http://jabber.org/protocol/compress'></compress>",
        b"<stream:features></stream:features>",
        b"<stream:error></stream:error>",
        b"<enabled xmlns='urn:xmpp:sm:3'></enabled>",
        b"<resume xmlns='urn:xmpp:sm:2'></resume>",
        b"<resumed xmlns='urn:xmpp:sm:3'></resumed>",
        b"<failed xmlns='urn:xmpp:sm:3'></failed>",
        b"<a xmlns='urn:xmpp:sm:3'></a>",
    ],
)
def test_negotiation_is_always_whole(data: bytes) -> None:
    """What changes the stream itself does not leave before its end has come."""
    scene = Scene()
    scene.says(data[:-1])
    before = scene.gets()
    scene.says(data[-1:])

    assert (before, scene.gets()) == (b"", data)


def test_frame_behind_one_that_was_whole_is_cut_through() -> None:
    """How one frame was treated has no influence on the next one."""
    scene = Scene(Rule("iq", DROP))
    scene.says(IQ[:20])
    scene.says(IQ[20:] + MESSAGE[:20])

    assert scene.gets() == MESSAGE[:20]


def test_frame_that_has_begun_to_leave_is_past_every_verdict() -> None:
    """A rule that comes while a frame is on its way does not touch it."""
    rule = Rule("nothing", DROP)
    scene = Scene(rule)
    scene.says(MESSAGE[:20])
    rule.kind = "message"
    scene.says(MESSAGE[20:] + MESSAGE)

    assert scene.gets() == MESSAGE


def test_stopped_flow_keeps_everything() -> None:
    """Neither frames nor bytes leave while the flow is stopped; reset lets it go on."""
    scene = Scene()
    scene.flow.stopped = True
    scene.says(MESSAGE + MESSAGE[:20])
    assert scene.flow.blocked
    assert scene.gets() == b""
    scene.flow.reset()
    scene.pump()

    assert scene.gets() == MESSAGE + MESSAGE[:20]


# --- verdicts


def test_forward() -> None:
    """A frame that is forwarded is recorded as it came."""
    scene = Scene(Rule("message", FORWARD))
    scene.says(MESSAGE)
    record = scene.frames()[0]

    assert scene.gets() == MESSAGE
    assert record.left == record.data == MESSAGE
    assert not record.waits


def test_drop() -> None:
    """Of a dropped frame nothing leaves, whole or in pieces; the others go on."""
    scene = Scene(Rule("message", DROP))
    scene.says(MESSAGE + IQ + MESSAGE[:20])
    scene.says(MESSAGE[20:] + PRESENCE)

    assert scene.gets() == IQ + PRESENCE
    assert [(frame.kind, frame.sent is None) for frame in scene.frames()] == [
        ("message", True), ("iq", False), ("message", True), ("presence", False),
    ]  # fmt: skip


def test_replace() -> None:
    """Other bytes leave at once; the capture has both, and the reason."""
    scene = Scene(Rule("message", Verdict(data=b"<message/>", notes=("too long",))))
    scene.says(MESSAGE)
    record, note = scene.records()

    assert scene.gets() == b"<message/>"
    assert isinstance(record, FrameRecord)
    assert (record.data, record.sent) == (MESSAGE, b"<message/>")
    assert note == Note(t=0.0, text="too long", conn=1, n=record.n)


def test_idle_interceptor_is_not_asked() -> None:
    """Neither about the start tag nor about the whole."""
    rule = Rule("message", DROP, idle=True)
    scene = Scene(rule)
    scene.says(MESSAGE + MESSAGE[:20])

    assert scene.gets() == MESSAGE + MESSAGE[:20]
    assert (rule.heads, rule.judged) == ([], [])


@pytest.mark.parametrize(
    ("verdict", "sent", "fate"),
    [
        (FORWARD, MESSAGE, ("forward", None)),
        (DROP, b"", ("drop", None)),
        (Verdict(data=b"<message/>"), b"<message/>", ("replace", b"<message/>")),
        (Verdict(copies=2), MESSAGE * 2, ("duplicate", MESSAGE * 2)),
        (Verdict(hold=Hold()), MESSAGE, ("forward", None)),
    ],
)
def test_hold(verdict: Verdict, sent: bytes, fate: tuple[str, bytes | None]) -> None:
    """A held frame, and what is behind it, waits for a verdict; then the flow goes on."""
    scene = Scene(Rule("message", Verdict(hold=Hold())))
    scene.says(MESSAGE + IQ + PRESENCE[:5], now=1.0)
    waiting = (scene.flow.waits, scene.gets(), [frame.waits for frame in scene.frames()])
    assert scene.decides(verdict, 3.5)
    decided = scene.records()[0]

    assert waiting == (True, b"", [True, True])
    assert (scene.flow.waits, scene.gets()) == (False, sent + IQ)
    assert isinstance(decided, FateDecided)
    assert (decided.n, decided.held, decided.t) == (2, 2.5, 3.5)
    assert (decided.action, decided.sent) == fate


def test_what_a_person_is_told_of_a_held_frame() -> None:
    """Which it is, until when it waits, and what leaves if it is let go."""
    edited = Verdict(data=b"<message/>", hold=Hold(5.0, drops=True), delay=1.0)
    scene = Scene(Rule("message", edited))
    scene.says(MESSAGE, now=2.0)
    held = scene.flow.held()[0]
    note = scene.records()[1]

    assert (held.n, held.direction, held.frame.data) == (2, "c2s", MESSAGE)
    assert (held.since, held.until, held.drops, held.proposal) == (2.0, 8.0, True, b"<message/>")
    assert note == Note(t=2.0, text="held: it waits up to 6 s", conn=1, n=2)


@pytest.mark.parametrize(("drops", "sent"), [(False, MESSAGE + IQ), (True, IQ)])
def test_nobody_decides(drops: bool, sent: bytes) -> None:
    """After its time a held frame goes on, or is dropped, as was said; a note says why."""
    scene = Scene(Rule("message", Verdict(hold=Hold(5.0, drops=drops))))
    scene.says(MESSAGE + IQ)
    scene.records()
    due = scene.flow.due
    scene.pump(4.9)
    early = scene.gets()
    scene.flow.expire(5.0)
    scene.pump(5.0)

    assert (due, early) == (5.0, b"")
    assert scene.gets() == sent
    assert scene.flow.due is None
    assert Note(t=5.0, text="nobody has decided in time", conn=1, n=2) in scene.records()


def test_holding_for_no_time() -> None:
    """Is no holding, and nothing is said about it."""
    scene = Scene(Rule("message", Verdict(hold=Hold(0.0))))
    scene.says(MESSAGE)

    assert scene.gets() == MESSAGE
    assert [type(each) for each in scene.records()] == [FrameRecord]


def test_note_of_a_replacement_that_was_held() -> None:
    """The reason of a verdict is told whenever it is passed."""
    scene = Scene(Rule("message", Verdict(hold=Hold())))
    scene.says(MESSAGE)
    scene.records()
    scene.decides(Verdict(data=b"<a/>", notes=("edited by hand",)))

    assert [each.text for each in scene.records() if isinstance(each, Note)] == ["edited by hand"]


@pytest.mark.parametrize("n", [1, 3])
def test_decision_on_what_is_not_held(n: int) -> None:
    """Another number decides nothing."""
    scene = Scene(Rule("message", Verdict(hold=Hold())))
    scene.says(MESSAGE + IQ)

    assert not scene.flow.decide(n, FORWARD)
    assert len(scene.flow.held()) == 1


def test_several_are_held() -> None:
    """Each is decided on, in whatever order; they leave in theirs."""
    scene = Scene(Rule("message", Verdict(hold=Hold())))
    scene.says(MESSAGE + IQ + MESSAGE)
    scene.flow.decide(4, Verdict(data=b"<last/>"))
    scene.pump()
    between = ([held.n for held in scene.flow.held()], scene.gets())
    scene.flow.decide(2, Verdict(data=b"<first/>"))
    scene.pump()

    assert between == ([2], b"")
    assert scene.gets() == b"<first/>" + IQ + b"<last/>"


def test_delay() -> None:
    """A frame waits from its arrival on; what is behind it waits as well, and is recorded."""
    scene = Scene(Rule("message", Verdict(delay=2.0)))
    scene.says(MESSAGE + IQ, now=1.0)
    waiting = (scene.flow.due, scene.gets(), scene.kinds())
    scene.pump(3.0)

    assert waiting == (3.0, b"", ["message", "iq"])
    assert scene.gets() == MESSAGE + IQ
    assert [fate.held for fate in scene.records() if isinstance(fate, FateDecided)] == [2.0, 2.0]


def test_overtaken() -> None:
    """The next stanza goes first; white space and the like does not count as one."""
    scene = Scene(Rule("message", Verdict(overtaken=True)))
    scene.says(MESSAGE + b" ")
    alone = scene.gets()
    scene.says(IQ + PRESENCE)

    assert alone == b""
    assert scene.gets() == IQ + MESSAGE + b" " + PRESENCE


def test_frames_are_recorded_in_the_order_of_their_arrival() -> None:
    """Also what leaves behind another that came later, in the same read."""
    scene = Scene(Rule("message", Verdict(overtaken=True)))
    scene.says(MESSAGE + PRESENCE + b" ")
    first, *others = scene.records()

    assert isinstance(first, FrameRecord)
    assert (first.kind, first.waits) == ("message", True)
    assert [each.kind for each in others if isinstance(each, FrameRecord)] == ["presence", "space"]
    assert [each.n for each in others if isinstance(each, FateDecided)] == [first.n]
    assert scene.gets() == PRESENCE + MESSAGE + b" "


def test_what_waits_can_be_hurried() -> None:
    """It leaves as it would when its time was up."""
    scene = Scene(Rule("message", Verdict(hold=Hold(9.0, drops=True), delay=3.0)))
    scene.says(MESSAGE + PRESENCE)
    scene.flow.hurry()
    scene.pump()
    notes = [each.text for each in scene.records() if isinstance(each, Note)]

    assert scene.gets() == PRESENCE
    assert not scene.flow.waits
    assert notes[-1] == "nobody has decided before the end"


def test_nothing_overtakes() -> None:
    """Without another stanza it leaves a second later."""
    scene = Scene(Rule("message", Verdict(overtaken=True)))
    scene.says(MESSAGE)
    scene.pump(OVERTAKEN_WITHIN)

    assert scene.gets() == MESSAGE


def test_answer_that_somebody_else_gives() -> None:
    """What is asked outside waits for the answer, unrecorded; then the verdict counts."""
    scene = Scene(Rule("message", Undecided(7, 5.0)))
    scene.says(MESSAGE + IQ)
    waiting = (scene.gets(), scene.records(), scene.flow.due)
    settled = [scene.flow.settle(ticket, DROP) for ticket in (6, 7, 7)]
    scene.pump(1.0)

    assert waiting == (b"", [], 5.0)
    assert settled == [False, True, False]
    assert scene.gets() == IQ
    assert [(frame.kind, frame.sent) for frame in scene.frames()] == [
        ("message", None), ("iq", UNCHANGED),
    ]  # fmt: skip


def test_answer_that_does_not_come() -> None:
    """Then the frame goes on as it came."""
    scene = Scene(Rule("message", Undecided(7, 5.0)))
    scene.says(MESSAGE)
    scene.flow.expire(5.0)
    scene.pump(5.0)

    assert scene.gets() == MESSAGE
    assert not scene.flow.settle(7, DROP)


def test_answer_may_be_to_hold() -> None:
    """Then it is recorded as waiting."""
    scene = Scene(Rule("message", Undecided(7, 5.0)))
    scene.says(MESSAGE + IQ)
    scene.flow.settle(7, Verdict(hold=Hold()))
    scene.pump(1.0)

    assert [(frame.kind, frame.waits) for frame in scene.frames()] == [
        ("message", True), ("iq", True),
    ]  # fmt: skip
    assert [held.n for held in scene.flow.held()] == [2]


@pytest.mark.parametrize("urgent", [b" ", b"<r xmlns='urn:xmpp:sm:3'/>", PING])
def test_urgent_frames_go_before_what_is_held(urgent: bytes) -> None:
    """A person may take as long as it takes; the session is kept alive meanwhile."""
    scene = Scene(Rule("message", Verdict(hold=Hold())))
    scene.says(MESSAGE + IQ + urgent)

    assert scene.gets() == urgent


def test_line_lets_frames_pass_whole_only() -> None:
    """So that it is known which part of a frame has left."""
    scene = Scene()
    scene.server.poison([Slicer(10)], 0.0)
    scene.says(MESSAGE[:20])
    scene.server.tick(0.0)
    early = scene.gets()
    scene.says(MESSAGE[20:])
    scene.server.tick(0.0)

    assert early == b""
    assert b"".join(iter(scene.gets, b"")) == MESSAGE


def test_urgent_frames_wait_behind_what_is_late() -> None:
    """Where nobody is asked, order is kept."""
    scene = Scene(Rule("message", Verdict(delay=1.0)))
    scene.says(MESSAGE + PING)

    assert scene.gets() == b""


def test_nothing_is_read_behind_what_changes_the_stream() -> None:
    """What stands behind `<starttls/>` stays where it is until that has left."""
    scene = Scene(Rule("message", Verdict(hold=Hold())))
    scene.says(MESSAGE + b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" + IQ)
    waiting = (scene.kinds(), scene.flow.blocked, scene.client.framer.unfinished)
    scene.decides(FORWARD)

    assert waiting == (["message", "starttls"], True, len(IQ))
    assert scene.kinds() == ["iq"]
    assert not scene.flow.blocked


def test_edited_element_of_a_negotiation_is_given_to_the_session() -> None:
    """As long as it is the same one, and alone; it is recorded as what it was and became."""
    auth = b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%s</auth>"
    scene = Scene(Rule("auth", Verdict(data=auth % b"BB")))
    scene.client.receive_data(auth % b"AA")
    frame = scene.flow.next_frame(0.0)
    assert frame is not None
    assert (frame.kind, frame.data) == ("auth", auth % b"BB")
    scene.flow.forward(frame, 0.0)

    assert scene.gets() == auth % b"BB"
    assert [(record.data, record.sent) for record in scene.frames()] == [
        (auth % b"AA", auth % b"BB")
    ]


@pytest.mark.parametrize(
    "data", [b"<r xmlns='urn:x'/>", b"<r xmlns='urn:xmpp:sm:3'/> ", b"<r", b"", b"</a>"]
)
def test_element_of_a_negotiation_that_has_become_something_else(data: bytes) -> None:
    """Of what it was the session is not told, because it will not be there."""
    scene = Scene(Rule("r", Verdict(data=data)))
    scene.client.receive_data(b"<r xmlns='urn:xmpp:sm:3'/>")

    assert scene.flow.next_frame(0.0) is None
    assert scene.gets() == data


def test_frame_that_somebody_else_sends_on() -> None:
    """It is recorded, and does not leave here."""
    scene = Scene()
    scene.client.receive_data(MESSAGE)
    frame = scene.flow.next_frame(0.0)
    assert frame is not None
    n = scene.flow.keep_back(frame, 0.0)

    assert scene.gets() == b""
    assert [record.n for record in scene.frames()] == [n]


# --- what comes again


def resumed(scene: Scene) -> Ledger:
    """A ledger of a session in which, on another connection, the second stanza was dropped."""
    ledger = Ledger()
    for outcome in (UNCHANGED, None, UNCHANGED):
        ledger.leave(received=int(outcome is UNCHANGED), outcome=outcome)
    ledger.resume(0)
    scene.flow.outlet.ledger = ledger
    return ledger


def test_stanza_that_was_dropped_comes_again() -> None:
    """The same becomes of it, without anybody being asked; what is no stanza does not count."""
    rule = Rule("message", Verdict(data=b"<other/>"))
    scene = Scene(rule)
    ledger = resumed(scene)
    scene.says(IQ + b" " + MESSAGE)
    first = scene.gets()
    scene.says(MESSAGE[:20])
    early = scene.gets()
    scene.says(MESSAGE[20:])

    assert (first, early) == (IQ + b" ", b"")
    assert scene.gets() == b"<other/>"
    assert [frame.kind for frame in rule.judged] == ["stream", "iq", "space", "message"]
    assert not ledger.recalls


def test_stanza_comes_again_behind_those_that_wait() -> None:
    """It is known by its number, also if those before it have not left."""
    scene = Scene(Rule("iq", Verdict(delay=1.0)))
    resumed(scene)
    scene.says(IQ + MESSAGE + PRESENCE)
    scene.pump(1.0)

    assert scene.gets() == IQ + PRESENCE


def test_stanza_that_comes_again_is_not_cut_through() -> None:
    """It may have been dropped, even if nobody wants anything any more."""
    scene = Scene()
    resumed(scene)
    scene.says(IQ + MESSAGE[:20])
    early = scene.gets()
    scene.says(MESSAGE[20:] + PRESENCE[:-2] + b">")

    assert early == IQ
    assert scene.gets() == b"<presence>"


# --- frames over the limit


def test_frame_over_the_limit_passes() -> None:
    """A wanted frame waits up to the limit; then it passes in pieces nobody judges."""
    rule = Rule("message", DROP)
    scene = Scene(rule)
    big = b"<message>" + b"x" * LIMIT + b"</message>"
    scene.says(big[:LIMIT])
    assert scene.gets() == b""
    scene.says(big[LIMIT:] + MESSAGE)

    assert scene.gets() == big
    assert [frame.kind for frame in rule.judged] == ["stream", "message"]


def test_element_called_opaque_is_judged() -> None:
    """A name alone does not let an element pass."""
    scene = Scene(Rule("opaque", DROP))
    scene.says(b"<opaque xmlns='urn:x'/>")

    assert scene.gets() == b""


@pytest.mark.parametrize("size", [1, 10, 1000])
def test_cut_through_frame_over_the_limit(size: int) -> None:
    """What has left of it before it was over the limit does not leave again."""
    scene = Scene()
    big = b"<message a='b'>" + b"<body>x</body>" * LIMIT + b"</message>"
    for piece in sliced(big + IQ, [size] * (len(big + IQ) // size)):
        scene.says(piece)

    assert scene.gets() == big + IQ


# --- injections


def test_injection_between_frames() -> None:
    """Bytes of our own leave at once, and are recorded in the stream they stand in."""
    scene = Scene()
    scene.flow.inject(PRESENCE + b"<stream:error/>", 1.0)

    assert scene.gets() == PRESENCE + b"<stream:error/>"
    assert [(r.kind, r.xmlns, r.injected, r.t) for r in scene.frames()] == [
        ("presence", None, True, 1.0),
        ("error", "http://etherx.jabber.org/streams", True, 1.0),
    ]


def test_injection_waits_for_the_end_of_the_frame() -> None:
    """While a frame is on its way, bytes of our own wait for its end; several keep their order."""
    scene = Scene()
    scene.says(MESSAGE[:20])
    scene.flow.inject(PRESENCE, 0.0)
    scene.flow.inject(b"<r/>", 0.0)
    scene.says(MESSAGE[20:] + IQ)

    assert scene.gets() == MESSAGE + PRESENCE + b"<r/>" + IQ
    assert scene.kinds() == ["message", "+presence", "+r", "iq"]


@pytest.mark.parametrize(
    ("verdict", "message"),
    [(FORWARD, MESSAGE), (Verdict(hold=Hold()), b""), (Verdict(delay=1.0), b"")],
)
def test_injection_goes_before_a_frame_that_has_not_begun_to_leave(
    verdict: Verdict, message: bytes
) -> None:
    """An unfinished start tag, or a frame that is wanted or waits, does not keep it waiting."""
    scene = Scene(Rule("message", verdict))
    scene.says(IQ + MESSAGE[:20])
    scene.flow.inject(PRESENCE, 0.0)
    scene.says(MESSAGE[20:])
    scene.flow.inject(b"<r/>", 0.0)

    assert scene.gets() == IQ + PRESENCE + message + b"<r/>"


@pytest.mark.parametrize("size", [1, 100, 1000])
def test_injection_waits_for_the_end_of_a_frame_over_the_limit(size: int) -> None:
    """It does not get between the pieces."""
    scene = Scene()
    big = b"<message>" + b"x" * 1000 + b"</message>"
    half = LIMIT + 20
    for piece in sliced(big[:half], [size] * (half // size)):
        scene.says(piece)
    scene.flow.inject(PRESENCE, 0.0)
    scene.says(big[half:])

    assert scene.gets() == big + PRESENCE


def test_injection_into_another_stream() -> None:
    """It can stand in a stream that the source has left since."""
    scene = Scene()
    before = scene.client.framer
    scene.client.framer = type(before)()
    scene.flow.inject(b"<failure/>" + END, 0.0, before)

    assert scene.kinds() == ["+failure", "+/stream"]


# --- ends


def test_finish_delivers_what_is_left() -> None:
    """What was unfinished is recorded as partial, and the rest of it sent."""
    scene = Scene(Rule("message", FORWARD))
    scene.says(MESSAGE[:20])
    scene.flow.finish(0.0)
    scene.flow.finish(0.0)

    assert scene.gets() == MESSAGE[:20]
    assert scene.kinds() == ["partial"]


@pytest.mark.parametrize("passed", [15, 20])
def test_finish_without_delivering(passed: int) -> None:
    """The record tells how much had left by then."""
    scene = Scene()
    scene.says(MESSAGE[:passed])
    scene.client.receive_data(MESSAGE[passed:20])
    scene.flow.finish(0.0, deliver=False)
    record = scene.records()[-1]

    assert isinstance(record, FrameRecord)
    assert (record.data, record.left) == (MESSAGE[:20], MESSAGE[:passed])
    assert scene.gets() == MESSAGE[:passed]


def test_finish_drops_what_is_held() -> None:
    """A held frame that nobody decided on has never left, nor has what was behind it."""
    scene = Scene(Rule("message", Verdict(hold=Hold())))
    scene.says(MESSAGE + IQ + PRESENCE[:5])
    held, behind = scene.frames()
    scene.flow.finish(2.0)
    *fates, rest = scene.records()

    assert scene.gets() == b""
    assert fates == [
        FateDecided(t=2.0, conn=1, n=frame.n, action="drop", held=2.0) for frame in (held, behind)
    ]
    assert isinstance(rest, FrameRecord)
    assert (rest.kind, rest.sent) == ("partial", None)
    assert not scene.flow.waits


@pytest.mark.parametrize("early", [True, False])
def test_nothing_is_injected_behind_the_end(early: bool) -> None:
    """Behind a stanza that was cut off nothing can stand; a note says what was not sent."""
    scene = Scene()
    scene.says(MESSAGE[:20])
    if early:
        scene.flow.inject(PRESENCE, 0.0)
    scene.flow.finish(0.0)
    if not early:
        scene.flow.inject(PRESENCE, 0.0)
    notes = [each.text for each in scene.records() if isinstance(each, Note)]

    assert scene.gets() == MESSAGE[:20]
    assert notes == ["11 bytes were not injected towards the server: the stream has ended"]


# --- time


def saying(data: bytes) -> Callable[[Scene], None]:
    """What a client says at second 10."""
    return lambda scene: scene.says(data, 10.0)


def test_overdue_frame() -> None:
    """A frame that is unfinished for too long is told of once."""
    scene = Scene()
    scene.says(MESSAGE[:20], 10.0)
    scene.says(MESSAGE[20:22], 12.0)
    at = scene.flow.overdue_at
    text = "the client has not finished <message> for 5 s; 22 bytes of it are here"

    assert at == 10.0 + UNFINISHED_AFTER
    assert [scene.flow.overdue(now) for now in (at - 0.1, at, at + 100)] == [None, text, None]
    assert scene.flow.overdue_at is None


def test_overdue_start_tag() -> None:
    """Of a frame without a whole start tag only the bytes can be told."""
    scene = Scene()
    scene.says(b"<mess", 10.0)

    assert scene.flow.overdue(20.0) == (
        "the client has not finished <mess for 5 s; 5 bytes of it are here"
    )


@pytest.mark.parametrize(
    "say", [saying(MESSAGE), saying(MESSAGE + b" "), saying(b"<a></b>"), saying(b"")]
)
def test_nothing_is_overdue(say: Callable[[Scene], None]) -> None:
    """Whole frames, and bytes that are not framed, are never waited for."""
    scene = Scene()
    say(scene)

    assert scene.flow.overdue_at is None
    assert scene.flow.overdue(100.0) is None


def test_frame_behind_an_overdue_one_has_its_own_time() -> None:
    """The clock begins anew with each frame."""
    scene = Scene()
    scene.says(MESSAGE[:20], 10.0)
    scene.flow.overdue(15.0)
    scene.says(MESSAGE[20:] + IQ[:10], 16.0)

    assert scene.flow.overdue_at == 16.0 + UNFINISHED_AFTER


def test_what_became_opaque_is_not_overdue() -> None:
    """When framing was given up in the middle, nobody waits for an end, nor asks for time again."""
    scene = Scene()
    scene.says(MESSAGE[:20], 10.0)
    scene.client.framer.go_opaque()

    assert scene.flow.overdue(20.0) is None
    assert scene.flow.overdue_at is None
