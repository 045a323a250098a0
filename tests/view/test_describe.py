import pytest

from tests.view.samples import frame
from xmppspy.view.describe import (
    condition,
    description,
    marks,
    short_description,
    short_name,
    summary,
)
from xmppspy.view.escape import unmarked

SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"


@pytest.mark.parametrize(
    ("namespace", "short"),
    [
        ("jabber:iq:roster", "roster"),
        ("jabber:x:data", "x:data"),
        ("http://jabber.org/protocol/disco#info", "disco#info"),
        ("http://jabber.org/features/iq-auth", "iq-auth"),
        ("http://www.w3.org/1999/xhtml", "xhtml"),
        ("urn:xmpp:mam:2", "mam"),
        ("urn:xmpp:jingle:apps:rtp:1", "jingle:apps:rtp"),
        (SASL, "sasl"),
        ("eu.siacs.conversations.axolotl", "axolotl"),
        ("vcard-temp", "vcard-temp"),
        ("urn:xmpp:", "urn:xmpp:"),
        ("https://example.org/", "https://example.org/"),
    ],
)
def test_short_names(namespace: str, short: str) -> None:
    """What all namespaces have in common is left out, and the version."""
    assert short_name(namespace) == short


@pytest.mark.parametrize(
    ("xml", "long", "short"),
    [
        ("<iq><query xmlns='jabber:iq:roster'/></iq>", "jabber:iq:roster", "roster"),
        ("<message><body/></message>", "", ""),
        ("<r xmlns='urn:xmpp:sm:3'/>", "urn:xmpp:sm:3", "sm"),
        ("<stream:features><a xmlns='a'/></stream:features>", "a", "a"),
        (
            "<m><a xmlns='a'/><b xmlns='b'/><c xmlns='c'/><d xmlns='d'/><e xmlns='e'/></m>",
            "a, b, c +2",
            "a, b, c +2",
        ),
        ("<m><d xmlns='urn:xmpp:delay'/><a xmlns='a'/></m>", "a", "a"),
        ("<m><d xmlns='urn:xmpp:delay'/></m>", "urn:xmpp:delay", "delay"),
        (" ", '" "', '" "'),
        ("\n", '"↵"', '"↵"'),
    ],
)
def test_descriptions(xml: str, long: str, short: str) -> None:
    """The namespaces that tell something, the first ones by name."""
    record = frame(xml)

    assert (description(record), short_description(record)) == (long, short)


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("<iq><query xmlns='jabber:iq:roster'/></iq>", "roster"),
        ("<iq type='result'/>", ""),
        ("<message><body>Hi &amp; bye</body></message>", '"Hi & bye"'),
        ("<message><body><![CDATA[<b>]]>&gt;</body></message>", '"<b>>"'),
        ("<message><body>two\nlines</body></message>", '"two↵lines"'),
        ("<message><body/></message>", '""'),
        ("<message><x xmlns='urn:xmpp:receipts'/></message>", "receipts"),
        ("<message><body>a long, long text</body></message>", '"a long, l…"'),
        ("<presence><show>dnd</show><status>busy</status></presence>", 'dnd "busy"'),
        ("<presence><x xmlns='http://jabber.org/protocol/muc'/></presence>", "muc"),
        ("<presence/>", ""),
        (f"<auth xmlns='{SASL}'>x</auth>", "sasl"),
        (" \t", r'" \t"'),
    ],
)
def test_summaries(xml: str, said: str) -> None:
    """What was said, else what it is about."""
    assert unmarked(summary(frame(xml), 12)) == said


def test_summaries_of_what_was_not_framed() -> None:
    """Text as text, other bytes in hexadecimal digits."""
    text = frame("<a></b>", kind="opaque")
    other = frame(bytes.fromhex("160301"), kind="opaque")

    assert [summary(text, 40), summary(other, 40)] == ['"<a></b>"', "16 03 01"]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (
            f"<iq type='error'><a/><error><item-not-found xmlns='{STANZAS}'/></error></iq>",
            "item-not-found",
        ),
        (f"<iq type='error'><error><text xmlns='{STANZAS}'>no</text></error></iq>", "error"),
        ("<iq type='error'/>", "error"),
        (
            "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
            "conflict",
        ),
        (f"<failure xmlns='{SASL}'><not-authorized/></failure>", "not-authorized"),
        ("<failed xmlns='urn:xmpp:sm:3'/>", "error"),
        ("<iq type='result'><error/></iq>", None),
        ("<message><body>error</body></message>", None),
    ],
)
def test_conditions(xml: str, expected: str | None) -> None:
    """Errors of stanzas, streams, SASL and stream management are named."""
    assert condition(frame(xml)) == expected


def test_conditions_are_harmless() -> None:
    """A condition's name comes from the traffic."""
    name = condition(frame("<iq type='error'><error><a\x1b[2J/></error></iq>"))

    assert name is not None
    assert "\x1b" not in name


def test_marks() -> None:
    """What xmppspy did with a frame; nothing, as a rule."""
    found = [
        marks(frame("<r/>")),
        marks(frame("<r/>", sent=None)),
        marks(frame("<r/>", sent=b"")),
        marks(frame("<r/>", sent=b"<a/>")),
        marks(frame("<r/>", injected=True, sent=None)),
    ]

    assert found == [[], ["dropped"], ["dropped"], ["changed"], ["injected", "dropped"]]
