import pytest

from tests.analysis.scenes import CLIENT_HEADER, JULIET, SERVER_HEADER, Scene
from xmppspy.analysis import identity
from xmppspy.analysis.identity import UNKNOWN, Identities, Identity
from xmppspy.protocol.events import ConnectionOpened

SASL2 = "xmlns='urn:xmpp:sasl:2'"
AUTH = "xmlns='jabber:iq:auth'"
SM = "xmlns='urn:xmpp:sm:3'"


def learnt(scene: Scene, conn: int = 1) -> Identity:
    """What the events of a scene tell of a connection."""
    identities = Identities()
    for event in scene.events:
        identities.see(event)
    return identities.of(conn)


def test_the_headers_tell_the_server_and_nothing_of_the_account() -> None:
    """`to` and `from` of the headers are the server's domain (RFC 6120 §4.7)."""
    asked, answered = Scene(), Scene()
    asked.client(CLIENT_HEADER)
    answered.client(CLIENT_HEADER.replace(" to='capulet.example'", ""))
    answered.server(SERVER_HEADER)

    assert learnt(asked) == learnt(answered) == Identity(domain="capulet.example")


def test_a_bound_resource_tells_the_account() -> None:
    """The JID is the one that the server grants, whatever the client wished for."""
    scene = Scene()
    scene.logs_in(JULIET)
    known = learnt(scene)

    assert (known.full, known.bare) == (JULIET, "juliet@capulet.example")
    assert (known.kind, known.domain) == ("client", "capulet.example")


def test_the_account_may_be_at_another_domain_than_the_header_said() -> None:
    """A hosted server answers for a domain that the client did not name; the account's counts."""
    scene = Scene()
    scene.logs_in("juliet@garden.example/x")

    assert learnt(scene).domain == "garden.example"


@pytest.mark.parametrize("element", ["authorization-identifier", "authorization-identity"])
def test_sasl2_tells_the_account(element: str) -> None:
    """With Bind 2 the identifier has the resource, without it the bind that follows has."""
    bound, alone = Scene(), Scene()
    bound.begins()
    bound.server(f"<success {SASL2}><{element}>{JULIET}</{element}></success>")
    alone.begins()
    alone.server(f"<success {SASL2}><{element}>juliet@capulet.example</{element}></success>")
    before = learnt(alone)
    alone.binds()

    assert (before.bare, before.full) == ("juliet@capulet.example", None)
    assert learnt(bound) == learnt(alone)
    assert learnt(bound).full == JULIET


def test_a_legacy_login_tells_the_account_when_it_succeeds() -> None:
    """jabber:iq:auth names user and resource in the request, the answer is empty (XEP-0078)."""
    query = f"<query {AUTH}><username>juliet</username><resource>balcony</resource></query>"
    scene = Scene()
    scene.begins()
    scene.client(f"<iq type='set' id='a1'>{query}</iq>")
    scene.server("<iq type='error' id='a1'/>")
    scene.client(f"<iq type='set' id='a2'>{query}</iq>")
    scene.server("<iq type='result' id='a1'/>")
    before = learnt(scene)
    scene.server("<iq type='result' id='a2'/>")

    assert before.bare is None
    assert learnt(scene).full == JULIET


def test_a_resumed_session_keeps_its_address() -> None:
    """No resource is bound where a session is resumed; the address is that of the session."""
    scene = Scene()
    scene.logs_in()
    scene.server(f"<enabled {SM} id='s1' resume='true'/>")
    scene.closes()
    scene.begins(2)
    scene.server(f"<resumed {SM} previd='s1' h='2'/>", conn=2)
    scene.begins(3)
    scene.server(
        f"<success {SASL2}><authorization-identifier>juliet@capulet.example"
        f"</authorization-identifier><resumed {SM} previd='s1' h='2'/></success>",
        conn=3,
    )
    scene.begins(4)
    scene.server(f"<resumed {SM} previd='other' h='2'/>", conn=4)

    assert [learnt(scene, conn).full for conn in (2, 3, 4)] == [JULIET, JULIET, None]


def test_a_session_enabled_with_bind_2_can_be_resumed() -> None:
    """Bind 2 grants the address and enables stream management in one element."""
    scene = Scene()
    scene.begins()
    scene.server(
        f"<success {SASL2}><authorization-identifier>{JULIET}</authorization-identifier>"
        f"<bound xmlns='urn:xmpp:bind:0'><enabled {SM} id='s1' resume='true'/></bound></success>"
    )
    scene.begins(2)
    scene.server(f"<resumed {SM} previd='s1' h='2'/>", conn=2)

    assert learnt(scene, 2).full == JULIET


def test_nobody_but_the_server_names_the_account() -> None:
    """A peer that sends such a payload, or what is no address, changes nothing."""
    bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>{}</jid></bind>"
    spoofed = bind.format("evil@montague.example/x")
    scene = Scene()
    scene.logs_in()
    scene.server(f"<iq type='result' from='tybalt@capulet.example/x'>{spoofed}</iq>")
    scene.server(f"<iq type='set'>{spoofed}</iq>")
    scene.client(f"<iq type='result'>{spoofed}</iq>")
    scene.server(f"<iq type='result'>{bind.format('@/')}</iq>")
    scene.server(f"<iq type='result'>{bind.format('a' * 5000)}</iq>")
    scene.client(
        f"<success {SASL2}><authorization-identifier>a@b</authorization-identifier></success>"
    )
    kept = learnt(scene)
    scene.server(
        f"<iq type='result' from='Capulet.example'>{bind.format('nurse@capulet.example/x')}</iq>"
    )

    assert kept.full == JULIET
    assert learnt(scene).full == "nurse@capulet.example/x"


def test_a_component_is_its_domain() -> None:
    """The header of a component names the component (XEP-0114)."""
    header = CLIENT_HEADER.replace("jabber:client", "jabber:component:accept")
    scene = Scene()
    scene.client(header)
    known = learnt(scene)

    assert known == Identity("component", "capulet.example", "capulet.example")
    assert known.shorten("capulet.example") == "me"
    assert known.shorten("juliet@capulet.example") == "juliet@capulet.example"


def test_servers_are_nobodys() -> None:
    """Between servers no address is the connection's own."""
    scene = Scene()
    scene.client(CLIENT_HEADER.replace("jabber:client", "jabber:server"))
    scene.binds()

    assert learnt(scene) == Identity("server")


def test_connections_are_told_apart() -> None:
    """Each has its own account; one that was not seen has none; a number may be used again."""
    scene = Scene()
    scene.logs_in(JULIET, 1)
    scene.logs_in("romeo@capulet.example/x", 2)
    assert learnt(scene, 2).bare == "romeo@capulet.example"
    scene.opens(2)

    assert learnt(scene, 1).full == JULIET
    assert learnt(scene, 2) == learnt(scene, 3) == UNKNOWN


@pytest.mark.parametrize(
    ("jid", "expected"),
    [
        ("juliet@capulet.example", "me"), (JULIET, "me/balcony"), ("JULIET@Capulet.Example.", "me"),
        ("juliet@capulet.example/phone", "me/phone"), ("juliet@capulet.example/a/b", "me/a/b"),
        ("juliet@capulet.example/", "me/"), ("capulet.example", "srv"), ("CAPULET.example.", "srv"),
        ("ｊuliet@capulet.example", "me"), ("capulet.example/x", "capulet.example/x"),
        ("muc.capulet.example", "muc.capulet.example"), ("romeo@capulet.example", "romeo@capulet.example"),
        ("juliet@capulet.example@x", "juliet@capulet.example@x"), ("", ""), ("@", "@"),
        ("ünï@capulet.example", "ünï@capulet.example"), ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
    ],
)  # fmt: skip
def test_own_addresses_are_shortened(jid: str, expected: str) -> None:
    """The account, its resources and its server, however they are spelled; all else stays."""
    known = Identity().named(JULIET)

    assert known.shorten(jid) == expected


def test_addresses_beyond_ascii_are_compared_as_addresses() -> None:
    """An internationalised domain is the same in A-labels."""
    known = Identity().named("jülich@münchen.example/x")

    assert known.shorten("JÜLICH@xn--mnchen-3ya.example/y") == "me/y"
    assert known.shorten("xn--mnchen-3ya.example") == "srv"


def test_nothing_is_shortened_while_nothing_is_known() -> None:
    """Without an account there is no `me`."""
    assert [UNKNOWN.shorten(jid) for jid in ("", JULIET, "capulet.example")] == [
        "", JULIET, "capulet.example",
    ]  # fmt: skip


def test_the_oldest_connections_are_forgotten() -> None:
    """What is kept does not grow with the capture."""
    identities = Identities()
    scene = Scene()
    scene.logs_in()
    for event in scene.events:
        identities.see(event)
    for conn in range(2, identity.MAX_CONNECTIONS + 1):
        identities.see(ConnectionOpened(t=1, conn=conn, client="", server=""))
    assert identities.of(1).full == JULIET
    identities.see(ConnectionOpened(t=2, conn=identity.MAX_CONNECTIONS + 1, client="", server=""))

    assert identities.of(1) == UNKNOWN
