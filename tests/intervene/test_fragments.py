from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.errors import MalformedXML
from xmppspy.intervene import fragments
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext

PREFIX_FREE = StreamContext(default=ns.STREAMS, prefixes=MappingProxyType({"x": "urn:x"}))


def test_elements_are_told_apart() -> None:
    """Several stanzas are several frames; the white space between them is no part of them."""
    first, second = fragments.elements("<message to='a@b'/>\n<iq type='get' id='1'><q/></iq>\n")

    assert (first.kind, first.to, first.data) == ("message", "a@b", b"<message to='a@b'/>")
    assert (second.kind, second.id, second.data) == ("iq", "1", b"<iq type='get' id='1'><q/></iq>")


def test_a_file_may_begin_as_files_do() -> None:
    """With a byte order mark and an XML declaration, neither of which belongs in a stream."""
    text = "\ufeff<?xml version='1.0' encoding='utf-8'?>\n<r xmlns='urn:xmpp:sm:3'/>\n"

    assert [each.data for each in fragments.elements(text)] == [b"<r xmlns='urn:xmpp:sm:3'/>"]


def test_the_stream_decides_what_a_name_means() -> None:
    """Prefixes of the header are known, its default namespace is in force."""
    (frame,) = fragments.elements("<x:a><b xmlns='urn:b'/></x:a>", PREFIX_FREE)
    (plain,) = fragments.elements("<message/>", PREFIX_FREE)

    assert (frame.kind, frame.xmlns, frame.ns) == ("a", "urn:x", ("urn:b",))
    assert plain.xmlns == ns.STREAMS
    with pytest.raises(MalformedXML, match="a prefix that nothing declares"):
        fragments.elements("<x:a/>")


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 0, "there is no element in it"),
        (" \n ", 3, "there is no element in it"),
        ("<iq/><message>", 5, "<message> is not closed"),
        ("<iq/><mess", 5, "a tag that does not end"),
        ("<message>é</body></message>", 10, "</body> where </message> was to come"),
        ("<iq/></iq>", 5, "</iq> closes nothing"),
        ("<iq/></stream>", 5, "an end tag that closes nothing"),
        ("<iq/><stream:stream>", 5, "a stream header, which is no element"),
        ("é<iq/>", 0, "text between stanzas"),
        ("<iq/><!-- no -->", 5, "a comment, which XMPP forbids"),
        ("<iq><!-- no --></iq>", 4, "a comment, which XMPP forbids"),
        ("<iq/><?xml version='1.0'?><iq/>", 5, "an element where a stream header was to come"),
        ("<iq>&nbsp;</iq>", 4, "an entity other than the five predefined ones"),
        ("<iq a='1' a='2'/>", 10, "an attribute that stands twice in one tag"),
        ("<iq>\x01</iq>", 4, "not well-formed XML"),
        ("<iq>\ud800</iq>", 4, "a character that no UTF-8 can have"),
        ("<!DOCTYPE x><iq/>", 0, "a DOCTYPE, which XMPP forbids"),
    ],
)
def test_what_cannot_stand_in_a_stream_is_refused(text: str, position: int, reason: str) -> None:
    """With the place, in characters."""
    with pytest.raises(MalformedXML) as caught:
        fragments.elements(text)

    assert caught.value.reason.startswith(reason)
    assert caught.value.position == position


@given(st.text(alphabet="<>/='\" abé&;!-?[]", max_size=40))
def test_garbage_is_refused_or_kept_to_the_byte(text: str) -> None:
    """What is accepted is the text, without white space between its elements."""
    try:
        found = fragments.elements(text)
    except MalformedXML as caught:
        error = caught
    else:
        kept = "".join(each.data.decode() for each in found)
        assert kept.replace(" ", "") == text.replace(" ", "")
        return

    assert 0 <= error.position <= len(text)


def test_one_element_may_have_prefixes_of_its_place() -> None:
    """Everything else about it is judged."""
    assert fragments.one_element(" <x:a xml:lang='en' y:b='<'/> ".replace("<'", "c:d'")) == (
        b"<x:a xml:lang='en' y:b='c:d'/>"
    )
    for text in (
        "<a/><b/>",
        "<a/><a/>",
        "<x:a>",
        "text",
        "",
        "<a/>text",
        "<a b:c='1' b:c='2'/>",
        "<a xmlns:x='x' b='1' b='2'/>",
    ):
        with pytest.raises(MalformedXML):
            fragments.one_element(text)


def test_bytes_are_read_as_far_as_they_are_right() -> None:
    """What is before the mistake is told with it."""
    frames, flaw = fragments.read(b"<a/><b></a>", DEFAULT_CONTEXT)

    assert [each.data for each in frames] == [b"<a/>"]
    assert flaw is not None
    assert (flaw.error, flaw.offset) == ("not-well-formed", 7)
