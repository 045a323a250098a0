"""Edits of SASL's elements: what is not meant stays as it is, to the byte."""

import binascii
from base64 import b64decode, b64encode
from typing import Final

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.quoting import escape, quoteattr
from xmppspy.protocol.tokens import (
    ChildSpan,
    attribute_spans,
    attributes,
    character_data,
    children,
    start_tag,
    tokens,
)

_HOLDERS: Final = {
    "authenticate": b"initial-response",
    "success": b"additional-data",
    "continue": b"additional-data",
}
"""The children of SASL2's elements that hold the payload (XEP-0388 §2); others hold it as text."""


def attribute(data: bytes, name: str) -> str:
    """An attribute of an element; empty when it has none of that name."""
    tag = start_tag(data)
    return "" if tag is None else dict(attributes(data[tag.start : tag.stop])).get(name, "")


def with_attribute(data: bytes, name: str, value: str) -> bytes:
    """The element with another value in an attribute that it has."""
    tag = start_tag(data)
    for found, start, stop in attribute_spans(data, tag.start, tag.stop) if tag else ():
        if found == name:
            text = escape(value).replace('"', "&quot;").replace("'", "&apos;")
            return data[:start] + text.encode() + data[stop:]
    return data


def payload(kind: str, namespace: str | None, data: bytes) -> bytes | None:
    """What an element of SASL or SASL2 carries, decoded; None when it carries nothing.

    `=` is a payload of no bytes (RFC 6120 §6.4.2). Raises ValueError when it is no base64.
    """
    holder = _holder(kind, namespace)
    if holder is not None:
        found = _child(data, holder)
        if found is None:
            return None
        text = _text(data[found.start : found.stop])
    else:
        text = _text(data)
        if not text and namespace == ns.SASL:
            return None
    if text == "=":
        return b""
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("the payload is not base64") from error


def with_payload(kind: str, namespace: str | None, data: bytes, content: bytes | None) -> bytes:
    """The element with another payload, or with none (None)."""
    holder = _holder(kind, namespace)
    text = None if content is None else b64encode(content)
    if holder is None:
        return _with_text(data, text if text or text is None or namespace != ns.SASL else b"=")
    found = _child(data, holder)
    if found is None:
        return data if text is None else _with_first(data, _element(holder, text))
    inner = b"" if text is None else _with_text(data[found.start : found.stop], text)
    return data[: found.start] + inner + data[found.stop :]


def element(kind: str, namespace: str | None, content: bytes) -> bytes:
    """A new element of SASL or SASL2 whose text is its payload."""
    text = b64encode(content).decode()
    if not text and namespace == ns.SASL:
        text = "="
    return f"<{kind} xmlns={quoteattr(namespace or ns.SASL)}>{text}</{kind}>".encode()


def _holder(kind: str, namespace: str | None) -> bytes | None:
    return None if namespace == ns.SASL else _HOLDERS.get(kind)


def _element(name: bytes, text: bytes) -> bytes:
    return b"<" + name + f' xmlns="{ns.SASL2}">'.encode() + text + b"</" + name + b">"


def _child(data: bytes, name: bytes) -> ChildSpan | None:
    return next((each for each in children(data) if local(each.name) == name), None)


def local(name: bytes) -> bytes:
    """A name without its prefix."""
    return name.rpartition(b":")[2]


def _text(data: bytes) -> str:
    """All character data of an element, white space around it removed."""
    parts = (data[token.start : token.stop] for token in tokens(data) if token.kind == "text")
    return "".join(character_data(part) for part in parts).strip()


def _with_text(data: bytes, text: bytes | None) -> bytes:
    """The element with nothing but a text in it."""
    tag = start_tag(data)
    if tag is None:
        return data
    opening = data[: tag.stop]
    if tag.kind == "empty":
        opening = opening.removesuffix(b"/>").rstrip() + b">"
    return opening + (text or b"") + b"</" + tag.name + b">"


def _with_first(data: bytes, child: bytes) -> bytes:
    """The element with one more child, before all others."""
    tag = start_tag(data)
    if tag is None:
        return data
    if tag.kind == "empty":
        return _with_text(data, child)
    return data[: tag.stop] + child + data[tag.stop :]
