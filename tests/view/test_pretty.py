import pytest

from tests.view.samples import COLOURED, NARROW, PLAIN, frame
from xmppspy.protocol.events import FateDecided, Fault, Mark
from xmppspy.view.fold import width_of
from xmppspy.view.pretty import Pretty

pretty = Pretty(PLAIN)
narrow = Pretty(NARROW)
LONG_ID = "6a3e2e5f-8d73-4ad5-9bd6-5ad8c0ce8d51-and-more"


def header(shown: str) -> str:
    """The first line."""
    return shown.partition("\n")[0]


def test_a_stanza_is_led_by_a_comment() -> None:
    """The comment says what it is; then comes the stanza."""
    shown = pretty(frame('<iq type="get" id="r1"><query xmlns="jabber:iq:roster"/></iq>'))

    assert shown == (
        "<!-- 07:40:12.345 #1 C→S iq get · roster (RFC 6121) · id r1 · 61 B -->\n"
        '<iq type="get" id="r1">\n'
        '  <query xmlns="jabber:iq:roster"/>\n'
        "</iq>\n"
    )


@pytest.mark.parametrize(
    ("xml", "addresses"),
    [
        ("<iq from='a@b' to='c'/>", "a@b → c"),
        ("<iq from='a@b'/>", "from a@b"),
        ("<iq to='c'/>", "to c"),
    ],
)
def test_addresses(xml: str, addresses: str) -> None:
    """Who says it to whom, as far as it is written."""
    assert header(pretty(frame(xml))) == (
        f"<!-- 07:40:12.345 #1 C→S iq · (no payload) · {addresses} · {len(xml)} B -->"
    )


def test_no_double_hyphen_inside_the_comment() -> None:
    """What is copied from the terminal stays XML."""
    shown = header(pretty(frame("<iq id='a---b-->' to='--'/>")))

    assert (
        shown == "<!-- 07:40:12.345 #1 C→S iq · (no payload) · to - - · id a- - -b- -> · 27 B -->"
    )


def test_long_ids_are_cut() -> None:
    """The stanza below shows them whole; so does `full`."""
    record = frame(f"<iq id='{LONG_ID}'/>")
    full = Pretty(PLAIN._replace(full=True))

    assert f"id {LONG_ID[:39]}… ·" in header(pretty(record))
    assert f"id {LONG_ID} ·" in header(full(record))


def test_the_comment_fits_a_narrow_terminal() -> None:
    """Titles and addresses are left to the XML, ids and summaries are cut."""
    requests = [
        "<iq type='get' id='1'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
        (
            "<iq type='get' id='1' to='garden@rooms.example.org'>"
            "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
        ),
        f"<iq type='get' id='{LONG_ID}'><vCard xmlns='vcard-temp'/></iq>",
        (
            f"<iq type='set' id='{LONG_ID}'><query xmlns='jabber:iq:roster'>"
            "<item jid='nurse@example.org'/></query></iq>"
        ),
    ]

    assert [header(narrow(frame(xml))) for xml in requests] == [
        "<!-- 07:40:12.345 #1 C→S iq get · disco#info (XEP-0030) · id 1 · 81 B -->",
        "<!-- 07:40:12.345 #1 C→S iq get · disco#info (XEP-0030) · id 1 · 111 B -->",
        "<!-- 07:40:12.345 #1 C→S iq get · vcard (XEP-0054) · id 6a3e2e5f-8d… · 98 B -->",
        "<!-- 07:40:12.345 #1 C→S iq set · roster nurse@example.org · 142 B -->",
    ]


def test_start_tags_fit_a_narrow_terminal() -> None:
    """They are wrapped between attributes."""
    xml = "<presence from='garden@rooms.example.org/Romeo' to='juliet@example.org/balcony' id='1'/>"
    lines = narrow(frame(xml)).splitlines()

    assert len(lines) == 3
    assert max(map(width_of, lines)) <= 80


def test_white_space_is_one_line() -> None:
    """A keepalive shows what it consists of."""
    assert pretty(frame("\n")) == '<!-- 07:40:12.345 #1 C→S space · "↵" · 1 B -->\n'


def test_what_left_is_shown_where_it_differs() -> None:
    """What came first, then what left."""
    assert pretty(frame("<r/>", sent=b"<a><b/></a>")) == (
        "<!-- 07:40:12.345 #1 C→S r · changed · 4 B -->\n"
        "<r/>\n"
        "<!-- what left instead · 11 B -->\n"
        "<a>\n"
        "  <b/>\n"
        "</a>\n"
    )


def test_dropped_injected_and_masked_frames_say_so() -> None:
    """In the comment."""
    record = frame("<r/>", injected=True, sent=None, redacted=("{a}b",))

    assert header(pretty(record)) == (
        "<!-- 07:40:12.345 #1 C→S r · injected · dropped · masked · 4 B -->"
    )


def test_errors_name_their_condition_in_red() -> None:
    """One sees at a glance what went wrong."""
    shown = Pretty(COLOURED)(frame("<iq type='error'><error><gone/></error></iq>"))
    red = COLOURED.palette.error

    assert f"{red.on} iq error{red.off}" in shown
    assert f"{red.on}gone{red.off}" in shown


def test_unframed_text_is_shown_as_text() -> None:
    """As it is: the boundaries of its elements are lost."""
    shown = pretty(frame("<a><b/></c>\x1b", kind="opaque"))

    assert shown.partition("\n")[2] == "<a><b/></c>\\x1b\n"


def test_other_bytes_are_shown_in_hexadecimal() -> None:
    """A few rows, as comments, and how many bytes there are; `full` shows all."""
    data = bytes(range(256))
    lines = pretty(frame(data, kind="opaque")).splitlines()
    all_lines = Pretty(PLAIN._replace(full=True))(frame(data, kind="opaque")).splitlines()

    assert lines[1] == (
        "<!-- 00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f  ................ -->"
    )
    assert lines[5:] == ["<!-- …[256 B] -->"]
    assert len(all_lines) == 17


def test_events_are_comments() -> None:
    """One line each, without a double hyphen."""
    event = Fault(t=0, conn=2, error="too-big", detail="see --max-stanza", dir="c2s")

    assert pretty(event) == "<!-- 07:40:12.345 #2 C→S error too-big · see - -max-stanza -->\n"


def test_long_events_are_wrapped_on_a_terminal() -> None:
    """At white space, the next lines below the text: nothing of an error is cut off."""
    words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"

    assert narrow(Mark(t=0, text=words)) == (
        "<!-- 07:40:12.345 mark · one two three four five six seven eight nine ten\n"
        "     eleven twelve thirteen fourteen -->\n"
    )


def test_a_fate_shows_what_left() -> None:
    """A stanza that a person edited is below the event."""
    event = FateDecided(t=0, conn=1, n=7, action="replace", sent=b"<a><b/></a>", held=2.5)

    assert pretty(event) == (
        "<!-- 07:40:12.345 #1 fate · frame 7 replaced · held 2.500 s -->\n<a>\n  <b/>\n</a>\n"
    )


def test_the_width_may_change() -> None:
    """A terminal that was made wider is used at once."""
    widths = iter([80, 160])
    changing = Pretty(PLAIN._replace(columns=lambda: next(widths)))
    record = frame("<iq from='garden@rooms.example.org/Romeo' to='juliet@example.org/balcony'/>")

    assert ["→ juliet" in header(changing(record)) for _ in range(2)] == [False, True]
