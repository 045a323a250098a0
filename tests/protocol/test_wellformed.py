import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.protocol.feeding import HEADER, in_chunks
from tests.protocol.streams import spoilt, streams
from xmppspy.protocol.framing import Flaw, Frame
from xmppspy.protocol.tokens import DECLARATION, tokens
from xmppspy.protocol.wellformed import Judge, find_flaw

BEFORE = HEADER + b" \n"
"""What stands in front of the frames that are judged here."""


def frame_of(data: bytes) -> Frame:
    """The one frame that `data` is in a usual stream."""
    frames = in_chunks([BEFORE + data])[2:]
    assert len(frames) == 1
    return frames[0]


@pytest.mark.parametrize(
    "data",
    [
        b"<message><body>O &lt;Romeo&#62; <![CDATA[<!-- -->]]></body></message>",
        b"<stream:features xml:lang='en'/>",
        b"<a xmlns:b='urn:b'><b:c b:d='' d=''/></a>",
        b"<a xmlns='urn:with white space'/>",
        "<é>名😀</é>".encode(),
        b"<space/>",
        b"<comment> </comment>",
        b"<stream xmlns='urn:x'><a/></stream>",
        b" \r\n\t",
        b"</stream:stream>",
    ],
)
def test_what_is_right(data: bytes) -> None:
    """Namespace-well-formed XML without the constructs that XMPP forbids has no flaw."""
    assert find_flaw(in_chunks([HEADER + data])[1]) is None


@pytest.mark.parametrize(
    ("data", "error", "place"),
    [
        (b"<!-- -->", "restricted-xml", 0),
        (b"<?x?>", "restricted-xml", 0),
        (b"text", "restricted-xml", 0),
        (b"<![CDATA[]]>", "restricted-xml", 0),
        (b"<a>x<!-- --></a>", "restricted-xml", 4),
        (b"<a>x<?y?></a>", "restricted-xml", 4),
        (b"<a>&nbsp;</a>", "restricted-xml", 3),
        (b"<a b='&nbsp;'/>", "restricted-xml", 0),
        (b"<x:a/>", "undeclared-prefix", 0),
        (b"<a><b x:c=''/></a>", "undeclared-prefix", 3),
        (b"<a xmlns:x=''/>", "undeclared-prefix", 0),
        (b"<a b='1' b='2'/>", "duplicate-attribute", 9),
        (b"<a xmlns:x='u' xmlns:y='u' x:b='' y:b=''/>", "duplicate-attribute", 0),
        (b"<a>\xff</a>", "invalid-utf8", 3),
        (b"<a b='\xc0\x80'/>", "invalid-utf8", 6),
        (b"<a>\xed\xa0\x80</a>", "invalid-utf8", 3),
        (b"<a><![CDATA[\xe2\x82]]></a>", "invalid-utf8", 12),
        (b"<space>\xff</space>", "invalid-utf8", 7),
        (b"<a>\x01 \xff</a>", "not-well-formed", 3),
        (b"<a>\xef\xbf\xbe</a>", "not-well-formed", 3),
        (b"<a>&#0;</a>", "not-well-formed", 3),
        (b"<a>]]></a>", "not-well-formed", 5),
        (b"<a b='<'/>", "not-well-formed", 6),
        (b"<a><!-- -- --></a>", "not-well-formed", 10),
        (b"<a xmlns:xml='x'/>", "not-well-formed", 0),
        (b"<1/>", "not-well-formed", 1),
        (b"<a><?xml version='1.0'?></a>", "not-well-formed", 3),
        (b"<?xml version='1.0'?><a/>", "no-stream-header", 0),
        (b"<opaque xmlns='u'>\x01</opaque>", "not-well-formed", 18),
    ],
)
def test_what_is_wrong(data: bytes, error: str, place: int) -> None:
    """Each mistake has its name, and its place in the direction."""
    flaw = find_flaw(frame_of(data))

    assert flaw is not None
    assert (flaw.error, flaw.offset) == (error, len(BEFORE) + place)


def test_the_first_of_several_mistakes_is_told() -> None:
    """Of bad bytes and an unknown entity, the one that comes first counts."""
    assert [
        flaw.error
        for data in (b"<a>&x; \xff</a>", b"<a>\xff &x;</a>")
        if (flaw := find_flaw(frame_of(data)))
    ] == ["restricted-xml", "invalid-utf8"]


@pytest.mark.parametrize(
    ("declaration", "error"),
    [
        (b"<?xml version='1.0'?>", None),
        (b"<?xml version='1.0' encoding='utf-8' standalone='yes'?>", None),
        (b"<?xml version='1.1'?>", "restricted-xml"),
        (b"<?xml version='1.0' encoding='ISO-8859-1'?>", "restricted-xml"),
        (b"<?xml version='1.0' standalone='no'?>", "restricted-xml"),
        (b"<?xml version='1.0'?><!-- x -->", "restricted-xml"),
        (b"<?xml ?>", "not-well-formed"),
    ],
)
def test_declarations(declaration: bytes, error: str | None) -> None:
    """A header's declaration says version 1.0 and UTF-8, or nothing that differs."""
    flaw = find_flaw(in_chunks([declaration + HEADER])[0])

    assert (flaw.error if flaw else None) == error


def test_header_in_another_namespace() -> None:
    """A header has to be in the namespace of streams."""
    header = HEADER.replace(b"etherx.jabber.org", b"etherx.jabber.lit")
    flaw = find_flaw(in_chunks([header])[0])

    assert flaw is not None
    assert flaw.error == "invalid-namespace"
    assert "'http://etherx.jabber.lit/streams'" in flaw.detail


def test_byte_order_mark() -> None:
    """A byte order mark in front of a header is told as what it is."""
    flaw = find_flaw(in_chunks([b"\xef\xbb\xbf" + HEADER])[0])

    assert flaw == Flaw("restricted-xml", "a byte order mark (RFC 6120 §11.6)", 0)


@pytest.mark.parametrize("kind", ["comment", "pi", "text", "iq"])
def test_a_frame_that_is_called_what_it_is_not(kind: str) -> None:
    """A capture may call anything so, also what has only begun."""
    flaw = find_flaw(Frame(kind, b"<"))

    assert flaw is None or flaw.offset == 0


@pytest.mark.parametrize("kind", ["opaque", "partial"])
def test_what_was_not_framed_is_not_judged(kind: str) -> None:
    """Bytes without boundaries have their error already, or are just not whole."""
    assert find_flaw(Frame(kind, b"<a></b>\xff")) is None


@pytest.mark.parametrize("bad", [b"xmlns:1='u'", b"xmlns:x='&#1;'", b"xmlns:xmlns='u'"])
def test_mistakes_of_a_header_are_not_told_again(bad: bytes) -> None:
    """A header whose declarations are wrong has the flaw, the stanzas behind it have not."""
    frames = in_chunks([HEADER.replace(b"version", bad + b" version") + b"<a/><b/>"])

    assert [find_flaw(frame) is None for frame in frames] == [False, True, True]


@given(streams())
@settings(max_examples=40)
def test_well_formed_streams_have_only_what_xmpp_forbids(directions: list[bytes]) -> None:
    """In XML that expat accepts, comments and instructions are all there is to be found."""
    for frame in in_chunks(directions):
        found = list(tokens(frame.data))
        if DECLARATION.match(frame.data):
            del found[0]
        forbidden = {token.kind for token in found} & {"comment", "pi"}
        flaw = find_flaw(frame)

        assert (flaw.error if flaw else None) == ("restricted-xml" if forbidden else None)


@given(st.one_of(streams(), spoilt().map(lambda data: [data])))
@settings(max_examples=40)
def test_judge_finds_the_same(directions: list[bytes]) -> None:
    """Frame after frame, the judge of a direction says what would be said of each by itself."""
    judge = Judge()
    frames = in_chunks(directions)

    assert [judge.find_flaw(frame) for frame in frames] == [find_flaw(frame) for frame in frames]


def test_judge_lives_long() -> None:
    """Much data, and a mistake in it, changes nothing of what is found."""
    judge = Judge()
    stanza = b"<a>" + b"x" * 10_000 + b"</a>"
    frames = in_chunks([HEADER + (stanza * 150 + b"<x:a/>") * 2])
    flaws = [(at, flaw.error) for at, each in enumerate(frames) if (flaw := judge.find_flaw(each))]

    assert flaws == [(151, "undeclared-prefix"), (302, "undeclared-prefix")]


@given(spoilt())
@settings(max_examples=40)
def test_flaws_are_inside_their_frames(data: bytes) -> None:
    """No input fails, and the place of what is wrong is inside the frame."""
    for frame in in_chunks([data]):
        flaw = find_flaw(frame)

        assert flaw is None or 0 <= flaw.offset - frame.offset <= len(frame.data)
