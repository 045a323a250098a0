import pytest

from tests.analysis.summary.samples import got, sent


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<presence/>",
            "available",
        ),
        (
            ("<presence><show>away</show><priority>5</priority><status>brb</status></presence>"),
            'available (away, prio 5) "brb"',
        ),
        (
            "<presence><priority>0</priority></presence>",
            "available",
        ),
        (
            "<presence><priority>-1</priority></presence>",
            "available (prio -1)",
        ),
        (
            "<presence type='unavailable'><status>bye</status></presence>",
            'offline "bye"',
        ),
        (
            "<presence type='subscribe' to='nurse@example.org'/>",
            "subscribe → nurse@example.org",
        ),
        (
            "<presence type='unsubscribed'/>",
            "unsubscribed",
        ),
        (
            "<presence type='probe' to='juliet@example.org'/>",
            "probe → me",
        ),
        (
            "<presence type='invisible'/>",
            "invisible",
        ),
        (
            "<presence type='sleepy'/>",
            "type sleepy?",
        ),
    ],
)
def test_what_the_client_says(xml: str, summary: str) -> None:
    """Availability, and subscriptions towards somebody."""
    assert sent(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<presence type='subscribe' from='nurse@example.org'><status>It is me"
                "</status></presence>"
            ),
            'subscribe ← nurse@example.org "It is me"',
        ),
        (
            (
                "<presence from='juliet@example.org/tablet'>"
                "<idle xmlns='urn:xmpp:idle:1' since='2026-01-01T00:00:00Z'/>"
                "</presence>"
            ),
            "available [idle since 2026-01-01T00:00:00Z]",
        ),
        (
            "<presence><x xmlns='urn:nobody:knows'/></presence>",
            "available, x {urn:nobody:knows}",
        ),
    ],
)
def test_what_it_gets(xml: str, summary: str) -> None:
    """Subscriptions from somebody, and what comes along."""
    assert got(xml) == summary
