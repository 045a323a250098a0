"""The XML of the demo's peers: how it is written, how it is read."""

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.stanza import Stanza
from xmppspy.protocol.tokens import NAME

BIND: Final = "urn:ietf:params:xml:ns:xmpp-bind"
ROSTER: Final = "jabber:iq:roster"
PING: Final = "urn:xmpp:ping"
DISCO_INFO: Final = "http://jabber.org/protocol/disco#info"
RECEIPTS: Final = "urn:xmpp:receipts"
CHAT_STATES: Final = "http://jabber.org/protocol/chatstates"
VCARD: Final = "vcard-temp"

STANZAS: Final = frozenset({"message", "presence", "iq"})
STREAM_END: Final = "</stream:stream>"


def element(name: str, /, *content: str, **attributes: str | None) -> str:
    """An element with `content`, which is XML, and the attributes that are not None.

    A trailing underscore of an attribute's name is left out (`from_`), `xml_lang` is `xml:lang`.
    """
    written = [
        f" {key.rstrip('_').replace('_', ':')}={quoteattr(value)}"
        for key, value in attributes.items()
        if value is not None
    ]
    opening = name + "".join(written)
    return f"<{opening}>{''.join(content)}</{name}>" if content else f"<{opening}/>"


def text(name: str, value: str, /, **attributes: str | None) -> str:
    """An element whose content is the text `value`."""
    return element(name, escape(value), **attributes)


def header(**attributes: str | None) -> str:
    """A stream header with its XML declaration (RFC 6120 §4.7), of version 1.0 and in English."""
    opening = element(
        "stream:stream", xmlns=ns.CLIENT, xmlns_stream=ns.STREAMS,
        version="1.0", xml_lang="en", **attributes,
    )  # fmt: skip
    return f"<?xml version='1.0'?>{opening.removesuffix('/>')}>"


def stanza_error(kind: str, condition: str, words: str) -> str:
    """The error child of a stanza (RFC 6120 §8.3): its type, its condition, words for a person."""
    return element(
        "error",
        element(condition, xmlns=ns.STANZA_ERRORS),
        text("text", words, xmlns=ns.STANZA_ERRORS, xml_lang="en"),
        type=kind,
    )


def attribute(frame: Frame, name: str) -> str | None:
    """An attribute of the element that a frame is."""
    tree = Stanza(frame).tree
    return None if tree is None else tree.get(name)


def texts(frame: Frame, name: str) -> list[str]:
    """The texts of all elements with this local name in a frame."""
    tree = Stanza(frame).tree
    return [] if tree is None else [found.text or "" for found in tree.iter(f"{{*}}{name}")]


def children(frame: Frame) -> list[str]:
    """The local names of a frame's child elements, such as an error's condition."""
    tree = Stanza(frame).tree
    return [] if tree is None else [str(child.tag).rpartition("}")[2] for child in tree]


def stamped(frame: Frame, *, sender: str, to: str) -> str:
    """A stanza as a server passes it on: `from` and `to` added where they are missing."""
    written = "" if frame.from_ else f" from={quoteattr(sender)}"
    written += "" if frame.to else f" to={quoteattr(to)}"
    name = NAME.match(frame.data, 1)
    stop = name.end() if name else 1
    return frame.data[:stop].decode() + written + frame.data[stop:].decode()


def bare(jid: str) -> str:
    """The JID without its resource."""
    return jid.partition("/")[0]


def domain(jid: str) -> str:
    """The domain of a JID."""
    return bare(jid).rpartition("@")[2]
