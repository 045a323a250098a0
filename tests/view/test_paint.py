import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.view.samples import COLOURED
from xmppspy.view.ink import Palette
from xmppspy.view.paint import Painter

PLAIN = Painter(Palette())
IN_COLOUR = Painter(COLOURED.palette)
LONG_TAG = b"<item jid='mercutio@example.net' name='Mercutio' subscription='none' ask='subscribe'/>"

NAMES = st.sampled_from(["iq", "query", "c:item", "été"])
VALUES = st.text("ab<>&\"' é\u202e\x1b").map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;")
)
TEXTS = st.text("ab >é\u202e\x1b", min_size=1).filter(lambda text: not text.isspace())


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    """XML without white space between its elements."""
    name = draw(NAMES)
    attributes = "".join(f" {key}='{draw(VALUES)}'" for key in draw(st.sets(NAMES, max_size=3)))
    if not depth or draw(st.booleans()):
        content = draw(st.just("") | TEXTS)
    else:
        content = "".join(draw(st.lists(elements(depth - 1), max_size=3)))
    return f"<{name}{attributes}>{content}</{name}>" if content else f"<{name}{attributes}/>"


def test_xml_is_indented() -> None:
    """Two spaces a level, quoting and order of attributes as they were."""
    data = b"<iq type='get' id=\"1\"><query xmlns='a'><b>c</b></query></iq>"

    assert PLAIN.xml(data) == (
        "<iq type='get' id=\"1\">\n  <query xmlns='a'>\n    <b>c</b>\n  </query>\n</iq>\n"
    )


@given(elements())
def test_nothing_is_written_anew(xml: str) -> None:
    """Without the inserted white space and with its escapes undone, the text is the input."""
    shown = re.sub(r"\n *", "", Painter(Palette(), full=True).xml(xml.encode()))

    assert shown.replace(r"\x1b", "\x1b").replace(r"\u202e", "\u202e") == xml


@given(elements())
def test_colours_change_no_text(xml: str) -> None:
    """Without its terminal codes, coloured text is the plain one."""
    assert re.sub(r"\x1b\[[0-9;]*m", "", IN_COLOUR.xml(xml.encode())) == PLAIN.xml(xml.encode())


def test_markup_has_colours() -> None:
    """Names, attributes, values, namespaces, comments and text can be told apart."""
    palette = COLOURED.palette

    def ink(name: str, text: str) -> str:
        return palette.paint(getattr(palette, name), text)

    shown = IN_COLOUR.xml(b"<a xmlns='b' c='d'>e<!--f--></a>")
    attributes = f" {ink('attribute', 'xmlns=')}{ink('namespace', chr(39) + 'b' + chr(39))}"
    attributes += f" {ink('attribute', 'c=')}{ink('value', chr(39) + 'd' + chr(39))}"
    tag = ink("tag", "<a") + attributes + ink("tag", ">")
    assert shown == f"{tag}e{ink('comment', '<!--f-->')}{ink('tag', '</a>')}\n"


def test_long_start_tags_are_wrapped() -> None:
    """Between attributes, where the terminal ends; what was sent stays, line breaks are added."""
    shown = PLAIN.xml(b"<q>" + LONG_TAG + b"</q>", width=60)

    assert shown == (
        "<q>\n"
        "  <item jid='mercutio@example.net' name='Mercutio' \n"
        "      subscription='none' ask='subscribe'/>\n"
        "</q>\n"
    )


def test_without_a_width_nothing_is_wrapped() -> None:
    """A pipe gets a tag on one line, for grep."""
    assert PLAIN.xml(LONG_TAG) == LONG_TAG.decode() + "\n"


def test_tags_inside_text_are_not_wrapped() -> None:
    """Behind a long text there is no column to align to."""
    data = b"<p>" + b"word " * 20 + b"<a href='x' b='c'/></p>"

    assert PLAIN.xml(data, width=60) == data.decode() + "\n"


def test_deep_nesting_does_not_indent_for_ever() -> None:
    """What a hostile peer sends costs no more than its bytes."""
    shown = PLAIN.xml(b"<a>" * 10_000)

    assert len(shown) < 10_000 * 50


@pytest.mark.parametrize(
    "place", ["<a b='{}'/>", "<a>{}</a>", "<a><!--{}--></a>", "<{}/>", "<?{}?>"]
)
@pytest.mark.parametrize("painter", [PLAIN, IN_COLOUR])
def test_escapes_are_shown_everywhere(place: str, painter: Painter) -> None:
    """In names, values, text, comments and instructions."""
    shown = painter.xml(place.format("x\x1b]0;y\x07\x9b\u202e").encode())
    shown = re.sub(r"\x1b\[[0-9;]*m", "", shown)

    assert r"x\x1b]0;y\x07\x9b\u202e" in shown


def test_long_pieces_are_folded() -> None:
    """In text and in attribute values; `full` shows all."""
    data = b"<a b='" + b"A" * 300 + b"'>" + b"B" * 300 + b"</a>"
    folded = f"<a b='{'A' * 40}…[300 B]'>{'B' * 40}…[300 B]</a>\n"

    assert PLAIN.xml(data) == folded
    assert Painter(Palette(), full=True).xml(data) == data.decode() + "\n"


def test_the_cache_of_tags_is_bounded() -> None:
    """Thousands of different ids do not pile up."""
    painter = Painter(Palette())
    for number in range(5000):
        painter.xml(f"<a id='{number}'/>".encode())

    assert len(painter._tags) <= 4096


def test_what_is_no_xml_is_text() -> None:
    """Shown as it is, without colours of markup."""
    assert IN_COLOUR.text(b"<a>\x1b</b>").startswith("<a>")


def test_folds_are_the_lines_of_elements() -> None:
    """An element that ends on a line of its own can be folded, wherever its tag is wrapped."""
    xml = b"<iq type='get' id='12345'><query><a/><b>x</b></query><c/></iq>"
    text, folds = Painter(Palette()).xml_with_folds(xml, 16)

    assert text.splitlines() == [
        "<iq type='get' ", "    id='12345'>", "  <query>", "    <a/>", "    <b>x</b>", "  </query>",
        "  <c/>", "</iq>",
    ]  # fmt: skip
    assert folds == {2: 5, 0: 7}


@pytest.mark.parametrize("xml", [b"<iq/>", b"<a>x</a>", b"</a></b>", b"<a><b>", b"text", b""])
def test_what_is_one_line_has_no_folds(xml: bytes) -> None:
    """Nor has what is broken, where nothing ends."""
    assert Painter(Palette()).xml_with_folds(xml)[1] == {}
