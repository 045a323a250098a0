"""What xmppspy itself says to a peer, where nobody else can (RFC 6120 §4.9, §5.4)."""

from typing import Final

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.quoting import escape, quoteattr

STARTTLS: Final = f'<starttls xmlns="{ns.TLS}"/>'.encode()
PROCEED: Final = f'<proceed xmlns="{ns.TLS}"/>'.encode()
TLS_FAILURE: Final = f'<failure xmlns="{ns.TLS}"/>'.encode()


def initial_header(domain: str) -> bytes:
    """The header by which xmppspy opens a stream to the server of `domain`."""
    return (
        f'<?xml version="1.0"?><stream:stream xmlns="{ns.CLIENT}" xmlns:stream="{ns.STREAMS}"'
        f' to={quoteattr(domain)} version="1.0">'
    ).encode()


def response_header(domain: str | None, context: StreamContext, stream_id: str) -> bytes:
    """The header that has to precede a stream error when the server has sent none (§4.9.1.2)."""
    origin = f" from={quoteattr(domain)}" if domain else ""
    return (
        f'<?xml version="1.0"?><stream:stream xmlns={quoteattr(context.content)}'
        f' xmlns:stream="{ns.STREAMS}" id={quoteattr(stream_id)}{origin}'
        ' version="1.0" xml:lang="en">'
    ).encode()


def stream_error(condition: str, text: str, prefix: str = "stream") -> bytes:
    """A stream error (§4.9); the end tag of the stream has to follow."""
    name = f"{prefix}:error" if prefix else "error"
    return (
        f'<{name}><{condition} xmlns="{ns.STREAM_ERRORS}"/>'
        f'<text xmlns="{ns.STREAM_ERRORS}" xml:lang="en">xmppspy: {escape(text)}</text></{name}>'
    ).encode()
