from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.protocol.feeding import END, HEADER, cut, cut_inside, in_chunks, outcome, sliced
from tests.protocol.oracle import Oracle, told
from tests.protocol.streams import spoilt, streams
from xmppspy.protocol import accelerator
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.accelerator import NOTHING
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.frames import Run
from xmppspy.protocol.framing import MAX_DEPTH, MAX_NAME, Flaw, Frame, Framer

LENGTHS = st.lists(st.integers(0, 60), max_size=30)
"""Of the reads; what is left comes in one."""

LIMIT = 200
"""The size limit of frames, in the tests of what is over it."""


def only(frames: list[Frame]) -> Frame:
    """The one frame there is."""
    assert len(frames) == 1
    return frames[0]


def kinds(frames: list[Frame]) -> list[str]:
    """The kinds of frames."""
    return [frame.kind for frame in frames]


def fed(data: bytes, *, max_frame: int = 10_000_000) -> Framer:
    """A framer that has cut all it can of `data`, in a usual stream."""
    framer = Framer(max_frame)
    framer.receive_data(HEADER + data)
    for _ in iter(framer.next_frame, None):
        pass
    return framer


# --- against expat


@given(streams(), LENGTHS)
@settings(max_examples=100)
def test_frames_are_those_that_expat_sees(directions: list[bytes], lengths: list[int]) -> None:
    """Boundaries, names, namespaces and attributes are expat's, whatever the reads."""
    expected, base = [], 0
    for data in directions:
        oracle = Oracle(data)
        expected += [
            (data[each.start : each.stop], base + each.start, oracle.told(each))
            for each in oracle.frames
        ]
        base += len(data)
    frames = in_chunks(sliced(b"".join(directions), lengths))

    assert [(frame.data, frame.offset, told(frame)) for frame in frames] == expected


@given(spoilt(), LENGTHS)
@settings(max_examples=60)
def test_bad_xml_is_cut_alike_however_it_arrives(data: bytes, lengths: list[int]) -> None:
    """Malformed streams give the same frames for all reads; no byte is lost or added."""
    whole = cut(data)

    assert outcome(in_chunks(sliced(data, lengths))) == outcome(whole)


@given(spoilt(), LENGTHS, st.integers(1, 150))
@settings(max_examples=60)
def test_what_is_over_the_limit_is_cut_alike_however_it_arrives(
    data: bytes, lengths: list[int], limit: int
) -> None:
    """With frames over the limit, too, frames and flaws do not depend on the reads."""
    whole = in_chunks([data], max_frame=limit)
    pieces = in_chunks(sliced(data, lengths), max_frame=limit)

    assert outcome(pieces) == outcome(whole)


# --- a life


def test_direction_of_a_client() -> None:
    """What a client says from its first header to its end, as frames."""
    data = (
        b"<?xml version='1.0'?>\n" + HEADER
        + b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>biws</auth>"
        + b'<response xmlns="urn:ietf:params:xml:ns:xmpp-sasl">Yz1i\nd3M=</response>\r\n'
        + HEADER
        + b"<iq id='b1' type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
        b"<resource>balcony</resource></bind></iq>"
        + b"<enable xmlns='urn:xmpp:sm:3' resume='true'/><presence/><r xmlns='urn:xmpp:sm:3'/> "
        + b"<message to='romeo@montague.example' id='m1'><body>O &lt;3 <![CDATA[<Romeo>]]></body>"
        b"<active xmlns='http://jabber.org/protocol/chatstates'/></message >"
        + b"<presence type = 'unavailable' />" + END
    )  # fmt: skip

    assert kinds(cut(data)) == [
        "stream", "auth", "response", "space", "stream", "iq", "enable", "presence", "r", "space",
        "message", "presence", "/stream",
    ]  # fmt: skip


def test_direction_of_a_server() -> None:
    """What a server says: headers that differ, prefixed elements, an error at the end."""
    header = HEADER.replace(b"to=", b"id='s1' from=")
    data = (
        header + b"<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
        b"<mechanism>PLAIN</mechanism></mechanisms></stream:features>"
        + b"<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
        + b"<?xml version='1.0'?>" + header + b"<stream:features/>"
        + b"<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
        b"</stream:error>" + END
    )  # fmt: skip
    frames = cut(data)

    assert kinds(frames) == [
        "stream", "features", "success", "stream", "features", "error", "/stream",
    ]  # fmt: skip
    assert frames[1].ns == ("urn:ietf:params:xml:ns:xmpp-sasl",)


# --- headers and restarts


def test_header_lends_its_declarations() -> None:
    """A header's default namespace, prefixes and language are its stream's context."""
    header = b"<?xml version='1.0'?>" + HEADER.replace(
        b" version", b" xmlns:db='jabber:server:dialback' xml:lang='de' version"
    )
    frame = only(cut(header))

    assert frame.data == header
    assert (frame.kind, frame.xmlns, frame.to) == ("stream", ns.STREAMS, "capulet.example")
    assert frame.context == StreamContext(
        default=ns.CLIENT,
        prefixes={"stream": ns.STREAMS, "db": "jabber:server:dialback"},
        content=ns.CLIENT,
        lang="de",
    )


def test_frames_share_the_context_of_their_stream() -> None:
    """All frames of a stream are read in what its header lends, the header's own included."""
    data = HEADER.replace(b"jabber:client", b"jabber:server") + b"<presence/> " + END
    frames = cut(data)

    assert {frame.context.content for frame in frames} == {ns.SERVER}


def test_declaration_may_stand_apart_from_its_header() -> None:
    """White space, comments and instructions between the two belong to the header's frame."""
    data = b"<?xml version='1.0'?> <!-- x --><?y?>\n" + HEADER

    assert only(cut(data)).data == data


def test_prefix_free_stream() -> None:
    """Where the default namespace is that of streams, stanzas of all content namespaces count."""
    header = b"<stream xmlns='http://etherx.jabber.org/streams'>"
    frames = cut(header + b"<message xmlns='jabber:client'/><features/></stream>")

    assert [(frame.kind, frame.xmlns) for frame in frames] == [
        ("stream", ns.STREAMS), ("message", None), ("features", ns.STREAMS), ("/stream", None),
    ]  # fmt: skip
    assert frames[0].context.content == ns.CLIENT


def test_header_that_declares_its_content_by_a_prefix() -> None:
    """The prefix-free style names its content namespace where one is declared."""
    header = b"<stream xmlns='http://etherx.jabber.org/streams' xmlns:c='jabber:server'>"

    assert only(cut(header)).context.content == ns.SERVER


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        b"<?xml version='1.0'?>" + HEADER,
        b"<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:client'>",
        b"<stream xmlns='http://etherx.jabber.org/streams'>",
    ],
)
def test_restart(header: bytes) -> None:
    """A header at depth 1 begins a new stream, by its namespace and whatever its prefix."""
    frames = cut_inside(b"<success xmlns='x'/>" + header + b"<features/>")

    assert kinds(frames) == ["success", "stream", "features"]
    assert frames[1].data == header
    assert frames[2].context == frames[1].context


def test_element_called_stream_is_no_restart() -> None:
    """Inside a stream only the namespace of streams makes a `stream` a header."""
    frame = only(cut_inside(b"<stream xmlns='urn:x'><a/></stream>"))

    assert (frame.kind, frame.xmlns, frame.ns) == ("stream", "urn:x", ("urn:x",))


def test_empty_header_opens_nothing() -> None:
    """A header that is an empty element is a frame; what follows is outside a stream."""
    frames = cut(HEADER.replace(b">", b"/>") + HEADER)

    assert kinds(frames) == ["stream", "stream"]
    assert fed(b"").closing == END


def test_declaration_in_front_of_a_stanza_does_not_end_the_stream() -> None:
    """It belongs to the stanza's frame, and the stream goes on."""
    stanza = b"<?xml version='1.0'?><stream:features/>"
    frames = cut_inside(stanza + b"<message/>" + END)

    assert [frame.data for frame in frames] == [stanza, b"<message/>", END]
    assert frames[0].xmlns == ns.STREAMS


def test_frames_outside_a_stream() -> None:
    """Without a header, elements are read as in a client's usual stream."""
    frames = cut(b"<presence/><stream:features/>" + HEADER + b"</stream:stream><message/>")

    assert kinds(frames) == ["presence", "features", "stream", "/stream", "message"]
    assert frames[1].xmlns == ns.STREAMS
    assert frames[-1].context == DEFAULT_CONTEXT


def test_declaration_outside_a_stream_needs_no_header() -> None:
    """An element with a declaration of its own is one frame."""
    data = b"<?xml version='1.0'?><message><body/></message>"

    assert told(only(cut(data)))[:2] == ("message", None)


# --- elements


def test_attributes_of_a_stanza() -> None:
    """The addressing attributes are those without a prefix, references resolved."""
    frame = only(
        cut_inside(
            b"<iq x:type='no' xmlns:x='urn:x' type=\"get\" id='a&amp;&#65;&#x42;&lt;' "
            b'from = \'j@c/"b"\' to="it\'s">\n</iq>'
        )
    )

    assert told(frame) == ("iq", None, "get", "a&AB<", 'j@c/"b"', "it's", ())


def test_first_of_two_equal_attributes_counts() -> None:
    """A duplicate attribute does not hide the first one."""
    assert only(cut_inside(b"<iq id='1' id='2'/>")).id == "1"


def test_namespaces_of_children() -> None:
    """They are told in order, once each; the content namespace and grandchildren are not."""
    frame = only(
        cut_inside(
            b"<message xmlns:p='urn:p'><body/><p:x><y xmlns='urn:y'/></p:x><z xmlns='urn:z'>"
            b"</z><x xmlns='urn:p'/><stream:s/><n xmlns=''/><q:r/><m xmlns='jabber:client'/>"
            b"<q:t xmlns:q='urn:q'/></message>"
        )
    )

    assert frame.ns == ("urn:p", "urn:z", ns.STREAMS, "urn:q")


def test_children_of_a_foreign_element_inherit_its_namespace() -> None:
    """The default namespace is the element's own when it declares one."""
    frame = only(cut_inside(b"<failure xmlns='urn:f'><not-authorized/><text/></failure>"))

    assert (frame.xmlns, frame.ns) == ("urn:f", ("urn:f",))


@pytest.mark.parametrize(
    "data",
    [
        b"<a b='>' c=\"/>\"/>",
        b"<a b='<c>'></a>",
        b"<a><![CDATA[</a>]]]]></a>",
        b"<a><!-- </a> -- --></a>",
        b"<a><?x </a> ?></a>",
        b"<a\n\tb\r\n=\n'c'\n></a\t\n>",
        b"<a>&lt;/a&gt; > ]]&gt;</a>",
        b"<a><a><a/></a><a></a></a>",
        "<é ü='ß'>名😀</é>".encode(),
        b"<opaque/>",
        b"<a>\xff\x00\x01</a>",
        b"<a a='1'><:/><b.-_/></a>",
    ],
)
def test_one_element_is_one_frame(data: bytes) -> None:
    """Whatever XML puts into an element, and some that it forbids, its end is found."""
    assert only(cut_inside(data)).data == data


# --- between elements


def test_white_space_is_a_frame() -> None:
    """White space between elements leaves at once, as a keepalive."""
    framer = fed(b"")
    framer.receive_data(b" ")

    assert framer.next_frame() == Frame("space", b" ", len(HEADER), framer.beside()._stream.context)


def test_loose_markup() -> None:
    """Comments, instructions, CDATA sections and text between elements are frames."""
    frames = cut_inside(b"<!-- > --><?x y?><![CDATA[ > ]]>te xt<presence/> text <a/>")

    assert kinds(frames) == ["comment", "pi", "text", "text", "presence", "space", "text", "a"]


def test_white_space_inside_text_belongs_to_it() -> None:
    """Stray text is text up to the next markup, however it arrives."""
    assert only(cut_inside(b"te xt  ")).kind == "text"


def test_byte_order_mark() -> None:
    """A byte order mark in front of the first header is text; the header is seen."""
    assert kinds(cut(b"\xef\xbb\xbf" + HEADER)) == ["text", "stream"]


def test_unfinished_byte_order_mark() -> None:
    """What only begins like one waits, and is partial when nothing follows."""
    assert kinds(cut(b"\xef\xbb")) == ["partial"]


# --- lost boundaries


@pytest.mark.parametrize(
    ("data", "place", "detail"),
    [
        (b"<a><b></a>", 6, "</a> where </b> was to come"),
        (b"<a> text </b>", 9, "</b> where </a> was to come"),
        (b"</a>", 0, "</a> closes nothing"),
        (b"<?xml version='1.0'?></stream:stream>", 21, "</stream:stream> closes nothing"),
        (b"<a b></a>", 0, "a broken tag"),
        (b"<a b='c'd='e'/>", 0, "a broken tag"),
        (b"<a><b c=d></a>", 3, "a broken tag"),
        (b"<a>x<></a>", 4, "a broken tag"),
        (b"<a></ a>", 3, "a broken tag"),
        (b"<a></a b>", 3, "a broken tag"),
        (b"<a/ >", 0, "a broken tag"),
        (b"< a>", 0, "a broken tag"),
        (b"<!x>", 0, "a broken tag"),
        (b"<!-x-->", 0, "a broken tag"),
        (b"<![cdata[]]>", 0, "a broken tag"),
    ],
)
def test_lost_boundaries(data: bytes, place: int, detail: str) -> None:
    """A tag that is broken or closes something else makes the rest opaque, and tells why."""
    flaw = Flaw("not-well-formed", detail, len(HEADER) + 1 + place)
    first, *rest = cut_inside(b" " + data + b"<presence/>")

    assert first.kind == "space"
    assert [(frame.kind, frame.flaw) for frame in rest] == [("opaque", flaw)]


@pytest.mark.parametrize("before", [b"", HEADER, HEADER + b"<a>"])
def test_doctype(before: bytes) -> None:
    """A DOCTYPE could change what everything means: nothing is framed behind it."""
    frame = cut(before + b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>")[-1]

    assert frame.kind == "opaque"
    assert frame.flaw is not None
    assert (frame.flaw.error, frame.flaw.offset) == ("restricted-xml", len(before))


def test_no_xml() -> None:
    """What does not begin as XML is opaque from its first byte."""
    frame = only(cut(b"\xefGET / HTTP/1.1\r\n\r\n<a/>"))

    assert frame.kind == "opaque"
    assert frame.flaw == Flaw("not-well-formed", "no XML: it does not begin with <", 0)


def test_text_behind_the_end() -> None:
    """Behind a stream's end tag, only white space and new streams are framed."""
    assert kinds(cut(HEADER + END + b"\n" + b"x<a/>")) == ["stream", "/stream", "space", "opaque"]


@pytest.mark.parametrize("in_one", [True, False])
def test_too_many_open_elements(in_one: bool) -> None:
    """Depth is bounded; beyond it the boundaries count as lost."""
    deep = b"<a>" * MAX_DEPTH
    chunks = [HEADER + deep + b"<a>"] if in_one else [HEADER, deep, b"<a", b">"]
    frames = in_chunks(chunks)

    assert frames[-1].flaw == Flaw(
        "not-well-formed", f"more than {MAX_DEPTH} nested elements", len(HEADER) + len(deep)
    )
    assert kinds(in_chunks([HEADER, deep, b"</a>" * MAX_DEPTH])) == ["stream", "a"]


# --- frames that are arriving


def test_head_of_an_arriving_element() -> None:
    """Once the start tag is whole, it tells what it can, whatever else has come by then."""
    framer = fed(b" <iq type='get'")
    heads = [framer.head]
    for data in (b" id='1'>", b"<query xmlns='urn:q'/>", b"</iq>"):
        framer.receive_data(data)
        framer.next_frame()
        heads.append(framer.head)
    head = heads[1]

    assert head is not None
    assert told(head) == ("iq", None, "get", "1", None, None, ())
    assert (head.data, head.offset) == (b"<iq type='get' id='1'>", len(HEADER) + 1)
    assert heads == [None, head, head, None]


def test_peek_shows_the_arriving_bytes() -> None:
    """What no frame has taken can be seen, counted and skipped."""
    framer = fed(b"<presence/><iq>")

    assert framer.peek() == b"<iq>"
    assert framer.peek(3) == b">"
    assert framer.unfinished == 4
    assert framer.offset == len(HEADER + b"<presence/>")


def test_end_in_the_middle() -> None:
    """What is unfinished when the direction ends is partial."""
    frame = only(cut_inside(b"<message><body>O Rom"))

    assert (frame.kind, frame.data, frame.flaw) == ("partial", b"<message><body>O Rom", None)
    assert fed(b"").end() is None


def test_closing() -> None:
    """The tag that would close the stream is the one that is open, if any is."""
    assert Framer().closing == b""
    assert fed(b"<a>").closing == END
    assert fed(b"<s:stream xmlns:s='http://etherx.jabber.org/streams'>").closing == b"</s:stream>"
    assert fed(END).closing == b""


def test_beside() -> None:
    """A framer beside another reads what is put into the same stream."""
    twin = fed(b"<message><body>half").beside()
    twin.receive_data(b"<stream:error/>" + END)

    assert kinds(list(iter(twin.next_frame, None))) == ["error", "/stream"]
    assert twin.closing == b""


@pytest.mark.parametrize("beginning", [b"", b"<", b"<a", b"<a><!-- ", b"<?xml version='1.0'?> "])
def test_take_trailing_forgets_what_was_arriving(beginning: bytes) -> None:
    """The bytes that no frame has taken are handed over; framing could begin anew behind them."""
    framer = fed(beginning)
    assert framer.take_trailing() == beginning
    assert framer.unfinished == 0
    framer.receive_data(b"<presence/>")

    assert framer.next_frame() == Frame(
        "presence", b"<presence/>", len(HEADER + beginning), framer.beside()._stream.context
    )


def test_go_opaque() -> None:
    """When told that what follows is no XML, the framer passes it as it comes."""
    framer = fed(b"<a><b>")
    framer.go_opaque()
    framer.receive_data(b"</b></a>\x78\x9c")
    frame = framer.next_frame()

    assert framer.opaque
    assert frame is not None
    assert (frame.kind, frame.data, frame.flaw) == ("opaque", b"<a><b></b></a>\x78\x9c", None)


def test_long_streams_do_not_fill_the_buffer() -> None:
    """What frames have taken is let go, and offsets go on counting, also inside a token."""
    stanza = b"<message id='" + b"x" * 300 + b"'><body>" + b"x" * 200 + b"</body></message>"
    data = HEADER + stanza * 2000
    framer = Framer()
    frames: list[Frame] = []
    for chunk in sliced(data, [777] * (len(data) // 777)):
        framer.receive_data(chunk)
        frames += iter(framer.next_frame, None)

    assert len(frames) == 2001
    assert frames[-1].offset == len(data) - len(stanza)
    assert len(framer._buffer) < len(data) / 4


# --- over the limit

BIG = b"x" * LIMIT
STRADDLING = {
    "start tag": b"<a b='" + BIG + b"'><c/></a>",
    "quoted >": b"<a b='" + BIG + b"\">/' c=\"" + BIG + b"'>\"><c/></a>",
    "empty element": b"<a b='" + BIG + b"'/>",
    "child's start tag": b"<a><b><c d='" + BIG + b"'/><c e='" + BIG + b"'>x</c></b></a>",
    "text": b"<a><b>" + BIG + b"</b><c/></a>",
    "many elements": b"<a>" + b"<b>c</b>" * LIMIT + b"</a>",
    "CDATA": b"<a><![CDATA[" + BIG + b"</a>]] ></a>" + BIG + b"]]>x</a>",
    "comment": b"<a><!-- " + BIG + b" <b></a> -- > " + BIG + b" <b/> --></a>",
    "instruction": b"<a><?x " + BIG + b" <b></a> ? > " + BIG + b" <b/> ?></a>",
    "end tag": b"<a><b>" + b"x" * (LIMIT - 10) + b"</b" + b" " * LIMIT + b"></a" + b"\n" * LIMIT + b">",
    "loose comment": b"<!-- " + BIG + b" <a> " + BIG + b" -->",
    "references": b"<a>" + b"&lt;" * LIMIT + b"</a>",
}  # fmt: skip


@pytest.mark.parametrize("data", STRADDLING.values(), ids=STRADDLING)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, LIMIT, 10_000])
def test_framing_resumes_behind_a_stanza_over_the_limit(data: bytes, size: int) -> None:
    """It leaves in opaque pieces, the first of which says why; memory stays bounded."""
    framer = Framer(LIMIT)
    before, behind = HEADER + b"<presence/>", b"<iq id='1'/>"
    whole = before + data + behind
    frames: list[Frame] = []
    for chunk in sliced(whole, [size] * (len(whole) // size)):
        framer.receive_data(chunk)
        frames += iter(framer.next_frame, None)
        assert framer.unfinished <= LIMIT
    pieces = frames[2:-1]

    assert b"".join(frame.data for frame in frames) == whole
    assert kinds(frames) == ["stream", "presence", *["opaque"] * len(pieces), "iq"]
    assert frames[-1].data == behind
    assert [frame.flaw.error for frame in pieces if frame.flaw] == ["stanza-too-big"]
    assert pieces[0].flaw is not None
    assert pieces[0].flaw.offset == len(before)


def test_frame_of_just_the_limit() -> None:
    """The limit itself may be reached."""
    fits = b"<a>" + b"x" * (LIMIT - 7) + b"</a>"

    assert kinds(cut_inside(fits, max_frame=LIMIT)) == ["a"]
    assert kinds(cut_inside(fits.replace(b"x", b"xx", 1), max_frame=LIMIT)) == ["opaque"]


def test_oversize_is_told_while_it_lasts() -> None:
    """Between its pieces the framer knows that it is inside a frame; there is no head then."""
    framer = fed(b"<a><b>" + BIG, max_frame=LIMIT)

    assert framer.oversize
    assert framer.head is None
    framer.receive_data(b"</b></a>")
    assert framer.next_frame() is not None
    assert not framer.oversize


def test_end_inside_a_frame_over_the_limit() -> None:
    """What was kept of it is opaque like its other pieces."""
    assert kinds(cut_inside(b"<a>" + BIG + b"<bcd", max_frame=LIMIT)) == ["opaque"]


@pytest.mark.parametrize(
    "header",
    [
        HEADER.replace(b"version", b"x='" + BIG + b"' version"),
        b"<?xml version='1.0'?>" + b" " * LIMIT + HEADER,
        b"<?xml version='1.0'?><!--" + BIG + b"-->" + HEADER,
    ],
)
def test_header_over_the_limit(header: bytes) -> None:
    """Without knowing the header nothing can be framed behind it."""
    frame = only(cut(header + b"<presence/>", max_frame=LIMIT))

    assert frame.flaw == Flaw("stanza-too-big", f"a stream header over {LIMIT} bytes", 0)


def test_white_space_has_no_limit() -> None:
    """White space and stray text leave as they come, so they are never too big."""
    assert kinds(cut_inside(b"\n" * 2 * LIMIT + BIG + BIG, max_frame=LIMIT)) == ["space", "text"]


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"<b></a>", "</a> where </b> was to come"),
        (b"<!DOCTYPE x>", "a DOCTYPE, which XMPP forbids (RFC 6120 §11.1)"),
        (b"<" + b"n" * (MAX_NAME + 1) + b"></a>", "a broken tag"),
        (b"<" + b"n" * (MAX_NAME + 1) + b"/></a>", "a broken tag"),
        (b"<" + b"=" * (MAX_NAME + 2) + b"></a>", "a broken tag"),
        (b"< b></a>", "a broken tag"),
    ],
)
def test_boundaries_lost_in_a_frame_over_the_limit(data: bytes, detail: str) -> None:
    """Structure is still followed in it; when that is lost, both errors are told."""
    frames = cut_inside(b"<a>" + BIG + data + b"<presence/>", max_frame=LIMIT)

    assert kinds(frames) == ["opaque", "opaque"]
    assert next(frame.flaw.error for frame in frames if frame.flaw) == "stanza-too-big"
    assert frames[1].flaw is not None
    assert frames[1].flaw.detail == detail


@pytest.mark.parametrize(
    "broken", [b"<!DOCTYPE x>", b"<!DOCx>", b"<![CDx", b"< b>", b"</" + b"n" * 90 + b">"]
)
def test_what_is_told_of_a_frame_that_breaks_at_the_limit(broken: bytes) -> None:
    """Both errors if what it took to see the break is over the limit, however it arrived."""
    text = b"x" * len(HEADER)
    data = HEADER + b"<a>" + text + broken + b"<presence/>"
    for limit in range(len(text), len(text) + 20):
        whole = in_chunks([data], max_frame=limit)
        for step in (1, 7, 24):
            pieces = in_chunks(sliced(data, [step] * len(data)), max_frame=limit)

            assert outcome(pieces) == outcome(whole)


def test_broken_attributes_do_not_matter_in_a_frame_over_the_limit() -> None:
    """There a tag is its name and a `>` outside quotes, at hand as a whole or not."""
    data = b"<a>" + BIG + b"<b c=d e'>'f ></b></a>"

    assert kinds(cut_inside(data + b"<presence/>", max_frame=LIMIT)) == ["opaque", "presence"]


def test_names_are_kept_until_they_are_whole() -> None:
    """An element's name may arrive in pieces inside a frame over the limit."""
    name = b"n" * MAX_NAME
    data = b"<a>" + BIG + b"<" + name + b"></" + name + b"></a>"

    assert kinds(cut_inside(data + b"<presence/>", max_frame=LIMIT)) == ["opaque", "presence"]


def test_unfinished_is_bounded_by_limit_and_name() -> None:
    """Nothing that a peer does makes the framer keep more than the limit and a name."""
    endless: list[Iterator[bytes]] = [
        iter([b"<" + b"n" * 10_000]),
        iter([b"<a>", *[b"<" + b"=" * 50] * 100]),
        iter([b"<a b='", *[b"x" * 50] * 100]),
        iter([b"</", *[b" " * 50] * 100]),
    ]
    for chunks in endless:
        framer = fed(b"<a>" + BIG, max_frame=LIMIT)
        for chunk in chunks:
            framer.receive_data(chunk)
            for _ in iter(framer.next_frame, None):
                pass

            assert framer.unfinished <= LIMIT + MAX_NAME


# --- runs


def test_run_ends_where_a_stanza_is_not_plain() -> None:
    """Plain stanzas come at once, where there is compiled code; what is behind them by itself."""
    framer = Framer()
    framer.receive_data(HEADER + b"<presence/><iq/><r xmlns='urn:xmpp:sm:3'/><presence/><iq")
    before, header = framer.next_run(), framer.next_frame()
    run, again = framer.next_run(), framer.next_run()
    behind = kinds(list(iter(framer.next_frame, None)))
    expected = Run(b"<presence/><iq/>", 2, len(HEADER), DEFAULT_CONTEXT, NOTHING)

    assert (before, again, framer.peek()) == (None, None, b"<iq")
    assert header is not None
    if accelerator._Compiled.kind is None:
        assert (run, behind) == (None, ["presence", "iq", "r", "presence"])
    else:
        assert (run, behind) == (expected, ["r", "presence"])


def test_white_space_behind_a_run_is_white_space() -> None:
    """Stray text in front of the run is over, and does not go on behind it."""
    framer = Framer()
    framer.receive_data(HEADER + b"stray<presence/> <iq/>")
    told: list[str] = []
    while item := framer.next_run() or framer.next_frame():
        told += ["run"] * item.number if isinstance(item, Run) else [item.kind]
    stanzas = ["presence", "iq"] if accelerator._Compiled.kind is None else ["run", "run"]

    assert told == ["stream", "text", stanzas[0], "space", stanzas[1]]


def test_frames_that_were_cut_ahead_can_be_taken_back() -> None:
    """What no frame was pulled of is handed over, whatever is known of it already."""
    framer = Framer()
    framer.receive_data(HEADER + b"<presence/><iq id='1'/><iq id='2'/>")
    pulled = [framer.next_frame(), framer.next_frame()]
    offset, unfinished = framer.offset, framer.unfinished

    assert [frame.kind for frame in pulled if frame] == ["stream", "presence"]
    assert (offset, unfinished) == (len(HEADER) + 11, 24)
    assert framer.take_trailing() == b"<iq id='1'/><iq id='2'/>"
    assert framer.next_frame() is None


def test_framer_in_the_midst_of_a_stream() -> None:
    """It reads elements in that stream, without having read its header."""
    context = StreamContext(ns.SERVER)
    framer = Framer.inside(context)
    framer.receive_data(b"<db:result/><iq/>")
    frames = [framer.next_frame(), framer.next_frame()]

    assert [frame.kind for frame in frames if frame] == ["result", "iq"]
    assert all(frame.context is context for frame in frames if frame)
