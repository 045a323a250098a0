"""What a frame is about, in a few words: beside its XML, or instead of it."""

import re
from typing import Final

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import UNCHANGED, FrameRecord
from xmppspy.protocol.tokens import attribute_value, children, tokens
from xmppspy.view.escape import decode, escape_line
from xmppspy.view.fold import cut
from xmppspy.view.hexdump import is_text

_NAMED: Final = 3
_SPACE_ROOM: Final = 12
_SELF_EVIDENT: Final = ns.CONTENT | {ns.STREAMS, ns.STREAM_ERRORS}
_ACCOMPANYING: Final = frozenset(
    {
        "http://jabber.org/protocol/caps",
        "urn:xmpp:delay",
        "urn:xmpp:hints",
        "urn:xmpp:occupant-id:0",
        "urn:xmpp:sid:0",
        "vcard-temp:x:update",
    }
)
"""What comes along with stanzas about something else."""
_LEADING: Final = re.compile(
    r"^(?:urn:ietf:params:xml:ns:(?:xmpp-)?|urn:xmpp:|jabber:(?:iq:)?|eu\.siacs\.conversations\."
    r"|https?://(?:www\.)?jabber\.org/(?:protocol|features)/|https?://.*/(?=.))"
)
_VERSION: Final = re.compile(r":[0-9]+(?:\.[0-9]+)*$")
_ERROR_ELEMENTS: Final = frozenset({"error", "failure", "failed"})
_UNFRAMED: Final = frozenset({"space", "text", "comment", "pi", "opaque", "partial"})


def description(frame: FrameRecord) -> str:
    """What stands beside the XML: the namespaces that tell what the frame is about."""
    if frame.kind == "space":
        return _quoted(decode(frame.data), _SPACE_ROOM)
    return _listed(_telling_namespaces(frame), ", ")


def short_description(frame: FrameRecord, named: int = _NAMED) -> str:
    """The same where there is little room; only `named` of the namespaces are named."""
    if frame.kind == "space":
        return _quoted(decode(frame.data), _SPACE_ROOM)
    return _short_names(frame, ", ", named)


def summary(frame: FrameRecord, room: int) -> str:
    """What stands instead of the XML, in about `room` columns; empty when the kind says it all."""
    if frame.kind == "opaque" and not is_text(frame.data):
        return cut(frame.data[:room].hex(" "), room)
    if frame.kind in _UNFRAMED:
        return _quoted(decode(frame.data[: 4 * room]), room)
    if frame.kind == "message":
        body = _child_text(frame.data, b"body")
        return _short_names(frame) if body is None else _quoted(body, room)
    if frame.kind == "presence":
        return _presence(frame, room)
    return _short_names(frame)


def condition(frame: FrameRecord) -> str | None:
    """The condition of a stanza, stream, SASL or stream management error; None for others.

    `error` where there is one without a condition.
    """
    if frame.type == "error":
        data = _child(frame.data, b"error")
    elif frame.kind in _ERROR_ELEMENTS:
        data = frame.data
    else:
        return None
    for child in children(data):
        name = _local(child.name)
        if name != b"text":
            return escape_line(decode(name))
    return "error"


def marks(frame: FrameRecord) -> list[str]:
    """What xmppspy did with the frame: nothing, as a rule."""
    found = {
        "injected": frame.injected,
        "dropped": frame.sent is not UNCHANGED and not frame.sent,
        "changed": frame.sent is not UNCHANGED and bool(frame.sent),
    }
    return [name for name, is_so in found.items() if is_so]


def short_name(namespace: str) -> str:
    """The telling piece of a namespace: `disco#info`, `roster`, `mam`."""
    return _VERSION.sub("", _LEADING.sub("", namespace, count=1)) or namespace


def _telling_namespaces(frame: FrameRecord) -> list[str]:
    own = () if frame.xmlns is None else (frame.xmlns,)
    names = [name for name in dict.fromkeys(own + frame.ns) if name not in _SELF_EVIDENT]
    return [name for name in names if name not in _ACCOMPANYING] or names


def _short_names(frame: FrameRecord, separator: str = " ", named: int = _NAMED) -> str:
    names = list(dict.fromkeys(map(short_name, _telling_namespaces(frame))))
    return _listed(names, separator, named)


def _listed(names: list[str], separator: str, named: int = _NAMED) -> str:
    more = f" +{len(names) - named}" if len(names) > named else ""
    return separator.join(map(escape_line, names[:named])) + more


def _presence(frame: FrameRecord, room: int) -> str:
    show = _child_text(frame.data, b"show")
    status = _child_text(frame.data, b"status")
    words = [escape_line(show)] if show else []
    if status:
        words.append(_quoted(status, room))
    return " ".join(words) or _short_names(frame)


def _quoted(text: str, room: int) -> str:
    """Text in quotation marks on one line, in at most `room` columns."""
    return f'"{cut(escape_line(text.replace(chr(10), "↵")), max(room - 2, 1))}"'


def _child(data: bytes, name: bytes) -> bytes:
    """The first child element with that local name; empty when there is none."""
    for child in children(data):
        if _local(child.name) == name:
            return data[child.start : child.stop]
    return b""


def _child_text(data: bytes, name: bytes) -> str | None:
    """The character data of the first child with that local name; None when there is none."""
    element = _child(data, name)
    if not element:
        return None
    pieces = []
    for token in tokens(element):
        piece = element[token.start : token.stop]
        if token.kind == "text":
            pieces.append("\n".join(map(attribute_value, piece.split(b"\n"))))
        elif token.kind == "cdata":
            pieces.append(decode(piece.removeprefix(b"<![CDATA[").removesuffix(b"]]>")))
    return "".join(pieces)


def _local(name: bytes) -> bytes:
    return name.rpartition(b":")[2]
