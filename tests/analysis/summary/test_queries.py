import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
            "ping",
        ),
        (
            "<iq type='get' id='1'><query xmlns='jabber:iq:version'/></iq>",
            "version",
        ),
        (
            (
                "<iq type='result' id='1'><query xmlns='jabber:iq:version'><name>"
                "Gajim</name><version>1.9</version><os>Linux</os></query></iq>"
            ),
            "version Gajim 1.9 Linux",
        ),
        (
            "<iq type='result' id='1'><query xmlns='jabber:iq:version'/></iq>",
            "version (nothing told)",
        ),
        (
            (
                "<iq type='result' id='1'><time xmlns='urn:xmpp:time'><tzo>-06:00"
                "</tzo><utc>2026-12-19T17:58:35.123Z</utc></time></iq>"
            ),
            "time 2026-12-19T17:58:35Z -06:00",
        ),
        (
            "<iq type='get' id='1'><query xmlns='jabber:iq:last'/></iq>",
            "last activity",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<query xmlns='jabber:iq:last' seconds='903'>Gone home</query></iq>"
            ),
            'last activity 15min ago "Gone home"',
        ),
    ],
)
def test_small_questions(xml: str, summary: str) -> None:
    """And what is answered."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            ("<iq type='get' id='1'><services xmlns='urn:xmpp:extdisco:2' type='turn'/></iq>"),
            "external services turn",
        ),
        (
            (
                "<iq type='result' id='1'><services xmlns='urn:xmpp:extdisco:2'>"
                "<service type='turn' host='t.example.org' port='3478' username='u' "
                "password='s3cret'/></services></iq>"
            ),
            "external services turn:t.example.org:3478",
        ),
        (
            "<iq type='result' id='1'><services xmlns='urn:xmpp:extdisco:2'/></iq>",
            "external services none",
        ),
        (
            (
                "<iq type='get' id='1'>"
                "<confirm xmlns='http://jabber.org/protocol/http-auth' id='s3cret' "
                "method='GET' url='https://example.org/a?k=s3cret'/></iq>"
            ),
            "confirm HTTP request GET https://example.org/a",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<req xmlns='urn:xmpp:http' method='GET' resource='/rdf?k=s3cret' "
                "version='1.1'/></iq>"
            ),
            "HTTP request GET /rdf",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<resp xmlns='urn:xmpp:http' statusCode='200' statusMessage='OK'/>"
                "</iq>"
            ),
            "HTTP response 200 OK",
        ),
    ],
)
def test_services(xml: str, summary: str) -> None:
    """Where they are; never the credentials."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='result' id='1'><query xmlns='jabber:iq:gateway'><desc>"
                "Enter it</desc><prompt>Contact ID</prompt></query></iq>"
            ),
            'gateway "Contact ID"',
        ),
        (
            (
                "<iq type='result' id='1'><query xmlns='jabber:iq:gateway'><jid>"
                "a@g.example.org</jid></query></iq>"
            ),
            "gateway a@g.example.org",
        ),
        (
            "<iq type='get' id='1'><query xmlns='jabber:iq:search'/></iq>",
            "search fields?",
        ),
        (
            (
                "<iq type='result' id='1'><query xmlns='jabber:iq:search'>"
                "<instructions/><first/><last/></query></iq>"
            ),
            "search fields first, last",
        ),
        (
            (
                "<iq type='set' id='1'><query xmlns='jabber:iq:search'><last>Capulet"
                "</last></query></iq>"
            ),
            "search by last",
        ),
        (
            (
                "<iq type='result' id='1'><query xmlns='jabber:iq:search'>"
                "<item jid='juliet@example.org'/></query></iq>"
            ),
            "search 1 match",
        ),
        (
            (
                "<iq type='result' id='1'><query xmlns='jabber:iq:search'>"
                "<x xmlns='jabber:x:data' type='result'><item/></x></query></iq>"
            ),
            "search form result (1 row)",
        ),
        (
            (
                "<iq type='set' id='1'><submit xmlns='urn:xmpp:xdata:dynamic'>"
                "<x xmlns='jabber:x:data' type='submit'/></submit></iq>"
            ),
            "dynamic form submitted (0 fields)",
        ),
    ],
)
def test_gateways_and_directories(xml: str, summary: str) -> None:
    """What is asked for and found."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='set' id='1'>"
                "<client-join xmlns='urn:xmpp:mix:pam:2' "
                "channel='coven@mix.example.org'><join xmlns='urn:xmpp:mix:core:1'>"
                "<subscribe node='urn:xmpp:mix:nodes:messages'/><nick>third</nick>"
                "</join></client-join></iq>"
            ),
            "joins channel coven@mix.example.org as third [mix:nodes:messages]",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<client-leave xmlns='urn:xmpp:mix:pam:2' "
                "channel='coven@mix.example.org'><leave xmlns='urn:xmpp:mix:core:1'/>"
                "</client-leave></iq>"
            ),
            "leaves channel coven@mix.example.org",
        ),
        (
            (
                "<iq type='set' id='1'><setnick xmlns='urn:xmpp:mix:core:1'><nick>"
                "second</nick></setnick></iq>"
            ),
            "sets channel nick second",
        ),
        (
            ("<iq type='set' id='1'><create xmlns='urn:xmpp:mix:core:1' channel='coven'/></iq>"),
            "creates channel coven",
        ),
        (
            (
                "<message type='groupchat'><body>Hail</body>"
                "<mix xmlns='urn:xmpp:mix:core:1'><nick>third</nick><jid>"
                "juliet@example.org</jid></mix></message>"
            ),
            '"Hail" (4 chars) [from third me]',
        ),
    ],
)
def test_channels(xml: str, summary: str) -> None:
    """Mediated Information eXchange."""
    assert got(xml) == summary
