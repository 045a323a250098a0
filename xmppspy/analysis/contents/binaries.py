"""Binary data inside of XML: in-band bytestreams, avatars, bits of binary, photos."""

import binascii
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from xmppspy.analysis.contents.content import Content
from xmppspy.analysis.contents.media import kind_of
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import joined, size, word
from xmppspy.protocol.readable import Element

MAX_DECODED: Final = 4 * 1024 * 1024
"""Characters of base64; of longer ones only the beginning is decoded."""

_SPACE: Final = str.maketrans("", "", " \t\r\n")

Named = Callable[[Element], str]


def _block(element: Element) -> str:
    return joined(["in-band data, block", word(element.get("seq")) or "?"])


def _bits(element: Element) -> str:
    return joined(["bits of binary", word(element.get("cid"))])


_CARRIERS: Final[Mapping[str, Named]] = {
    "{http://jabber.org/protocol/ibb}data": _block,
    "{urn:xmpp:avatar:data}data": lambda _element: "avatar",
    "{vcard-temp}BINVAL": lambda _element: "photo",
    "{urn:xmpp:bob}data": _bits,
    "{jabber:iq:avatar}data": lambda _element: "avatar",
    "{storage:client:avatar}data": lambda _element: "avatar",
}
"""Elements whose text is base64, and what it is."""


def binaries(root: Element) -> Iterator[Content]:
    """What the carriers inside an element hold."""
    for element in root.iter(*_CARRIERS):
        text = tree.text(element).translate(_SPACE)
        if text:
            yield _opened(_CARRIERS[str(element.tag)](element), element, text)


def _opened(title: str, element: Element, text: str) -> Content:
    said = word(element.get("type") or _type_beside(element))
    try:
        data = b64decode(text[: MAX_DECODED // 4 * 4], validate=True)
    except (binascii.Error, ValueError):
        return Content(title, (("type", said),) if said else (), ("this is no base64",))
    whole = len(data) if len(text) <= MAX_DECODED else len(text) * 3 // 4
    is_, rows = kind_of(data), []
    if said:
        rows.append(("said to be", said))
    if is_:
        rows.append(("is", is_))
    rows.append(("size", size(whole)))
    return Content(title, tuple(rows), data=data)


def _type_beside(element: Element) -> str:
    """The media type that a vCard says beside a photo."""
    return tree.child_text(element.getparent(), "TYPE")
