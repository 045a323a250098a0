"""Stream management through interventions: peers that count, and check what they are told."""

import re
from collections import deque
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conversation import ANSWER, HEADER, Conversation
from xmppspy.protocol.events import UNCHANGED, Direction, Side
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import Ruling
from xmppspy.protocol.registers import Registers
from xmppspy.protocol.toxics import Timeout
from xmppspy.protocol.verdicts import DROP, FORWARD, Hold, Verdict

SM = "urn:xmpp:sm:3"
MODULUS = 2**32
ELEMENT = re.compile(
    rb"<(message|iq|r|a|enable|enabled|resume|resumed|failed)\b([^>]*)>(?:[^<]*</\1>)?"
)


@dataclass
class Peer:
    """One end of stream management, as strict as Prosody and ejabberd."""

    name: str
    first: int = 0
    """How many stanzas there have been before, on either side, whom nobody knows any more."""
    sent: list[bytes] = field(default_factory=list)
    """All stanzas of the session, in the order of their numbers."""
    handled: int = 0
    acked: int = 0
    """How many of its own the other has handled, by what it was told."""
    got: list[bytes] = field(default_factory=list)
    """The ids of what it has handled."""

    def says(self, stanza: str = "<message id='{}'/>") -> bytes:
        """The next stanza, which has an id like no other one."""
        self.sent.append(stanza.format(f"{self.name}{len(self.sent)}").encode())
        return self.sent[-1]

    def h(self) -> int:
        """What it tells to have handled."""
        return (self.first + self.handled) % MODULUS

    def told(self, h: int) -> None:
        """The other has handled so many: never fewer than before, nor more than were sent."""
        handled = (h - self.first) % MODULUS
        assert self.acked <= handled <= len(self.sent), f"{self.name}: {self.acked} {handled}"
        self.acked = handled

    def hears(self, data: bytes) -> bytes:
        """Take what comes; return what there is to say."""
        answers = b""
        for name, attributes in ELEMENT.findall(data):
            if name in (b"message", b"iq"):
                self.handled += 1
                self.got.append(id_of(attributes))
            elif name == b"r":
                answers += f"<a xmlns='{SM}' h='{self.h()}'/>".encode()
            elif name == b"a":
                self.told(h_of(attributes))
        return answers


def id_of(attributes: bytes) -> bytes:
    """The value of `id`."""
    found = re.search(rb"\bid='(\w+)'", attributes)
    assert found is not None
    return found[1]


def h_of(attributes: bytes) -> int:
    """The value of `h`."""
    found = re.search(rb"\bh='(\d+)'", attributes)
    assert found is not None
    return int(found[1])


class Meddler:
    """An interceptor that does to stanzas what it is told, one after the other."""

    idle = False

    def __init__(self) -> None:
        self.verdicts: deque[Verdict] = deque()

    def wants(self, direction: Direction, head: Frame) -> bool:
        """Stanzas."""
        return head.kind == "message"

    def judge(self, direction: Direction, frame: Frame, now: float) -> Verdict:
        """What is next."""
        if frame.kind != "message" or not self.verdicts:
            return FORWARD
        return self.verdicts.popleft()


OPEN = Verdict(hold=Hold())
"""Of a stanza whose verdict was not carried out, or is somebody else's."""


class Scene:
    """A session of two peers that count, over one connection after the other.

    With `first` it has begun where nobody saw it, so many stanzas ago.
    """

    def __init__(self, first: int = 0) -> None:
        self.registers = Registers()
        self.meddler = Meddler()
        self.client, self.server = Peer("c", first), Peer("s", first)
        self.peers = {Side.CLIENT: self.client, Side.SERVER: self.server}
        self.verdicts: dict[bytes, Verdict] = {}
        """What became of a stanza when it was first seen, by its id."""
        self.put_in = {Side.CLIENT: 0, Side.SERVER: 0}
        """How often something was put in for either."""
        self.deaf: set[Side] = set()
        """Who gets nothing any more, so that only another connection helps."""
        self.talk = self.connect()
        if first:
            self.resumes()
        else:
            self.talk.client_sends(f"<enable xmlns='{SM}' resume='true'/>".encode())
            self.talk.server_sends(f"<enabled xmlns='{SM}' id='one' resume='true'/>".encode())
        self.exchange()

    def connect(self) -> Conversation:
        """Another connection, up to where stream management is negotiated."""
        talk = Conversation(interceptor=self.meddler, registers=self.registers)
        talk.client_sends(HEADER)
        talk.server_sends(ANSWER)
        talk.client_gets()
        talk.server_gets()
        return talk

    def exchange(self) -> None:
        """Let both hear what has come, and answer, until nothing more is said."""
        while True:
            up = self.server.hears(self.talk.server_gets())
            down = self.client.hears(self.talk.client_gets())
            if not up and not down:
                return
            self.talk.server_sends(up)
            self.talk.client_sends(down)

    def send(self, side: Side, data: bytes) -> None:
        """A peer sends something."""
        (self.talk.client_sends if side is Side.CLIENT else self.talk.server_sends)(data)

    # --- verbs

    def says(self, side: Side, verdict: Verdict = FORWARD) -> None:
        """A peer says a stanza, of which the verdict is known."""
        self.say(side, verdict)
        self.exchange()

    def loses(self, side: Side, verdict: Verdict) -> None:
        """A peer says a stanza, and the connection breaks before anything arrives."""
        self.say(side, verdict)
        self.talk.client_gets()
        self.talk.server_gets()
        self.breaks()

    def say(self, side: Side, verdict: Verdict) -> None:
        """A peer says a stanza; should it be judged again, it is to go on."""
        stanza = self.peers[side].says()
        self.verdicts[id_of(stanza)] = verdict if not self.deaf or verdict == FORWARD else OPEN
        self.meddler.verdicts.append(verdict)
        self.send(side, stanza)
        self.meddler.verdicts.clear()

    def asks(self, side: Side) -> None:
        """A peer wants to know what has been handled."""
        self.send(side, f"<r xmlns='{SM}'/>".encode())
        self.exchange()

    def pings(self, side: Side) -> None:
        """A peer says something urgent."""
        ping = "<iq type='get' id='{}'><ping xmlns='urn:xmpp:ping'/></iq>"
        stanza = self.peers[side].says(ping)
        self.verdicts[id_of(stanza)] = FORWARD
        self.send(side, stanza)
        self.exchange()

    def injects(self, side: Side) -> None:
        """Somebody else says something to a peer."""
        self.put_in[side] += side not in self.deaf  # what nobody hears is not sent again
        self.talk.session.inject(side, b"<message id='x'/>", self.talk.now)
        self.talk.settle()
        self.exchange()

    def decides(self, verdict: Verdict) -> None:
        """A person decides about the first frame that is held."""
        held = self.talk.session.held()
        if held:
            self.talk.session.decide(held[0].n, verdict, self.talk.now)
            self.talk.settle()
            self.exchange()

    def passes(self, seconds: float) -> None:
        """Time passes."""
        self.talk.passes(seconds)
        self.exchange()

    def deafens(self, side: Side) -> None:
        """Nothing of what is said to a peer arrives any more."""
        self.deaf.add(side)
        self.talk.session.set_toxics(side.other.direction, [Timeout()], self.talk.now)

    def breaks(self, *, first: bool = True) -> None:
        """The connection breaks, and the session is resumed on another one.

        Unless that is `first`, the old one is still open then.
        """
        old = self.talk
        for flow in old.session._link.flows.values():
            for waiting in flow._waiters:
                if waiting.verdict.data is not UNCHANGED or waiting.verdict.copies > 1:
                    self.verdicts[id_of(waiting.frame.data)] = OPEN
        if first:
            old.resets(Side.CLIENT)
        self.deaf.clear()
        self.talk = self.connect()
        self.resumes()
        if not first:
            old.resets(Side.CLIENT)
        self.exchange()

    def breaks_late(self) -> None:
        """The same, the old connection being open when the new one resumes."""
        self.breaks(first=False)

    def resumes(self) -> None:
        """Both agree on what was handled, and send the rest again."""
        resume = f"<resume xmlns='{SM}' previd='one' h='{self.client.h()}'/>"
        self.talk.client_sends(resume.encode())
        asked = self.talk.server_gets()
        self.server.told(h_of(asked))
        resumed = f"<resumed xmlns='{SM}' previd='one' h='{self.server.h()}'/>"
        again = b"".join(self.server.sent[self.server.acked :])
        self.talk.server_sends(resumed.encode() + again)
        answer = self.talk.client_gets().partition(b"<resumed")[2]
        self.client.told(h_of(answer))
        self.talk.client_sends(b"".join(self.client.sent[self.client.acked :]))
        self.talk.server_sends(self.server.hears(self.talk.server_gets()))
        self.talk.client_sends(self.client.hears(answer))

    # --- what came of it

    def ends(self) -> None:
        """Everything that waits leaves, all is asked for, and nothing is missing."""
        if self.deaf:
            self.breaks()
        self.passes(10.0)
        self.passes(10.0)
        self.asks(Side.CLIENT)
        self.asks(Side.SERVER)
        for side, peer in self.peers.items():
            assert peer.acked == len(peer.sent)
            assert peer.got.count(b"x") == self.put_in[side]
            for stanza in self.peers[side.other].sent:
                self.has_arrived(id_of(stanza), peer)

    def has_arrived(self, name: bytes, peer: Peer) -> None:
        """See that a stanza has arrived as often as it should have."""
        verdict, times = self.verdicts[name], peer.got.count(name)
        if verdict.hold is not None:
            assert times <= 3
        elif verdict.data is UNCHANGED:
            assert times == verdict.copies
        else:
            assert times == 0


EDITED = Verdict(data=b"<message id='edited'/>")
VERDICTS = [
    FORWARD,
    FORWARD,
    DROP,
    EDITED,
    Verdict(copies=3),
    Verdict(data=b"<message id='1'/><message id='2'/>"),
    Verdict(data=b"<r xmlns='urn:xmpp:sm:3'/>"),
    Verdict(hold=Hold(5.0)),
    Verdict(hold=Hold(5.0, drops=True)),
    Verdict(delay=0.5),
    Verdict(overtaken=True),
    Verdict(data=None, back=b"<message id='answer'/>"),
    Verdict(behind=b"<message id='behind'/>"),
]

sides = st.sampled_from(Side)
verdicts = st.sampled_from(VERDICTS)
verbs = st.one_of(
    st.tuples(st.just("says"), sides, verdicts),
    st.tuples(st.just("says"), sides, verdicts),
    st.tuples(st.just("loses"), sides, verdicts),
    st.tuples(st.just("asks"), sides),
    st.tuples(st.just("pings"), sides),
    st.tuples(st.just("injects"), sides),
    st.tuples(st.just("decides"), st.sampled_from([FORWARD, DROP, Verdict(copies=2)])),
    st.tuples(st.just("passes"), st.sampled_from([0.6, 1.2, 6.0])),
    st.tuples(st.just("deafens"), sides),
    st.tuples(st.just("breaks")),
    st.tuples(st.just("breaks_late")),
)


@given(st.sampled_from([0, 0, MODULUS - 5, MODULUS - 1]), st.lists(verbs, min_size=3, max_size=25))
@settings(max_examples=300)
def test_counts_are_right_for_both_sides_whatever_happens(
    first: int, course: list[tuple[str, object]]
) -> None:
    """Nobody is told of more than it sent, nor of less than before; in the end all has arrived.

    Each stanza has done so as often as it should, however often the connection has broken.
    """
    scene = Scene(first)
    for name, *arguments in course:
        getattr(scene, name)(*arguments)

    scene.ends()


@pytest.mark.parametrize("side", Side)
def test_nothing_is_rewritten_while_nothing_was_touched(side: Side) -> None:
    """Even an h that is wrong passes as it is."""
    scene = Scene()
    scene.says(side)
    wrong = f"<a xmlns='{SM}' h='4711'/>".encode()
    (scene.talk.client_sends if side is Side.SERVER else scene.talk.server_sends)(wrong)

    got = scene.talk.server_gets() if side is Side.SERVER else scene.talk.client_gets()
    assert got == wrong


# --- what is said inside of logins, and what goes wrong


def inline(name: str, content: str) -> bytes:
    """An element of SASL2 (XEP-0388) with elements inside."""
    return f"<{name} xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'>{content}</{name}>".encode()


def bound(name: str, content: str) -> str:
    """An element of Bind 2 (XEP-0386) with elements inside."""
    return f"<{name} xmlns='urn:xmpp:bind:0'>{content}</{name}>"


ENABLE = f"<enable xmlns='{SM}' resume='true'/>"
ENABLED = f"<enabled xmlns='{SM}' id='one' resume='1'/>"
MESSAGE = b"<message id='m'/>"


@dataclass
class Talks:
    """Conversations with an interceptor that drops the stanzas it is told to, one by one."""

    meddler: Meddler = field(default_factory=Meddler)
    registers: Registers = field(default_factory=Registers)

    def connects(self, *said: tuple[Side, bytes]) -> Conversation:
        """Another connection, in which both say something; nothing is left to be got."""
        talk = Conversation(interceptor=self.meddler, registers=self.registers)
        talk.client_sends(HEADER)
        talk.server_sends(ANSWER)
        for side, data in said:
            (talk.client_sends if side is Side.CLIENT else talk.server_sends)(data)
        talk.client_gets()
        talk.server_gets()
        return talk

    def enabled(self) -> Conversation:
        """A connection with stream management."""
        return self.connects((Side.CLIENT, ENABLE.encode()), (Side.SERVER, ENABLED.encode()))

    def drops(self, talk: Conversation, side: Side) -> None:
        """A stanza of that side is dropped."""
        self.meddler.verdicts.append(DROP)
        (talk.client_sends if side is Side.CLIENT else talk.server_sends)(MESSAGE)


def acked(talk: Conversation, side: Side, h: int) -> int:
    """What a side is told when the other one says `h`."""
    ack = f"<a xmlns='{SM}' h='{h}'/>".encode()
    if side is Side.CLIENT:
        talk.server_sends(ack)
        return h_of(talk.client_gets())
    talk.client_sends(ack)
    return h_of(talk.server_gets())


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (ENABLE.encode(), ENABLED.encode()),
        (ENABLE.replace("sm:3", "sm:2").encode(), ENABLED.replace("sm:3", "sm:2").encode()),
        (inline("authenticate", bound("bind", ENABLE)), inline("success", bound("bound", ENABLED))),
        (b"<x xmlns='urn:x'/>", ENABLED.encode()),
    ],
)
def test_session_begins(asked: bytes, answered: bytes) -> None:
    """By itself, or inside of a login; even if only the server says so."""
    talks = Talks()
    talk = talks.connects((Side.CLIENT, asked), (Side.SERVER, answered))
    talks.drops(talk, Side.CLIENT)
    talks.drops(talk, Side.SERVER)
    talk.client_sends(MESSAGE)
    talk.client_gets()
    talk.server_gets()

    assert [acked(talk, Side.CLIENT, h) for h in (0, 1)] == [1, 2]
    assert acked(talk, Side.SERVER, 0) == 1
    assert talks.registers.find("one") is not None


def test_client_need_not_wait_to_be_counted() -> None:
    """Its stanzas count from `<enable/>` on, the server's from `<enabled/>` on."""
    talks = Talks()
    talk = talks.connects((Side.SERVER, MESSAGE), (Side.CLIENT, MESSAGE + ENABLE.encode()))
    talks.drops(talk, Side.CLIENT)
    talks.drops(talk, Side.SERVER)
    talk.client_sends(MESSAGE)
    talk.server_sends(ENABLED.encode())
    talk.client_gets()
    talk.server_gets()

    assert acked(talk, Side.CLIENT, 1) == 2
    assert acked(talk, Side.SERVER, 0) == 0


def test_session_that_cannot_be_resumed() -> None:
    """It is counted, and not remembered."""
    talks = Talks()
    enabled = ENABLED.replace("resume='1'", "resume='false'").encode()
    talk = talks.connects((Side.CLIENT, ENABLE.encode()), (Side.SERVER, enabled))
    talks.drops(talk, Side.CLIENT)

    assert acked(talk, Side.CLIENT, 0) == 1
    assert talks.registers.find("one") is None


def test_session_that_does_not_begin() -> None:
    """Where the server refuses, nothing is counted."""
    talks = Talks()
    failed = f"<failed xmlns='{SM}'/>".encode()
    talk = talks.connects((Side.CLIENT, ENABLE.encode()), (Side.SERVER, failed))
    talks.drops(talk, Side.CLIENT)

    assert acked(talk, Side.CLIENT, 0) == 0


def test_session_goes_on_although_it_was_enabled_twice() -> None:
    """The server refuses the second time (XEP-0198 §3); what was counted until then still is."""
    talks = Talks()
    talk = talks.enabled()
    talks.drops(talk, Side.CLIENT)
    talk.client_sends(ENABLE.encode())
    talk.client_sends(MESSAGE)
    talk.server_sends(f"<failed xmlns='{SM}'/>".encode())
    talk.client_sends(MESSAGE)
    talk.client_gets()

    assert acked(talk, Side.CLIENT, 2) == 3


def test_session_begins_anew() -> None:
    """A server that allows it counts from 0 again."""
    talks = Talks()
    talk = talks.enabled()
    talks.drops(talk, Side.CLIENT)
    talk.client_sends(ENABLE.encode())
    talk.server_sends(ENABLED.encode())
    talk.client_gets()

    assert acked(talk, Side.CLIENT, 0) == 0


@pytest.mark.parametrize("is_inline", [True, False])
@pytest.mark.parametrize("is_open", [True, False])
def test_resumption(is_inline: bool, is_open: bool) -> None:
    """Both are told what the other one has handled, and what was put in and lost comes again."""
    talks = Talks()
    old = talks.enabled()
    talks.drops(old, Side.CLIENT)
    talks.drops(old, Side.SERVER)
    for side in Side:
        old.session.inject(side, b"<message id='own'/>", 0.0)
    if not is_open:
        old.resets(Side.SERVER)
    resume = f"<resume xmlns='{SM}' previd='one' h='0'/>"
    resumed = f"<resumed xmlns='{SM}' previd='one' h='0'/>"
    talk = talks.connects()
    talk.client_sends(inline("authenticate", resume) if is_inline else resume.encode())
    asked = talk.server_gets()
    talk.server_sends(inline("success", resumed) if is_inline else resumed.encode())
    own = talk.server_gets()
    answer = talk.client_gets()
    talks.drops(old, Side.CLIENT)

    assert (b" h='1'/>" in asked, b" h='1'/>" in answer) == (True, True)
    assert own == b"<message id='own'/>"
    assert answer.endswith(b"<message id='own'/>")
    assert [acked(talk, side, h) for side in Side for h in (0, 1)] == [1, 1, 1, 1]
    assert not is_open or acked(old, Side.CLIENT, 0) == 0


def test_resumption_of_an_unknown_session() -> None:
    """What both say passes as it is; from there on it is known how they count."""
    talks = Talks()
    resume = f"<resume xmlns='{SM}' previd='old' h='7'/>".encode()
    resumed = f"<resumed xmlns='{SM}' previd='old' h='9'/>".encode()
    talk = talks.connects()
    talk.client_sends(resume)
    talk.server_sends(resumed)
    passed = (talk.server_gets(), talk.client_gets())
    talks.drops(talk, Side.CLIENT)
    talks.drops(talk, Side.SERVER)

    assert passed == (resume, resumed)
    assert (acked(talk, Side.CLIENT, 9), acked(talk, Side.SERVER, 7)) == (10, 8)
    assert talks.registers.find("old") is not None


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("<resume xmlns='{}' previd='one'/>", "<resumed xmlns='{}' previd='one' h='3'/>"),
        ("<resume xmlns='{}' previd='one' h='2'/>", "<resumed xmlns='{}' previd='one'/>"),
        ("<resume xmlns='{}' previd='one' h='x'/>", "<resumed xmlns='{}' h='-1'/>"),
        ("<r xmlns='{}'/>", "<resumed xmlns='{}' previd='one' h='3'/>"),
    ],
)
def test_resumption_that_is_not_said_right(said: str, answer: str) -> None:
    """Who leaves out its count is not translated, and nobody falls over it."""
    talks = Talks()
    old = talks.enabled()
    talks.drops(old, Side.CLIENT)
    talk = talks.connects()
    talk.client_sends(said.format(SM).encode())
    talk.server_sends(answer.format(SM).encode())

    assert talk.server_gets() == said.format(SM).encode()
    assert talk.client_gets() == answer.format(SM).encode()


@pytest.mark.parametrize("is_inline", [True, False])
def test_resumption_that_fails(is_inline: bool) -> None:
    """The client is told what had been handled; then the session is unknown."""
    talks = Talks()
    old = talks.enabled()
    talks.drops(old, Side.CLIENT)
    old.client_sends(MESSAGE)
    talk = talks.connects()
    resume = f"<resume xmlns='{SM}' previd='one' h='0'/>"
    failed = f"<failed xmlns='{SM}' h='1'/>"
    talk.client_sends(inline("authenticate", resume) if is_inline else resume.encode())
    talk.server_sends(inline("success", failed) if is_inline else failed.encode())

    assert b" h='2'/>" in talk.client_gets()
    assert talks.registers.find("one") is None


@pytest.mark.parametrize("is_first", [True, False])
def test_new_session_where_resumption_fails(is_first: bool) -> None:
    """A client asks for both at once, in either order (XEP-0386); it gets one."""
    talks = Talks()
    old = talks.enabled()
    talks.drops(old, Side.CLIENT)
    parts = [f"<resume xmlns='{SM}' previd='one' h='0'/>", bound("bind", ENABLE)]
    answer = f"<failed xmlns='{SM}' h='0'/>" + bound("bound", ENABLED.replace("one", "two"))
    talk = talks.connects(
        (Side.CLIENT, inline("authenticate", "".join(parts if is_first else parts[::-1]))),
        (Side.SERVER, inline("success", answer)),
    )
    talks.drops(talk, Side.CLIENT)
    talk.client_sends(MESSAGE)

    assert acked(talk, Side.CLIENT, 1) == 2
    assert (talks.registers.find("one"), talks.registers.find("two") is not None) == (None, True)


def test_second_login_forgets_what_the_first_asked_for() -> None:
    """Each `<authenticate/>` asks anew."""
    talks = Talks()
    talks.enabled()
    resume = f"<resume xmlns='{SM}' previd='one' h='0'/>"
    talk = talks.connects(
        (Side.CLIENT, inline("authenticate", resume)),
        (Side.SERVER, b"<failure xmlns='urn:xmpp:sasl:2'/>"),
        (Side.CLIENT, inline("authenticate", bound("bind", ENABLE))),
        (Side.SERVER, inline("success", bound("bound", f"<failed xmlns='{SM}'/>"))),
    )
    talks.drops(talk, Side.CLIENT)

    assert acked(talk, Side.CLIENT, 0) == 0
    assert talks.registers.find("one") is not None


def test_what_was_dropped_or_edited_stays_so() -> None:
    """When the client sends it again, as often as it does, and a note says why."""
    talks = Talks()
    talk = talks.enabled()
    talks.meddler.verdicts.extend([FORWARD, EDITED, DROP, FORWARD])
    for number in range(4):
        talk.client_sends(b"<message id='m%d'/>" % number)
    got = []
    for _ in range(2):
        talk.resets(Side.SERVER)
        talk = talks.connects(
            (Side.CLIENT, f"<resume xmlns='{SM}' previd='one' h='0'/>".encode()),
            (Side.SERVER, f"<resumed xmlns='{SM}' previd='one' h='0'/>".encode()),
        )
        for number in range(3):
            talk.client_sends(b"<message id='m%d'/>" % number)
        got.append(talk.server_gets())
    talk.client_sends(b"<message id='m3'/><message id='m4'/>")

    assert got == [b"<message id='m0'/><message id='edited'/>"] * 2
    assert talk.server_gets() == b"<message id='m3'/><message id='m4'/>"
    assert [note for note in talk.notes() if "again" in note] == [
        "it comes again after a resumption; what became of it the first time still counts"
    ] * 2


def test_client_that_does_not_send_everything_again() -> None:
    """What it says instead is new, although it has the number of something that was dropped."""
    talks = Talks()
    old = talks.enabled()
    talks.meddler.verdicts.extend([FORWARD, DROP])
    old.client_sends(b"<message id='m1'/><message id='m2'/>")
    talk = talks.connects(
        (Side.CLIENT, f"<resume xmlns='{SM}' previd='one' h='0'/>".encode()),
        (Side.SERVER, f"<resumed xmlns='{SM}' previd='one' h='0'/>".encode()),
    )
    talk.client_sends(b"<message id='m1'/><message id='m3'/>")

    assert talk.server_gets() == b"<message id='m1'/><message id='m3'/>"


def test_stanza_that_comes_again_waits_whole() -> None:
    """It does not leave as it arrives, because it may have been dropped."""
    talks = Talks()
    old = talks.enabled()
    talks.drops(old, Side.CLIENT)
    old.session.inject(Side.SERVER, MESSAGE, 0.0)
    old.client_sends(MESSAGE)
    talks.drops(old, Side.CLIENT)
    talk = talks.connects(
        (Side.CLIENT, f"<resume xmlns='{SM}' previd='one' h='0'/>".encode()),
        (Side.SERVER, f"<resumed xmlns='{SM}' previd='one' h='1'/>".encode()),
    )
    talks.meddler.idle = True
    talk.client_sends(b"<iq><query/></iq>")
    first = talk.server_gets()
    talk.client_sends(b"<message id='m'><x/>")
    second = talk.server_gets()
    talk.client_sends(b"</message><iq><query/>")

    assert (first, second) == (b"<iq><query/></iq>", b"")
    assert talk.server_gets() == b"<iq><query/>"


def test_stanza_dropped_between_resume_and_resumed() -> None:
    """The server sends it again: it was told of what was handled before."""
    talks = Talks()
    old = talks.enabled()
    old.server_sends(MESSAGE)
    old.session.inject(Side.CLIENT, MESSAGE, 0.0)
    talk = talks.connects((Side.CLIENT, f"<resume xmlns='{SM}' previd='one' h='2'/>".encode()))
    talks.drops(old, Side.SERVER)
    talk.server_sends(f"<resumed xmlns='{SM}' previd='one' h='0'/>".encode() + MESSAGE)
    talk.client_gets()

    assert [acked(talk, Side.SERVER, h) for h in (2, 3)] == [1, 2]


def test_nobody_counts_any_more() -> None:
    """A connection whose session goes on elsewhere has nothing to do with it."""
    talks = Talks()
    old = talks.enabled()
    talk = talks.connects(
        (Side.CLIENT, f"<resume xmlns='{SM}' previd='one' h='0'/>".encode()),
        (Side.SERVER, f"<resumed xmlns='{SM}' previd='one' h='0'/>".encode()),
    )
    talks.drops(old, Side.CLIENT)

    assert acked(old, Side.CLIENT, 0) == 0
    assert acked(talk, Side.CLIENT, 0) == 0


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("<a xmlns='{}' h='1'/>", "<a xmlns='{}' h='2'/>"),
        ('<a h = " 1 " xmlns="{}" x=""></a>', '<a h = "2" xmlns="{}" x=""></a>'),
        ("<sm:a x:h='9' h='001' xmlns:sm='{}' xmlns:x='x'/>", None),
        ("<a xmlns='{}' h='4294967297'/>", "<a xmlns='{}' h='2'/>"),
        ("<a xmlns='{}' h='&#x31;'/>", "<a xmlns='{}' h='2'/>"),
    ],
)
def test_only_the_number_is_rewritten(said: str, heard: str | None) -> None:
    """However it is written, and whatever stands around it."""
    talks = Talks()
    talk = talks.enabled()
    talks.drops(talk, Side.CLIENT)
    talk.client_sends(MESSAGE)
    talk.server_sends(said.format(SM).encode())
    expected = heard or said.replace("h='001'", "h='2'")

    assert talk.client_gets() == expected.format(SM).encode()


@pytest.mark.parametrize(
    "said",
    [
        "<a xmlns='{}'/>",
        "<a xmlns='{}' h=''/>",
        "<a xmlns='{}' h='-1'/>",
        "<a xmlns='{}' h='1.0'/>",
        "<a xmlns='{}' h='\u0661'/>",
        "<a xmlns='{}' h='000000000000000000001'/>",
        "<a xmlns='urn:x' h='1'/>",
        "<r xmlns='{}' h='1'/>",
    ],
)
def test_what_is_no_count_is_not_rewritten(said: str) -> None:
    """It is for the one who reads it to complain."""
    talks = Talks()
    talk = talks.enabled()
    talks.drops(talk, Side.CLIENT)
    talk.server_sends(said.format(SM).encode())

    assert talk.client_gets() == said.format(SM).encode()


def test_second_count_of_an_element() -> None:
    """That is not well-formed; the first one is taken, the other one left alone."""
    talks = Talks()
    talk = talks.enabled()
    talks.drops(talk, Side.CLIENT)
    talk.server_sends(f"<a xmlns='{SM}' h='0' h='7'/>".encode())

    assert talk.client_gets() == f"<a xmlns='{SM}' h='1' h='7'/>".encode()


def test_edited_count_is_translated() -> None:
    """What a rule makes of an ack is said by the server, and heard by the client."""
    talks = Talks()
    talk = talks.enabled()
    talks.drops(talk, Side.CLIENT)
    flow = talk.session._link.down
    frame = Frame("a", f"<a xmlns='{SM}' h='0'/>".encode(), xmlns=SM)
    ruling = Ruling(data=f"<a xmlns='{SM}'  h='1'/>".encode())
    management = talk.session._passage._management

    assert management.turn(flow, frame, ruling).data == f"<a xmlns='{SM}'  h='2'/>".encode()
    assert management.turn(flow, frame, Ruling(data=None)).data is None
