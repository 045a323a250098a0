import pytest

from tests.analysis.summary.samples import got, sent


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<iq type='get' id='1'><query xmlns='urn:xmpp:mam:2'/></iq>",
            "archive fields?",
        ),
        (
            "<iq type='set' id='1'><query xmlns='urn:xmpp:mam:2'/></iq>",
            "archive query",
        ),
        (
            (
                "<iq type='set' id='1'><query xmlns='urn:xmpp:mam:2' queryid='f27'>"
                "<x xmlns='jabber:x:data' type='submit'>"
                "<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value>"
                "</field><field var='with'><value>juliet@example.org</value></field>"
                "<field var='start'><value>2026-01-01T00:00:00.123Z</value></field>"
                "</x><set xmlns='http://jabber.org/protocol/rsm'><max>50</max><after>"
                "a9</after></set></query></iq>"
            ),
            ("archive query with=me start=2026-01-01T00:00:00Z max=50 after=a9 queryid=f27"),
        ),
        (
            (
                "<iq type='set' id='1'><query xmlns='urn:xmpp:mam:0'><with>"
                "romeo@example.net</with><set xmlns='http://jabber.org/protocol/rsm'>"
                "<max>10</max><before/></set></query></iq>"
            ),
            "archive query with=romeo@example.net max=10 last page",
        ),
        (
            "<iq type='get' id='1'><prefs xmlns='urn:xmpp:mam:2'/></iq>",
            "archive preferences?",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<prefs xmlns='urn:xmpp:mam:2' default='roster'><always><jid>a@b"
                "</jid></always><never/></prefs></iq>"
            ),
            "archive preferences default=roster always 1",
        ),
        (
            "<iq type='get' id='1'><metadata xmlns='urn:xmpp:mam:2'/></iq>",
            "archive metadata?",
        ),
    ],
)
def test_archives_are_asked(xml: str, summary: str) -> None:
    """For whom, for when, and which page."""
    assert sent(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='result' id='1'><query xmlns='urn:xmpp:mam:2'>"
                "<x xmlns='jabber:x:data' type='form'>"
                "<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value>"
                "</field><field var='with'/><field var='start'/></x></query></iq>"
            ),
            "archive fields with, start",
        ),
        (
            ("<iq type='result' id='1'><fin xmlns='urn:xmpp:mam:2' complete='true'/></iq>"),
            "archive done complete=true",
        ),
        (
            (
                "<iq type='result' id='1'>"
                "<fin xmlns='urn:xmpp:mam:2' complete='false' queryid='f27'>"
                "<set xmlns='http://jabber.org/protocol/rsm'><first index='0'>a1"
                "</first><last>a50</last><count>1234</count></set></fin></iq>"
            ),
            "archive done of 1234 complete=false queryid=f27 last=a50",
        ),
        (
            (
                "<iq type='result' id='1'><metadata xmlns='urn:xmpp:mam:2'>"
                "<start id='a' timestamp='2025-01-01T00:00:00Z'/>"
                "<end id='z' timestamp='2026-01-01T00:00:00Z'/></metadata></iq>"
            ),
            "archive metadata: start 2025-01-01T00:00:00Z, end 2026-01-01T00:00:00Z",
        ),
        (
            "<iq type='result' id='1'><metadata xmlns='urn:xmpp:mam:2'/></iq>",
            "archive metadata: empty",
        ),
    ],
)
def test_archives_answer(xml: str, summary: str) -> None:
    """How much there is, and where the page ends."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='get' id='1'>"
                "<list xmlns='urn:xmpp:archive' with='juliet@example.org'>"
                "<set xmlns='http://jabber.org/protocol/rsm'><max>30</max></set>"
                "</list></iq>"
            ),
            "archive list with=me max=30",
        ),
        (
            (
                "<iq type='set' id='1'><save xmlns='urn:xmpp:archive'>"
                "<chat with='romeo@example.net' start='2006-07-21T02:56:15Z'><from/>"
                "</chat></save></iq>"
            ),
            ("archive save with=romeo@example.net start=2006-07-21T02:56:15Z (1 chat)"),
        ),
        (
            ("<iq type='set' id='1'><auto xmlns='urn:xmpp:archive' save='true'/></iq>"),
            "archive auto save=true",
        ),
    ],
)
def test_old_archives(xml: str, summary: str) -> None:
    """Collections of Message Archiving (XEP-0136)."""
    assert sent(xml) == summary
