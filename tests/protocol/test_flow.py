import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.protocol.feeding import END, HEADER, sliced
from xmppspy.protocol.events import Direction, FateDecided, FrameRecord, Note, Side
from xmppspy.protocol.flow import UNFINISHED_AFTER, Flow
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.leg import Leg
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.verdicts import Drop, Forward, Hold, Interceptor, Replace, Verdict

LIMIT = 300
IQ = b"<iq type='get'><query xmlns='urn:q'/></iq>"
MESSAGE = b"<message><body>Wherefore art thou?</body></message>"
PRESENCE = b"<presence/>"


@dataclass
class Rule:
    """An interceptor that has a verdict for the frames of one kind."""

    kind: str
    verdict: Verdict
    asked: list[Frame] = field(default_factory=list)
    """The frames it was asked about, by `wants` and by `judge`."""

    def wants(self, direction: Direction, head: Frame) -> bool:
        """As the protocol says."""
        self.asked.append(head)
        return head.kind == self.kind

    def judge(self, direction: Direction, frame: Frame) -> Verdict:
        """As the protocol says."""
        self.asked.append(frame)
        return self.verdict if frame.kind == self.kind else Forward()


class Scene:
    """What a client says, flowing to the server."""

    def __init__(self, *rules: Interceptor) -> None:
        self.client, self.server = Leg(Side.CLIENT, LIMIT), Leg(Side.SERVER, LIMIT)
        self.recorder = Recorder(1, itertools.count(1))
        self.flow = Flow(self.client, self.server, self.recorder, rules)
        self.says(HEADER)
        self.gets()

    def says(self, data: bytes, now: float = 0.0) -> None:
        """The client says something; the flow does with it what a session would."""
        self.client.receive_data(data)
        self.pump(now)

    def pump(self, now: float = 0.0) -> None:
        """Let flow what can."""
        while frame := self.flow.next_frame(now):
            self.flow.judge(frame, now)
        self.flow.cut_through()

    def gets(self) -> bytes:
        """What the server got since the last call."""
        return self.server.data_to_send()

    def records(self) -> list[FrameRecord | FateDecided | Note]:
        """What was recorded since the last call, faults left out."""
        found = iter(self.recorder.next_event, None)
        return [each for each in found if isinstance(each, FrameRecord | FateDecided | Note)]

    def kinds(self) -> list[str]:
        """The kinds of the frames recorded since the last call."""
        frames = [each for each in self.records() if isinstance(each, FrameRecord)]
        return ["+" * frame.injected + frame.kind for frame in frames]


# --- cutting through


def test_unwanted_frames_leave_as_they_come() -> None:
    """A frame that nobody wants leaves byte by byte once its start tag is whole."""
    rule = Rule("message", Drop())
    scene = Scene(rule)
    left = []
    for byte in IQ:
        scene.says(bytes([byte]))
        left.append(scene.gets())

    assert left == [b""] * 14 + [IQ[:15]] + [bytes([byte]) for byte in IQ[15:]]
    assert [(head.data, head.ns) for head in rule.asked[1:]] == [(b"<iq type='get'>", ())]


@pytest.mark.parametrize(
    "data",
    [
        b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'></starttls>",
        b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AA==</auth>",
        b"<authenticate xmlns='urn:xmpp:sasl:2'></authenticate>",
        b"<compress xmlns='http://jabber.org/protocol/compress'></compress>",
        b"<stream:features></stream:features>",
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
    scene = Scene(Rule("iq", Drop()))
    scene.says(IQ[:20])
    scene.says(IQ[20:] + MESSAGE[:20])

    assert scene.gets() == MESSAGE[:20]


def test_frame_that_has_begun_to_leave_is_past_every_verdict() -> None:
    """A rule that comes while a frame is on its way does not touch it."""
    rule = Rule("nothing", Drop())
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
    scene = Scene(Rule("message", Forward()))
    scene.records()
    scene.says(MESSAGE)
    record = scene.records()[0]

    assert scene.gets() == MESSAGE
    assert isinstance(record, FrameRecord)
    assert record.left == record.data == MESSAGE


def test_drop() -> None:
    """Of a dropped frame nothing leaves, whole or in pieces; the others go on."""
    scene = Scene(Rule("message", Drop()))
    scene.records()
    scene.says(MESSAGE + IQ + MESSAGE[:20])
    scene.says(MESSAGE[20:] + PRESENCE)
    frames = [each for each in scene.records() if isinstance(each, FrameRecord)]

    assert scene.gets() == IQ + PRESENCE
    assert [(frame.kind, frame.sent is None) for frame in frames] == [
        ("message", True), ("iq", False), ("message", True), ("presence", False),
    ]  # fmt: skip


def test_replace() -> None:
    """Other bytes leave at once; the capture has both, and the reason."""
    scene = Scene(Rule("message", Replace(b"<message/>", "too long")))
    scene.records()
    scene.says(MESSAGE)
    record, note = scene.records()

    assert scene.gets() == b"<message/>"
    assert isinstance(record, FrameRecord)
    assert (record.data, record.sent) == (MESSAGE, b"<message/>")
    assert note == Note(t=0.0, text="too long", conn=1, n=record.n)


def test_first_verdict_that_is_not_to_forward_counts() -> None:
    """Interceptors are asked in order until one has something against the frame."""
    last = Rule("message", Replace(b"never"))
    scene = Scene(Rule("message", Forward()), Rule("message", Drop()), last)
    scene.says(MESSAGE)

    assert scene.gets() == b""
    assert [frame.kind for frame in last.asked] == ["stream"]


@pytest.mark.parametrize(
    ("verdict", "sent", "fate"),
    [
        (Forward(), MESSAGE, ("forward", None)),
        (Drop(), b"", ("drop", None)),
        (Replace(b"<message/>"), b"<message/>", ("replace", b"<message/>")),
    ],
)
def test_hold(verdict: Verdict, sent: bytes, fate: tuple[str, bytes | None]) -> None:
    """A held frame, and what is behind it, waits for a verdict; then the flow goes on."""
    scene = Scene(Rule("message", Hold()))
    scene.records()
    scene.says(MESSAGE + IQ + PRESENCE[:5], now=1.0)
    waiting = (scene.flow.holds, scene.gets(), scene.kinds())
    assert scene.flow.decide(2, verdict, 3.5)
    scene.pump(3.5)
    decided = scene.records()[0]

    assert waiting == (True, b"", ["message"])
    assert (scene.flow.holds, scene.gets()) == (False, sent + IQ)
    assert isinstance(decided, FateDecided)
    assert (decided.n, decided.held, decided.t) == (2, 2.5, 3.5)
    assert (decided.action, decided.sent) == fate


def test_note_of_a_replacement_that_was_held() -> None:
    """The reason of a verdict is told whenever it is passed."""
    scene = Scene(Rule("message", Hold()))
    scene.says(MESSAGE)
    scene.flow.decide(2, Replace(b"<a/>", "edited by hand"), 1.0)

    assert [each.text for each in scene.records() if isinstance(each, Note)] == ["edited by hand"]


@pytest.mark.parametrize(("n", "verdict"), [(1, Forward()), (3, Drop()), (2, Hold())])
def test_verdict_on_what_is_not_held(n: int, verdict: Verdict) -> None:
    """Another number, or another Hold, decides nothing."""
    scene = Scene(Rule("message", Hold()))
    scene.says(MESSAGE)

    assert not scene.flow.decide(n, verdict, 1.0)
    assert scene.flow.holds


def test_verdict_without_anything_held() -> None:
    """When nothing is held there is nothing to decide."""
    assert not Scene().flow.decide(1, Forward(), 1.0)


# --- frames over the limit


def test_frame_over_the_limit_passes() -> None:
    """A wanted frame waits up to the limit; then it passes in pieces nobody judges."""
    rule = Rule("message", Drop())
    opaque = Rule("opaque", Drop())
    scene = Scene(rule, opaque)
    big = b"<message>" + b"x" * LIMIT + b"</message>"
    scene.says(big[:LIMIT])
    assert scene.gets() == b""
    scene.says(big[LIMIT:] + MESSAGE)

    assert scene.gets() == big
    assert "opaque" not in [frame.kind for frame in opaque.asked]


def test_element_called_opaque_is_judged() -> None:
    """A name alone does not let an element pass."""
    scene = Scene(Rule("opaque", Drop()))
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
    scene.records()
    scene.flow.inject(PRESENCE + b"<stream:error/>", 1.0)
    records = scene.records()

    assert scene.gets() == PRESENCE + b"<stream:error/>"
    assert [(r.kind, r.xmlns, r.injected, r.t) for r in records if isinstance(r, FrameRecord)] == [
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
    assert scene.kinds() == ["stream", "message", "+presence", "+r", "iq"]


def test_injection_goes_before_a_frame_that_has_not_begun_to_leave() -> None:
    """An unfinished start tag, or a wanted frame, does not keep it waiting."""
    scene = Scene(Rule("message", Forward()))
    scene.says(MESSAGE[:20])
    scene.flow.inject(PRESENCE, 0.0)
    scene.says(MESSAGE[20:])

    assert scene.gets() == PRESENCE + MESSAGE


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


@pytest.mark.parametrize("verdict", [Forward(), Drop(), Replace(b"<a/>")])
def test_injection_waits_for_a_verdict(verdict: Verdict) -> None:
    """Behind a held frame it keeps its place."""
    scene = Scene(Rule("message", Hold()))
    scene.says(MESSAGE + IQ)
    scene.flow.inject(PRESENCE, 0.0)
    assert scene.gets() == b""
    scene.flow.decide(2, verdict, 0.0)
    scene.pump()

    assert scene.gets().endswith(PRESENCE + IQ)


@pytest.mark.parametrize("verdict", [Drop(), Replace(b"<a/>")])
def test_injection_behind_a_frame_that_is_changed(verdict: Verdict) -> None:
    """When a frame over the limit or held is gone in whatever way, injections go on."""
    scene = Scene(Rule("message", verdict), Rule("iq", Hold()))
    scene.says(IQ)
    scene.flow.inject(PRESENCE, 0.0)
    scene.flow.decide(2, verdict, 0.0)
    scene.says(MESSAGE)

    assert PRESENCE in scene.gets()


def test_injection_into_another_stream() -> None:
    """It can stand in a stream that the source has left since."""
    scene = Scene()
    before = scene.client.framer
    scene.client.framer = type(before)()
    scene.flow.inject(b"<failure/>" + END, 0.0, before)

    assert scene.kinds() == ["stream", "+failure", "+/stream"]


def test_injected_nonsense_is_sent_and_recorded() -> None:
    """What is injected need not be whole frames."""
    scene = Scene()
    scene.flow.inject(b"<a><b>", 0.0)

    assert scene.gets() == b"<a><b>"
    assert scene.kinds() == ["stream", "+partial"]


# --- ends


def test_finish_delivers_what_is_left() -> None:
    """What was unfinished is recorded as partial, and the rest of it sent."""
    scene = Scene(Rule("message", Forward()))
    scene.says(MESSAGE[:20])
    scene.flow.finish(0.0)
    scene.flow.finish(0.0)

    assert scene.gets() == MESSAGE[:20]
    assert scene.kinds() == ["stream", "partial"]


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
    scene = Scene(Rule("message", Hold()))
    scene.records()
    scene.says(MESSAGE + IQ)
    scene.flow.finish(2.0)
    held, fate, behind = scene.records()

    assert scene.gets() == b""
    assert isinstance(held, FrameRecord)
    assert fate == FateDecided(t=2.0, conn=1, n=held.n, action="drop", held=2.0)
    assert isinstance(behind, FrameRecord)
    assert (behind.kind, behind.sent) == ("iq", None)


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
