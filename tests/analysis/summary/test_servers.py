import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<db:result from='a.example' to='b.example'>s3cret</db:result>",
            "dialback key a.example→b.example",
        ),
        (
            "<db:verify from='b.example' to='a.example' id='s1'>s3cret</db:verify>",
            "dialback verify key? b.example→a.example stream=s1",
        ),
        (
            "<db:verify from='a.example' to='b.example' id='s1' type='valid'/>",
            "dialback key valid a.example→b.example stream=s1",
        ),
        (
            "<db:result from='b.example' to='a.example' type='invalid'/>",
            "dialback invalid b.example→a.example",
        ),
        (
            (
                "<db:result from='b.example' to='a.example' type='error'>"
                "<error type='cancel'>"
                "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                "</error></db:result>"
            ),
            "dialback item-not-found (cancel) b.example→a.example",
        ),
        (
            "<db:result/>",
            "dialback key ?→?",
        ),
    ],
)
def test_dialback(xml: str, summary: str) -> None:
    """Keys are not told, what came of them is."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e</handshake>",
            "component handshake hash •••",
        ),
        (
            "<handshake/>",
            "component handshake accepted",
        ),
        (
            "<bidi xmlns='urn:xmpp:bidi'/>",
            "both directions on this stream",
        ),
    ],
)
def test_components_and_both_ways(xml: str, summary: str) -> None:
    """Handshakes and bidirectional streams."""
    assert got(xml) == summary
