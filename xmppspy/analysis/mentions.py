"""Mentions: what a message stanza says of messages, itself or another one."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from xmppspy.analysis.identity import Identity
from xmppspy.analysis.sessions import local_name
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.jid import JID
from xmppspy.protocol.readable import Element
from xmppspy.protocol.stanza import Stanza, character_data, read

MAX_ID: Final = 1024
"""Characters of an id by which a message is followed."""
MAX_MENTIONS: Final = 50
"""Mentions taken from one stanza."""

_RECEIPTS: Final = "urn:xmpp:receipts"
_MARKERS: Final = "urn:xmpp:chat-markers:"
_CARBONS: Final = "urn:xmpp:carbons:"
_ARCHIVE: Final = "urn:xmpp:mam:"
_IDS: Final = "urn:xmpp:sid:"
_WRAPPERS: Final = (_CARBONS, _ARCHIVE)
_REFERRING: Final = (_RECEIPTS, _MARKERS)
_METHODS: Final = {
    "eu.siacs.conversations.axolotl": "OMEMO",
    "urn:xmpp:omemo:": "OMEMO",
    "urn:xmpp:openpgp:": "OpenPGP",
    "jabber:x:encrypted": "OpenPGP (legacy)",
    "urn:xmpp:otr:": "OTR",
    "urn:ietf:params:xml:ns:xmpp-e2e": "RFC 3923",
}
"""How what is encrypted end to end is recognised: by the beginning of a child's namespace."""
_MARKED: Final = "urn:xmpp:eme:"
_OTR: Final = "?OTR"
_INSTEAD: Final = frozenset({"encrypted", "openpgp", "x", "e2e"})
"""The names of elements that carry encrypted content; others of the same namespaces do not."""
_TELLING: Final = _INSTEAD | {"body", "encryption", "origin-id", "stanza-id"}
"""The names of all children of a message that are looked at."""
_MOST_TAG: Final = 500
"""Characters of a tag whose parts are remembered."""
_USUAL: Final = 400
"""Characters of two addresses that are remembered, at most."""


class Role(StrEnum):
    """What a stanza is to a message."""

    SENT = "sent"
    RECEIVED = "received"
    CARBON = "carbon copy"
    ARCHIVED = "in the archive"
    RECEIPT = "receipt"
    MARKER = "marker"
    ERROR = "error"


class Mention(NamedTuple):
    """One message that a stanza is, carries, or is about."""

    role: Role
    ids: tuple[str, ...]
    """By which its sender knows it: its `id`, its origin-id (XEP-0359)."""
    stored: tuple[tuple[str, str], ...] = ()
    """By which others know it: ids given by servers and rooms, and who gave them."""
    parties: frozenset[JID] = frozenset()
    """Who it is between, as bare addresses, as far as known."""
    room: JID | None = None
    """The room that it was sent in."""
    is_content: bool = False
    """Whether it says something to a person: has a body, or is encrypted."""
    encryption: str | None = None
    """The method of an encrypted one."""
    digest: int = 0
    """A number that differs, as a rule, where the content does; 0 where it is not looked at."""
    detail: str = ""
    """`sent` or `received` of a carbon copy; `displayed` of a marker; an error's condition."""


def mentions(record: FrameRecord, me: Identity) -> list[Mention]:
    """All messages that a message stanza is about, itself first; empty for other frames.

    What has no id is left out, unless it is a message with content.
    """
    if record.kind != "message" or record.xmlns is not None:
        return []
    stanza = read(record)
    if stanza.element is None:
        return []
    found = []
    for mention in _mentions(stanza, stanza.element, record, me):
        is_itself = mention.role in (Role.SENT, Role.RECEIVED)
        if mention.ids or mention.stored or (is_itself and mention.is_content):
            found.append(mention)
        if len(found) == MAX_MENTIONS:
            break
    return found


def encryption_of(message: Element) -> str | None:
    """The method by which a message is encrypted end to end; None for one that is not."""
    return _look_inside(message, "").encryption


def _mentions(
    stanza: Stanza, tree: Element, record: FrameRecord, me: Identity
) -> Iterator[Mention]:
    sender, receiver = _followed(record.from_), _followed(record.to)
    if sender is None and (record.dir == "c2s" or record.from_ is None):
        sender = me.bare
    if receiver is None:
        receiver = me.bare
    if record.type == "error":
        yield Mention(
            role=Role.ERROR,
            ids=_ids(record.id),
            parties=_parties(sender, receiver),
            detail=condition_of(tree),
        )
        return
    if record.dir == "s2c" and _has(record, _WRAPPERS):
        wrapped = list(_wrapped(tree, record, me))
        if wrapped:
            yield from wrapped
            return
    inside = _look_inside(tree, stanza.content)
    parties = _parties(sender, receiver)
    is_group = record.type == "groupchat"
    if record.dir == "c2s":
        room = _bare(receiver) if is_group else None
        yield _itself(Role.SENT, tree, inside, (), parties, room)
    else:
        room = _bare(sender) if is_group else None
        yield _itself(Role.RECEIVED, tree, inside, tuple(inside.stored), parties, room)
    if _has(record, _REFERRING):
        yield from _references(tree, parties, room)


def _has(record: FrameRecord, beginnings: tuple[str, ...]) -> bool:
    """Whether a child's namespace begins with one of these; tells without its tree."""
    for namespace in record.ns:  # noqa: SIM110 - a generator would cost more than the look
        if namespace.startswith(beginnings):
            return True
    return False


class _Inside:
    """What of the children of a message matters here."""

    __slots__ = ("body", "encryption", "origins", "stored")

    def __init__(self) -> None:
        self.body: Element | None = None
        self.encryption: str | None = None
        self.origins: list[str | None] = []
        self.stored: list[tuple[str, str]] = []


def _look_inside(message: Element, content: str) -> _Inside:
    """Read the children of a message, once for all; its body is that in the namespace `content`."""
    found = _Inside()
    for child in _children(message):
        namespace, name = _parts(child.tag)
        if name not in _TELLING:
            continue
        if name == "body" and namespace == content and found.body is None:
            found.body = child
        elif name == "origin-id" and namespace.startswith(_IDS):
            found.origins.append(child.get("id"))
        elif name == "stanza-id" and namespace.startswith(_IDS):
            found.stored += [(given, child.get("by") or "") for given in _ids(child.get("id"))]
        if found.encryption is None:
            found.encryption = _method(child, namespace, name)
    return found


def _method(child: Element, namespace: str, name: str) -> str | None:
    """The method of encryption that a child of a message stands for."""
    if name in _INSTEAD:
        for beginning, method in _METHODS.items():
            if namespace.startswith(beginning):
                return method
    if name == "encryption" and namespace.startswith(_MARKED):
        named = child.get("name") or child.get("namespace") or "unnamed"
        known = (method for start, method in _METHODS.items() if named.startswith(start))
        return next(known, named[:MAX_ID])
    if name == "body" and (child.text or "").startswith(_OTR):
        return "OTR"
    return None


def _itself(
    role: Role,
    message: Element,
    inside: _Inside,
    stored: tuple[tuple[str, str], ...],
    parties: frozenset[JID],
    room: JID | None,
    detail: str = "",
) -> Mention:
    body, encryption = inside.body, inside.encryption
    return Mention(
        role=role,
        ids=_ids(message.get("id"), *inside.origins),
        stored=stored,
        parties=parties,
        room=room,
        is_content=encryption is not None or body is not None,
        encryption=encryption,
        digest=_digest(message if body is None or encryption else body),
        detail=detail,
    )


def _digest(element: Element) -> int:
    return hash(character_data(element))


def _wrapped(tree: Element, record: FrameRecord, me: Identity) -> Iterator[Mention]:
    """Carbon copies (XEP-0280) and answers of an archive (XEP-0313)."""
    for child in _children(tree):
        namespace, name = _parts(child.tag)
        if namespace.startswith(_CARBONS) and name in ("sent", "received"):
            if (message := _message_in(child)) is not None:
                yield _forwarded(Role.CARBON, message, detail=name)
        elif namespace.startswith(_ARCHIVE) and name == "result":
            given = [(each, record.from_ or me.bare or "") for each in _ids(child.get("id"))]
            if (message := _message_in(child)) is not None:
                yield _forwarded(Role.ARCHIVED, message, given)


def _message_in(wrapper: Element) -> Element | None:
    """The first message in what is forwarded."""
    for forwarded in _called(wrapper, "forwarded"):
        for message in _called(forwarded, "message"):
            return message
    return None


def _forwarded(
    role: Role, message: Element, given: Iterable[tuple[str, str]] = (), detail: str = ""
) -> Mention:
    """A forwarded message; `given` are ids by which it is known besides those in it."""
    sender, receiver = message.get("from"), message.get("to")
    room = _bare(sender) if message.get("type") == "groupchat" else None
    inside = _look_inside(message, _namespace(message) or ns.CLIENT)
    stored = (*inside.stored, *given)
    if role is Role.ARCHIVED:
        stored = tuple(dict.fromkeys(stored))
    return _itself(role, message, inside, stored, _parties(sender, receiver), room, detail)


def _references(tree: Element, parties: frozenset[JID], room: JID | None) -> Iterator[Mention]:
    """Delivery receipts (XEP-0184) and chat markers (XEP-0333) for another message."""
    for child in _children(tree):
        namespace, name = _parts(child.tag)
        role = None
        if namespace == _RECEIPTS and name == "received":
            role = Role.RECEIPT
        elif namespace.startswith(_MARKERS) and name in ("received", "displayed", "acknowledged"):
            role = Role.MARKER
        if role is not None:
            ids = _ids(child.get("id"))
            yield Mention(role=role, ids=ids, parties=parties, room=room, detail=name)


def _ids(*ids: str | None) -> tuple[str, ...]:
    found = [each for each in ids if each and len(each) <= MAX_ID]
    return tuple(dict.fromkeys(found) if len(found) > 1 else found)


def condition_of(tree: Element) -> str:
    """The condition of a stanza error (RFC 6120 §8.3.3), or its old code; empty without any."""
    error = next(tree.iterchildren("{*}error"), None)
    if error is None:
        return ""
    conditions = (local_name(child) for child in error.iterchildren(f"{{{ns.STANZA_ERRORS}}}*"))
    return next((name for name in conditions if name != "text"), error.get("code") or "")


def _children(element: Element) -> list[Element]:
    """Its child elements. A slice is taken in a quarter of the time that an iterator takes."""
    inside: list[Element] = element[:]  # type: ignore[index, assignment]
    return [each for each in inside if isinstance(each.tag, str)]


def _called(element: Element, name: str) -> list[Element]:
    return [each for each in _children(element) if _parts(each.tag)[1] == name]


def _namespace(element: Element) -> str:
    return _parts(element.tag)[0]


def _parts(tag: str) -> tuple[str, str]:
    """The namespace, empty without one, and the local name of a tag."""
    return _split(tag) if len(tag) <= _MOST_TAG else _split.__wrapped__(tag)


@lru_cache(maxsize=2048)
def _split(tag: str) -> tuple[str, str]:
    namespace, _, name = tag.rpartition("}")
    return namespace[1:], name


def _followed(address: str | None) -> str | None:
    """An address, unless it is too long to be one."""
    return None if address is None or len(address) > MAX_ID * 3 else address


def _bare(address: str | None) -> JID | None:
    address = _followed(address)
    if address is None:
        return None
    jid = JID.read(address)
    return jid if jid.resource is None else JID(jid.local, jid.domain, None)


def _parties(one: str | None, other: str | None) -> frozenset[JID]:
    """Whom a message is between, without those whose address is not known."""
    if len(one or "") + len(other or "") < _USUAL:
        return _remembered(one, other)
    return _remembered.__wrapped__(one, other)


@lru_cache(maxsize=2048)
def _remembered(one: str | None, other: str | None) -> frozenset[JID]:
    return frozenset([jid for jid in (_bare(one), _bare(other)) if jid is not None])
