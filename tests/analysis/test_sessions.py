from tests.analysis.scenes import SERVER_HEADER, Scene
from xmppspy.analysis.sessions import (
    MAX_CONNECTIONS,
    Session,
    Sessions,
    local_name,
    sm_elements,
)
from xmppspy.protocol.events import Gap

SM = "xmlns='urn:xmpp:sm:3'"


def play(scene: Scene) -> tuple[Sessions, list[Session]]:
    """Show all of a scene; also returns the sessions that were over, in order."""
    sessions = Sessions()
    return sessions, [over for event in scene.events for over in sessions.see(event)]


def enabled(scene: Scene, name: str = "s1", conn: int = 1) -> None:
    """Stream management that allows resumption."""
    scene.begins(conn)
    scene.client(f"<enable {SM} resume='true'/>", conn)
    scene.server(f"<enabled {SM} id='{name}' resume='true'/>", conn)


def test_each_connection_has_a_session() -> None:
    """Connections have sessions of their own, which are whole when they were seen from the start."""
    scene = Scene()
    scene.begins(1)
    scene.begins(2)
    sessions, over = play(scene)

    assert over == []
    assert [(sessions.of(conn).number, sessions.of(conn).whole) for conn in (1, 2)] == [
        (1, True),
        (2, True),
    ]


def test_session_in_the_middle_is_not_whole() -> None:
    """A capture that begins within a connection does not hold the session whole."""
    scene = Scene()
    scene.client("<presence/>")
    sessions, _ = play(scene)

    assert not sessions.of(1).whole


def test_header_is_a_beginning() -> None:
    """In a capture written by hand, without `open`, the header is the beginning."""
    scene = Scene()
    scene.server(SERVER_HEADER)
    sessions, _ = play(scene)

    assert sessions.of(1).whole


def test_directions_are_heard() -> None:
    """A part of a capture may hold one side of a session only."""
    scene = Scene()
    scene.opens()
    scene.client("<presence/>")
    sessions, _ = play(scene)

    assert sessions.of(1).heard == {"c2s"}


def test_losses_leave_no_session_whole() -> None:
    """What is lost may be a part of any session; unframed bytes are a part of theirs."""
    lost, unframed = Scene(), Scene()
    lost.begins()
    lost.add(Gap(t=9, lost=3))
    unframed.begins()
    assert unframed.client("<a/><b/>").kind == "opaque"
    whole = [play(scene)[0].of(1).whole for scene in (lost, unframed)]

    assert whole == [False, False]


def test_closed_connection_ends_its_session() -> None:
    """Without resumption a session is over with its connection."""
    scene = Scene()
    scene.begins()
    scene.closes()
    _, over = play(scene)

    assert [session.number for session in over] == [1]


def test_resumed_session_goes_on() -> None:
    """A session is carried on by the connection that resumes it."""
    scene = Scene()
    enabled(scene)
    scene.closes()
    scene.begins(2)
    scene.client(f"<resume {SM} h='0' previd='s1'/>", 2)
    scene.server(f"<resumed {SM} h='0' previd='s1'/>", 2)
    sessions, over = play(scene)

    assert [session.number for session in over] == [2]
    assert (sessions.of(2).number, sessions.of(2).conn, sessions.of(2).whole) == (1, 2, True)


def test_session_leaves_a_connection_that_is_still_open() -> None:
    """The old connection may end after the resumption; that ends nothing."""
    scene = Scene()
    enabled(scene)
    scene.begins(2)
    scene.client(f"<resume {SM} h='0' previd='s1'/>", 2)
    scene.server(f"<resumed {SM} h='0' previd='s1'/>", 2)
    scene.closes(1)
    sessions, over = play(scene)

    assert [session.number for session in over] == [2]
    assert sessions.of(2).number == 1


def test_session_can_be_resumed_again() -> None:
    """A session outlives any number of connections, and ends with a refusal."""
    scene = Scene()
    enabled(scene)
    for conn in (2, 3):
        scene.closes(conn - 1)
        scene.begins(conn)
        scene.client(f"<resume {SM} h='0' previd='s1'/>", conn)
        scene.server(f"<resumed {SM} h='0' previd='s1'/>", conn)
    scene.closes(3)
    scene.begins(4)
    scene.client(f"<resume {SM} h='0' previd='s1'/>", 4)
    scene.server(f"<failed {SM}/>", 4)
    _, over = play(scene)

    assert [session.number for session in over] == [2, 3, 1]


def test_unknown_session_is_resumed_unwhole() -> None:
    """What is resumed began before the capture, but may be resumed once more within it."""
    scene = Scene()
    for conn in (1, 2):
        scene.begins(conn)
        scene.client(f"<resume {SM} h='0' previd='s1'/>", conn)
        scene.server(f"<resumed {SM} h='0' previd='s1'/>", conn)
        scene.closes(conn)
    sessions, over = play(scene)

    assert [session.number for session in over] == [2]
    assert not sessions.of(2).whole


def test_end_of_stream_ends_resumability() -> None:
    """A client that ends its stream in order does not come back for the session."""
    scene = Scene()
    enabled(scene)
    scene.client("</stream:stream>")
    scene.closes()
    _, over = play(scene)

    assert [session.number for session in over] == [1]


def test_session_without_resumption_ends() -> None:
    """An id alone does not make a session resumable."""
    scene = Scene()
    scene.begins()
    scene.client(f"<enable {SM}/>")
    scene.server(f"<enabled {SM} id='s1'/>")
    scene.closes()
    _, over = play(scene)

    assert [session.number for session in over] == [1]


def test_inline_elements_are_found() -> None:
    """SASL2 and Bind 2 carry stream management inside (XEP-0388, XEP-0386)."""
    scene = Scene()
    scene.begins()
    asked = scene.client(
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'>"
        f"<resume {SM} h='0' previd='s1'/>"
        f"<bind xmlns='urn:xmpp:bind:0'><enable {SM} resume='1'/></bind></authenticate>"
    )
    got = scene.server(
        "<success xmlns='urn:xmpp:sasl:2'><bound xmlns='urn:xmpp:bind:0'>"
        f"<enabled {SM} id='s2' resume='1'/></bound></success>"
    )
    scene.closes()
    sessions, over = play(scene)

    assert [local_name(each) for each in sm_elements(asked)] == ["resume", "enable"]
    assert [local_name(each) for each in sm_elements(got)] == ["enabled"]
    assert over == []
    assert sessions.of(1).number == 2


def test_broken_elements_are_no_trouble() -> None:
    """Missing ids and elements that recovery cannot save change nothing."""
    scene = Scene()
    scene.begins()
    scene.server(f"<enabled {SM} resume='true'/>")
    scene.server(f"<resumed {SM}/>")
    scene.server(f"<failed {SM}/>")
    sessions, over = play(scene)

    assert over == []
    assert not sessions.of(1).whole


def test_too_many_connections_are_given_up() -> None:
    """The oldest connections are let go of, and said to be over."""
    scene = Scene()
    for conn in range(MAX_CONNECTIONS + 2):
        scene.opens(conn)
    _, over = play(scene)

    assert [session.conn for session in over] == [0, 1]
