import pytest

from tests.analysis import bridged
from tests.analysis.scenes import Scene
from xmppspy.analysis.phases import MAX_CONNECTIONS, MAX_PHASES, Phase, Phases
from xmppspy.protocol.events import Mark, Note, Side, TLSEstablished

SM = "xmlns='urn:xmpp:sm:3'"
SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
TLS = "xmlns='urn:ietf:params:xml:ns:xmpp-tls'"


def phases(scene: Scene, conn: int = 1) -> tuple[Phase, ...]:
    """The phases of a connection when all of the scene was seen."""
    found = Phases()
    for event in scene.events:
        found.see(event)
    return found.of(conn)


def told(scene: Scene) -> list[str]:
    """The same in short."""
    return [
        f"{each.name} {each.duration:.1f}{' ' * bool(each.detail)}{each.detail}"
        + " failed" * each.failed
        for each in phases(scene)
    ]


def secured(scene: Scene, side: Side = Side.CLIENT) -> None:
    """A handshake is complete a second after what was before."""
    t = scene.events[-1].t + 1.0
    scene.add(TLSEstablished(t=t, conn=1, leg=side, version="TLSv1.3", cipher=""))


def test_usual_login() -> None:
    """Each step from its question to its answer; the tenths of a second are those of the scene."""
    scene = Scene()
    scene.begins()
    scene.server("<stream:features/>")
    scene.client(f"<starttls {TLS}/>")
    scene.server(f"<proceed {TLS}/>")
    secured(scene, Side.SERVER)
    secured(scene)
    scene.client(f"<auth {SASL} mechanism='SCRAM-SHA-1'>biws</auth>")
    scene.server(f"<challenge {SASL}/>")
    scene.client(f"<response {SASL}/>")
    scene.server(f"<success {SASL}/>")
    scene.binds()
    scene.client(f"<enable {SM}/>")
    scene.client("<iq type='get' id='r1'><query xmlns='jabber:iq:roster'/></iq>")
    scene.server(f"<enabled {SM}/>")
    scene.client("<presence/>")
    scene.server("<iq type='result' id='r1'><query xmlns='jabber:iq:roster'/></iq>")
    scene.client("<presence><show>away</show></presence>")

    assert told(scene) == [
        "tcp 0.1",
        "stream 0.2",
        "tls 2.1 TLSv1.3",
        "sasl 0.3 SCRAM-SHA-1",
        "bind 0.1",
        "sm 0.2",
        "presence 0.0",
        "roster 0.3",
    ]


def test_direct_tls_begins_where_tcp_ends() -> None:
    """Without STARTTLS the handshake follows the connection to the server."""
    scene = Scene()
    scene.opens()
    scene.add(Note(t=0.5, conn=1, text="connected to 127.0.0.1:5223"))
    secured(scene, Side.SERVER)
    secured(scene)

    assert told(scene) == ["tcp 0.4", "tls 1.0 TLSv1.3"]


def test_inline_login_has_moments() -> None:
    """With SASL2 and Bind 2, binding and stream management come with the success."""
    scene = Scene()
    scene.begins()
    scene.client("<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'/>")
    scene.server(
        "<success xmlns='urn:xmpp:sasl:2'><bound xmlns='urn:xmpp:bind:0'>"
        f"<enabled {SM}/></bound></success>"
    )

    assert told(scene)[1:] == ["sasl 0.1 PLAIN", "bind 0.0 inline", "sm 0.0 inline"]


def test_resumption_is_told() -> None:
    """A session that goes on needs no binding."""
    scene = Scene()
    scene.begins()
    scene.client(f"<resume {SM} h='0' previd='s1'/>")
    scene.server(f"<resumed {SM} h='0' previd='s1'/>")

    assert told(scene)[1:] == ["sm 0.1 resumed"]


def test_failures_are_phases() -> None:
    """What failed was a step too, and may be tried again."""
    scene = Scene()
    scene.begins()
    scene.client(f"<auth {SASL} mechanism='PLAIN'>x</auth>")
    scene.server(f"<failure {SASL}/>")
    scene.client(f"<auth {SASL} mechanism='PLAIN'>y</auth>")
    scene.server(f"<success {SASL}/>")
    scene.client(f"<enable {SM}/>")
    scene.server(f"<failed {SM}/>")
    scene.client("<iq type='get' id='r1'><query xmlns='jabber:iq:roster'/></iq>")
    scene.server("<iq type='error' id='r1'/>")
    scene.client(f"<starttls {TLS}/>")
    scene.server(f"<failure {TLS}/>")

    assert told(scene)[1:] == [
        "sasl 0.1 PLAIN failed",
        "sasl 0.1 PLAIN",
        "sm 0.1 failed",
        "roster 0.1 failed",
        "tls 0.1 failed",
    ]


def test_older_logins_count_as_sasl() -> None:
    """So do jabber:iq:auth and a component's handshake."""
    legacy, component = Scene(), Scene()
    legacy.begins()
    for type_ in ("get", "set"):
        legacy.client(f"<iq type='{type_}' id='{type_}'><query xmlns='jabber:iq:auth'/></iq>")
        legacy.server(f"<iq type='result' id='{type_}'/>")
    component.begins()
    component.client("<handshake>abc</handshake>")
    component.server("<handshake/>")

    assert told(legacy)[1:] == ["sasl 0.1 jabber:iq:auth"]
    assert told(component)[1:] == ["sasl 0.1 handshake"]


def test_steps_count_once() -> None:
    """What comes later of the same kind is no part of the login."""
    scene = Scene()
    scene.begins()
    for id_ in ("r1", "r2"):
        scene.client(f"<iq type='get' id='{id_}'><query xmlns='jabber:iq:roster'/></iq>")
        scene.server(f"<iq type='result' id='{id_}'/>")
    scene.client("<presence type='unavailable'/>")
    scene.client("<presence/>")
    scene.client("<presence/>")

    assert [each.name for each in phases(scene)] == ["tcp", "roster", "presence"]


def test_capture_from_the_middle() -> None:
    """Answers without questions end nothing."""
    scene = Scene()
    scene.server(f"<success {SASL}/>")
    scene.server("<iq type='result' id='r1'/>")
    scene.client("<iq type='get'/>")
    scene.add(Mark(t=9.0, text="here"))
    scene.server("<stream:features/>")

    assert phases(scene) == ()
    assert phases(scene, 7) == ()


def test_memory_is_bounded() -> None:
    """Neither many connections nor many attempts are remembered without end."""
    scene = Scene()
    scene.opens(1)
    for _ in range(MAX_PHASES + 5):
        scene.client(f"<auth {SASL} mechanism='PLAIN'>x</auth>")
        scene.server(f"<failure {SASL}/>")

    assert len(phases(scene)) == MAX_PHASES
    for conn in range(2, MAX_CONNECTIONS + 2):
        scene.opens(conn)
    assert phases(scene) == ()


@pytest.mark.parametrize(
    ("name", "login"),
    [
        ("auto", "sasl 0.3 SCRAM-SHA-256-PLUS"),
        ("plain", "sasl 0.3 PLAIN"),
        ("external", "sasl 0.3 SCRAM-SHA-256"),
        ("refused", "sasl 0.3 SCRAM-SHA-256 failed"),
        ("fast", "sasl 0.1 HT-SHA-256-EXPR"),
    ],
)
def test_a_login_that_xmppspy_ends_is_the_clients(name: str, login: str) -> None:
    """From its first element, whether that reached the server or not, to what it was told."""
    assert [each for each in told(bridged.LOGINS[name]()) if each.startswith("sasl")] == [login]
