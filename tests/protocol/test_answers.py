import pytest

from tests.protocol.feeding import in_chunks
from xmppspy.protocol import answers
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.wellformed import find_flaw

NASTY = "a'b\"c<d>&é"


def read(data: bytes) -> list[Frame]:
    """The frames of what xmppspy says, after they were found well-formed."""
    frames = in_chunks([data])
    assert [find_flaw(frame) for frame in frames] == [None] * len(frames)
    return frames


def test_header_to_a_server() -> None:
    """It names the domain, whatever stands in it."""
    (header,) = read(answers.initial_header(NASTY))

    assert (header.kind, header.xmlns, header.to) == ("stream", ns.STREAMS, NASTY)
    assert header.context.content == ns.CLIENT


@pytest.mark.parametrize("domain", ["capulet.example", NASTY, None])
def test_header_to_a_client(domain: str | None) -> None:
    """It is in the client's content namespace, and from whom the client wanted."""
    context = StreamContext(content=ns.SERVER)
    (header,) = read(answers.response_header(domain, context, "id&1"))

    assert (header.kind, header.from_, header.id) == ("stream", domain, "id&1")
    assert header.context.content == ns.SERVER
    assert header.context.lang == "en"


@pytest.mark.parametrize("prefix", ["stream", ""])
def test_stream_error(prefix: str) -> None:
    """A condition and a text, in the namespaces of RFC 6120 §4.9."""
    header = answers.response_header(None, DEFAULT_CONTEXT, "1")
    error = answers.stream_error("remote-connection-failed", NASTY, prefix)
    frame = read(header + error + b"</stream:stream>")[1]

    assert (frame.kind, frame.ns) == ("error", (ns.STREAM_ERRORS,))
    assert b"xmppspy: a'b\"c&lt;d&gt;&amp;\xc3\xa9</text>" in frame.data
    assert frame.xmlns == (ns.STREAMS if prefix else None)


def test_starttls_elements() -> None:
    """The three elements of STARTTLS are in its namespace."""
    data = answers.STARTTLS + answers.PROCEED + answers.TLS_FAILURE

    assert [(frame.kind, frame.xmlns) for frame in read(data)] == [
        ("starttls", ns.TLS), ("proceed", ns.TLS), ("failure", ns.TLS),
    ]  # fmt: skip
