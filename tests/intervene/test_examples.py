"""The examples of docs/rules.md, played with a session."""

import re
from pathlib import Path

from tests.conversation import DOMAIN, MECHANISMS, Conversation
from tests.intervene.acting import load
from xmppspy.intervene.desk import Desk
from xmppspy.intervene.ids import is_ours
from xmppspy.protocol.events import Direction, Mark, Side
from xmppspy.protocol.requests import ResetRequested
from xmppspy.protocol.verdicts import FORWARD

_MANUAL = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
STARTTLS = b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
BOUND = b"<stream:features><sm xmlns='urn:xmpp:sm:3'/><bind xmlns='urn:b'/></stream:features>"


class Scene(Conversation):
    """A session that an example of the manual has its way with."""

    def __init__(self, sentence: str, seed: int = 0) -> None:
        found = re.search(rf"^{sentence}.*?```toml\n(.*?)```", _MANUAL, re.DOTALL | re.MULTILINE)
        assert found is not None
        self.desk = Desk(seed=seed)
        self.desk.reload(found[1], "docs/rules.md", load)
        clerk = self.desk.clerk(1)
        super().__init__(interceptor=clerk)
        directions: tuple[Direction, ...] = ("c2s", "s2c")
        for direction in directions:
            self.session.set_toxics(direction, clerk.toxics(direction), 0.0)

    def reaches(self, features: bytes = MECHANISMS) -> "Scene":
        """The server's features."""
        self.reach_features(features)
        return self


def test_every_third_acknowledgement_is_dropped() -> None:
    """The others arrive."""
    scene = Scene("Drop every third").reaches()
    acks = [b"<a xmlns='urn:xmpp:sm:3' h='%d'/>" % h for h in range(7)]
    scene.client_sends(b"".join(acks))

    assert scene.server_gets() == b"".join(acks[i] for i in (0, 1, 3, 4, 6))
    assert scene.notes() == ["rule 1: drop"] * 2


def test_pages_of_an_archive_are_late() -> None:
    """By a time that chance has chosen, the same one in every run."""
    page = b"<message id='1'><result xmlns='urn:xmpp:mam:2'/></message>"
    arrivals = []
    for seed in (3, 3, 4):
        scene = Scene("Delay the pages", seed).reaches()
        scene.server_sends(page)
        while not scene.client_gets():
            scene.passes(0.01)
        arrivals.append(round(scene.now, 2))

    assert arrivals[0] == arrivals[1] != arrivals[2]
    assert all(0.5 <= arrival <= 1.52 for arrival in arrivals)


def test_a_service_is_denied() -> None:
    """The server hears nothing of it."""
    scene = Scene("Deny a service").reaches()
    scene.client_sends(
        b"<iq type='get' id='u1' to='up.example'><request xmlns='urn:xmpp:http:upload:0'/></iq>"
    )

    assert scene.server_gets() == b""
    assert scene.client_gets().startswith(
        b'<iq type="error" id="u1" from="up.example"><error type="wait"><resource-constraint'
    )


def test_a_version_request_is_answered() -> None:
    """By what stands in the rule."""
    scene = Scene("Anything else is an element to be sent back").reaches()
    scene.client_sends(b"<iq type='get' id='v1' to='a@b'><query xmlns='jabber:iq:version'/></iq>")

    assert scene.server_gets() == b""
    assert scene.client_gets().startswith(b"<iq type='result' id='v1' from='a@b'>\n  <query xmlns")


def test_the_connection_is_cut_after_a_message() -> None:
    """The message arrives; nothing behind it does."""
    scene = Scene("Cut the connection").reaches()
    scene.client_sends(b"<message><body>hello</body></message>")
    scene.client_sends(b"<message><body>Goodbye!</body></message>")
    scene.client_sends(b"<presence/>")

    assert scene.server_gets().endswith(b"<body>Goodbye!</body></message>")
    assert scene.session.closed
    assert scene.seen(ResetRequested)


def test_starttls_is_refused() -> None:
    """As by a server without TLS (RFC 6120 §5.4.2.2)."""
    scene = Scene("Refuse STARTTLS").reaches()
    scene.client_sends(STARTTLS)

    assert scene.client_gets() == (
        b'<failure xmlns="urn:ietf:params:xml:ns:xmpp-tls"/></stream:stream>'
    )
    assert b"starttls" not in scene.server_gets()
    assert scene.session.closed


def test_subscriptions_wait_for_a_person() -> None:
    """Or are dropped."""
    scene = Scene("Stop at each subscription").reaches()
    for name in (b"a", b"b"):
        scene.client_sends(b"<presence type='subscribe' to='%s@c'/>" % name)
    first, _ = scene.session.held()
    scene.session.decide(first.n, FORWARD, 1.0)
    scene.settle()
    decided = scene.server_gets()
    scene.passes(61.0)

    assert decided == b"<presence type='subscribe' to='a@c'/>"
    assert scene.server_gets() == b""
    assert scene.session.held() == []


def test_an_offer_is_taken_out() -> None:
    """No other byte of the features changes."""
    scene = Scene("Take an offer out")
    scene.client_sends(
        f"<stream:stream to='{DOMAIN}' xmlns='jabber:client' version='1.0' "
        "xmlns:stream='http://etherx.jabber.org/streams'>".encode()
    )
    scene.server_sends(
        b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
        + BOUND
    )

    assert scene.client_gets().endswith(BOUND.replace(b"<sm xmlns='urn:xmpp:sm:3'/>", b""))


def test_an_answer_answers_nothing() -> None:
    """Once, with a bookmark in the capture."""
    scene = Scene("Mistake an id").reaches()
    pongs = [b"<iq type='result' id='p%d'><ping xmlns='urn:xmpp:ping'/></iq>" % i for i in (1, 2)]
    scene.server_sends(b"".join(pongs))

    assert scene.client_gets() == pongs[0].replace(b"p1", b"nobody-asked") + pongs[1]
    assert [mark.text for mark in scene.seen(Mark)] == ["wrong id"]


def test_a_message_comes_from_nowhere() -> None:
    """With an id that is recognised."""
    scene = Scene("Send a message from nowhere").reaches()
    scene.client_sends(b"<presence/><presence/>")
    (ghost,) = [frame for frame in scene.frames("s2c") if frame.kind == "message"]

    assert scene.server_gets() == b"<presence/><presence/>"
    assert scene.client_gets() == ghost.data
    assert ghost.injected
    assert is_ours(ghost.id)


def test_a_line_is_slow_for_one_connection_in_ten() -> None:
    """Chance chooses it by its number."""
    desk = Scene("A slow and unreliable line").desk
    slow = [conn for conn in range(2, 202) if desk.clerk(conn).toxics("c2s")]

    assert 5 < len(slow) < 40


def test_bytes_come_one_by_one() -> None:
    """Until enough have come."""
    scene = Scene("Every byte by itself").reaches()
    before = len(scene.arrivals[Side.CLIENT])
    scene.server_sends(b"<presence/>")
    arrived = scene.arrivals[Side.CLIENT][before:]

    assert b"".join(arrived) == b"<presence/>"
    assert len(arrived) == len(b"<presence/>")
    scene.server_sends(b"<message>%s</message>" % (b"x" * 100_000))
    assert len(scene.client_gets()) < 100_000
    assert scene.session.closed


def test_messages_come_in_disorder_and_twice() -> None:
    """By chance; none is lost."""
    scene = Scene("Disorder among messages").reaches()
    for i in range(60):
        scene.server_sends(b"<message id='%d'/>" % i)
    scene.passes(2.0)
    numbers = [int(found) for found in re.findall(rb"id='(\d+)'", scene.client_gets())]

    assert {*numbers} == {*range(60)}
    assert len(numbers) > 60
    assert numbers != sorted(numbers)
