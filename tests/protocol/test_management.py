"""Stream management through interventions: peers that count, and check what they are told."""

import re
from collections import deque
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conversation import ANSWER, HEADER, Conversation
from xmppspy.protocol.events import Direction, Side
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.registers import Registers
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
    """What it counts from; to get over the end of 32 bits."""
    sent: list[bytes] = field(default_factory=list)
    """All stanzas of the session, in the order of their numbers."""
    handled: int = 0
    acked: int = 0
    """How many of its own the other has handled, by what it was told."""
    got: list[bytes] = field(default_factory=list)

    def says(self) -> bytes:
        """The next stanza."""
        self.sent.append(f"<message id='{self.name}{len(self.sent)}'/>".encode())
        return self.sent[-1]

    def h(self) -> int:
        """What it tells to have handled."""
        return self.handled % MODULUS

    def told(self, h: int) -> None:
        """The other has handled so many: never fewer than before, nor more than were sent."""
        assert self.acked <= h <= len(self.sent), f"{self.name}: {self.acked} {h} {len(self.sent)}"
        self.acked = h

    def hears(self, data: bytes) -> bytes:
        """Take what comes; return what there is to say."""
        answers = b""
        for name, attributes in ELEMENT.findall(data):
            if name in (b"message", b"iq"):
                self.handled += 1
                self.got.append(attributes.strip().rstrip(b"/"))
            elif name == b"r":
                answers += f"<a xmlns='{SM}' h='{self.h()}'/>".encode()
            elif name == b"a":
                self.told(h_of(attributes))
        return answers


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


class Scene:
    """A session of two peers that count, over one connection after the other."""

    def __init__(self) -> None:
        self.registers = Registers()
        self.meddler = Meddler()
        self.client, self.server = Peer("c"), Peer("s")
        self.talk = self.connect()
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

    # --- verbs

    def says(self, side: Side, verdict: Verdict = FORWARD) -> None:
        """A peer says a stanza, of which the verdict is known."""
        self.meddler.verdicts.append(verdict)
        if side is Side.CLIENT:
            self.talk.client_sends(self.client.says())
        else:
            self.talk.server_sends(self.server.says())
        self.exchange()

    def asks(self, side: Side) -> None:
        """A peer wants to know what has been handled."""
        ask = f"<r xmlns='{SM}'/>".encode()
        (self.talk.client_sends if side is Side.CLIENT else self.talk.server_sends)(ask)
        self.exchange()

    def pings(self, side: Side) -> None:
        """A peer says something urgent."""
        peer = self.client if side is Side.CLIENT else self.server
        ping = f"<iq type='get' id='p{len(peer.sent)}'><ping xmlns='urn:xmpp:ping'/></iq>"
        peer.sent.append(ping.encode())
        (self.talk.client_sends if side is Side.CLIENT else self.talk.server_sends)(peer.sent[-1])
        self.exchange()

    def injects(self, side: Side) -> None:
        """Somebody else says something to a peer."""
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

    def breaks(self, *, first: bool = True) -> None:
        """The connection breaks, and the session is resumed on another one."""
        old = self.talk
        if first:
            old.resets(Side.CLIENT)
        self.meddler.verdicts.clear()
        self.talk = self.connect()
        resume = f"<resume xmlns='{SM}' previd='one' h='{self.client.h()}'/>"
        self.talk.client_sends(resume.encode())
        asked = self.talk.server_gets()
        self.server.told(h_of(asked))
        resumed = f"<resumed xmlns='{SM}' previd='one' h='{self.server.h()}'/>"
        again = b"".join(self.server.sent[self.server.acked :])
        self.talk.server_sends(resumed.encode() + again)
        answer = self.talk.client_gets()
        self.client.told(h_of(answer.partition(b"<resumed")[2]))
        if not first:
            old.resets(Side.CLIENT)
        self.talk.client_sends(b"".join(self.client.sent[self.client.acked :]))
        self.talk.server_sends(self.server.hears(self.talk.server_gets()))
        self.talk.client_sends(self.client.hears(answer.partition(b"<resumed")[2]))
        self.exchange()


VERDICTS = [
    FORWARD,
    FORWARD,
    DROP,
    Verdict(data=b"<message id='edited'/>"),
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
verbs = st.one_of(
    st.tuples(st.just("says"), sides, st.sampled_from(VERDICTS)),
    st.tuples(st.just("says"), sides, st.sampled_from(VERDICTS)),
    st.tuples(st.just("asks"), sides),
    st.tuples(st.just("pings"), sides),
    st.tuples(st.just("injects"), sides),
    st.tuples(st.just("decides"), st.sampled_from([FORWARD, DROP, Verdict(copies=2)])),
    st.tuples(st.just("passes"), st.sampled_from([0.6, 1.2, 6.0])),
    st.tuples(st.just("breaks")),
)


@given(st.lists(verbs, min_size=3, max_size=25))
@settings(max_examples=300)
def test_counts_are_right_for_both_sides_whatever_happens(course: list[tuple[str, object]]) -> None:
    """Nobody is told of more than it sent, nor of less than before; in the end all is handled."""
    scene = Scene()
    for name, *arguments in course:
        getattr(scene, name)(*arguments)
    scene.passes(10.0)
    scene.passes(10.0)
    scene.asks(Side.CLIENT)
    scene.asks(Side.SERVER)

    assert scene.client.acked == len(scene.client.sent)
    assert scene.server.acked == len(scene.server.sent)


@pytest.mark.parametrize("side", Side)
def test_nothing_is_rewritten_while_nothing_was_touched(side: Side) -> None:
    """Even an h that is wrong passes as it is."""
    scene = Scene()
    scene.says(side)
    wrong = f"<a xmlns='{SM}' h='4711'/>".encode()
    (scene.talk.client_sends if side is Side.SERVER else scene.talk.server_sends)(wrong)

    got = scene.talk.server_gets() if side is Side.SERVER else scene.talk.client_gets()
    assert got == wrong
