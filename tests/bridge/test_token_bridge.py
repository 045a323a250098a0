"""TokenBridge: tokens of FAST that are bound to TLS, on both legs."""

import hmac
from base64 import b64encode

import pytest

from tests.bridge.stage import (
    CLIENT_LEG,
    END_POINT,
    EXPORTER,
    JULIET,
    SERVER_LEG,
    UNIQUE,
    Client,
    Leg,
    Server,
    Stage,
    element_of,
    house,
    leg,
    plain_client,
    plain_server,
    scram_client,
    scram_servers,
    token_client,
    token_server,
)
from xmppspy.bridge.house import House
from xmppspy.bridge.token_bridge import authcid
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.framing import Frame

TOKEN = "soft-what-light-through-yonder"
ROTATED = "it-is-the-east"
NAME = "SCRAM-SHA-256-PLUS"
BINDINGS = {"HT-SHA-256-EXPR": EXPORTER, "HT-SHA-256-ENDP": END_POINT, "HT-SHA-256-UNIQ": UNIQUE}


def asking(mechanism: str) -> bytes:
    """What a client adds to its login."""
    return f"<request-token xmlns='urn:xmpp:fast:0' mechanism='{mechanism}'/>".encode()


def giving(token: str) -> bytes:
    """What a server adds to its success."""
    return (
        f"<token expiry='2030-01-01T00:00:00Z' xmlns='urn:xmpp:fast:0' token='{token}'/>".encode()
    )


def first_login(home: House, mechanism: str, token: str = TOKEN) -> Stage:
    """A login by password that gets a token."""
    stage = Stage(home)
    stage.offer(sasl2=[NAME], types=[EXPORTER], fast=[mechanism])
    script = scram_client(NAME, header=f"p={EXPORTER},,", channel=CLIENT_LEG.values[EXPORTER])
    client = Client(ns.SASL2, NAME, script, inline=asking(mechanism))
    server = Server(ns.SASL2, scram_servers([NAME]), inline=giving(token))
    assert stage.play(client, server) == "success"
    return stage


def login(
    home: House,
    mechanism: str,
    token: str = TOKEN,
    *,
    gets: str = "",
    lies: bool = False,
    known: str = TOKEN,
    inline: bytes = b"",
) -> tuple[str, Stage, Client]:
    """A login by a token on a connection with other channels."""
    ours, theirs = leg("client later"), leg("server later")
    stage = Stage(home, client=ours, server=theirs)
    stage.offer(sasl2=[NAME], types=[EXPORTER], fast=[mechanism])
    kind = BINDINGS[mechanism]
    client = Client(ns.SASL2, mechanism, token_client(token, ours.values[kind]), inline=inline)
    server = Server(
        ns.SASL2,
        {mechanism: lambda: token_server(known, theirs.values[kind], lies=lies)},
        inline=giving(gets) if gets else b"",
    )
    return stage.play(client, server), stage, client


@pytest.mark.parametrize("mechanism", BINDINGS)
def test_token_is_proved_on_both_legs(mechanism: str) -> None:
    """It was given through xmppspy, and is used on another connection."""
    home = house()
    first = first_login(home, mechanism)
    outcome, stage, _ = login(home, mechanism)

    assert outcome == "success"
    assert (stage.errors, stage.leaks(TOKEN), first.leaks(TOKEN)) == ([], [], [])
    assert any(f"bridged ({mechanism}, bound by {BINDINGS[mechanism]})" in n for n in stage.notes)


def test_rotated_token_is_known_too() -> None:
    """A server may give a new one unasked; the old one counts until the new one was used."""
    home, mechanism = house(), "HT-SHA-256-EXPR"
    first_login(home, mechanism)
    assert login(home, mechanism, gets=ROTATED)[0] == "success"
    assert login(home, mechanism)[0] == "success"

    assert login(home, mechanism, ROTATED, known=ROTATED)[0] == "success"


def test_token_given_for_a_login_that_passes() -> None:
    """By a password that nobody here knows, or a login that is not bridged at all."""
    home, mechanism = house(password=None), "HT-SHA-256-EXPR"
    stage = Stage(home)
    stage.offer(sasl2=["PLAIN"], fast=[mechanism])
    client = Client(ns.SASL2, "PLAIN", plain_client(), inline=asking(mechanism))
    server = Server(ns.SASL2, {"PLAIN": plain_server}, inline=giving(TOKEN))

    assert stage.play(client, server) == "success"
    assert login(home, mechanism)[0] == "success"


def test_token_behind_tasks() -> None:
    """The server gives it when all is done (XEP-0484 §3.3), which may be after `<continue/>`."""
    home, mechanism = house(), "HT-SHA-256-EXPR"
    stage = Stage(home)
    stage.offer(sasl2=["PLAIN"], fast=[mechanism])
    start = Client(ns.SASL2, "PLAIN", plain_client(), inline=asking(mechanism)).start()
    stage.see("c2s", start)
    stage.see("s2c", element_of(ns.SASL2, "continue", b"<tasks><task>X</task></tasks>"))
    stage.see("s2c", element_of(ns.SASL2, "success", giving(TOKEN)))

    assert login(home, mechanism)[0] == "success"


def test_unbound_token_passes_untouched() -> None:
    """-NONE proves nothing about TLS."""
    home, mechanism = house(), "HT-SHA-256-NONE"
    first_login(home, mechanism)
    stage = Stage(home)
    stage.offer(sasl2=[NAME], types=[EXPORTER], fast=[mechanism])
    client = Client(ns.SASL2, mechanism, token_client(TOKEN))
    server = Server(ns.SASL2, {mechanism: lambda: token_server(TOKEN)})

    assert stage.play(client, server) == "success"
    assert stage.untouched()


def test_token_over_equal_channels_passes_untouched() -> None:
    """With the server's own certificate."""
    own = leg("both")
    stage = Stage(house(), client=own, server=own)
    stage.offer(sasl2=[NAME], types=[END_POINT], fast=["HT-SHA-256-ENDP"])
    data = own.values[END_POINT]
    client = Client(ns.SASL2, "HT-SHA-256-ENDP", token_client(TOKEN, data))
    server = Server(ns.SASL2, {"HT-SHA-256-ENDP": lambda: token_server(TOKEN, data)})

    assert stage.play(client, server) == "success"
    assert stage.untouched()


def test_token_that_nobody_has_seen() -> None:
    """It fails, and how to get one through xmppspy is told."""
    outcome, stage, _ = login(house(password=None), "HT-SHA-256-EXPR")

    assert outcome == "failure: credentials-expired"
    assert stage.untouched()
    assert stage.errors == ["channel-binding"]
    assert "then log in once with the password" in stage.details[0]
    assert stage.leaks(TOKEN) == []


def test_unknown_token_does_not_strip_the_offer_of_a_known_account() -> None:
    """Its login by password is bridged: the client need not miss -PLUS."""
    home = house()
    login(home, "HT-SHA-256-EXPR")
    stage = Stage(home)
    stage.offer([NAME], types=[EXPORTER])

    assert stage.untouched()


def test_token_that_the_server_forgot() -> None:
    """Its failure goes on, with what to do."""
    home = house()
    first_login(home, "HT-SHA-256-EXPR")
    outcome, stage, _ = login(home, "HT-SHA-256-EXPR", known="another")

    assert outcome == "failure: credentials-expired"
    assert "expired" in stage.details[0]
    assert stage.leaks(TOKEN) == []


def test_server_that_cannot_prove_itself() -> None:
    """Told, and passed on as it is: the client refuses."""
    home = house()
    first_login(home, "HT-SHA-256-EXPR")
    outcome, stage, _ = login(home, "HT-SHA-256-EXPR", lies=True)

    assert outcome == "refused: responder"
    assert stage.errors == ["server-unproved"]


def test_server_that_says_nothing_with_success() -> None:
    """It has proved nothing; once it has, `<success/>` behind `<continue/>` may be empty."""
    home, mechanism = house(), "HT-SHA-256-EXPR"
    first_login(home, mechanism)
    for proved in (False, True):
        stage = Stage(home)
        stage.offer(sasl2=[NAME], types=[EXPORTER], fast=[mechanism])
        script = token_client(TOKEN, CLIENT_LEG.values[EXPORTER])
        stage.see("c2s", Client(ns.SASL2, mechanism, script).start())
        if proved:
            word = b"Responder" + SERVER_LEG.values[EXPORTER]
            data = b64encode(hmac.digest(TOKEN.encode(), word, "sha256"))
            content = b"<additional-data>" + data + b"</additional-data>"
            stage.see("s2c", element_of(ns.SASL2, "continue", content))
        stage.see("c2s", element_of(ns.SASL2, "next", b"YWJj"))
        stage.see("s2c", element_of(ns.SASL2, "success"))

        assert stage.errors == ([] if proved else ["server-unproved"])


def test_invalidated_token_is_forgotten() -> None:
    """The client has logged out for good (XEP-0484 §3.6)."""
    home, mechanism = house(), "HT-SHA-256-EXPR"
    first_login(home, mechanism)
    inline = b"<fast xmlns='urn:xmpp:fast:0' invalidate='true'/>"
    outcome, _, _ = login(home, mechanism, inline=inline)

    assert outcome == "success"
    assert not home.tokens


@pytest.mark.parametrize("client", [CLIENT_LEG, Leg()])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"juliet",
        b"juliet\0short",
        b"\xff\0" + bytes(32),
        b"\0" + bytes(32),
        b"juliet\0" + bytes(32),
    ],
)
def test_malformed_messages_pass(content: bytes, client: Leg) -> None:
    """The server says what it thinks of them."""
    home, mechanism = house(), "HT-SHA-256-EXPR"
    first_login(home, mechanism)
    stage = Stage(home, client=client)
    stage.offer(sasl2=[NAME], fast=[mechanism])
    holder = b"<initial-response>" + b64encode(content) + b"</initial-response>"
    stage.see("c2s", element_of(ns.SASL2, "authenticate", holder, f" mechanism='{mechanism}'"))
    stage.see("s2c", element_of(ns.SASL2, "success"))

    assert stage.untouched()


@pytest.mark.parametrize(
    ("mechanism", "content", "expected"),
    [
        ("HT-SHA-256-NONE", b"juliet\0" + bytes(32), "juliet"),
        ("HT-SHA-256-NONE", b"juliet", ""),
        ("PLAIN", b"juliet\0" + bytes(32), ""),
    ],
)
def test_user_of_a_login(mechanism: str, content: bytes, expected: str) -> None:
    """As far as it can be told."""
    data = element_of(
        ns.SASL2,
        "authenticate",
        b"<initial-response>" + b64encode(content) + b"</initial-response>",
    )

    assert authcid(Frame("authenticate", data, xmlns=ns.SASL2), mechanism) == expected


def test_tokens_of_other_accounts_are_not_tried() -> None:
    """A token is remembered for the account that it was given to."""
    home, mechanism = house(), "HT-SHA-256-EXPR"
    first_login(home, mechanism)
    message = b"nurse\0" + hmac.digest(TOKEN.encode(), b"Initiator", "sha256")

    assert home.tokens.find("nurse@example.org", mechanism, message, b"") is None
    assert home.tokens.find(JULIET, mechanism, message, b"") == TOKEN
