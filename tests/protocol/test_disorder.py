"""Peers, proxy and person in any order: what must hold whatever happens."""

from collections import deque

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conversation import (
    ANSWER,
    HEADER,
    MECHANISMS,
    OFFER,
    PROCEED,
    STARTTLS,
    Conversation,
    options,
)
from tests.protocol.judging import ByKind
from xmppspy.protocol.events import ConnectionClosed, Direction, FrameRecord, Side
from xmppspy.protocol.requests import (
    HoldsChanged,
    LeafRequested,
    Request,
    UpstreamTLSRequested,
    WakeRequested,
)
from xmppspy.protocol.session import SessionOptions
from xmppspy.protocol.toxics import (
    Bandwidth,
    Latency,
    LimitData,
    ResetPeer,
    Slicer,
    Timeout,
    Toxic,
)
from xmppspy.protocol.verdicts import DROP, FORWARD, End, Hold, Undecided, Verdict

END = b"</stream:stream>"
FAILURE = b"<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
COMPRESSED = b"<compressed xmlns='http://jabber.org/protocol/compress'/>"
COMPRESSION = b"<compression xmlns='http://jabber.org/features/compress'/>"
STANZAS = [
    b"<message><body>Wherefore art thou?</body></message>",
    b"<iq type='get' id='1'><query xmlns='urn:q'/></iq>",
    b"<presence>" + b"x" * 400 + b"</presence>",
]
PING = b"<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>"
AUTH = b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>AA==</auth>"
MANAGEMENT = [
    b"<%s xmlns='urn:xmpp:sm:3' id='one' previd='one' resume='true' h='%d'/>" % (name, h)
    for name in (b"enable", b"enabled", b"resume", b"resumed", b"failed", b"r", b"a")
    for h in (0, 2)
]
SAYINGS = [
    *STANZAS, *(stanza[:15] for stanza in STANZAS), *(stanza[15:] for stanza in STANZAS),
    HEADER, HEADER[:40], HEADER[40:], HEADER.replace(b"to='capulet.example'", b""),
    HEADER.replace(b"capulet", b"montague"), HEADER.replace(b"capulet.", b"a..b"),
    ANSWER, OFFER, MECHANISMS, STARTTLS, PROCEED, PROCEED[:20], FAILURE, COMPRESSED, END,
    b"<stream:features>" + COMPRESSION + b"</stream:features>", b"<stream:features/>",
    b" ", b"\n", b"text", b"<!-- x -->", b"<?xml version='1.0'?>", b"<!DOCTYPE x>", b"</a>", b"<",
    b"<a b='", b"\xef\xbb\xbf", b"\xff", b"\x00", PING, AUTH, *MANAGEMENT,
]  # fmt: skip
"""What peers may say, sensible or not; TLS apart."""


class Disorder(Conversation):
    """A conversation in which anything may come at any time, and requests may have to wait."""

    def __init__(
        self, upstream: str, options: SessionOptions, whim: ByKind, *, is_slow: bool
    ) -> None:
        self.whim = whim
        self.is_slow = is_slow
        self.waiting: deque[Request] = deque()
        self.said = {Side.CLIENT: b"", Side.SERVER: b""}
        self.got = {Side.CLIENT: b"", Side.SERVER: b""}
        self.finished: set[Side] = set()
        self.held: list[int] = []
        self.told = self.alarms = 0
        super().__init__(upstream=upstream, options=options, interceptor=whim)

    # --- verbs

    def says(self, side: Side, data: bytes) -> None:
        """A peer says something, if it can."""
        tls = self.peers[side].tls
        can_speak = tls is None or (tls.established and not tls.closed)
        if not can_speak or not self._reachable(side) or side in self.finished:
            return
        is_for_tls = tls is None and self.session._link.legs[side].tls is not None
        if not self.session.closed and not is_for_tls:
            self.said[side] += data
        self.peers[side].send(data)
        self.settle()

    def begins_tls(self, side: Side, goes_wrong: bool) -> None:
        """A peer begins TLS where it could: first of all, or when STARTTLS has come that far."""
        peer = self.peers[side]
        if side is Side.CLIENT:
            is_time = not self.said[side] or bool(self.seen(LeafRequested))
        else:
            asked = bool(self.seen(UpstreamTLSRequested))
            is_time = self.said[side].endswith(PROCEED) and asked
        if peer.tls is not None or not is_time or side in self.finished:
            return
        name = "montague.example" if goes_wrong else "capulet.example"
        self.starts_tls(side, distrusts=goes_wrong, name=name)

    def leaves(self, side: Side, how: str) -> None:
        """A peer ends its direction, or breaks the connection."""
        if not self._reachable(side) or side in self.finished:
            return
        self.finished.add(side)
        if how == "reset":
            self.resets(side)
        else:
            self.ends(side, notify=how == "notify")

    def injects(self, side: Side) -> None:
        """Somebody puts a stanza into the stream."""
        self.session.inject(side, b"<injected/>", self.now)
        self.settle()

    def decides(self, verdict: Verdict) -> None:
        """Somebody passes a verdict on what is held, and answers what was asked."""
        for held in self.session.held():
            self.session.decide(held.n, verdict, self.now)
        self.session.settle(TICKET, verdict, self.now)
        self.settle()

    def breaks(self, direction: Direction, toxics: tuple[Toxic, ...]) -> None:
        """Something goes wrong with the line of a direction, or it is whole again."""
        self.session.set_toxics(direction, toxics, self.now)
        self.settle()

    def dozes(self) -> None:
        """The interceptor wants nothing for a while, or something again."""
        self.whim.idle = not self.whim.idle

    def answers(self) -> None:
        """A request that has waited is answered."""
        if self.waiting:
            super()._perform(self.waiting.popleft())
            self.settle()

    # --- what came of it

    def check(self) -> None:
        """See that whoever holds frames knows which, and that nobody is woken for nothing."""
        held = [each.n for each in self.session.held()]
        assert held == self.held or self.seen(HoldsChanged)[self.told :]
        self.held, self.told = held, len(self.seen(HoldsChanged))
        assert {frame.n for frame in self.frames()} >= {*held}
        alarms = self.seen(WakeRequested)[self.alarms :]
        assert all(alarm.at > self.now for alarm in alarms)
        self.alarms += len(alarms)
        assert [self.session.wants_data(side) in (True, False) for side in Side]

    def collect(self) -> None:
        """Note what has reached the peers."""
        self.got[Side.CLIENT] += self.client_gets()
        self.got[Side.SERVER] += self.server_gets()

    def _perform(self, request: Request) -> None:
        if isinstance(request, LeafRequested):
            request = LeafRequested(("capulet.example",), request.peer_der)
        if self.is_slow:
            self.waiting.append(request)
        else:
            super()._perform(request)


Verb = tuple[str, *tuple[object, ...]]
"""A method of `Disorder`, and its arguments."""

SERVER, CLIENT = Side.SERVER, Side.CLIENT
GREETINGS: list[Verb] = [("says", CLIENT, HEADER), ("says", SERVER, ANSWER + OFFER)]
UPGRADE: list[Verb] = [("says", CLIENT, STARTTLS), ("says", SERVER, PROCEED)]
BOTH_TLS: list[Verb] = [("begins_tls", SERVER, False), ("begins_tls", CLIENT, False)]

sides = st.sampled_from(Side)
TICKET = 7
verdicts = st.sampled_from(
    [
        FORWARD,
        DROP,
        Verdict(data=b"<replaced/>", notes=("why",)),
        Verdict(data=b"<message/><message/>", copies=2, marks=("here",)),
        Verdict(data=PROCEED.replace(b"'", b'"')),
        Verdict(data=STARTTLS.replace(b"'", b'"'), notes=("why",)),
        Verdict(hold=Hold()),
        Verdict(hold=Hold(0.4, drops=True), data=b"<edited/>"),
        Verdict(delay=0.4),
        Verdict(overtaken=True),
        Verdict(delay=0.4, overtaken=True),
        Verdict(data=None, back=b"<answer/>", behind=b"<behind/>"),
        Verdict(toxics=(Slicer(5),)),
        Verdict(toxics=(LimitData(30),), behind=b"<behind/>"),
        Verdict(end=End.CLOSE, back=b"<answer/>"),
        Verdict(data=None, end=End.RESET),
    ]
)
toxics = st.sampled_from(
    [
        (),
        (),
        (Latency(0.3, 0.2), Bandwidth(2000), Slicer(7, 3)),
        (Latency(1.0),),
        (Timeout(),),
        (Timeout(0.4), Latency(0.2)),
        (ResetPeer(0.4),),
        (LimitData(100), Slicer(10, delay=0.1)),
    ]
)
judgements = st.one_of(verdicts, st.sampled_from([Undecided(TICKET, 0.4), Undecided(8, 0.4)]))
sayings = st.lists(st.sampled_from(SAYINGS), max_size=3).map(b"".join)
ways = st.sampled_from(["end", "end", "notify", "reset"])
one_verb: st.SearchStrategy[Verb] = st.one_of(
    st.tuples(st.just("says"), sides, sayings),
    st.tuples(st.just("says"), sides, st.sampled_from(STANZAS)),
    st.tuples(st.just("begins_tls"), sides, st.booleans()),
    st.tuples(st.just("leaves"), sides, ways),
    st.tuples(st.just("injects"), sides),
    st.tuples(st.just("decides"), verdicts),
    st.tuples(st.just("passes"), st.sampled_from([0.1, 0.5, 5.5, 31])),
    st.tuples(st.just("answers")),
    st.tuples(st.just("breaks"), st.sampled_from(["c2s", "s2c"]), toxics),
    st.tuples(st.just("dozes")),
)
several = st.one_of(
    one_verb.map(lambda verb: [verb]),
    st.sampled_from([GREETINGS, UPGRADE, BOTH_TLS]),
    st.builds(lambda side, how: [("says", side, STANZAS[0]), ("decides", how)], sides, verdicts),
)
beginnings: st.SearchStrategy[list[Verb]] = st.sampled_from(
    [
        [],
        GREETINGS,
        [*GREETINGS, *UPGRADE],
        [*GREETINGS, *UPGRADE, *BOTH_TLS, *GREETINGS],
        [BOTH_TLS[1]],
        [BOTH_TLS[1], GREETINGS[1], ("says", SERVER, PROCEED), *BOTH_TLS, *GREETINGS],
        [BOTH_TLS[1], ("says", SERVER, ANSWER + MECHANISMS), *GREETINGS],
    ]
)
courses = st.builds(
    lambda beginning, rest: [*beginning, *(verb for verbs in rest for verb in verbs)],
    beginnings,
    st.lists(several, min_size=2, max_size=10),
)
settings_of_a_session = st.builds(
    options,
    max_frame=st.sampled_from([300, 10_000]),
    keep_compression=st.booleans(),
    allow_clear_upstream=st.booleans(),
)
kinds = ["iq", "space", "features", "starttls", "proceed", "auth", "stream", "enabled", "opaque"]
whims = st.builds(
    lambda verdicts: ByKind(**verdicts),
    st.fixed_dictionaries(
        {"message": judgements}, optional=dict.fromkeys([*kinds, "/stream"], judgements)
    ),
)


@given(
    st.sampled_from(["clear", "clear", "direct", "unreachable", "pending"]),
    settings_of_a_session,
    whims,
    st.booleans(),
    courses,
)
@settings(max_examples=300)
def test_what_holds_whatever_happens(
    upstream: str, how: SessionOptions, whim: ByKind, is_slow: bool, course: list[Verb]
) -> None:
    """Nothing raises, nothing is lost, and the capture tells what really left."""
    talk = Disorder(upstream, how, whim, is_slow=is_slow)
    for verb in course:
        getattr(talk, str(verb[0]))(*verb[1:])
        for side in Side:
            assert talk.said[side].startswith(talk.received_from(side.direction))
        talk.check()
    talk.session.stop("the test is over", talk.now)
    talk.settle()
    talk.collect()
    judged = [frame for frame in whim.judged if frame.xmlns is None]
    assert {frame.kind for frame in judged}.isdisjoint({"opaque", "partial"})
    assert len({id(frame) for frame in whim.judged}) == len(whim.judged)
    broken = {side for side, peer in talk.peers.items() if peer.error}

    for side in Side:
        if side not in broken and not any("tls" in fault for fault in talk.faults()):
            assert talk.received_from(side.direction) == talk.said[side]
        if side.other not in broken:
            got, _, _ = talk.got[side.other].partition(b"\x16\x03")
            assert got == talk.left_for(side.direction)
    assert isinstance(talk.events[-1], ConnectionClosed)
    assert len(talk.seen(ConnectionClosed)) == 1
    assert [frame.n for frame in talk.frames()] == list(range(1, len(talk.frames()) + 1))
    times = [
        event.t for event in talk.events if not (isinstance(event, FrameRecord) and event.waits)
    ]
    assert times == sorted(times)
