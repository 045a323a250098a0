import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<r xmlns='urn:xmpp:sm:3'/>",
            "ack-request",
        ),
        (
            "<a xmlns='urn:xmpp:sm:3' h='12'/>",
            "ack h=12",
        ),
        (
            "<a xmlns='urn:xmpp:sm:3'/>",
            "ack h=?",
        ),
        (
            "<enable xmlns='urn:xmpp:sm:3' resume='true' max='600'/>",
            "sm enable resume max=10min",
        ),
        (
            "<enable xmlns='urn:xmpp:sm:3'/>",
            "sm enable",
        ),
        (
            (
                "<enabled xmlns='urn:xmpp:sm:3' resume='1' id='s1' max='300' "
                "location='b.example.org'/>"
            ),
            "sm enabled resume=300s id=s1 location=b.example.org",
        ),
        (
            "<enabled xmlns='urn:xmpp:sm:3' resume='true' id='s1'/>",
            "sm enabled resume=yes id=s1",
        ),
        (
            "<enabled xmlns='urn:xmpp:sm:2'/>",
            "sm enabled without resumption",
        ),
        (
            "<resume xmlns='urn:xmpp:sm:3' h='4' previd='s1'/>",
            "sm resume h=4 session=s1",
        ),
        (
            "<resumed xmlns='urn:xmpp:sm:3' h='7' previd='s1'/>",
            "sm resumed h=7 session=s1",
        ),
        (
            (
                "<failed xmlns='urn:xmpp:sm:3' h='3'>"
                "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                "</failed>"
            ),
            "sm failed item-not-found h=3",
        ),
        (
            "<failed xmlns='urn:xmpp:sm:3'/>",
            "sm failed",
        ),
    ],
)
def test_stream_management(xml: str, summary: str) -> None:
    """Counts, and what was granted."""
    assert got(xml) == summary
