import pytest

from xmppspy.capture.derive import USUAL_HEADER, complete, context_of, cut
from xmppspy.capture.format import FrameLine

COMPONENT = (
    b"<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xml:lang='de' "
    b"xmlns:stream='http://etherx.jabber.org/streams' xmlns:x='urn:x'>"
)


def test_a_header_tells_its_context() -> None:
    """Namespaces, prefixes and language are those that the header declares."""
    context = context_of(COMPONENT)

    assert (context.default, context.resolve("x"), context.lang) == (
        "jabber:component:accept",
        "urn:x",
        "de",
    )


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<iq/>", "iq"),
        (b" <iq/>\n", "iq"),
        (b" \n", "space"),
        (b"</stream:stream>", "/stream"),
        (USUAL_HEADER, "stream"),
        (COMPONENT, "stream"),
        (b"<!-- hello -->", "comment"),
        (b"<iq><query>", "partial"),
        (b"<iq/><iq", "opaque"),
        (b"<iq/><iq/>", "opaque"),
        (b"<iq></message>", "opaque"),
        (b"\x16\x03\x01", "text"),
        (b"", "opaque"),
    ],
)
def test_the_kind_is_that_of_the_one_frame(data: bytes, kind: str) -> None:
    """What is not exactly one frame, white space around it apart, is partial or opaque."""
    assert cut(USUAL_HEADER, data).kind == kind


def test_namespaces_are_judged_in_the_stream() -> None:
    """Prefixes of the header hold, and its content namespace is not mentioned."""
    frame = cut(COMPONENT, b"<x:y><z/><x:w/></x:y>")

    assert (frame.kind, frame.xmlns, frame.ns) == ("y", "urn:x", ("urn:x",))


def test_a_line_is_completed_where_it_says_nothing() -> None:
    """Keys that a person wrote win over what the bytes tell."""
    line = FrameLine(dir="c2s", id="mine")

    complete(
        line, cut(USUAL_HEADER, b"<iq type='get' id='a' to='b' from='c'><q xmlns='u:q'/></iq>")
    )

    assert (line.type, line.id, line.to, line.from_, line.ns) == ("get", "mine", "b", "c", ("u:q",))


def test_frames_behind_the_same_header_do_not_disturb_each_other() -> None:
    """What one line held, whole or broken, is nothing to the next one."""
    first = cut(USUAL_HEADER, b"<message><body>half")
    second = cut(USUAL_HEADER, b"<presence/>")
    third = cut(USUAL_HEADER, b"</stream:stream>")
    fourth = cut(USUAL_HEADER, b"<iq/>")

    assert [each.kind for each in (first, second, third, fourth)] == [
        "partial", "presence", "/stream", "iq"
    ]  # fmt: skip
