import pytest

from xmppspy.bridge.credentials import MAX_LEARNT, Accounts, Credentials, ScramKeys
from xmppspy.bridge.scram import ScramError, keys_of

JULIET = "juliet@capulet.example"
ROMEO = "romeo@montague.example"
SALT = b"salt of the sea"
MADE = keys_of("sha256", "balcony", SALT, 4096)
GIVEN = ScramKeys("SCRAM-SHA-256", SALT, 4096, MADE.stored, MADE.server)


def test_named_accounts_come_first() -> None:
    """An account has its own password, any other the common one; case and resource do not count."""
    accounts = Accounts({JULIET: "balcony"}, "common")

    assert accounts.password_of("Juliet@Capulet.Example/garden") == "balcony"
    assert accounts.password_of(ROMEO) == "common"
    assert Accounts({JULIET: "balcony"}).of(ROMEO) is None


def test_nothing_known_is_false() -> None:
    """Only with some credentials there is something to check."""
    learnt = Accounts()
    learnt.learn(ROMEO, "rose")

    assert not Accounts()
    assert Accounts({}, "common")
    assert Accounts({JULIET: Credentials(keys=[GIVEN])})
    assert learnt


def test_only_one_more_account() -> None:
    """A table with one more account has no password for all others."""
    accounts = Accounts({JULIET: "balcony"}, "common").only(ROMEO, "rose")

    assert accounts.password_of(ROMEO) == "rose"
    assert accounts.password_of(JULIET) == "balcony"
    assert accounts.of("nurse@capulet.example") is None


def test_keys_of_a_password_are_made_once() -> None:
    """The second login with the same salt and iterations does not hash again."""
    credentials = Credentials("balcony")
    first = credentials.derive("sha256", SALT, 4096)

    assert first == MADE
    assert credentials.derive("sha256", SALT, 4096) is first
    assert credentials.derive("sha1", SALT, 4096) == keys_of("sha1", "balcony", SALT, 4096)


def test_few_keys_are_remembered() -> None:
    """A server with a new salt each time does not fill the memory."""
    credentials = Credentials("balcony")
    first = credentials.derive("sha1", b"first", 1)
    for number in range(100):
        credentials.derive("sha1", bytes([number]), 1)
    again = credentials.derive("sha1", b"first", 1)

    assert again == first
    assert again is not first


@pytest.mark.parametrize(
    ("hash_name", "salt", "iterations"),
    [("sha1", SALT, 4096), ("sha256", b"other", 4096), ("sha256", SALT, 4097)],
)
def test_given_keys_fit_one_salt(hash_name: str, salt: bytes, iterations: int) -> None:
    """Given keys are of use for the same hash, salt and iterations only."""
    credentials = Credentials(keys=[GIVEN])
    found = credentials.derive("sha256", SALT, 4096)

    assert found is not None
    assert (found.stored, found.server, found.client) == (MADE.stored, MADE.server, None)
    assert credentials.derive(hash_name, salt, iterations) is None


def test_what_scram_does_not_take() -> None:
    """A server that wants too much labour is told of, not obeyed."""
    with pytest.raises(ScramError, match="hashed 2000000000 times"):
        Credentials("balcony").derive("sha1", SALT, 2_000_000_000)


def test_learning_from_a_login() -> None:
    """A password that was seen is known, and a newer one replaces it."""
    accounts = Accounts({}, "common")
    accounts.learn(ROMEO, "rose")
    found = accounts.of(ROMEO)
    accounts.learn(f"{ROMEO}/orchard", "rose")
    again = accounts.of(ROMEO)
    accounts.learn(ROMEO, "thorn")

    assert found is again
    assert accounts.password_of(ROMEO) == "thorn"
    assert accounts.password_of(JULIET) == "common"


def test_what_was_given_is_not_unlearnt() -> None:
    """A given password stays; given keys stay beside a password that was seen."""
    accounts = Accounts({JULIET: "balcony", ROMEO: Credentials(keys=[GIVEN])})
    accounts.learn(JULIET, "other")
    accounts.learn(ROMEO, "rose")
    romeo = accounts.of(ROMEO)

    assert accounts.password_of(JULIET) == "balcony"
    assert romeo is not None
    assert (romeo.password, romeo.keys) == ("rose", (GIVEN,))


def test_learning_is_bounded() -> None:
    """Of many accounts the latest are known."""
    accounts = Accounts()
    for number in range(MAX_LEARNT + 1):
        accounts.learn(f"user{number}@capulet.example", "secret")

    assert accounts.of("user0@capulet.example") is None
    assert accounts.password_of(f"user{MAX_LEARNT}@capulet.example") == "secret"
    assert repr(accounts) == f"<Accounts: 0 named, {MAX_LEARNT} learnt>"


def test_secrets_are_not_shown() -> None:
    """Neither passwords, keys nor names stand in a representation."""
    keys = ScramKeys("SCRAM-SHA-1", b"salt", 1, b"STORED", b"SERVER", b"CLIENT")
    credentials = Credentials("SECRET", [keys])

    assert repr(keys) == "ScramKeys(mechanism='SCRAM-SHA-1', salt=b'salt', iterations=1)"
    assert repr(credentials) == "<Credentials: a password, 1 keys>"
    assert repr(Accounts({JULIET: credentials}, "SECRET")) == "<Accounts: 1 named, 0 learnt>"
