from tests.analysis.scenes import CLIENT_HEADER, JULIET, SERVER_HEADER, Scene
from xmppspy.analysis.exchanges import Exchanges
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.lint.connection import Connection, is_stanza, tag_of
from xmppspy.analysis.lint.frames import Mood
from xmppspy.protocol.events import FrameRecord, Side, TLSEstablished

SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
TLS = "xmlns='urn:ietf:params:xml:ns:xmpp-tls'"
SM = "xmlns='urn:xmpp:sm:3'"


def follow(scene: Scene, conn: Connection | None = None) -> Connection:
    """A connection, after all frames of a scene."""
    identities = Identities()
    exchanges = Exchanges(identities)
    conn = conn or Connection(1, begun=True, opened=True)
    for event in scene.events:
        identities.see(event)
        answer = exchanges.see(event)
        if isinstance(event, FrameRecord):
            conn.take(event, None if answer is None else answer.request)
    return conn


def logged_in() -> Scene:
    """A login by SASL, with the headers around it."""
    scene = Scene()
    scene.client(CLIENT_HEADER)
    scene.server(SERVER_HEADER)
    scene.server(f"<stream:features><mechanisms {SASL}/></stream:features>")
    scene.client(f"<auth {SASL} mechanism='PLAIN'>cGFzcw==</auth>")
    scene.server(f"<success {SASL}/>")
    return scene


def test_login_and_binding_are_followed() -> None:
    """A header restarts the stream; then a resource is bound."""
    scene = logged_in()
    half_way = follow(scene)
    profile, restarted = half_way.login.profile, half_way.login.restarted
    scene.client(CLIENT_HEADER)
    scene.binds()
    conn = follow(scene)

    assert (profile, restarted) == ("sasl", False)
    assert (conn.login.restarted, conn.binding) == (True, "bound")
    assert conn.up.headers == 2


def test_features_are_due_after_a_header() -> None:
    """Until they, or anything else, come."""
    scene = Scene()
    scene.client(CLIENT_HEADER)
    scene.server(SERVER_HEADER)
    before = follow(scene).offers_due
    scene.server("<stream:features/>")

    assert (before, follow(scene).offers_due) == (True, False)


def test_a_stream_without_version_has_no_features() -> None:
    """As before XMPP 1.0."""
    scene = Scene()
    scene.client(CLIENT_HEADER.replace(" version='1.0'", ""))
    scene.server(SERVER_HEADER.replace(" version='1.0'", ""))

    assert not follow(scene).offers_due


def test_success_of_sasl2_brings_everything_along() -> None:
    """Binding and stream management are in it."""
    scene = Scene()
    scene.client("<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'/>")
    scene.server(
        "<success xmlns='urn:xmpp:sasl:2'><bound xmlns='urn:xmpp:bind:0'>"
        f"<enabled {SM} id='s' resume='true'/></bound></success>"
    )
    conn = follow(scene)

    assert (conn.login.profile, conn.binding, conn.management) == ("sasl2", "bound", "on")
    assert conn.resumable
    assert conn.offers_due


def test_resumption_stands_for_binding() -> None:
    """A session that goes on has its resource."""
    scene = Scene()
    scene.client(f"<resume {SM} previd='s' h='0'/>")
    scene.server(f"<resumed {SM} previd='s' h='0'/>")
    conn = follow(scene)

    assert (conn.binding, conn.management, conn.resuming) == ("bound", "on", False)
    assert conn.login.resumed


def test_failed_requests_leave_nothing() -> None:
    """Login, STARTTLS, binding and stream management can be tried again."""
    scene = Scene()
    scene.client(f"<auth {SASL} mechanism='PLAIN'/>")
    scene.server(f"<failure {SASL}><not-authorized/></failure>")
    scene.client(f"<starttls {TLS}/>")
    scene.server(f"<failure {TLS}/>")
    scene.client("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
    scene.server("<iq type='error' id='b'><error type='cancel'/></iq>")
    scene.client(f"<enable {SM}/>")
    scene.server(f"<failed {SM}/>")
    conn = follow(scene)

    assert (conn.login.asked, conn.upgrade, conn.binding, conn.management) == ("", "", "", "")


def test_old_logins_bind_at_once() -> None:
    """XEP-0078; and components shake hands."""
    legacy, component = Scene(), Scene()
    legacy.client("<iq type='set' id='a'><query xmlns='jabber:iq:auth'/></iq>")
    legacy.server("<iq type='result' id='a'/>")
    component.client(CLIENT_HEADER.replace("jabber:client", "jabber:component:accept"))
    component.server("<handshake xmlns='jabber:component:accept'/>")
    conn = follow(legacy)

    assert (conn.login.profile, conn.binding) == ("legacy", "bound")
    assert follow(component).kind == "component"


def test_tls_is_known_by_events_or_by_the_upgrade() -> None:
    """Without either it is only known to be missing where that would be told."""
    scene = Scene()
    scene.client(f"<starttls {TLS}/>")
    scene.server(f"<proceed {TLS}/>")
    upgraded = follow(scene, Connection(1))
    direct = Connection(1, begun=True)
    direct.tls[Side.CLIENT] = TLSEstablished(
        t=0, conn=1, leg=Side.CLIENT, version="TLSv1.3", cipher="c"
    )

    assert upgraded.secured(Side.SERVER)
    assert direct.secured(Side.CLIENT)
    assert direct.exposed(Side.SERVER)
    assert not Connection(1).exposed(Side.SERVER)
    assert Connection(1, begun=True).exposed(Side.SERVER)
    assert not Connection(1, begun=True, transport="websocket").exposed(Side.CLIENT)


def test_moods_follow_the_session() -> None:
    """They spare most checks most frames."""
    scene = Scene()
    beginning = follow(scene).mood
    scene = logged_in()
    scene.client(CLIENT_HEADER)
    scene.server(SERVER_HEADER)
    scene.server("<stream:features><limits xmlns='urn:xmpp:stream-limits:0'>"
                 "<max-bytes>10</max-bytes></limits></stream:features>")  # fmt: skip
    scene.binds()
    scene.client(f"<enable {SM}/>")
    settled = follow(scene).mood
    scene.client("</stream:stream>")

    assert beginning == Mood.UNSETTLED
    assert settled == Mood.LIMITED | Mood.MANAGED
    assert follow(scene).mood == Mood.LIMITED | Mood.MANAGED | Mood.ENDED


def test_things_are_said_once() -> None:
    """And after very many, no more."""
    conn = Connection(1)
    first = [conn.once(("rule", number)) for number in range(1001)]

    assert first == [True] * 1000 + [False]
    assert not conn.once(("rule", 0))


def test_frames_have_tags() -> None:
    """A stanza's is in the content namespace."""
    scene = Scene()
    message, request = scene.client("<message/>"), scene.client(f"<r {SM}/>")

    assert (tag_of(message), is_stanza(message)) == ("{jabber:client}message", True)
    assert (tag_of(request), is_stanza(request)) == ("{urn:xmpp:sm:3}r", False)


def test_memories_belong_to_a_connection() -> None:
    """One of each kind."""
    conn = Connection(1)
    conn.memory(list).append(JULIET)

    assert conn.memory(list) == [JULIET]
    assert Connection(2).memory(list) == []
