import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='error' id='1'><error type='cancel'>"
                "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>No such user"
                "</text></error></iq>"
            ),
            'error item-not-found (cancel) "No such user"',
        ),
        (
            (
                "<iq type='error' id='1'><error type='modify' by='example.org'>"
                "<bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                "<invalid-jid xmlns='http://jabber.org/protocol/pubsub#errors'/>"
                "</error></iq>"
            ),
            "error bad-request [invalid-jid] (modify) by=srv",
        ),
        (
            (
                "<iq type='error' id='1'><error type='cancel'>"
                "<feature-not-implemented "
                "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                "<unsupported xmlns='http://jabber.org/protocol/pubsub#errors' "
                "feature='purge-nodes'/></error></iq>"
            ),
            ("error feature-not-implemented [unsupported feature=purge-nodes] (cancel)"),
        ),
        (
            (
                "<iq type='error' id='1'><error type='cancel'>"
                "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>"
                "xmpp:romeo@example.net</gone></error></iq>"
            ),
            "error gone → xmpp:romeo@example.net (cancel)",
        ),
        (
            "<iq type='error' id='1'><error code='404'>Not Found</error></iq>",
            'error 404 item-not-found "Not Found"',
        ),
        (
            "<iq type='error' id='1'><error code='999'/></iq>",
            "error 999",
        ),
        (
            (
                "<iq type='error' id='1'><error type='cancel'>"
                "<mistaken xmlns='urn:example:m'/></error></iq>"
            ),
            "error mistaken (cancel)",
        ),
        (
            "<iq type='error' id='1'><error/></iq>",
            "error (no condition)",
        ),
    ],
)
def test_stanza_errors(xml: str, summary: str) -> None:
    """Condition, type, text, and what an application adds."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<stream:error>"
                "<conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Replaced</text>"
                "</stream:error>"
            ),
            'stream error conflict "Replaced"',
        ),
        (
            (
                "<stream:error>"
                "<see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
                "b.example.org:5222</see-other-host></stream:error>"
            ),
            "stream error see-other-host → b.example.org:5222",
        ),
        (
            (
                "<stream:error>"
                "<undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                "<handled-count-too-high xmlns='urn:xmpp:sm:3' h='10' "
                "send-count='8'/></stream:error>"
            ),
            ("stream error undefined-condition [handled-count-too-high h=10 send-count=8]"),
        ),
        (
            "<stream:error/>",
            "stream error (no condition)",
        ),
    ],
)
def test_stream_errors(xml: str, summary: str) -> None:
    """The same of streams."""
    assert got(xml) == summary
