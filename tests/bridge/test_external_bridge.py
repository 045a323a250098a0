"""ExternalBridge: the client proves its password here, a certificate logs in to the server."""

from base64 import b64encode
from collections.abc import Callable

import pytest

from tests.bridge.stage import (
    CLIENT_LEG,
    END_POINT,
    JULIET,
    PROFILES,
    UNIQUE,
    WRONG,
    Client,
    Script,
    Server,
    Stage,
    element_of,
    external_server,
    house,
    keys,
    plain_client,
    scram_client,
    scram_servers,
    scramp_client,
)
from xmppspy.bridge.credentials import Accounts, Credentials, ScramKeys
from xmppspy.bridge.house import House
from xmppspy.protocol import namespaces as ns

INLINE = b"<bind xmlns='urn:xmpp:bind:0'><tag>moon</tag></bind>"
RESULTS = b"<bound xmlns='urn:xmpp:bind:0'/>"


def stage_for(home: House | None = None, *names: str) -> Stage:
    """A server that takes certificates, and perhaps more."""
    stage = Stage(home or house(has_certificate=True))
    stage.offer(["EXTERNAL", *names], ["EXTERNAL", *names])
    return stage


def external(profile: str) -> Server:
    """A server that takes the certificate and nothing else."""
    inline = RESULTS if profile == ns.SASL2 else b""
    return Server(profile, {"EXTERNAL": external_server}, inline=inline)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", ["SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"])
@pytest.mark.parametrize("late", [False, True])
def test_scram_becomes_external(profile: str, name: str, *, late: bool) -> None:
    """Both ends are content, and scramp is the judge of the one made here."""
    stage = stage_for()
    client = Client(profile, name, scramp_client(name), late=late, inline=INLINE)
    server = external(profile)

    assert stage.play(client, server) == "success"
    assert (server.mechanism, server.payloads) == ("EXTERNAL", [b""])
    assert profile == ns.SASL or (INLINE in server.seen[0] and RESULTS in client.success)
    assert (stage.errors, stage.leaks()) == ([], [])


def test_bound_login_is_checked_on_the_clients_leg() -> None:
    """The server's offer has -PLUS; the client's binding is to xmppspy's TLS."""
    name = "SCRAM-SHA-256-PLUS"
    stage = stage_for(None, name)
    script = scramp_client(name, kind=UNIQUE, data=CLIENT_LEG.values[UNIQUE])

    assert stage.play(Client(ns.SASL, name, script), external(ns.SASL)) == "success"


def test_login_that_is_bound_to_another_channel() -> None:
    """Right password, but not from a client that talks to xmppspy: the server hears nothing."""
    name = "SCRAM-SHA-256-PLUS"
    stage, server = stage_for(None, name), external(ns.SASL)
    script = scram_client(name, header=f"p={END_POINT},,", channel=b"elsewhere")

    assert stage.play(Client(ns.SASL, name, script), server) == "failure: not-authorized"
    assert server.seen == []
    assert stage.errors == ["channel-binding"]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("late", [False, True])
def test_plain_becomes_external(profile: str, *, late: bool) -> None:
    """Where the server offers PLAIN, or xmppspy does."""
    stage = stage_for(house("bridge", has_certificate=True, takes_plain=True), "SCRAM-SHA-1")
    client = Client(profile, "PLAIN", plain_client(), late=late, inline=INLINE)
    server = external(profile)

    assert stage.play(client, server) == "success"
    assert server.payloads == [b""]
    assert stage.leaks() == []


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("SCRAM-SHA-256", lambda: scram_client("SCRAM-SHA-256", WRONG)),
        ("PLAIN", lambda: plain_client(WRONG)),
        ("PLAIN", lambda: plain_client("\u0007 refused by SASLprep")),
    ],
)
def test_wrong_password_never_reaches_the_server(
    profile: str, name: str, script: Callable[[], Script]
) -> None:
    """The certificate is not for whoever finds the proxy."""
    stage, server = stage_for(None, "PLAIN"), external(profile)

    assert stage.play(Client(profile, name, script()), server) == "failure: not-authorized"
    assert server.seen == []
    assert "the password in the client is not the one" in stage.details[0]
    assert stage.leaks("refused by SASLprep") == []


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("SCRAM-SHA-1", lambda: scram_client("SCRAM-SHA-1", header="n,a=romeo,")),
        ("PLAIN", lambda: plain_client(authzid="romeo")),
    ],
)
def test_identity_that_is_asked_for_is_kept(name: str, script: Callable[[], Script]) -> None:
    """The client asks to act as another; the server decides."""
    stage = stage_for(None, "PLAIN")
    server = Server(ns.SASL, {"EXTERNAL": lambda: external_server(b"romeo")})

    assert stage.play(Client(ns.SASL, name, script()), server) == "success"
    assert server.payloads == [b"romeo"]


@pytest.mark.parametrize(
    ("certified", "asked"),
    [((), b""), ((JULIET,), b""), (("romeo@example.org", JULIET), JULIET.encode())],
)
@pytest.mark.parametrize("name", ["SCRAM-SHA-1", "PLAIN"])
def test_account_is_named_where_the_certificate_names_several(
    name: str, certified: tuple[str, ...], asked: bytes
) -> None:
    """Else it says by itself who it is (XEP-0178 §2)."""
    home = house(has_certificate=True)
    home.certified = certified
    stage = stage_for(home, "PLAIN")
    server = Server(ns.SASL, {"EXTERNAL": lambda: external_server(asked)})
    script = plain_client() if name == "PLAIN" else scram_client(name)

    assert stage.play(Client(ns.SASL, name, script), server) == "success"


def test_certificate_of_somebody_else() -> None:
    """It would let the client in as that one."""
    home = house(has_certificate=True)
    home.certified = ("romeo@example.org",)
    stage = stage_for(home, "SCRAM-SHA-1")
    servers = {"EXTERNAL": external_server, **scram_servers(["SCRAM-SHA-1"])}
    server = Server(ns.SASL, servers)

    assert stage.play(Client(ns.SASL, "SCRAM-SHA-1", scram_client("SCRAM-SHA-1")), server) == (
        "success"
    )
    assert server.mechanism == "SCRAM-SHA-1"


@pytest.mark.parametrize("name", ["SCRAM-SHA-1", "PLAIN"])
@pytest.mark.parametrize("right", [True, False])
def test_keys_instead_of_a_password(name: str, *, right: bool) -> None:
    """With their own salt; PLAIN is checked by them as well."""
    salt = b"a salt of the server's"
    made = keys("SCRAM-SHA-1", "by-moonlight" if right else "another", salt)
    given = ScramKeys("SCRAM-SHA-1", salt, 4096, made.stored, made.server)
    accounts = Accounts({JULIET: Credentials(keys=[given])})
    stage = stage_for(House(accounts=accounts, has_certificate=True), "PLAIN")
    script = plain_client("by-moonlight") if name == "PLAIN" else scram_client(name, "by-moonlight")
    expected = "success" if right else "failure: not-authorized"

    assert stage.play(Client(ns.SASL, name, script), external(ns.SASL)) == expected
    assert stage.leaks("by-moonlight", made.stored, salt) == []


def test_keys_for_another_hash() -> None:
    """It is said what is missing; the server is not asked."""
    given = ScramKeys("SCRAM-SHA-1", b"salt", 4096, b"stored", b"server")
    accounts = Accounts({JULIET: Credentials(keys=[given])})
    stage, server = stage_for(House(accounts=accounts, has_certificate=True)), external(ns.SASL)
    client = Client(ns.SASL, "SCRAM-SHA-256", scram_client("SCRAM-SHA-256"))

    assert stage.play(client, server) == "failure: temporary-auth-failure"
    assert server.seen == []
    assert "are not for SCRAM-SHA-256: give those, or the password" in stage.details[0]


@pytest.mark.parametrize("name", ["SCRAM-SHA-1", "PLAIN"])
def test_password_here_that_scram_does_not_take(name: str) -> None:
    """SASLprep refuses the one that was given: no raise, and the reason is told."""
    word = "balcony\u0007"
    stage, server = (
        stage_for(house(password=word, has_certificate=True), "PLAIN"),
        external(ns.SASL),
    )
    script = plain_client() if name == "PLAIN" else scram_client(name)

    assert stage.play(Client(ns.SASL, name, script), server) == "failure: temporary-auth-failure"
    assert server.seen == []
    assert "xmppspy cannot check the password that it was given" in stage.details[0]
    assert "balcony" not in stage.told()


@pytest.mark.parametrize(
    "final",
    [
        b"", b"\xff", b"c=biws", b"c=biws,r=clientnonce,p=AAAA", b"c=biws,r=other,p=AAAA",
        b"c=biws,m=x,p=AAAA",
    ],
)  # fmt: skip
def test_malformed_last_message(final: bytes) -> None:
    """Said to be that; one for another nonce is no answer either."""
    stage = stage_for()
    stage.see("c2s", Client(ns.SASL, "SCRAM-SHA-1", scram_client("SCRAM-SHA-1")).start())
    ruling = stage.see("c2s", element_of(ns.SASL, "response", b64encode(final)))

    assert ruling.data is None
    assert b"malformed-request" in ruling.reply
    assert stage.errors == ["login-failed"]


def test_certificate_that_the_server_refuses() -> None:
    """Its failure goes to the client, and the certificate is named."""
    stage = stage_for()
    server = Server(ns.SASL, {"EXTERNAL": lambda: external_server(b"somebody else")})
    client = Client(ns.SASL, "SCRAM-SHA-1", scram_client("SCRAM-SHA-1"))

    assert stage.play(client, server) == "failure: invalid-authzid"
    assert "bridged (EXTERNAL)" in stage.details[0]


@pytest.mark.parametrize("before", [True, False])
def test_client_that_aborts(*, before: bool) -> None:
    """Before the server is asked it is answered here, afterwards there."""
    stage = stage_for()
    client, server = Client(ns.SASL, "SCRAM-SHA-1", scramp_client("SCRAM-SHA-1")), external(ns.SASL)
    answer = client.receive(stage.see("c2s", client.start()).reply)
    abort = element_of(ns.SASL, "abort")
    if not before:
        stage.see("c2s", answer)
    ruling = stage.see("c2s", abort)

    assert (b"<aborted" in ruling.reply) is before
    assert (stage.passed[-1][2] == abort) is not before
    assert server.seen == []


@pytest.mark.parametrize("profile", PROFILES)
def test_server_that_asks_for_the_identity(profile: str) -> None:
    """A challenge is answered with it from here (RFC 4422 §5)."""
    stage = stage_for()
    client = Client(profile, "SCRAM-SHA-1", scramp_client("SCRAM-SHA-1"))
    answer = client.receive(stage.see("c2s", client.start()).reply)
    stage.see("c2s", answer)
    ruling = stage.see("s2c", element_of(profile, "challenge"))
    stage.see("s2c", element_of(profile, "success"))

    assert (ruling.data, b"<response" in ruling.reply) == (None, True)
    client.receive(stage.passed[-1][2] or b"")
    assert client.outcome == "success"


def test_tasks_behind_the_login_pass() -> None:
    """What follows `<continue/>` is between the client and the server; `v=` is said once."""
    stage = stage_for()
    client = Client(ns.SASL2, "SCRAM-SHA-1", scramp_client("SCRAM-SHA-1"))
    stage.see("c2s", client.receive(stage.see("c2s", client.start()).reply))
    stage.see("s2c", element_of(ns.SASL2, "continue", b"<tasks><task>X</task></tasks>"))
    went = stage.passed[-1][2] or b""
    before = len(stage.passed)
    stage.see("c2s", element_of(ns.SASL2, "next", attributes=" task='X'"))
    stage.see("c2s", element_of(ns.SASL2, "task-data", b"<x xmlns='n'>AAAA</x>"))
    stage.see("s2c", element_of(ns.SASL2, "success", RESULTS))

    assert b"<additional-data" in went
    assert client.receive(went.replace(b"continue", b"success")) == b""
    assert client.outcome == "success"
    assert all(came == went for _, came, went in stage.passed[before:])
