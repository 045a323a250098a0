import re

import pytest

from scripts.secrets_reference import PAGE, fresh
from xmppspy.analysis.redaction.rulebook import Place
from xmppspy.analysis.redaction.rules import (
    FIELD_HINTS,
    FIELDS,
    MESSAGES,
    NAMED,
    RECORDED,
    SHARED,
    How,
    Rule,
    When,
)


def test_the_manual_is_fresh() -> None:
    """docs/secrets.md lists these rules; mend it with scripts/secrets_reference.py."""
    page = PAGE.read_text()

    assert fresh(page) == page


@pytest.mark.parametrize("rule", [*RECORDED, *SHARED, *MESSAGES], ids=lambda rule: rule.where)
def test_rules_are_readable(rule: Rule) -> None:
    """Every rule names a place, and says what is there."""
    assert Place.of(rule).element
    assert rule.what


def test_nothing_is_said_twice() -> None:
    """No two rules are about the same place."""
    places = [(rule.where, rule.only) for rule in (*RECORDED, *SHARED, *MESSAGES)]

    assert len(places) == len(set(places))


def test_what_is_recorded_keeps_its_length() -> None:
    """Names and placeholders, whose lengths differ, are for copies only."""
    hows = {rule.how for rule in RECORDED}
    hows |= {field.how for field in FIELDS if field.when is When.RECORDED}

    assert hows & (NAMED | {How.TEXT, How.BASE64, How.ALL}) == set()
    assert {rule.when for rule in RECORDED} == {When.RECORDED}
    assert {rule.when for rule in (*SHARED, *MESSAGES)} == {When.SHARED}


@pytest.mark.parametrize(
    "name",
    ["text-private", "token", "device-token", "landing-url", "password", "password-verify",
     "old_password", "new_password", "secret", "oauth_nonce", "newpass", "passphrase", "passcode",
     "PWD", "totp", "muc#roomconfig_roomsecret"],
)  # fmt: skip
def test_hints_are_in_every_masked_field(name: str) -> None:
    """The quick look at a form finds a hint wherever a rule fits."""
    fields = [field for field in FIELDS if field.when is When.RECORDED]

    assert any(re.search(field.pattern, name, re.IGNORECASE) for field in fields)
    assert any(hint in name.lower() for hint in FIELD_HINTS)


def test_patterns_consist_of_hints() -> None:
    """No alternative of a pattern is without a hint."""
    words = [
        word
        for field in FIELDS
        if field.when is When.RECORDED
        for word in re.split(r"\|", field.pattern.strip("^$()"))
    ]

    assert [word for word in words if not any(hint in word for hint in FIELD_HINTS)] == []
