import pytest

from tests.demo.backstage import frame
from xmppspy.demo import stanzas as xml
from xmppspy.protocol.framing import Framer


def test_text_and_attributes_are_escaped() -> None:
    """Whatever a text holds, it stays text."""
    written = xml.text("body", "a < b & c", note='"<"')

    assert written == "<body note='\"&lt;\"'>a &lt; b &amp; c</body>"


def test_attribute_names_that_python_cannot_write() -> None:
    """A trailing underscore goes, an inner one is a colon, None leaves the attribute out."""
    written = xml.element("iq", from_="a", xml_lang="en", to=None, name="n")

    assert written == '<iq from="a" xml:lang="en" name="n"/>'


def test_header_opens_a_stream() -> None:
    """A header is one frame that opens a stream for clients."""
    framer = Framer()
    framer.receive_data(xml.header(to="verona.example").encode())
    cut = framer.next_frame()

    assert cut is not None
    assert (cut.kind, cut.to, cut.context.content) == ("stream", "verona.example", "jabber:client")


def test_stanza_error_names_its_condition() -> None:
    """A stanza error has a type, a condition and words."""
    error = frame(xml.stanza_error("cancel", "item-not-found", "Not here."))

    assert error.type == "cancel"
    assert xml.children(error) == ["item-not-found", "text"]


@pytest.mark.parametrize(
    ("stanza", "expected"),
    [
        ("<presence/>", '<presence from="a@b/c" to="d@e"/>'),
        ("<message to='x@y'>z</message>", "<message from=\"a@b/c\" to='x@y'>z</message>"),
        ("<iq from='a@b/c' to='x@y'/>", "<iq from='a@b/c' to='x@y'/>"),
    ],
)
def test_stamping_adds_what_is_missing(stanza: str, expected: str) -> None:
    """Addresses are added where there are none; every other byte stays."""
    assert xml.stamped(frame(stanza), sender="a@b/c", to="d@e") == expected


def test_elements_are_read_in_their_stream() -> None:
    """An element that uses a prefix of its stream's header can be read."""
    features = frame("<stream:features a='1'><m xmlns='s'>M</m><n/></stream:features>")

    assert xml.texts(features, "m") == ["M"]
    assert xml.children(features) == ["m", "n"]
    assert xml.attribute(features, "a") == "1"


def test_what_is_no_element_has_no_parts() -> None:
    """Text between stanzas has neither attributes nor children."""
    stray = frame("stray")

    assert xml.attribute(stray, "a") is None
    assert xml.texts(stray, "a") == xml.children(stray) == []


def test_parts_of_a_jid() -> None:
    """The resource may hold anything, `@` and `/` too."""
    assert xml.bare("nurse@verona.example/a@b/c") == "nurse@verona.example"
    assert xml.domain("nurse@verona.example/a@b/c") == "verona.example"
    assert xml.domain("verona.example") == "verona.example"
