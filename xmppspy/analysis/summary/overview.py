"""Summaries: what a frame is, in one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from xmppspy.analysis import registry
from xmppspy.analysis.exchanges import Request
from xmppspy.analysis.identity import Identity
from xmppspy.analysis.sasl import decode
from xmppspy.analysis.summary import (
    accounts,
    acks,
    archive,
    authentication,
    chat,
    disco,
    encryption,
    forms,
    generic,
    jingle,
    personal,
    presences,
    pubsub,
    queries,
    rooms,
    rosters,
    servers,
    streams,
    transfers,
    tree,
    unframed,
    wrappers,
)
from xmppspy.analysis.summary.errors import error
from xmppspy.analysis.summary.messages import Payloads, message
from xmppspy.analysis.summary.outline import MOST, Outline
from xmppspy.analysis.summary.setting import ROOM, Setting
from xmppspy.analysis.summary.table import Entry, Table, family, nothing
from xmppspy.analysis.words import joined, word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.readable import Element
from xmppspy.protocol.stanza import read

if TYPE_CHECKING:
    from xmppspy.analysis.sasl import SaslStep

TABLE: Final[Table] = {
    tag: entry
    for module in (
        accounts, acks, archive, authentication, chat, disco, encryption, forms, jingle, personal,
        pubsub, queries, rooms, rosters, servers, streams, transfers, wrappers,
    )
    for tag, entry in module.TABLE.items()
}  # fmt: skip
"""All payloads that are known, by `family(tag)`."""
_MOST_TAG: Final = 500
_ROSTER: Final = "jabber:iq:roster"
_PING: Final = "urn:xmpp:ping"


def summarize(
    record: FrameRecord,
    identity: Identity,
    *,
    request: Request | None = None,
    sasl: SaslStep | None = None,
    room: int = ROOM,
) -> str:
    """What a frame is, in one line of harmless text, never empty.

    The stanza's kind and its type, if it is a message or an iq, are not in it: they stand before
    it. `identity` is that of the frame's connection, `request` what the frame answers, `sasl`
    what it says as a step of SASL, where these are known. What a person wrote is folded to
    `room` characters. No secrets are told.
    """
    text = outline(record, identity, request=request, sasl=sasl, room=room).text
    most = max(MOST, room + MOST - ROOM)
    return text if len(text) <= most else text[: most - 1] + "…"


def outline(
    record: FrameRecord,
    identity: Identity,
    *,
    request: Request | None = None,
    sasl: SaslStep | None = None,
    room: int = ROOM,
) -> Outline:
    """The same in its parts, not yet folded as a whole."""
    if record.kind == "/stream":
        return Outline("stream closed", "")
    root = read(record).element
    if root is None or record.kind in _UNFRAMED:
        return Outline("", unframed.raw(record, room))
    step = sasl if sasl is not None or record.xmlns is None else decode(record)
    setting = Setting(
        root, record.kind, record.type or "", record.dir == "c2s", identity, TELLER, room, step
    )
    if record.xmlns is None and record.kind in _STANZAS:
        return _stanza(setting, request)
    known = _found(root.tag, TABLE[_HEADER]) if record.kind == "stream" else _known(root.tag)
    return _payload(root, setting, known)


_HEADER: Final = f"{{{ns.STREAMS}}}stream"
_UNFRAMED: Final = frozenset({"space", "text", "comment", "pi", "opaque", "partial"})


# --- payloads


class _Known(NamedTuple):
    """What the tag of an element tells, worked out once for all that have it."""

    namespace: str
    name: str
    entry: Entry
    origin: str
    """Its namespace, unless the topic tells where it comes from."""
    outline: Outline | None
    """What it is, where the tag says it all."""


_Payload: TypeAlias = tuple[_Known, Element]


def entry_of(tag: str) -> Entry:
    """How to describe the elements of a tag."""
    return _known(tag).entry


def _known(tag: str) -> _Known:
    return _remembered(tag) if len(tag) <= _MOST_TAG else _found(tag, generic.entry(tag))


@lru_cache(maxsize=2048)
def _remembered(tag: str) -> _Known:
    return _found(tag, TABLE.get(tag) or TABLE.get(family(tag)) or generic.entry(tag))


def _found(tag: str, entry: Entry) -> _Known:
    namespace, name = tree.split(tag)
    origin = "" if entry.describe is generic.describe else namespace
    outline = Outline(entry.topic, "", origin) if entry.describe is nothing else None
    return _Known(namespace, name, entry, origin, outline)


def _topic_of(tag: str) -> str:
    known = _known(tag)
    return known.entry.topic or word(registry.short(known.namespace)) or word(known.name)


def _payload(element: Element, setting: Setting, known: _Known) -> Outline:
    """What a payload is, also one that elsewhere goes along without a word."""
    found = _described(known, element, setting)
    return found if found.text else found._replace(topic=word(known.name))


def _described(known: _Known, element: Element, setting: Setting) -> Outline:
    if known.outline is not None:
        return known.outline
    entry = known.entry
    return Outline(entry.topic, entry.describe(element, setting), known.origin)


# --- stanzas


def _stanza(setting: Setting, request: Request | None = None) -> Outline:
    content: dict[str, Element] = {}
    payloads: list[_Payload] = []
    own = tree.namespace(setting.stanza)
    for each in tree.children(setting.stanza):
        known = _known(each.tag)
        namespace = known.namespace
        if namespace == own or namespace in _CONTENT:
            content.setdefault(known.name, each)
        elif len(payloads) < _MOST_PAYLOADS:
            payloads.append((known, each))
    if setting.type == "error":
        return _error(setting, content, payloads, request)
    return _STANZAS[setting.kind](setting, content, payloads, request)


_MOST_PAYLOADS: Final = 100
"""Payloads that are looked at; no stanza has so many, and their words would be folded."""
_CONTENT: Final = ns.CONTENT | {""}
_Content: TypeAlias = Mapping[str, Element]


def _roles(setting: Setting, payloads: list[_Payload]) -> Payloads:
    found = Payloads()
    for known, each in payloads:
        found.add(known.entry.role, _described(known, each, setting))
    return found


def _message(
    setting: Setting, content: _Content, payloads: list[_Payload], _request: Request | None
) -> Outline:
    found = _roles(setting, payloads)
    if len(setting.stanza) > len(content) + len(payloads):
        bodies = tree.count(setting.stanza, "body")
        found.flags += [f"{bodies} languages"] if bodies > 1 else []
    return message(setting, content, found)


def _presence(
    setting: Setting, content: _Content, payloads: list[_Payload], _request: Request | None
) -> Outline:
    found = _roles(setting, payloads)
    return presences.presence(setting, content, found)


def _iq(
    setting: Setting, content: _Content, payloads: list[_Payload], request: Request | None
) -> Outline:
    payloads = payloads or [(_known(each.tag), each) for each in content.values()]
    if _accepts_push(setting, payloads, request):
        return Outline("ok:", "roster push", _ROSTER)
    if not payloads:
        return _empty(setting, request)
    first, *others = [_payload(each, setting, known) for known, each in payloads]
    rest = [f"+ {other.text}" for other in others]
    return Outline(first.topic, joined([first.details, *rest]), first.namespace) if rest else first


def _accepts_push(setting: Setting, payloads: list[_Payload], request: Request | None) -> bool:
    """Whether it is a client's answer to a roster push (RFC 6121 §2.1.6).

    Some answer with an empty query. Clients are not asked for a roster.
    """
    if setting.type != "result" or any(len(each) for _, each in payloads):
        return False
    if request is not None:
        return (request.dir, request.type, request.namespace) == ("s2c", "set", _ROSTER)
    is_client = setting.outgoing and setting.identity.kind == "client"
    return is_client and [each.tag for _, each in payloads] == [f"{{{_ROSTER}}}query"]


def _empty(setting: Setting, request: Request | None) -> Outline:
    if setting.type != "result":
        return Outline("", "(no payload)")
    if request is None:
        return Outline("", "ok")
    if request.namespace == _PING:
        return Outline("pong", "", request.namespace)
    return Outline("ok:", _topic(request), request.namespace)


def _topic(request: Request) -> str:
    """What was asked for."""
    return _topic_of(f"{{{request.namespace}}}{request.name}")


def _error(
    setting: Setting, content: _Content, payloads: list[_Payload], request: Request | None
) -> Outline:
    """An error, and what it is an answer to: by the request, else by what it quotes of it."""
    problem = content.get("error")
    details = "(no error element)" if problem is None else error(problem, setting)
    about = ""
    if request is not None:
        about = f"{request.type} {_topic(request)}"
    elif payloads and setting.kind == "iq":
        about = _topic_of(payloads[0][1].tag)
    elif "body" in content:
        about = setting.quote(tree.text(content["body"]))
    return Outline("error", joined([details, f"for {about}" if about else ""]))


_Teller: TypeAlias = Callable[[Setting, _Content, list[_Payload], Request | None], Outline]

_STANZAS: Final[Mapping[str, _Teller]] = {"message": _message, "presence": _presence, "iq": _iq}


class _Everything:
    """Describes what other payloads carry."""

    def stanza(self, stanza: Element, setting: Setting) -> str:
        """What a carried stanza is."""
        return _stanza(setting.inside(stanza, tree.local(stanza))).text

    def payload(self, element: Element, setting: Setting) -> str:
        """What a carried payload is; a stanza, where payloads are expected, as well."""
        kind = tree.local(element)
        if kind in _STANZAS and tree.namespace(element) in ns.CONTENT:
            stanza = self.stanza(element, setting)
            return joined([kind, word(element.get("type")), stanza])
        return _payload(element, setting, _known(element.tag)).text


TELLER: Final = _Everything()
"""Can describe everything."""
