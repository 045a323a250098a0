"""Mentions: what a message stanza says of messages, itself or another one."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lxml import etree

from xmppspy.analysis.identity import Identity
from xmppspy.analysis.sessions import local_name
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.jid import JID
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


class Role(StrEnum):
    """What a stanza is to a message."""

    SENT = "sent"
    RECEIVED = "received"
    CARBON = "carbon copy"
    ARCHIVED = "in the archive"
    RECEIPT = "receipt"
    MARKER = "marker"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
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
    if stanza.tree is None:
        return []
    found = []
    for mention in _mentions(stanza, stanza.tree, record, me):
        is_itself = mention.role in (Role.SENT, Role.RECEIVED)
        if mention.ids or mention.stored or (is_itself and mention.is_content):
            found.append(mention)
        if len(found) == MAX_MENTIONS:
            break
    return found


def encryption_of(message: etree._Element) -> str | None:
    """The method by which a message is encrypted end to end; None for one that is not."""
    for child in message.iterchildren("{*}*"):
        namespace, name = _namespace(child), local_name(child)
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


def _mentions(
    stanza: Stanza, tree: etree._Element, record: FrameRecord, me: Identity
) -> Iterator[Mention]:
    own = _bare(me.bare)
    sender = _bare(record.from_) or (own if record.dir == "c2s" or record.from_ is None else None)
    receiver = _bare(record.to) or own
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
    role = Role.SENT if record.dir == "c2s" else Role.RECEIVED
    parties = _parties(sender, receiver)
    room = None
    if record.type == "groupchat":
        room = receiver if role is Role.SENT else sender
    stored = tuple(_stored(tree)) if role is Role.RECEIVED else ()
    yield _itself(role, tree, stanza.content, stored, parties, room)
    if _has(record, _REFERRING):
        yield from _references(tree, parties, room)


def _has(record: FrameRecord, beginnings: tuple[str, ...]) -> bool:
    """Whether a child's namespace begins with one of these; tells without its tree."""
    return any(namespace.startswith(beginnings) for namespace in record.ns)


def _itself(
    role: Role,
    message: etree._Element,
    content: str,
    stored: tuple[tuple[str, str], ...],
    parties: frozenset[JID],
    room: JID | None,
    detail: str = "",
) -> Mention:
    origins = [each.get("id") for each in message.iterchildren("{*}origin-id") if _is_id(each)]
    encryption = encryption_of(message)
    body = message.find(f"{{{content}}}body")
    return Mention(
        role=role,
        ids=_ids(message.get("id"), *origins),
        stored=stored,
        parties=parties,
        room=room,
        is_content=encryption is not None or body is not None,
        encryption=encryption,
        digest=_digest(message if body is None or encryption else body),
        detail=detail,
    )


def _digest(element: etree._Element) -> int:
    return hash(character_data(element))


def _wrapped(tree: etree._Element, record: FrameRecord, me: Identity) -> Iterator[Mention]:
    """Carbon copies (XEP-0280) and answers of an archive (XEP-0313)."""
    for child in tree.iterchildren("{*}*"):
        namespace, name = _namespace(child), local_name(child)
        message = next(child.iterfind("{*}forwarded/{*}message"), None)
        if message is None:
            continue
        if namespace.startswith(_CARBONS) and name in ("sent", "received"):
            yield _forwarded(Role.CARBON, message, tuple(_stored(message)), name)
        elif namespace.startswith(_ARCHIVE) and name == "result":
            stored = [*_stored(message)]
            if given := _ids(child.get("id")):
                stored.append((given[0], record.from_ or me.bare or ""))
            yield _forwarded(Role.ARCHIVED, message, tuple(dict.fromkeys(stored)))


def _forwarded(
    role: Role, message: etree._Element, stored: tuple[tuple[str, str], ...], detail: str = ""
) -> Mention:
    sender, receiver = _bare(message.get("from")), _bare(message.get("to"))
    room = sender if message.get("type") == "groupchat" else None
    content = _namespace(message) or ns.CLIENT
    return _itself(role, message, content, stored, _parties(sender, receiver), room, detail)


def _references(
    tree: etree._Element, parties: frozenset[JID], room: JID | None
) -> Iterator[Mention]:
    """Delivery receipts (XEP-0184) and chat markers (XEP-0333) for another message."""
    for child in tree.iterchildren("{*}*"):
        namespace, name = _namespace(child), local_name(child)
        role = None
        if namespace == _RECEIPTS and name == "received":
            role = Role.RECEIPT
        elif namespace.startswith(_MARKERS) and name in ("received", "displayed", "acknowledged"):
            role = Role.MARKER
        if role is not None:
            ids = _ids(child.get("id"))
            yield Mention(role=role, ids=ids, parties=parties, room=room, detail=name)


def _stored(message: etree._Element) -> Iterator[tuple[str, str]]:
    for child in message.iterchildren("{*}stanza-id"):
        if _is_id(child) and (given := _ids(child.get("id"))):
            yield given[0], child.get("by") or ""


def _is_id(element: etree._Element) -> bool:
    return _namespace(element).startswith(_IDS)


def _ids(*ids: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in ids if each and len(each) <= MAX_ID))


def condition_of(tree: etree._Element) -> str:
    """The condition of a stanza error (RFC 6120 §8.3.3), or its old code; empty without any."""
    error = next(tree.iterchildren("{*}error"), None)
    if error is None:
        return ""
    conditions = (local_name(child) for child in error.iterchildren(f"{{{ns.STANZA_ERRORS}}}*"))
    return next((name for name in conditions if name != "text"), error.get("code") or "")


def _namespace(element: etree._Element) -> str:
    return str(element.tag)[1:].rpartition("}")[0]


def _bare(address: str | None) -> JID | None:
    if address is None or len(address) > MAX_ID * 3:
        return None
    jid = JID.read(address)
    return jid if jid.resource is None else JID(jid.local, jid.domain, None)


def _parties(*addresses: JID | None) -> frozenset[JID]:
    return frozenset(address for address in addresses if address is not None)
