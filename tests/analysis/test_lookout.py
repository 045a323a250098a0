from tests.analysis.scenes import JULIET, Scene
from xmppspy.analysis.explainer import Explainer
from xmppspy.analysis.lookout import MAX_REQUESTS, Lookout
from xmppspy.protocol.events import Side, TLSEstablished


def watched(scene: Scene) -> Lookout:
    """A lookout that has seen all of a scene."""
    explainer = Explainer()
    lookout = Lookout(explainer.identities, explainer.exchanges, explainer.management)
    for event in scene.events:
        explainer.see(event)
        lookout.see(event)
    return lookout


def states(scene: Scene) -> list[str]:
    """How the first connection stands after each event."""
    found = []
    for count in range(1, len(scene.events) + 1):
        part = Scene()
        part.events = scene.events[:count]
        found.append(watched(part).view(4).outlooks[0].state)
    return list(dict.fromkeys(found))


def test_states_of_a_connection() -> None:
    """From the first byte to the last."""
    scene = Scene()
    scene.opens()
    scene.add(TLSEstablished(t=0.2, conn=1, leg=Side.SERVER, version="TLSv1.3", cipher="X"))
    scene.client("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>")
    scene.server("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
    scene.binds(JULIET)
    scene.closes()

    assert states(scene) == ["connected", "secured", "logged in", "ready", "closed"]


def test_legs_are_told() -> None:
    """What protects each of them; a new connection begins without."""
    scene = Scene()
    scene.opens()
    tls = TLSEstablished(t=0.2, conn=1, leg=Side.SERVER, version="TLSv1.3", cipher="X")
    scene.add(tls)
    (outlook,) = watched(scene).view(4).outlooks
    scene.opens()
    (again,) = watched(scene).view(4).outlooks

    assert outlook.tls == {Side.SERVER: tls}
    assert again.tls == {}


def test_outstanding_requests_are_told() -> None:
    """The oldest ones; all are counted."""
    scene = Scene()
    scene.logs_in()
    for at in range(MAX_REQUESTS + 2):
        scene.client(f"<iq type='get' id='q{at}'><query xmlns='jabber:iq:roster'/></iq>")
    (outlook,) = watched(scene).view(4).outlooks

    assert outlook.outstanding == MAX_REQUESTS + 2
    assert [request.id for request in outlook.requests] == ["q0", "q1", "q2", "q3", "q4"]


def test_stream_management_is_told() -> None:
    """Whether it is on, and whether the session may be or was resumed."""
    told = []
    for xml in (
        "<enabled xmlns='urn:xmpp:sm:3'/>",
        "<enabled xmlns='urn:xmpp:sm:3' id='1' resume='true'/>",
        "<resumed xmlns='urn:xmpp:sm:3' previd='1' h='0'/>",
    ):
        scene = Scene()
        scene.logs_in()
        scene.server(xml)
        told.append(watched(scene).view(4).outlooks[0].management)

    assert told == ["on", "on, may resume", "resumed"]


def test_amounts_share_one_scale_of_time() -> None:
    """Connections can be compared; injected bytes do not count."""
    scene = Scene()
    scene.client("<presence/>", conn=1, t=1.0)
    scene.client("<presence/>", conn=2, t=9.0)
    scene.server("<presence/>", conn=2, t=10.0, injected=True)
    view = watched(scene).view(10)

    assert view.now == 10.0
    assert view.connections == 2
    assert sum(view.c2s) == 22
    assert sum(view.s2c) == 0
    assert [outlook.amounts.index(max(outlook.amounts)) for outlook in view.outlooks] == [1, 9]


def test_programs_are_told() -> None:
    """At both ends."""
    scene = Scene()
    scene.logs_in()
    scene.client(
        "<iq type='result' id='v' to='x@y'><query xmlns='jabber:iq:version'><name>Psi</name></query></iq>"
    )
    (outlook,) = watched(scene).view(4).outlooks

    assert outlook.programs == {Side.CLIENT: "Psi", Side.SERVER: ""}
