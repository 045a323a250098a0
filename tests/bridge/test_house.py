"""House: what all guards of one proxy share."""

import pytest

from xmppspy.bridge.credentials import Accounts
from xmppspy.bridge.house import MAX_REMEMBERED, House, Mode


@pytest.mark.parametrize(
    ("mode", "bridges", "strips_now", "strips_after"),
    [
        ("auto", True, False, True),
        ("keep", False, False, False),
        ("strip", False, True, True),
        ("bridge", True, False, False),
    ],
)
def test_modes(mode: Mode, *, bridges: bool, strips_now: bool, strips_after: bool) -> None:
    """Only auto learns from a bound login that has failed."""
    house = House(mode)
    before = house.strips("192.0.2.7", "example.org")
    house.remember_bound("192.0.2.7", "example.org")

    assert house.may_bridge is bridges
    assert before is strips_now
    assert house.strips("192.0.2.7", "example.org") is strips_after


def test_others_are_not_concerned() -> None:
    """What is remembered is of one client's host and one domain."""
    house = House()
    house.remember_bound("192.0.2.7", "example.org")

    assert not house.strips("192.0.2.8", "example.org")
    assert not house.strips("192.0.2.7", "example.net")


@pytest.mark.parametrize(
    ("has_certificate", "certified", "expected"),
    [
        (False, (), False),
        (True, (), True),
        (True, ("Juliet@EXAMPLE.org",), True),
        (True, ("romeo@example.org", "juliet@example.org"), True),
        (True, ("romeo@example.org",), False),
        (True, ("example.org",), False),
    ],
)
def test_whom_the_certificate_is_for(
    certified: tuple[str, ...], *, has_certificate: bool, expected: bool
) -> None:
    """One that names accounts is for no others; one that names none may be for anybody."""
    house = House(has_certificate=has_certificate, certified=certified)

    assert house.certifies("juliet@example.org") is expected


def test_memory_is_bounded() -> None:
    """The oldest client is forgotten for the next."""
    house = House()
    for number in range(MAX_REMEMBERED + 1):
        house.remember_bound(f"host {number}", "example.org")

    assert not house.strips("host 0", "example.org")
    assert house.strips("host 1", "example.org")


def test_secrets_are_not_shown() -> None:
    """Neither passwords nor tokens."""
    house = House(accounts=Accounts({"juliet@example.org": "rose-by-another-name"}))
    house.tokens.remember("juliet@example.org", "HT-SHA-256-EXPR", "soft-what-light")

    assert "rose" not in repr(house)
    assert "soft" not in repr(house)
