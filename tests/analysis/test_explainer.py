import pytest

from tests.analysis.scenes import CLIENT_HEADER, JULIET, SERVER_HEADER, Scene
from xmppspy.analysis.explainer import Explainer, Explanation, origin
from xmppspy.protocol.events import Side, TLSEstablished

BIND = "urn:ietf:params:xml:ns:xmpp-bind"
SM = "urn:xmpp:sm:3"
PING = "<iq type='get' id='p1' to='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>"


def told(scene: Scene) -> list[Explanation]:
    """What is known of the frames of a scene."""
    explainer = Explainer()
    seen = map(explainer.see, scene.events)
    return [explanation for explanation in seen if explanation is not None]


def texts(scene: Scene) -> list[str]:
    """Their summaries."""
    return [explanation.outline().text for explanation in told(scene)]


def test_other_events_are_not_explained() -> None:
    """They say it themselves."""
    assert Explainer().see(Scene().opens()) is None


def test_streams_are_counted() -> None:
    """Each direction by itself, with the TLS they are in."""
    scene = Scene()
    scene.opens()
    scene.client(CLIENT_HEADER)
    scene.server(SERVER_HEADER)
    scene.add(TLSEstablished(t=0.3, conn=1, leg=Side.CLIENT, version="TLSv1.3", cipher="X"))
    scene.client(CLIENT_HEADER)

    assert texts(scene) == [
        "stream open to=capulet.example v1.0",
        "stream open from=capulet.example v1.0",
        "stream open to=capulet.example v1.0 (stream 2, TLSv1.3)",
    ]


def test_own_addresses_are_short_once_they_are_known() -> None:
    """From the moment that the server grants one."""
    scene = Scene()
    scene.opens()
    scene.client(f"<iq type='set' id='b'><bind xmlns='{BIND}'/></iq>")
    scene.server(f"<iq type='result' id='b'><bind xmlns='{BIND}'><jid>{JULIET}</jid></bind></iq>")
    scene.server(
        "<iq type='set' id='r'><query xmlns='jabber:iq:roster'>"
        "<item jid='juliet@capulet.example' subscription='both'/></query></iq>"
    )

    assert texts(scene) == ["bind?", f"bound {JULIET}", "roster push me both"]


def test_answers_have_their_request_and_latency() -> None:
    """An empty result is known by what it answers, and so is an error."""
    scene = Scene()
    scene.opens()
    scene.client(CLIENT_HEADER)
    scene.client(PING, t=1.0)
    scene.server("<iq type='result' id='p1' from='capulet.example'/>", t=1.023)
    answer = told(scene)[-1]

    assert answer.outline().text == "pong"
    assert answer.latency == pytest.approx(0.023)
    assert answer.doubt == ""


def test_doubtful_answers_say_so() -> None:
    """Late ones, second ones, ones that nobody asked for; nothing is said of the usual ones."""
    scene = Scene()
    scene.opens()
    scene.client(CLIENT_HEADER)
    scene.client(PING, t=1.0)
    for t in (9.0, 9.1):
        scene.server("<iq type='result' id='p1' from='capulet.example'/>", t=t)
    scene.server("<iq type='result' id='x' from='capulet.example'/>", t=9.2)
    doubts = [each.doubt for each in told(scene)]

    assert doubts == ["", "", "late", "duplicate", "orphaned"]


def test_acknowledgements_are_judged() -> None:
    """How many stanzas are outstanding, or what the number should have been."""
    scene = Scene()
    scene.opens()
    scene.client(CLIENT_HEADER)
    scene.client(f"<enable xmlns='{SM}'/>")
    scene.server(f"<enabled xmlns='{SM}'/>")
    for number in range(3):
        scene.client(f"<message to='a@b' id='{number}'/>")
    scene.server(f"<a xmlns='{SM}' h='1'/>")
    scene.server(f"<a xmlns='{SM}' h='7'/>")

    assert texts(scene)[-2:] == [
        "ack h=1 (2 outstanding)",
        "ack h=7 (expected 3: more than was sent)",
    ]


def test_steps_of_sasl_know_what_was_before() -> None:
    """A challenge names no mechanism; it is read as one of the mechanism that was begun."""
    scene = Scene()
    scene.opens()
    scene.client(CLIENT_HEADER)
    scene.client(
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>"
        "biwsbj11c2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM</auth>"
    )
    step = told(scene)[-1].sasl

    assert step is not None
    assert step.value("user") == "user"


def test_room_for_what_was_written() -> None:
    """Texts are folded to it."""
    scene = Scene()
    scene.client(f"<message><body>{'x' * 300}</body></message>")
    (message,) = told(scene)
    lengths = [message.outline(room).details.count("x") for room in (10, 1000)]

    assert lengths == [10, 300]


@pytest.mark.parametrize(
    ("namespace", "long", "short"),
    [
        ("jabber:iq:roster", "RFC 6121", "RFC 6121"),
        ("urn:xmpp:ping", "XEP-0199 XMPP Ping", "XEP-0199"),
        (
            "urn:xmpp:mam:1",
            "XEP-0313 Message Archive Management, old version",
            "XEP-0313, old version",
        ),
        ("urn:nobody:knows", "", ""),
        ("", "", ""),
    ],
)
def test_origins(namespace: str, long: str, short: str) -> None:
    """The specification, with its title unless that says nothing."""
    assert (origin(namespace), origin(namespace, titled=False)) == (long, short)
