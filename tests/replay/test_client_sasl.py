import pytest

from xmppspy.bridge.credentials import Accounts
from xmppspy.replay import mechanisms
from xmppspy.replay.client_sasl import MAX_ITERATIONS, NotAdmittedError, begin, choose

DOMAIN = "capulet.example"
PASSWORDS = Accounts({f"juliet@{DOMAIN}": "what's in a name"})


def _converse(mechanism: str, password: str) -> str | None:
    """Log in at the server's side of this package; the account, once both have proved themselves."""
    server, client = (
        mechanisms.begin(mechanism, DOMAIN, PASSWORDS),
        begin(mechanism, "juliet", password),
    )
    next(server)
    response = next(client)
    while True:
        try:
            challenge = server.send(response)
        except StopIteration as ended:
            login: mechanisms.Login = ended.value
            if login.final:
                with pytest.raises(StopIteration):
                    client.send(login.final)
            return login.account
        response = client.send(challenge)


@pytest.mark.parametrize("mechanism", [*mechanisms.SCRAM, "PLAIN"])
def test_password_lets_in(mechanism: str) -> None:
    """By each mechanism the account gets in with its password."""
    assert _converse(mechanism, "what's in a name") == f"juliet@{DOMAIN}"


@pytest.mark.parametrize("mechanism", mechanisms.SCRAM)
def test_other_password_does_not(mechanism: str) -> None:
    """The server finds a proof wrong that was made with another password."""
    with pytest.raises(mechanisms.LoginRefusedError):
        _converse(mechanism, "a rose")


@pytest.mark.parametrize(
    ("offered", "secured", "chosen"),
    [
        (["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"], True, "SCRAM-SHA-256"),
        (["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-512-PLUS", "SCRAM-SHA-512"], True, "SCRAM-SHA-512"),
        (["SCRAM-SHA-1", "PLAIN"], False, "SCRAM-SHA-1"),
        (["PLAIN", "ANONYMOUS"], True, "PLAIN"),
    ],
)
def test_strongest_is_chosen(offered: list[str], secured: bool, chosen: str) -> None:
    """SCRAM goes before PLAIN, the longer hash before the shorter one."""
    assert choose(offered, "secret", secured=secured) == chosen


def test_password_is_not_shown_in_the_clear() -> None:
    """Without TLS, PLAIN is no way to log in."""
    with pytest.raises(NotAdmittedError, match="SCRAM-SHA-512 or"):
        choose(["PLAIN"], "secret", secured=False)


def test_very_many_ways_are_not_all_told() -> None:
    """The sentence can be read, whatever a server offers."""
    with pytest.raises(NotAdmittedError) as refused:
        choose([f"M{number}" for number in range(30_000)], "secret", secured=True)

    assert "M0, M1, " in str(refused.value)
    assert len(str(refused.value)) < 200


def test_who_has_no_password_is_anonymous() -> None:
    """Without a password there is ANONYMOUS, or nothing."""
    assert choose(["PLAIN", "ANONYMOUS"], None, secured=True) == "ANONYMOUS"
    with pytest.raises(NotAdmittedError):
        choose(["PLAIN"], None, secured=True)


@pytest.mark.parametrize(
    "challenge", [b"r=other,s=QSXCR+Q6sek8bf92,i=4096", b"\xff", b"i=many", b"", b"e=no"]
)
def test_server_that_makes_no_sense_is_refused(challenge: bytes) -> None:
    """A challenge that is none ends the attempt."""
    dialogue = begin("SCRAM-SHA-1", "juliet", "secret")
    next(dialogue)

    with pytest.raises(NotAdmittedError):
        dialogue.send(challenge)


def test_server_that_does_not_know_the_password_is_refused() -> None:
    """A final message with another signature is no proof."""
    server, client = (
        mechanisms.begin("SCRAM-SHA-1", DOMAIN, PASSWORDS),
        begin("SCRAM-SHA-1", "juliet", "what's in a name"),
    )
    next(server)
    client.send(server.send(next(client)))

    with pytest.raises(NotAdmittedError, match="does not prove"):
        client.send(b"v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=")


def test_labour_is_limited() -> None:
    """A server that wants the password hashed for hours does not get it."""
    client = begin("SCRAM-SHA-1", "juliet", "secret")
    first = next(client).decode()
    nonce = first.rpartition("r=")[2]

    with pytest.raises(NotAdmittedError, match=str(MAX_ITERATIONS + 1)):
        client.send(f"r={nonce}x,s=QSXCR+Q6sek8bf92,i={MAX_ITERATIONS + 1}".encode())
