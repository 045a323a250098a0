from tests.conversation import ANSWER, HEADER, MECHANISMS
from tests.proxy.talks import Talk
from xmppspy.protocol.accelerator import NOTHING
from xmppspy.protocol.context import DEFAULT_CONTEXT
from xmppspy.protocol.events import Side, StanzaRun
from xmppspy.proxy.profiles import Profile, Profiles

BIND = (
    b"<iq type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
    b"<jid>juliet@capulet.example/balcony</jid></bind></iq>"
)
HIST = b"<message><body>Hist!</body></message>"


def _watched() -> tuple[Talk, Profiles]:
    talk, profiles = Talk(), Profiles()
    talk.watchers.append(profiles.see)
    return talk, profiles


def _of(profiles: Profiles) -> Profile:
    (profile,) = profiles
    return profile


def test_connection_from_its_beginning_to_its_end() -> None:
    """How far it has come is learnt from what is recorded."""
    talk, profiles = _watched()
    states = []
    for says, said in (
        (talk.client_sends, HEADER),
        (talk.server_sends, ANSWER + MECHANISMS),
        (talk.server_sends, BIND),
        (talk.client_sends, b"</stream:stream>"),
    ):
        says(said)
        states.append(_of(profiles).state)
    profile = _of(profiles)
    talk.session.stop("over", 0.0)
    talk.settle()

    assert states == ["connecting", "negotiating", "online", "ending"]
    assert (profile.conn, profile.client, profile.server) == (
        1,
        "127.0.0.1:50000",
        "capulet.example",
    )
    assert (profile.domain, profile.jid) == ("capulet.example", "juliet@capulet.example/balcony")
    assert len(profiles) == 0
    assert profiles.of(1) is None


def test_frames_and_bytes_are_counted() -> None:
    """By direction, to the byte."""
    talk, profiles = _watched()
    talk.open()
    talk.server_sends(BIND)
    talk.client_sends(HIST * 3)
    profile = _of(profiles)

    assert (profile.c2s.frames, profile.c2s.bytes) == (4, len(HEADER) + 3 * len(HIST))
    assert (profile.s2c.frames, profile.s2c.bytes) == (2, len(ANSWER) + len(BIND))


def test_tls_of_each_leg() -> None:
    """As it is up."""
    talk, profiles = _watched()
    talk.reach_tls()

    assert {side: tls.version for side, tls in _of(profiles).tls.items()} == {
        Side.CLIENT: "TLSv1.3",
        Side.SERVER: "TLSv1.3",
    }


def test_stream_management() -> None:
    """As the server grants it."""
    talk, profiles = _watched()
    talk.open()
    talk.server_sends(BIND)
    found = []
    for said in (
        b"<enabled xmlns='urn:xmpp:sm:3'/>",
        b"<enabled xmlns='urn:xmpp:sm:3' resume='true' id='x'/>",
        b"<resumed xmlns='urn:xmpp:sm:3' h='0' previd='x'/>",
        b"<r xmlns='urn:xmpp:sm:3'/>",
        b"<failed xmlns='urn:xmpp:sm:3'/>",
    ):
        talk.server_sends(said)
        found.append(_of(profiles).sm)

    assert found == ["on", "resumable", "resumed", "resumed", "off"]


def test_resumed_sessions_are_online() -> None:
    """Also where nobody saw what was bound."""
    talk, profiles = _watched()
    talk.reach_features()
    before = _of(profiles).state
    talk.server_sends(b"<resumed xmlns='urn:xmpp:sm:3' h='0' previd='x'/>")

    assert (before, _of(profiles).state) == ("negotiating", "online")


def test_components_are_online_when_they_are_let_in() -> None:
    """They bind no resource."""
    talk, profiles = _watched()
    component = b"jabber:component:accept"
    talk.client_sends(HEADER.replace(b"jabber:client", component))
    talk.server_sends(ANSWER.replace(b"jabber:client", component))
    before = _of(profiles).state
    talk.server_sends(b"<handshake/>")

    assert (before, _of(profiles).state) == ("negotiating", "online")
    assert _of(profiles).jid == "capulet.example"


def test_streams_are_those_of_their_last_headers() -> None:
    """What stands in them is read so; a stream that is over has none."""
    talk, profiles = _watched()
    talk.client_sends(HEADER)
    before = _of(profiles).s2c.stream
    talk.server_sends(ANSWER.replace(b" id=", b" xmlns:x='urn:x' id="))
    way = _of(profiles).way("s2c")
    assert before is None
    assert way.stream is not None
    assert way.stream.prefixes["x"] == "urn:x"
    talk.server_sends(b"</stream:stream>")

    assert way.is_over
    assert not _of(profiles).way("c2s").is_over


def test_stanzas_recorded_at_once_tell_the_same() -> None:
    """Before somebody is known, and after."""
    talk, profiles = _watched()
    talk.open()
    plain = _of(profiles)
    before = (plain.s2c.frames, plain.s2c.bytes)
    for number, data in ((2, HIST * 2), (2, HIST + BIND), (3, HIST * 3)):
        profiles.see_run(
            StanzaRun(9, number, 0.5, plain.conn, "s2c", data, DEFAULT_CONTEXT, NOTHING)
        )
    profiles.see_run(StanzaRun(9, 1, 0.5, 77, "s2c", HIST, DEFAULT_CONTEXT, NOTHING))

    assert (plain.state, plain.jid) == ("online", "juliet@capulet.example/balcony")
    assert plain.s2c.frames == before[0] + 7
    assert plain.s2c.bytes == before[1] + 6 * len(HIST) + len(BIND)
