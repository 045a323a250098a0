import pytest
from scramp import ScramClient, ScramException

from xmppspy.bridge.credentials import Accounts
from xmppspy.replay.mechanisms import SCRAM, Dialogue, Login, LoginRefusedError, begin

DOMAIN = "capulet.example"
JULIET = f"juliet@{DOMAIN}"
KNOWN = Accounts({JULIET: "balcony"})


def _last(dialogue: Dialogue, response: bytes) -> Login:
    """Send the last response; returns the outcome."""
    with pytest.raises(StopIteration) as ended:
        dialogue.send(response)
    login = ended.value.value
    assert isinstance(login, Login)
    return login


def _plain(payload: bytes, passwords: Accounts) -> Login:
    dialogue = begin("PLAIN", DOMAIN, passwords)
    assert next(dialogue) == b""
    return _last(dialogue, payload)


@pytest.mark.parametrize("mechanism", SCRAM)
def test_scram_proves_both_sides(mechanism: str) -> None:
    """The client's proof is checked, and the server gives one that the client accepts."""
    client = ScramClient([mechanism], "juliet", "balcony")
    dialogue = begin(mechanism, DOMAIN, KNOWN)
    next(dialogue)
    client.set_server_first(dialogue.send(client.get_client_first().encode()).decode())
    login = _last(dialogue, client.get_client_final().encode())
    client.set_server_final(login.final.decode())

    assert login.account == JULIET


def test_scram_refuses_another_password() -> None:
    """A wrong proof fails."""
    client = ScramClient(["SCRAM-SHA-256"], "juliet", "garden")
    dialogue = begin("SCRAM-SHA-256", DOMAIN, KNOWN)
    next(dialogue)
    client.set_server_first(dialogue.send(client.get_client_first().encode()).decode())

    with pytest.raises(LoginRefusedError, match="not-authorized") as refused:
        dialogue.send(client.get_client_final().encode())
    assert isinstance(refused.value.__cause__, ScramException)


@pytest.mark.parametrize("response", [b"nonsense", b"n,,n=nurse,r=abc", b"n,,n=,r=abc", b"\xff"])
def test_scram_refuses_strangers_and_nonsense(response: bytes) -> None:
    """Whoever is not known, or is not understood, is refused."""
    dialogue = begin("SCRAM-SHA-1", DOMAIN, KNOWN)
    next(dialogue)

    with pytest.raises(LoginRefusedError):
        dialogue.send(response)


def test_plain_checks_the_password() -> None:
    """The right one only, also with the whole address as the name."""
    assert _plain(b"\0juliet\0balcony", KNOWN).account == JULIET
    assert _plain(f"\0{JULIET}\0balcony".encode(), KNOWN).account == JULIET
    for payload in (b"\0juliet\0garden", b"\0nurse\0balcony", b"\0juliet\0", b"\0\0balcony"):
        with pytest.raises(LoginRefusedError, match="not-authorized"):
            _plain(payload, KNOWN)


def test_plain_takes_any_password_when_none_is_known() -> None:
    """Without passwords, the name is believed; the form still counts."""
    assert _plain(b"\0nurse\0whatever", Accounts()).account == f"nurse@{DOMAIN}"
    with pytest.raises(LoginRefusedError, match="malformed-request"):
        _plain(b"nurse", Accounts())


def test_anonymous_has_no_account() -> None:
    """Who the user is, is for others to decide."""
    dialogue = begin("ANONYMOUS", DOMAIN, KNOWN)
    next(dialogue)

    assert _last(dialogue, b"trace") == Login(None)


@pytest.mark.parametrize("mechanism", ["DIGEST-MD5", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"])
def test_what_is_not_possible_is_refused(mechanism: str) -> None:
    """Unknown mechanisms, and SCRAM without a password to prove."""
    with pytest.raises(LoginRefusedError, match="invalid-mechanism"):
        begin(mechanism, DOMAIN, Accounts())
