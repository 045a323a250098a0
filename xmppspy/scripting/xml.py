"""XML that a script hands over, made the bytes that leave."""

from typing import TypeAlias

from lxml.etree import _Element, iselement, tostring

from xmppspy.intervene.fragments import elements
from xmppspy.protocol.context import StreamContext

XML: TypeAlias = str | bytes | _Element
"""Text, bytes, or a tree."""


def as_bytes(xml: XML, context: StreamContext, check: bool) -> bytes:
    """The bytes of what a script wants in a stream of that context.

    With `check`, what is not well-formed there raises `MalformedXML`. Anything but XML is a
    `TypeError`.
    """
    if isinstance(xml, str):
        data = xml.encode()
    elif isinstance(xml, bytes):
        data = xml
    elif iselement(xml):
        data = tostring(xml, encoding="unicode", with_tail=False).encode()
    else:
        raise TypeError(f"XML is a str, bytes or an element, not {type(xml).__name__}")
    if check:
        elements(data.decode(), context)
    return data


def text_of(value: object) -> str:
    """A text for people, which can be written as UTF-8."""
    return str(value).encode(errors="backslashreplace").decode()
