from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import DEFAULT_CONTEXT
from xmppspy.protocol.openstream import OpenStream

REGION = b" xmlns='jabber:server' xmlns:s='http://etherx.jabber.org/streams'"


def opened() -> OpenStream:
    """A stream between servers, with a prefix of its own."""
    stream = OpenStream()
    stream.begin(b"s:stream", REGION, is_empty=False)
    return stream


def test_header_opens_a_stream() -> None:
    """Its tag is what will close the stream, its declarations are the context."""
    stream = OpenStream()
    before = (stream.is_open, stream.closing, stream.context)
    element, is_header = stream.begin(b"s:stream", REGION, is_empty=False)

    assert before == (False, b"", DEFAULT_CONTEXT)
    assert is_header
    assert element.namespace == ns.STREAMS
    assert (stream.is_open, stream.closing) == (True, b"</s:stream>")
    assert stream.context.content == ns.SERVER


def test_elements_are_read_in_the_stream() -> None:
    """Inside, prefixes of the header are known; another namespace's `stream` is an element."""
    stream = opened()
    features, first = stream.begin(b"s:features", b"", is_empty=True)
    other, second = stream.begin(b"stream", b" xmlns='urn:x'", is_empty=False)

    assert (features.namespace, other.namespace) == (ns.STREAMS, "urn:x")
    assert (first, second) == (False, False)
    assert stream.closing == b"</s:stream>"


def test_elements_outside_a_stream() -> None:
    """They are read as in a client's usual stream, also behind another one's end."""
    stream = opened()
    ended = stream.end(b"s:stream")
    message, is_header = stream.begin(b"message", b"", is_empty=False)

    assert ended
    assert not is_header
    assert message.namespace == ns.CLIENT
    assert stream.context == DEFAULT_CONTEXT


def test_end_tags() -> None:
    """Only the header's own tag ends the stream, and not between declaration and header."""
    stream = opened()
    wrong = stream.end(b"stream:stream")
    stream.declared = True
    early = stream.end(b"s:stream")
    stream.declared = False

    assert (wrong, early, stream.end(b"s:stream"), stream.end(b"s:stream")) == (
        False, False, True, False,
    )  # fmt: skip


def test_declaration() -> None:
    """Behind one, any `stream` is a header, and any other element leaves the stream as it is."""
    stream = opened()
    stream.declared = True
    features, _ = stream.begin(b"s:features", b"", is_empty=True)
    after_features = (stream.declared, stream.closing)
    stream.declared = True
    _, is_header = stream.begin(b"stream", b" xmlns='urn:wrong'", is_empty=False)

    assert features.namespace == ns.STREAMS
    assert after_features == (False, b"</s:stream>")
    assert is_header
    assert (stream.declared, stream.closing) == (False, b"</stream>")


def test_empty_header() -> None:
    """It opens nothing."""
    stream = OpenStream()
    _, is_header = stream.begin(b"s:stream", REGION, is_empty=True)

    assert is_header
    assert not stream.is_open


def test_copy() -> None:
    """A copy is in the same stream, and leaves it alone."""
    stream = opened()
    twin = stream.copy()
    twin.end(b"s:stream")

    assert twin.context == stream.context
    assert (twin.is_open, stream.is_open) == (False, True)
