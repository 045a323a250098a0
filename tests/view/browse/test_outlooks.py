from tests.analysis.scenes import JULIET, Scene
from tests.analysis.test_lookout import watched
from tests.cli.captures import CREATED
from xmppspy.protocol.events import Side, TLSEstablished
from xmppspy.view.browse.outlooks import outlooks
from xmppspy.view.clock import Clock


def shown(scene: Scene, width: int = 100) -> list[tuple[str, int]]:
    """The lines about the connections of a scene, with the connections they are about."""
    told = outlooks(watched(scene).view(60), Clock(CREATED, utc=True), width)
    return [("".join(text for _, text in each.line).rstrip(), each.conn) for each in told]


def session() -> Scene:
    """Juliet is logged in over TLS, and waits for an answer."""
    scene = Scene()
    scene.opens()
    for leg, verified in ((Side.SERVER, True), (Side.CLIENT, None)):
        scene.add(
            TLSEstablished(t=0.1, conn=1, leg=leg, version="TLSv1.3", cipher="X", verified=verified)
        )
    scene.binds(JULIET)
    scene.client("<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>")
    return scene


def test_connection_is_told() -> None:
    """Who, how it stands, both legs, what it waits for."""
    lines = [line for line, conn in shown(session()) if conn == 1]

    assert lines[0].startswith(f"#1  ready     {JULIET}  ")
    assert lines[1:3] == [
        "    client     127.0.0.1:40000 · TLSv1.3 X",
        "    server     127.0.0.1:5222 · TLSv1.3 X, verified",
    ]
    assert "    iq         1 not answered: get roster (0.0 ms)" in lines


def test_end_of_a_connection_is_told() -> None:
    """Who ended it, and why; it waits for nothing any more."""
    scene = session()
    scene.closes(by="server")
    lines = [line for line, _ in shown(scene)]

    assert "    ended      by the server: end of stream" in lines
    assert not any("not answered" in line for line in lines)


def test_amounts_are_drawn() -> None:
    """Each direction over the time of the capture, as wide as there is room."""
    lines = [line for line, conn in shown(session(), 60) if conn == 0]

    assert lines[1].startswith("C→S ")
    assert lines[1].endswith(" 140 B")
    assert lines[3].startswith("S→C ")
    assert "07:40:12.000" in lines[4]


def test_nothing_is_said_where_nothing_is_known() -> None:
    """A connection of which only a frame is there."""
    scene = Scene()
    scene.client("<presence/>")
    lines = [line for line, conn in shown(scene) if conn == 1]

    assert lines[0].startswith("#1  connected unknown client")
    assert lines[1] == "    client     not encrypted"
