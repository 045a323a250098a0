from types import MappingProxyType

import pytest
from hypothesis import given

from tests.intervene.frames import record
from tests.intervene.test_escaping import VALUES
from xmppspy.errors import MalformedXML
from xmppspy.intervene import escaping, fragments
from xmppspy.intervene.patterns import PLACES, Pattern
from xmppspy.intervene.trouble import TroubleError
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext

REQUEST = "<iq type='get' id='1' to='b@c'><q xmlns='urn:q'/></iq>"


def filled(text: str, xml: str = REQUEST) -> str:
    """What a pattern makes of a frame."""
    return Pattern(text).elements(record(xml), lambda: "xmppspy-1", DEFAULT_CONTEXT).decode()


def test_places_are_filled_in() -> None:
    """From what the frame's start tag says."""
    text = "<a b='{kind}-{type}-{id}-{to}' c=\"{from}{id}\">{unique} {id} {other}</a>"

    assert filled(text) == "<a b='iq-get-1-b@c' c=\"1\">xmppspy-1 1 {other}</a>"


def test_an_attribute_that_the_frame_does_not_have_is_left_out() -> None:
    """An empty address would be one, and none that is allowed."""
    text = "<iq type='result' id='{id}' from='{to}'\n to = \"{from}\"><x to='-{from}'/></iq>"

    assert filled(text) == "<iq type='result' id='1' from='b@c'><x to='-'/></iq>"
    assert filled(text, "<iq from='&quot;&apos;'/>") == (
        "<iq type='result'\n to = \"&quot;&apos;\"><x to='-&quot;&apos;'/></iq>"
    )


@given(VALUES)
def test_no_value_breaks_a_pattern(value: str) -> None:
    """Each is escaped where it stands."""
    xml = f"<iq id='{escaping.attribute(value)}' to='x'/>"
    (frame,) = fragments.elements(filled("<iq id='{id}' to='{to}'><x>{id}</x></iq>", xml))

    assert frame.id == value
    assert frame.to == "x"


def test_a_file_may_be_a_pattern() -> None:
    """With what a file begins with, and several elements."""
    assert filled("<?xml version='1.0'?>\n<a/>\n<b id='{id}'/>\n") == "<a/><b id='1'/>"


@pytest.mark.parametrize("text", ["", "<iq", "<iq>", "{id}", "<{kind}>", "<x:a/>", "<iq/></iq>"])
def test_a_pattern_is_checked_when_it_is_made(text: str) -> None:
    """Before anything is to be sent."""
    with pytest.raises(MalformedXML):
        Pattern(text)


def test_what_a_frame_makes_of_a_pattern_is_checked_again() -> None:
    """A frame may hold what no XML can, and a stream may lend other prefixes."""
    with pytest.raises(TroubleError, match="would not be well-formed: not well-formed"):
        filled("<a>{id}</a>", "<iq id='\x01'/>")
    bare = StreamContext(prefixes=MappingProxyType({}))
    with pytest.raises(TroubleError, match="a prefix that nothing declares"):
        Pattern("<stream:error/>").elements(record(REQUEST), str, bare)


def test_places_have_help() -> None:
    """For the manual."""
    assert all(PLACES.values())
