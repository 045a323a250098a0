import pytest

from tests.scripting.staging import Stage, only
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import Side
from xmppspy.protocol.verdicts import End
from xmppspy.scripting.messages import Close, Done, Inject, Known, Note, Stop


def _said(stage: Stage, statement: str) -> object:
    stage.load(f"def connected(session): {statement}")
    *said, done = stage.open()
    assert done == Done()
    (deed,) = said
    return deed


@pytest.mark.parametrize(
    ("statement", "deed"),
    [
        ("session.inject('client', '<presence/>')", Inject(1, Side.CLIENT, b"<presence/>")),
        ("session.inject('server', b'<r/> <r/>')", Inject(1, Side.SERVER, b"<r/> <r/>")),
        ("session.inject('server', '<', check=False)", Inject(1, Side.SERVER, b"<")),
        ("session.close()", Stop(1, End.CLOSE)),
        ("session.reset()", Stop(1, End.RESET)),
        ("session.note('hello')", Note(1, "hello")),
        ("session.note(session)", Note(1, "<session #1 of 127.0.0.1:1>")),
    ],
)
def test_what_can_be_done(statement: str, deed: object) -> None:
    """Each method has the proxy do it at once."""
    assert _said(Stage(), statement) == deed


def test_what_is_injected_is_checked_in_its_stream() -> None:
    """What goes to the client stands in the server's stream."""
    stage = Stage()
    stage.tell_context("s2c", StreamContext(prefixes={"z": "urn:z"}))

    assert _said(stage, "session.inject('client', '<z:a/>')") == Inject(1, Side.CLIENT, b"<z:a/>")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("session.inject('server', '<z:a/>')", "MalformedXML:"),
        ("session.inject('peer', '<a/>')", "ValueError: 'peer' is not a valid Side"),
    ],
)
def test_mistakes(statement: str, told: str) -> None:
    """What cannot be injected is an error of the script, told with its place."""
    stage = Stage()
    _said(stage, statement)

    assert only(stage).startswith(f"play.py:1: {told}")


def test_what_is_known_of_it() -> None:
    """Number and client from the beginning, domain and address once they are known."""
    stage = Stage()
    stage.load("""
        def connected(session): session.note((session.conn, session.client, session.domain))
        def closed(session): session.note((session.jid, session.domain, session.data))
        def stanza(s, session): session.data[s.kind] = s.id
    """)
    assert stage.open()[0] == Note(1, "(1, '127.0.0.1:1', None)")
    stage.handle(Known(1, "capulet.example", "juliet@capulet.example/b"))
    stage.ask()

    assert stage.handle(Close(1)) == [
        Note(1, "('juliet@capulet.example/b', 'capulet.example', {'message': 'm1'})"),
        Done(),
    ]
