"""What filters mean, said a second time: slowly, by other means, without any short cut.

An expression is a tuple: ("word", NAME), ("compare", FIELD, OPERATOR, VALUE), ("not", E),
("and", E, …), ("or", E, …). Trees are those of the standard library.
"""

import re
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from xmppspy.protocol.events import Event, FrameRecord

Expression = tuple[Any, ...]

_NOT_ELEMENTS = {"stream", "/stream", "space", "text", "comment", "pi", "opaque", "partial"}
_STREAMS = "http://etherx.jabber.org/streams"
_SASL = ("urn:ietf:params:xml:ns:xmpp-sasl", "urn:xmpp:sasl:2")
_EVENT_NAMES = {
    "ConnectionOpened": "open", "TLSEstablished": "tls", "ConnectionClosed": "close",
    "Fault": "error", "FateDecided": "fate", "Note": "note", "Mark": "mark", "Gap": "gap",
    "Skipped": "skipped",
}  # fmt: skip


_ORIGINS = {
    "jabber:iq:roster": "RFC6121", "urn:xmpp:mam:2": "0313", "urn:xmpp:sm:3": "0198",
    "urn:xmpp:ping": "0199", "urn:xmpp:forward:0": "0297", "jabber:x:data": "0004",
    "http://jabber.org/protocol/chatstates": "0085", "jabber:server:dialback": "0220",
    "jabber:component:accept": "0114",
}  # fmt: skip
"""Those that the samples have, without RFC 6120."""


def holds(expression: Expression, event: Event) -> bool:
    """Whether the event is meant."""
    what, *parts = expression
    if what == "not":
        return not holds(parts[0], event)
    if what in ("and", "or"):
        answers = [holds(part, event) for part in parts]
        return all(answers) if what == "and" else any(answers)
    if what == "word":
        return _word(parts[0], event)
    field, operator, value = parts
    return any(_compare(field, operator, value, found) for found in _values(field, event))


def _word(name: str, event: Event) -> bool:
    if name in ("c2s", "s2c"):
        return ("dir", name) == ("dir", getattr(event, "dir", None))
    if not isinstance(event, FrameRecord):
        return name == "event" or (name in ("tls", "error") and _event_name(event) == name)
    is_stanza = event.kind in ("message", "presence", "iq")
    stream_error = (event.kind, event.xmlns) == ("error", _STREAMS)
    if name == "error":
        return (
            stream_error
            or (is_stanza and event.type == "error")
            or (event.kind == "failure" and event.xmlns in _SASL)
            or (event.kind == "failed" and event.xmlns == "urn:xmpp:sm:3")
        )
    classes = {
        "event": False,
        "stanza": is_stanza,
        "nonza": not is_stanza and event.kind not in _NOT_ELEMENTS,
        "stream": event.kind in ("stream", "/stream") or stream_error,
        "sasl": event.xmlns in _SASL,
        "tls": event.xmlns == "urn:ietf:params:xml:ns:xmpp-tls",
        "sm": event.xmlns == "urn:xmpp:sm:3",
    }
    return classes.get(name, event.kind == name)


def _event_name(event: Event) -> str | None:
    return _EVENT_NAMES.get(type(event).__name__)


def _values(field: str, event: Event) -> list[Any]:
    """All that a field finds in an event."""
    found: list[Any]
    if field in ("conn", "n", "t", "dir"):
        found = [getattr(event, field, None)]
    elif field == "event":
        found = [_event_name(event)]
    elif not isinstance(event, FrameRecord):
        found = []
    elif field in ("kind", "type", "id", "to"):
        found = [getattr(event, field)]
    elif field in ("from", "jid"):
        found = [event.from_] if field == "from" else [event.from_, event.to]
    elif field == "size":
        found = [len(event.data)]
    elif field == "raw":
        found = [event.data.decode(errors="surrogateescape")]
    else:
        tree = _tree(event)
        found = [] if tree is None else _inside(field, tree, event)
    return [value for value in found if value is not None]


def _tree(frame: FrameRecord) -> ET.Element | None:
    """The element, read in a root that declares what the stream's header does."""
    if frame.kind in ("/stream", "space", "text", "comment", "pi", "opaque", "partial"):
        return None
    if frame.kind == "stream":
        name = b"stream:stream" if b"<stream:stream" in frame.data else b"stream"
        return ET.fromstring(frame.data + b"</" + name + b">")  # noqa: S314 - samples
    declared = f"xmlns={quoteattr(frame.context.default)}"
    for prefix, namespace in frame.context.prefixes.items():
        declared += f" xmlns:{prefix}={quoteattr(namespace)}"
    whole = f"<root {declared}>".encode() + frame.data + b"</root>"
    return ET.fromstring(whole)[0]  # noqa: S314 - samples


def _inside(field: str, tree: ET.Element, frame: FrameRecord) -> list[str]:
    names = [element.tag.removeprefix("{").partition("}") for element in tree.iter()]
    if field == "ns":
        return [namespace for namespace, _, _ in names]
    if field == "xep":
        return [_ORIGINS[namespace] for namespace, _, _ in names if namespace in _ORIGINS]
    if field == "name":
        return [local for _, _, local in names[1:]]
    if field == "text":
        return ["".join(tree.itertext())]
    return _bodies(tree, _content(tree, frame), inside=False)


def _content(tree: ET.Element, frame: FrameRecord) -> str:
    own = tree.tag[1:].partition("}")[0]
    prefix_free = frame.context.default == _STREAMS
    return own if prefix_free and own.startswith("jabber:") else frame.context.content


def _bodies(element: ET.Element, content: str, *, inside: bool) -> list[str]:
    contents = [content]
    if inside:
        contents += ["jabber:client", "jabber:server", "jabber:component:accept"]
    found = []
    if element.tag in [f"{{{namespace}}}body" for namespace in contents]:
        found.append("".join(element.itertext()))
    for child in element:
        found += _bodies(child, content, inside=inside or element.tag.endswith("}forwarded"))
    return found


def _compare(field: str, operator: str, value: str, found: Any) -> bool:
    if field in ("conn", "n", "t", "size"):
        return _compare_number(operator, value, float(found))
    if operator == "~":
        return re.search(value, found) is not None
    if operator == "=":
        return bool(found == value)
    if field in ("body", "text", "raw"):
        return value.casefold() in found.casefold()
    if field == "xep":
        return bool(value.lstrip("0") == found.lstrip("0"))
    if field == "ns":
        return re.match(re.escape(value) + r"(\Z|[:#/])", found) is not None
    if field in ("from", "to", "jid"):
        return _same_address(value, found)
    return bool(found == value)


def _compare_number(operator: str, value: str, found: float) -> bool:
    if ".." in value:
        low, high = value.split("..")
        return float(low or "-inf") <= found <= float(high or "inf")
    if operator in "<>":
        return found > float(value) if operator == ">" else found < float(value)
    return found == float(value)


def _same_address(wanted: str, found: str) -> bool:
    """For the plain addresses of the samples."""
    bare, _, resource = found.partition("/")
    bare = bare.lower()
    wanted_bare, slash, wanted_resource = wanted.partition("/")
    if slash and wanted_resource != resource:
        return False
    wanted_bare = wanted_bare.lower()
    return wanted_bare in (bare, bare.rpartition("@")[2] if not slash else bare)
