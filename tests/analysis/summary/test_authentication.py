import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
                "AGp1bGlldAByMG0zMG15cjBtMzA=</auth>"
            ),
            "auth PLAIN user=juliet password=•••",
        ),
        (
            (
                "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' "
                "mechanism='SCRAM-SHA-1'>"
                "biwsbj11c2VyLHI9ZnlrbytkMmxiYkZnT05Sdjlxa3hkYXdM</auth>"
            ),
            ("auth SCRAM-SHA-1 user=user gs2=n (the client cannot bind to the TLS channel)"),
        ),
        (
            "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
            "auth (no mechanism)",
        ),
        (
            "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
            "success",
        ),
        (
            "<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
            "abort",
        ),
    ],
)
def test_sasl(xml: str, summary: str) -> None:
    """What the payloads say; never a secret."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/>"
                "<text>Wrong password</text></failure>"
            ),
            ('failure not-authorized (wrong user, password or token) "Wrong password"'),
        ),
        (
            ("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><bad-luck/></failure>"),
            "failure bad-luck",
        ),
        (
            "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
            "failure (no condition)",
        ),
        (
            (
                "<failure xmlns='urn:xmpp:sasl:2'>"
                "<aborted xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
                "<mine xmlns='urn:example:m'/><text>Stop</text></failure>"
            ),
            'failure aborted [mine] (the client gave up) "Stop"',
        ),
    ],
)
def test_failures(xml: str, summary: str) -> None:
    """The condition, what it means, and what the server says."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'>"
                "<initial-response>AGp1bGlldAByMG0zMG15cjBtMzA=</initial-response>"
                "<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>"
                "Gajim</software></user-agent><bind xmlns='urn:xmpp:bind:0'><tag>"
                "Gajim</tag><enable xmlns='urn:xmpp:carbons:2'/>"
                "<enable xmlns='urn:xmpp:sm:3' resume='true'/>"
                "<inactive xmlns='urn:xmpp:csi:0'/></bind>"
                "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-ENDP'/>"
                "</authenticate>"
            ),
            (
                "authenticate PLAIN user=juliet password=••• agent=Gajim + bind "
                "tag=Gajim (carbons, sm with resumption, client inactive) + wants a "
                "fast token mechanism=HT-SHA-256-ENDP"
            ),
        ),
        (
            (
                "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='HT-SHA-256-NONE'>"
                "<fast xmlns='urn:xmpp:fast:0' count='3' invalidate='true'/>"
                "<upgrade xmlns='urn:xmpp:sasl:upgrade:0'>UPGR-SCRAM-SHA-256"
                "</upgrade><resume xmlns='urn:xmpp:sm:3' h='4' previd='s1'/>"
                "</authenticate>"
            ),
            (
                "authenticate HT-SHA-256-NONE + by fast token count=3 to be "
                "invalidated + wants UPGR-SCRAM-SHA-256 + sm resume h=4 session=s1"
            ),
        ),
        (
            (
                "<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>"
                "juliet@example.org/Gajim.1</authorization-identifier>"
                "<bound xmlns='urn:xmpp:bind:0'><metadata xmlns='urn:xmpp:mam:2'/>"
                "<enabled xmlns='urn:xmpp:sm:3' resume='true' id='s2' max='600'/>"
                "</bound>"
                "<token xmlns='urn:xmpp:fast:0' token='s3cret' "
                "expiry='2026-12-01T00:00:00Z'/></success>"
            ),
            (
                "success as=juliet@example.org/Gajim.1 + bound (archive empty, sm on "
                "resume=10min id=s2) + fast token ••• until 2026-12-01T00:00:00Z"
            ),
        ),
        (
            (
                "<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>"
                "juliet@example.org</authorization-identifier>"
                "<failed xmlns='urn:xmpp:sm:3' h='2'>"
                "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                "</failed><bound xmlns='urn:xmpp:bind:0'/></success>"
            ),
            "success as=juliet@example.org + sm failed item-not-found h=2 + bound",
        ),
        (
            (
                "<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>"
                "juliet@example.org/Gajim.1</authorization-identifier>"
                "<resumed xmlns='urn:xmpp:sm:3' h='9' previd='s1'/></success>"
            ),
            "success as=juliet@example.org/Gajim.1 + sm resumed h=9 session=s1",
        ),
        (
            (
                "<continue xmlns='urn:xmpp:sasl:2'><tasks><task>TOTP</task></tasks>"
                "<text>One more thing</text></continue>"
            ),
            'continue tasks=TOTP "One more thing"',
        ),
        (
            "<continue xmlns='urn:xmpp:sasl:2'/>",
            "continue (no tasks)",
        ),
        (
            (
                "<next xmlns='urn:xmpp:sasl:2' task='TOTP'>"
                "<totp xmlns='urn:example:totp'>123456</totp></next>"
            ),
            "next TOTP [totp]",
        ),
        (
            (
                "<task-data xmlns='urn:xmpp:sasl:2'>"
                "<hash xmlns='urn:xmpp:scram-upgrade:0'>czNjcmV0</hash></task-data>"
            ),
            "task-data [hash]",
        ),
        (
            "<abort xmlns='urn:xmpp:sasl:2'/>",
            "abort",
        ),
    ],
)
def test_sasl2(xml: str, summary: str) -> None:
    """The step, and what goes inside."""
    assert got(xml) == summary
