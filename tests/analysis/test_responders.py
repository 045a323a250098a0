import pytest

from xmppspy.analysis.identity import Identity
from xmppspy.analysis.responders import may_answer, mirrors, same

BARE = "juliet@capulet.example"
PHONE = "juliet@capulet.example/phone"
LAPTOP = "juliet@capulet.example/laptop"
SERVER = "capulet.example"
ROMEO = "romeo@montague.example/garden"
ME = Identity(domain=SERVER, bare=BARE, full=PHONE)
NOBODY = Identity(domain=SERVER)


@pytest.mark.parametrize(
    ("asked", "answering"),
    [
        (None, None),
        (None, BARE),
        (None, "Juliet@CAPULET.example"),
        (None, PHONE),
        (None, SERVER),
        (BARE, None),
        (BARE, PHONE),
        (BARE, SERVER),
        (SERVER, SERVER),
        (SERVER, "Capulet.Example."),
        (SERVER, None),
        (PHONE, PHONE),
        (LAPTOP, LAPTOP),
        (ROMEO, ROMEO),
        (ROMEO, "Romeo@montague.example/garden"),
        ("@nobody", SERVER),
        ("@nobody", None),
        ("@nobody", "@nobody"),
    ],
)
def test_answers_come_from_who_was_asked(asked: str | None, answering: str | None) -> None:
    """Peers answer in their own name, the account's server in some others, too."""
    assert may_answer(asked, answering, ME)


@pytest.mark.parametrize(
    ("asked", "answering"),
    [
        (None, ROMEO),
        (None, LAPTOP),
        (BARE, ROMEO),
        (SERVER, ROMEO),
        (SERVER, BARE),
        (PHONE, None),
        (PHONE, BARE),
        (LAPTOP, PHONE),
        (ROMEO, None),
        (ROMEO, SERVER),
        (ROMEO, "romeo@montague.example"),
        (ROMEO, "romeo@montague.example/Garden"),
        (ROMEO, "montague.example"),
        ("@nobody", ROMEO),
    ],
)
def test_nobody_else_answers(asked: str | None, answering: str | None) -> None:
    """What comes from another address is no answer, even if its id is right."""
    assert not may_answer(asked, answering, ME)


@pytest.mark.parametrize(
    ("asked", "answering", "possible"),
    [
        (None, ROMEO, True),
        (BARE, None, True),
        (BARE, SERVER, True),
        (PHONE, BARE, True),
        (SERVER, SERVER, True),
        (ROMEO, ROMEO, True),
        (ROMEO, PHONE, False),
        (BARE, ROMEO, False),
    ],
)
def test_unknown_account_is_given_the_benefit_of_the_doubt(
    asked: str | None, answering: str, possible: bool
) -> None:
    """While one's own JID is not known, whatever may be the account's answer is."""
    assert may_answer(asked, answering, NOBODY) is possible


@pytest.mark.parametrize(
    ("asked", "answering", "fits"),
    [
        ((BARE, ROMEO), (ROMEO, BARE), True),
        ((BARE, ROMEO), ("Romeo@Montague.example/garden", BARE), True),
        ((BARE, None), (SERVER, BARE), True),
        ((BARE, ROMEO), (ROMEO, PHONE), False),
        ((BARE, ROMEO), (SERVER, BARE), False),
    ],
)
def test_answers_are_requests_turned_round(
    asked: tuple[str | None, str | None], answering: tuple[str | None, str | None], fits: bool
) -> None:
    """Where many share a stream, both addresses have to be those of the request."""
    assert mirrors(asked, answering) is fits


def test_addresses_are_normalised() -> None:
    """Case matters in a resource only (RFC 7622)."""
    assert same("Juliet@Capulet.example/a", "juliet@capulet.EXAMPLE/a")
    assert not same("juliet@capulet.example/A", "juliet@capulet.example/a")
