import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<message type='normal'><x xmlns='jabber:x:data' type='form'><title>"
                "Vote</title><field var='a'/><field type='fixed'/></x></message>"
            ),
            'form "Vote" (1 field)',
        ),
        (
            (
                "<message type='normal'><x xmlns='jabber:x:data' type='submit'>"
                "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#request"
                "</value></field><field var='password'><value>s3cret</value></field>"
                "</x></message>"
            ),
            "form submitted muc#request (1 field)",
        ),
        (
            (
                "<message type='normal'><x xmlns='jabber:x:data' type='result'>"
                "<reported/><item/><item/></x></message>"
            ),
            "form result (2 rows)",
        ),
        (
            ("<message type='normal'><x xmlns='jabber:x:data' type='cancel'/></message>"),
            "form cancelled",
        ),
    ],
)
def test_forms(xml: str, summary: str) -> None:
    """How much there is; never what was filled in."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='set' id='1'>"
                "<command xmlns='http://jabber.org/protocol/commands' "
                "node='http://jabber.org/protocol/admin#announce' action='execute'/>"
                "</iq>"
            ),
            "command admin#announce execute",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<command xmlns='http://jabber.org/protocol/commands' node='config' "
                "sessionid='s1'><x xmlns='jabber:x:data' type='submit'>"
                "<field var='a'/></x></command></iq>"
            ),
            "command config execute, form submitted (1 field)",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<command xmlns='http://jabber.org/protocol/commands' node='config' "
                "status='executing' sessionid='s1'><actions execute='next'><prev/>"
                "<next/></actions><x xmlns='jabber:x:data' type='form'><title>"
                "Configure</title><field var='a'/></x></command></iq>"
            ),
            'command config executing, form "Configure" (1 field) [prev, next]',
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<command xmlns='http://jabber.org/protocol/commands' node='config' "
                "status='completed'><note type='info'>Done.</note></command></iq>"
            ),
            'command config completed, info "Done."',
        ),
        (
            ("<iq type='set' id='1'><command xmlns='http://jabber.org/protocol/commands'/></iq>"),
            "command (no node) execute",
        ),
    ],
)
def test_commands(xml: str, summary: str) -> None:
    """The step, the form, the note, what can be done next."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='set' id='1'><captcha xmlns='urn:xmpp:captcha'>"
                "<x xmlns='jabber:x:data' type='submit'><field var='ocr'/></x>"
                "</captcha></iq>"
            ),
            "CAPTCHA form submitted (1 field)",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<feature xmlns='http://jabber.org/protocol/feature-neg'/></iq>"
            ),
            "feature negotiation",
        ),
    ],
)
def test_what_holds_forms(xml: str, summary: str) -> None:
    """CAPTCHAs and negotiations."""
    assert got(xml) == summary
