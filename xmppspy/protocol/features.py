"""Edits of `<stream:features/>` that leave every other byte as it is."""

from typing import Final

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.tokens import children, start_tag

_OFFER: Final = f'<starttls xmlns="{ns.TLS}"/>'.encode()


def is_features(frame: Frame) -> bool:
    """Whether the frame is a server's `<stream:features/>`."""
    return frame.kind == "features" and frame.xmlns == ns.STREAMS


def without_compression(data: bytes) -> bytes:
    """The features without stream compression (XEP-0138), which would hide what follows."""
    for child in reversed(children(data)):
        if child.name.rpartition(b":")[2] == b"compression":
            data = data[: child.start] + data[child.stop :]
    return data


def with_starttls(data: bytes) -> bytes:
    """The features with STARTTLS (RFC 6120 §5.3.1) as first of them."""
    opening = start_tag(data)
    if opening is None:
        return data
    if opening.kind == "empty":
        start = data[: opening.stop].removesuffix(b"/>").rstrip()
        return start + b">" + _OFFER + b"</" + opening.name + b">"
    return data[: opening.stop] + _OFFER + data[opening.stop :]
