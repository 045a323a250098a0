from tests.replay.talks import TALK, login, parts
from tests.replay.test_offer import TLS
from xmppspy.protocol.context import DEFAULT_CONTEXT
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.replay.greeting import Stage, features, header
from xmppspy.replay.offer import BIND, Offer
from xmppspy.replay.recording import Part


def _asked(text: str) -> Frame:
    framer = Framer()
    framer.receive_data(text.encode())
    frame = framer.next_frame()
    assert frame is not None
    return frame


ASKED = _asked(
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
    " from='a&amp;b@x.example' to='x.example' version='1.0'>"
)


def _offered(part: Part | None, *, admitted: bool = False, secured: bool = False) -> bytes:
    stage = Stage(admitted=admitted, secured=secured)
    return features(part, DEFAULT_CONTEXT, stage, Offer(with_passwords=True))


def test_recorded_header_with_the_values_of_today() -> None:
    """Only attributes that were there change."""
    data, context = header(parts(TALK)[0], ASKED, "new", "x.example")

    assert data == (
        b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
        b" version='1.0' from='x.example' id='new'>"
    )
    assert context == parts(TALK)[0].negotiation[1].record.context


def test_header_of_our_own() -> None:
    """Where none was recorded, or one of another kind."""
    component = _asked(ASKED.data.decode().replace("jabber:client", "jabber:component:accept"))

    assert b'id="new" from="x.example"' in header(None, ASKED, "new", "x.example")[0]
    data, context = header(parts(TALK)[0], component, "new", "x.example")
    assert b'xmlns="jabber:component:accept"' in data
    assert context.content == "jabber:component:accept"


def test_features_of_each_stage() -> None:
    """In the clear, before the login, after it."""
    lines = login()
    clear = f"S <stream:features>{TLS}</stream:features>"
    part = parts([lines[0], lines[1], clear, *lines])[0]

    assert _offered(part) == clear[2:].encode()
    assert b"<mechanism>PLAIN</mechanism>" in _offered(part, secured=True)
    assert _offered(part, admitted=True) == (
        f"<stream:features><bind xmlns='{BIND}'/></stream:features>".encode()
    )


def test_login_in_the_clear_where_it_was_recorded() -> None:
    """A capture without TLS is played without."""
    offered = _offered(parts(TALK)[0])

    assert b"<mechanism>PLAIN</mechanism>" in offered
    assert b"starttls" not in offered


def test_nothing_recorded() -> None:
    """Then the client is to begin with TLS."""
    assert TLS.encode() in _offered(None)
    assert BIND.encode() in _offered(None, admitted=True)
