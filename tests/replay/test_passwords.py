from xmppspy.replay.passwords import Passwords


def test_named_accounts_come_first() -> None:
    """An account has its own password, any other the common one."""
    passwords = Passwords({"juliet@capulet.example": "balcony"}, "common")

    assert passwords.of("Juliet@Capulet.Example/garden") == "balcony"
    assert passwords.of("romeo@montague.example") == "common"


def test_nothing_known_is_falsy() -> None:
    """Without any password there is nothing to check."""
    assert not Passwords()
    assert Passwords({}, "common")
    assert Passwords({"juliet@capulet.example": "balcony"}).of("romeo@montague.example") is None


def test_passwords_are_not_shown() -> None:
    """Neither passwords nor names stand in the representation."""
    assert repr(Passwords({"juliet@capulet.example": "balcony"}, "common")) == (
        "Passwords of 1 accounts"
    )
