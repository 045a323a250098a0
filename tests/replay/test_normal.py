import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.replay.talks import parts
from xmppspy.analysis.identity import Identity
from xmppspy.filters.places import Selector
from xmppspy.protocol.events import FrameRecord
from xmppspy.replay.normal import Form, Normalizer, alike

ROMEO = Identity(
    domain="capulet.example", bare="romeo@capulet.example", full="romeo@capulet.example/garden"
)


def record(line: str) -> FrameRecord:
    """The frame on one line of a talk."""
    (part,) = parts([line])
    (turn,) = (*part.negotiation, *part.scene)
    return turn.record


def form(line: str, *ignored: str, me: Identity = ROMEO) -> Form:
    """Its normal form, as far as XPaths do not ignore it."""
    return Normalizer(ignore=Selector(ignored) if ignored else None).form(record(line), me)


def test_a_form_is_what_a_person_reads() -> None:
    """Attributes are sorted, children indented, namespaces told where they change."""
    said = "S <message type='chat' id='m1' from='juliet@capulet.example'><body>O &amp; ah</body>"

    assert form(said + "<active xmlns='http://jabber.org/protocol/chatstates'/></message>") == (
        '<message from="juliet@capulet.example" id="…" type="chat">',
        '  <active xmlns="http://jabber.org/protocol/chatstates"/>',
        "  <body>O &amp; ah</body>",
        "</message>",
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C <presence/>", "C <presence></presence>"),
        ("C <iq id='a' type='get'/>", 'C <iq type="get" id="b" />'),
        ("C <presence><show>xa</show></presence>", "C <presence>\n  <show>xa</show>\n</presence>"),
        ("C <presence><a xmlns='u:r'/></presence>", "C <presence><x:a xmlns:x='u:r'/></presence>"),
        ("C <presence><show>xa</show></presence>", "C <presence><show>x&#97;</show></presence>"),
        ("S <iq id='a' type='result'/>", "S <iq id='a' type='result' to='romeo@capulet.example'/>"),
        ("C <presence/>", "C <presence from='romeo@capulet.example/garden'/>"),
        (
            "S <iq id='a' type='result'/>",
            "S <iq from='romeo@capulet.example' id='a' type='result'/>",
        ),
    ],
)
def test_other_bytes_have_the_same_form(one: str, other: str) -> None:
    """Quoting, prefixes, white space, references, ids and addresses that go without saying."""
    assert form(one) == form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C <presence><show>xa</show></presence>", "C <presence><show>dnd</show></presence>"),
        ("C <presence><show>xa</show></presence>", "C <presence><show> xa</show></presence>"),
        ("C <presence><a xmlns='u:r'/></presence>", "C <presence><a xmlns='u:rr'/></presence>"),
        ("C <presence to='a@b'/>", "C <presence to='a@c'/>"),
        ("C <presence/>", "C <presence xml:lang='it'/>"),
        ("C <message><body> </body></message>", "C <message><body/></message>"),
        ("C <message><x xmlns='u:r'>a<b/>c</x></message>",
         "C <message><x xmlns='u:r'>ac<b/></x></message>"),
        ("S <message from='capulet.example'/>", "S <message/>"),
    ],
)  # fmt: skip
def test_other_words_have_another_form(one: str, other: str) -> None:
    """Texts, namespaces, languages, addresses, and where a text stands."""
    assert form(one) != form(other)


def test_a_header_is_compared_without_its_id() -> None:
    """Two streams differ by more than their names only if they differ."""
    header = (
        "S <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
    )

    assert form(header + "id='a' version='1.0'>") == form(header + "id='b' version='1.0'>")
    assert form(header + "id='a' version='1.0'>") != form(header + "id='a'>")


def test_features_are_compared_without_the_way_to_log_in() -> None:
    """What is offered to get a session does not count; what the session has to offer does."""
    head = "S <stream:features xmlns:stream='http://etherx.jabber.org/streams'>"
    mechanisms = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism>"
    bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
    bare = form(f"{head}{bind}</stream:features>")

    assert form(f"{head}{mechanisms}</mechanisms>{bind}</stream:features>") == bare
    assert form(f"{head}</stream:features>") != bare


def test_ignored_places_are_left_out() -> None:
    """Attributes and elements that an XPath selects; its text is only known to be there."""
    said = "C <message to='a@b' xml:lang='en'><body>a</body><subject>b</subject></message>"

    assert form(said, "//@xml:lang", "c:subject", "//c:body/text()") == (
        '<message to="a@b">',
        "  <body>…</body>",
        "</message>",
    )
    assert form(said, "/c:message") == ()


def test_deep_stanzas_are_compared_too() -> None:
    """Nesting beyond what can be laid out is no reason to stop, or not to look."""
    inside = "<a xmlns='u:r'>" * 400
    ends = "</a>" * 400

    assert form(f"C <message>{inside}deep{ends}</message>") != form(
        f"C <message>{inside}deeper{ends}</message>"
    )


def test_bytes_that_are_no_element_are_compared_as_they_are() -> None:
    """What has no tree is its own form."""
    assert form("C </stream:stream>") == ("&lt;/stream:stream>",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<password>******</password>", "<password>secret</password>"),
        ("<password>secret</password>", "<password>***</password>"),
        ('<put url="https://files.example/***"/>', '<put url="https://files.example/abc"/>'),
    ],
)
def test_masks_are_like_anything(one: str, other: str) -> None:
    """What was masked in one capture is no difference to the other."""
    assert alike(("<iq>", one), ("<iq>", other))


def test_a_mask_may_change_the_order_of_a_set() -> None:
    """A masked child stands where its mask puts it."""
    assert alike(("<a>*****</a>", "<b>x</b>"), ("<b>x</b>", "<a>zzz</a>"))


@pytest.mark.parametrize(
    "other", ["<password/>", "<word>secret</word>", '<password a="b">x</password>']
)
def test_masks_do_not_hide_the_rest(other: str) -> None:
    """Around a mask, all has to be the same."""
    assert not alike(("<password>***</password>",), (other,))


@given(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_equal_forms_are_alike_and_others_are_not(one: str, other: str) -> None:
    """Without masks, alike means equal."""
    if "***" not in one + other:
        assert alike((one,), (other,)) == (one == other)
