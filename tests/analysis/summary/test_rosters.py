import pytest

from tests.analysis.summary.samples import asked, frame, got, sent
from xmppspy.analysis.identity import UNKNOWN
from xmppspy.analysis.summary import summarize


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='result' id='1'><query xmlns='jabber:iq:roster' ver='v7'>"
                "<item jid='a@b'/><item jid='c@b'/></query></iq>"
            ),
            "roster 2 items ver=v7",
        ),
        (
            "<iq type='result' id='1'><query xmlns='jabber:iq:roster'/></iq>",
            "roster 0 items",
        ),
        (
            (
                "<iq type='set' id='1'><query xmlns='jabber:iq:roster' ver='v8'>"
                "<item jid='nurse@example.org' name='Nurse' subscription='both'>"
                "<group>Servants</group></item></query></iq>"
            ),
            'roster push nurse@example.org both "Nurse" [Servants] ver=v8',
        ),
        (
            (
                "<iq type='set' id='1'><query xmlns='jabber:iq:roster'>"
                "<item jid='nurse@example.org' subscription='none' ask='subscribe' "
                "approved='true'/></query></iq>"
            ),
            "roster push nurse@example.org none ask=subscribe pre-approved",
        ),
        (
            (
                "<iq type='set' id='1'><query xmlns='jabber:iq:roster'>"
                "<item jid='nurse@example.org' subscription='remove'/></query></iq>"
            ),
            "roster push nurse@example.org removed",
        ),
    ],
)
def test_the_roster_from_the_server(xml: str, summary: str) -> None:
    """Counts, and each push by what it says."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>",
            "roster",
        ),
        (
            "<iq type='get' id='1'><query xmlns='jabber:iq:roster' ver='v7'/></iq>",
            "roster ver=v7",
        ),
        (
            (
                "<iq type='set' id='1'><query xmlns='jabber:iq:roster'>"
                "<item jid='nurse@example.org' name='Nurse'/></query></iq>"
            ),
            'roster nurse@example.org "Nurse"',
        ),
        (
            (
                "<iq type='set' id='1'><query xmlns='jabber:iq:roster'>"
                "<item jid='nurse@example.org' subscription='remove'/></query></iq>"
            ),
            "roster removes nurse@example.org",
        ),
        (
            "<iq type='set' id='1'><query xmlns='jabber:iq:roster'/></iq>",
            "roster no item",
        ),
        (
            (
                "<message type='normal'>"
                "<x xmlns='http://jabber.org/protocol/rosterx'>"
                "<item action='delete' jid='a@b'/><item jid='c@b'/></x></message>"
            ),
            "roster suggestion delete 1, add 1",
        ),
    ],
)
def test_the_roster_from_the_client(xml: str, summary: str) -> None:
    """What is wanted and changed."""
    assert sent(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='set' id='1'><block xmlns='urn:xmpp:blocking'>"
                "<item jid='spam@example.net'>"
                "<report xmlns='urn:xmpp:reporting:1' "
                "reason='urn:xmpp:reporting:spam'/></item></block></iq>"
            ),
            "block spam@example.net reported: spam",
        ),
        (
            "<iq type='set' id='1'><unblock xmlns='urn:xmpp:blocking'/></iq>",
            "unblock everybody",
        ),
        (
            "<iq type='get' id='1'><blocklist xmlns='urn:xmpp:blocking'/></iq>",
            "block list",
        ),
        (
            (
                "<iq type='result' id='1'><blocklist xmlns='urn:xmpp:blocking'>"
                "<item jid='a@b'/></blocklist></iq>"
            ),
            "block list 1 address",
        ),
        (
            "<iq type='get' id='1'><query xmlns='jabber:iq:privacy'/></iq>",
            "privacy lists",
        ),
        (
            (
                "<iq type='set' id='1'><query xmlns='jabber:iq:privacy'>"
                "<active name='work'/></query></iq>"
            ),
            'privacy active "work"',
        ),
        (
            ("<iq type='set' id='1'><query xmlns='jabber:iq:privacy'><default/></query></iq>"),
            "privacy default none",
        ),
        (
            (
                "<iq type='set' id='1'><query xmlns='jabber:iq:privacy'>"
                "<list name='work'><item action='deny' order='1'/></list></query>"
                "</iq>"
            ),
            'privacy list "work" (1 rule)',
        ),
    ],
)
def test_blocking(xml: str, summary: str) -> None:
    """Who, and why."""
    assert sent(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='get' id='1'><query xmlns='jabber:iq:private'>"
                "<storage xmlns='storage:bookmarks'/></query></iq>"
            ),
            "private storage bookmarks",
        ),
        (
            (
                "<iq type='set' id='1'><query xmlns='jabber:iq:private'>"
                "<storage xmlns='storage:bookmarks'><conference jid='a@b'/>"
                "<url url='u'/></storage></query></iq>"
            ),
            "private storage bookmarks 1 room, 1 link",
        ),
        (
            (
                "<iq type='get' id='1'><query xmlns='jabber:iq:private'>"
                "<exodus xmlns='exodus:prefs'/></query></iq>"
            ),
            "private storage exodus {exodus:prefs}",
        ),
        (
            "<iq type='get' id='1'><query xmlns='jabber:iq:private'/></iq>",
            "private storage empty",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='urn:xmpp:bookmarks:1'><item id='a@b'>"
                "<conference xmlns='urn:xmpp:bookmarks:1' name='Garden' "
                "autojoin='true'><password>s3cret</password></conference></item>"
                "</publish></pubsub></iq>"
            ),
            ('pubsub publish bookmarks:1 bookmark "Garden" autojoin password ••• item=a@b'),
        ),
        (
            (
                "<iq type='result' id='1'><query xmlns='jabber:iq:private'>"
                "<storage xmlns='storage:rosternotes'><note jid='a@b'>x</note>"
                "</storage></query></iq>"
            ),
            "private storage roster notes 1 note",
        ),
    ],
)
def test_what_is_kept_for_the_client(xml: str, summary: str) -> None:
    """Private storage and bookmarks; room passwords are masked."""
    assert sent(xml) == summary


@pytest.mark.parametrize("payload", ["", "<query xmlns='jabber:iq:roster'/>"])
def test_a_push_is_accepted(payload: str) -> None:
    """With an empty query, as some clients do, or with nothing."""
    push = asked("set", "query", "jabber:iq:roster")._replace(dir="s2c")

    assert sent(f"<iq type='result' id='1'>{payload}</iq>", request=push) == "ok: roster push"


def test_empty_rosters() -> None:
    """A client has none to tell of; a server has, and to be asked for one is no push."""
    empty = "<iq type='result' id='1'><query xmlns='jabber:iq:roster'/></iq>"
    wanted = asked("get", "query", "jabber:iq:roster")

    assert sent(empty) == "ok: roster push"
    assert got(empty) == got(empty, request=wanted) == "roster 0 items"


@pytest.mark.parametrize(
    ("sender", "mark"),
    [
        ("", ""),
        ("from='juliet@example.org'", ""),
        ("from='Juliet@Example.org'", ""),
        ("from='mallory@evil.test'", " [from mallory@evil.test: forged?]"),
        ("from='me'", " [from me: forged?]"),
    ],
)
def test_forged_pushes(sender: str, mark: str) -> None:
    """Only the own account may push; without its address nobody knows."""
    push = (
        f"<iq type='set' id='1' {sender}><query xmlns='jabber:iq:roster'>"
        "<item jid='a@b.example' subscription='both'/></query></iq>"
    )

    assert got(push) == f"roster push{mark} a@b.example both"
    assert summarize(frame(push, "s2c"), UNKNOWN) == "roster push a@b.example both"
