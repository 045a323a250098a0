"""PlainBridge: the client shows its password, the server sees SCRAM."""

from base64 import b64encode

import pytest

from tests.bridge.stage import (
    EXPORTER,
    PASSWORD,
    PROFILES,
    SALT,
    SERVER_LEG,
    UNIQUE,
    WRONG,
    Client,
    Server,
    Stage,
    element_of,
    house,
    plain_client,
    scram_servers,
    scramp_server,
)
from xmppspy.bridge.plain_bridge import Plain, escaped, plain
from xmppspy.bridge.scram import MAX_ITERATIONS
from xmppspy.protocol import namespaces as ns

NAMES = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1"]
INLINE = b"<bind xmlns='urn:xmpp:bind:0'><tag>moon</tag></bind>"
RESULTS = b"<bound xmlns='urn:xmpp:bind:0'/><token xmlns='urn:xmpp:fast:0' token='x'/>"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("\0juliet\0secret", Plain("", "juliet", "secret")),
        ("romeo\0juliet\0secret", Plain("romeo", "juliet", "secret")),
        ("juliet\0secret", None),
        ("\0juliet\0", None),
        ("\0\0secret", None),
        ("\0juliet\0sec\0ret", None),
        ("", None),
        (None, None),
    ],
)
def test_message_is_read(content: str | None, expected: Plain | None) -> None:
    """Three parts, of which only the identity may be empty (RFC 4616 §2)."""
    assert plain(content) == expected


def test_names_are_escaped() -> None:
    """As SCRAM wants it (RFC 5802 §5.1)."""
    assert escaped("a=b,c=2C") == "a=3Db=2Cc=3D2C"


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("confirms", [False, True])
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("authzid", ["", "juliet@example.org"])
def test_password_becomes_scram(profile: str, authzid: str, *, late: bool, confirms: bool) -> None:
    """The password goes nowhere, and what stands inline comes through."""
    stage = Stage(house(password=None, takes_plain=True))
    stage.offer(NAMES, NAMES, [EXPORTER])
    script = plain_client(authzid=authzid, user="ju,li=et")
    client = Client(profile, "PLAIN", script, late=late, inline=INLINE)
    servers = scram_servers(NAMES, accounts={"ju,li=et": PASSWORD})
    server = Server(profile, servers, confirms=confirms, inline=RESULTS)

    assert stage.play(client, server) == "success"
    assert server.mechanism == NAMES[0]
    first = f"p={EXPORTER},{'a=' + authzid if authzid else ''},n=ju=2Cli=3Det,"
    assert (server.payloads[0] or b"").startswith(first.encode())
    assert profile == ns.SASL or (INLINE in server.seen[0] and RESULTS in client.success)
    assert not any(PASSWORD.encode() in (each or b"") for each in server.payloads)
    assert (stage.errors, stage.leaks()) == ([], [])


@pytest.mark.parametrize(
    "names", [["SCRAM-SHA-1"], ["SCRAM-SHA-512-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-1-PLUS"]]
)
def test_server_of_another_library(names: list[str]) -> None:
    """The strongest hash is taken, bound where the server can."""
    stage = Stage(house(password=None, takes_plain=True))
    stage.offer(names, types=[UNIQUE])
    kind = UNIQUE if names[0].endswith("-PLUS") else ""
    data = SERVER_LEG.values[UNIQUE]
    server = Server(ns.SASL, {names[0]: lambda: scramp_server(names[0], kind=kind, data=data)})

    assert stage.play(Client(ns.SASL, "PLAIN", plain_client()), server) == "success"
    assert stage.leaks() == []


@pytest.mark.parametrize("profile", PROFILES)
def test_wrong_password(profile: str) -> None:
    """The server's own failure goes to the client."""
    stage = Stage(house(password=None, takes_plain=True))
    stage.offer(NAMES, NAMES, [EXPORTER])
    client = Client(profile, "PLAIN", plain_client(WRONG))

    assert stage.play(client, Server(profile, scram_servers(NAMES))) == "failure: not-authorized"
    assert "the password is wrong, or the user is unknown" in stage.details[0]
    assert stage.leaks() == []


@pytest.mark.parametrize("confirms", [False, True])
def test_server_that_cannot_prove_itself(*, confirms: bool) -> None:
    """The client cannot notice; so it is told here."""
    stage = Stage(house(password=None, takes_plain=True))
    stage.offer(NAMES, types=[EXPORTER])
    server = Server(ns.SASL, scram_servers(NAMES, lies=True), confirms=confirms)
    stage.play(Client(ns.SASL, "PLAIN", plain_client()), server)

    assert stage.errors == ["server-unproved"]


@pytest.mark.parametrize("profile", PROFILES)
def test_server_that_lets_in_at_once(profile: str) -> None:
    """Without a challenge nothing is proved."""
    stage = Stage(house(password=None, takes_plain=True))
    stage.offer(NAMES, NAMES, [EXPORTER])
    stage.see("c2s", Client(profile, "PLAIN", plain_client()).start())
    stage.see("s2c", element_of(profile, "success"))

    assert stage.errors == ["server-unproved"]


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"\xff", b"e=unknown-user", b"r=other,s=AAAA,i=4096",
        f"r=NONCE2,s={b64encode(SALT).decode()},i={MAX_ITERATIONS + 1}".encode(),
    ],
)  # fmt: skip
def test_server_whose_challenge_is_of_no_use(answer: bytes) -> None:
    """Xmppspy aborts, the server's failure goes on, and the reason is told once."""
    stage = Stage(house(password=None, takes_plain=True))
    stage.offer(NAMES, types=[EXPORTER])
    ruling = stage.see("c2s", Client(ns.SASL, "PLAIN", plain_client()).start())
    assert isinstance(ruling.data, bytes)
    server = Server(ns.SASL, {NAMES[0]: scram_servers(NAMES)[NAMES[0]]})
    server.receive(ruling.data)
    nonce = (server.payloads[0] or b"").rpartition(b"r=")[2]
    content = b64encode(answer.replace(b"NONCE", nonce))
    ruling = stage.see("s2c", element_of(ns.SASL, "challenge", content))
    assert ruling.data is None
    assert ruling.reply.startswith(b"<abort")
    failure = server.receive(ruling.reply)
    stage.see("s2c", failure)

    assert stage.passed[-1][2] == failure
    assert stage.errors == ["login-failed"]
    assert "xmppspy cannot log in with the password" in stage.details[0]
    assert stage.leaks() == []


@pytest.mark.parametrize("word", [WRONG + "\u0007", "\u00ad"])
def test_password_that_scram_does_not_take(word: str) -> None:
    """SASLprep refuses it: no login, no raise, no leak."""
    stage = Stage(house(password=None, takes_plain=True))
    stage.offer(NAMES, types=[EXPORTER])
    client = Client(ns.SASL, "PLAIN", plain_client(word))

    assert stage.play(client, Server(ns.SASL, scram_servers(NAMES))) == "failure: aborted"
    assert "SASLprep refuses" in stage.details[0] or "is empty" in stage.details[0]
    assert word not in stage.told()


def test_client_that_aborts() -> None:
    """The server hears of it, and nothing is tried again in its stead."""
    stage = Stage(house(password=None, takes_plain=True))
    stage.offer(NAMES)
    server = Server(ns.SASL, scram_servers(NAMES))
    stage.see("c2s", Client(ns.SASL, "PLAIN", plain_client()).start())
    server.receive(stage.passed[-1][2] or b"")
    abort = element_of(ns.SASL, "abort")
    stage.see("c2s", abort)
    failure = server.receive(abort)
    ruling = stage.see("s2c", failure)

    assert [went for _, _, went in stage.passed[-2:]] == [abort, failure]
    assert ruling.reply == b""


def test_success_behind_tasks() -> None:
    """After `<continue/>` the server has nothing more to prove (XEP-0388 §2.6.3)."""
    stage = Stage(house(password=None, takes_plain=True))
    stage.offer(sasl2=NAMES, types=[EXPORTER])
    server = Server(ns.SASL2, scram_servers(NAMES))
    stage.see("c2s", Client(ns.SASL2, "PLAIN", plain_client()).start())
    challenge = server.receive(stage.passed[-1][2] or b"")
    success = server.receive(stage.see("s2c", challenge).reply)
    stage.see("s2c", success.replace(b"success", b"continue"))
    went = stage.passed[-1][2] or b""
    stage.see("s2c", element_of(ns.SASL2, "success", RESULTS))

    assert b"additional-data" not in went
    assert stage.passed[-1][1] == stage.passed[-1][2]
    assert stage.errors == []
