from tests.analysis.scenes import JULIET, Scene
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.stats.connections import MAX_CONNECTIONS, Connections
from xmppspy.analysis.stats.volumes import Volume
from xmppspy.analysis.streammanagement import StreamManagement
from xmppspy.protocol.events import Fault, Gap, Side, TLSEstablished


def counted(scene: Scene, conn: int | None = None) -> Connections:
    """The connections of a scene, of which the given one counts, or all."""
    identities = Identities()
    management = StreamManagement()
    connections = Connections(identities, management)
    for event in scene.events:
        identities.see(event)
        management.see(event)
        counts = conn is None or getattr(event, "conn", None) == conn
        connections.see(event, counts=counts)
    return connections


def test_a_connection_is_told() -> None:
    """Who, where, how secured, from when to when, how much, which phases, what went wrong."""
    scene = Scene()
    scene.opens()
    scene.add(TLSEstablished(t=0.2, conn=1, leg=Side.SERVER, version="TLSv1.2", cipher=""))
    scene.add(TLSEstablished(t=0.3, conn=1, leg=Side.CLIENT, version="TLSv1.3", cipher=""))
    scene.binds()
    scene.client("<presence/>", injected=True)
    scene.add(Fault(t=0.5, conn=1, error="not-well-formed"))
    scene.add(Gap(t=0.5, lost=1))
    scene.closes()
    (found,) = counted(scene).report()

    assert (found.conn, found.jid, found.kind, found.tls) == (1, JULIET, "client", "TLSv1.3")
    assert (found.client, found.server) == ("127.0.0.1:40000", "127.0.0.1:5222")
    assert (found.opened, found.closed, found.closed_by) == (0.1, 0.5, "client")
    assert (found.reason, found.faults, found.c2s.frames) == ("end of stream", 1, 1)
    assert [phase.name for phase in found.phases] == ["tcp", "tls", "bind"]
    assert found.ready == 0.2


def test_connection_without_beginning() -> None:
    """What the capture does not hold is not known."""
    scene = Scene()
    scene.client("<presence/>")
    (found,) = counted(scene).report()

    assert (found.client, found.jid, found.opened, found.closed) == ("", "", None, None)
    assert (found.ready, found.c2s) == (None, Volume(1, 11))


def test_only_what_counts_is_told() -> None:
    """A filter chooses connections; identities are known all the same."""
    scene = Scene()
    scene.logs_in(conn=1)
    scene.logs_in("romeo@montague.example/garden", 2)
    connections = counted(scene, 2)

    assert [each.jid for each in connections.report()] == ["romeo@montague.example/garden"]
    assert connections.count == 1


def test_a_resumed_connection_is_ready() -> None:
    """Without binding."""
    scene = Scene()
    scene.begins()
    scene.client("<resume xmlns='urn:xmpp:sm:3' h='0' previd='s1'/>")
    scene.server("<resumed xmlns='urn:xmpp:sm:3' h='0' previd='s1'/>")
    (found,) = counted(scene).report()

    assert found.ready == 0.4


def test_what_was_not_acknowledged_is_counted() -> None:
    """At the end of the connection; unless its session went on elsewhere."""
    scene = Scene()
    scene.begins()
    scene.client("<enable xmlns='urn:xmpp:sm:3'/>")
    scene.server("<enabled xmlns='urn:xmpp:sm:3' id='s1'/>")
    scene.client("<presence/>")
    scene.closes()
    (found,) = counted(scene).report()
    scene.begins(2)
    scene.server("<resumed xmlns='urn:xmpp:sm:3' h='1' previd='s1'/>", 2)
    first, _ = counted(scene).report()

    assert found.unacknowledged == {"c2s": 1, "s2c": 0}
    assert first.unacknowledged == {"c2s": None, "s2c": None}


def test_memory_is_bounded() -> None:
    """All are counted, the latest are told."""
    scene = Scene()
    for conn in range(MAX_CONNECTIONS + 3):
        scene.opens(conn)
    connections = counted(scene)

    assert connections.count == MAX_CONNECTIONS + 3
    assert connections.dropped == 3
    assert connections.report()[0].conn == 3
