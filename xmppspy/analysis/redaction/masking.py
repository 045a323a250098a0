"""Masking: one pass over the bytes of a frame, in which every secret is overwritten.

What is not masked stays as it is, byte for byte. Nothing a peer sends makes this fail.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from xmppspy.analysis.redaction import masks as mask
from xmppspy.analysis.redaction import queries
from xmppspy.analysis.redaction.credentials import Credentials
from xmppspy.analysis.redaction.document import Document, Element, Piece
from xmppspy.analysis.redaction.login import Login
from xmppspy.analysis.redaction.masks import Masks
from xmppspy.analysis.redaction.names import Names
from xmppspy.analysis.redaction.rulebook import RuleBook
from xmppspy.analysis.redaction.rules import (
    HTTP_HEADERS,
    NAMED,
    How,
    Rule,
)
from xmppspy.analysis.redaction.vocabulary import NAMELESS
from xmppspy.protocol import tokens as lex

_HTTP: Final = re.compile(
    r"(?im)^[ \t]*(?:{}):[ \t]*([^\r\n]+)".format("|".join(HTTP_HEADERS)).encode()
)
MIN_LEARNT: Final = 8
"""Bytes of a secret that is looked for in the rest of a capture that is shared."""

_LEARNT: Final = frozenset({How.STARS, How.PSEUDONYM, How.URL})
_BARE: Final = re.compile(rb"&(?!(?:lt|gt|amp|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);)")
_LOOSE: Final = re.compile(
    rb"(?i)((?:passw|secret|token)[a-z]*['\"]?\s*[=>]\s*['\"]?)([^\s'\"<>&]+)"
)
_AESGCM: Final = re.compile(rb"(?i)aesgcm:[^\s<>\"']+")
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_BOOLEANS: Final = frozenset({b"0", b"1", b"true", b"false"})
_SIMPLE: Final = re.compile(rb"[0-9.:+TZ-]*|true|false|yes|no")


@dataclass(frozen=True, slots=True)
class Masked:
    """What became of some bytes, and the labels of what was masked."""

    data: bytes
    labels: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides about a frame besides its bytes."""

    login: Login
    answers: bool = False
    """Whether it may quote a password that was sent before."""
    unframed: bool = False
    """Whether it may be something else than XML, or broken."""


class Masking:
    """One pass; to be made anew for each frame or piece."""

    def __init__(
        self, book: RuleBook, masks: Masks, situation: Situation, names: Names | None = None
    ) -> None:
        self._book = book
        self._masks = masks
        self._situation = situation
        self._names = names
        self._credentials = Credentials(masks, situation.login, names)
        self._data = b""
        self._edits: list[tuple[int, int, bytes]] = []
        self._labels: dict[str, None] = {}
        self._pending: dict[int, Element] = {}

    def apply(self, document: Document, data: bytes) -> Masked:
        """Read `data` as the continuation of `document`; return it masked."""
        self._data = data
        for piece in document.read(data):
            if piece.kind == "start":
                self._start(piece.element)
            elif piece.kind == "end":
                self._end(piece.element)
            elif piece.kind == "flood":
                self._edit(piece.start, piece.stop, b"*" * (piece.stop - piece.start))
                self._labels[piece.element.label] = None
            else:
                self._text(piece)
        for element in list(self._pending.values()):
            element.whole = False
            self._end(element)
        return Masked(self._edited(), tuple(self._labels)) if self._edits else Masked(data)

    # --- pieces

    def _start(self, element: Element) -> None:
        rule, parent = self._book.for_text(element), element.parent
        if rule is not None:
            element.rule = None if rule.how is How.KEEP else rule
        elif parent is not None:
            element.rule, element.origin = parent.rule, parent.origin
        mechanism = element.attributes.get("mechanism")
        if mechanism and element.local in ("auth", "authenticate"):
            self._situation.login.choose(mechanism.value)
        for key in element.attributes:
            if not key.startswith("xmlns"):
                self._attribute(element, key)

    def _attribute(self, element: Element, key: str) -> None:
        value, start, stop, whole = element.attributes[key]
        raw = self._data[start:stop]
        # A name that stands twice has a number behind it.
        name = key.partition(" ")[0]
        local = name.rpartition(":")[2]
        rule = self._book.for_attribute(element, local)
        if rule is None and element.rule is not None and element.rule.how is How.ALL:
            rule = None if _SIMPLE.fullmatch(raw) else element.rule
        label = f"{element.label}/@{name}"
        if rule is not None:
            self._mask(start, stop, self._value(rule, raw, local, whole=whole), rule, label)
        else:
            # What was told with an earlier piece is not told again, but the value goes on.
            tail = b"" if whole else queries.tail_of(value.encode(errors="replace")[: start - stop])
            named, software = local not in NAMELESS, local == "node"
            self._plain(
                start, stop, label, named=named, literal=False, software=software, tail=tail
            )

    def _text(self, piece: Piece) -> None:
        element = piece.element
        literal = piece.kind != "text"
        if element.rule is not None:
            element.pieces.append(piece)
            self._pending[id(element)] = element
        elif self._names is not None and self._situation.unframed:
            raw = self._data[piece.start : piece.stop]
            self._edit(piece.start, piece.stop, mask.characters(raw, literal=literal))
            self._labels[element.label] = None
        else:
            start, stop, tail = piece.start, piece.stop, element.tail
            self._plain(start, stop, element.label, named=True, literal=literal, tail=tail)
            element.tail = queries.tail_of(self._data[start:stop], tail)

    def _end(self, element: Element) -> None:
        pieces, rule = element.pieces, element.rule
        self._pending.pop(id(element), None)
        if not pieces or rule is None:
            return
        element.pieces = []
        whole = element.whole and len(pieces) == 1 and pieces[0].kind != "aside"
        for piece in pieces:
            start, stop = self._trimmed(piece.start, piece.stop)
            raw = self._data[start:stop]
            if start < stop and not (rule.unless_boolean and raw in _BOOLEANS):
                literal = piece.kind != "text"
                value = self._value(rule, raw, element.origin.local, whole=whole, literal=literal)
                self._mask(start, stop, value, rule, element.origin.label)

    def _trimmed(self, start: int, stop: int) -> tuple[int, int]:
        """The place without the white space at its ends."""
        raw = self._data[start:stop]
        stripped = raw.strip()
        start += len(raw) - len(raw.lstrip()) if stripped else 0
        return start, start + len(stripped)

    # --- values

    def _value(
        self, rule: Rule, raw: bytes, name: str, *, whole: bool, literal: bool = False
    ) -> bytes:
        how, masks = rule.how, self._masks
        if how in NAMED and self._names is not None:
            return self._named(how, raw, name, self._names, literal=literal)
        if how is How.TEXT:
            return mask.characters(raw, literal=literal)
        if not whole or (b"&" in raw and not literal):
            self._learn(how, raw if literal else _resolved(raw), masks.stars(raw))
            return masks.stars(raw)
        if how is How.SASL:
            return self._credentials.masked(name, raw)
        value = _FUNCTIONS[how](masks, raw)
        if how is How.URL and self._names is not None:
            value = self._names.text(value.decode(errors="replace")).encode()
        self._learn(how, raw, value)
        return value

    def _learn(self, how: How, raw: bytes, value: bytes) -> None:
        """Find the same secret in other places."""
        if how is How.STARS:
            self._situation.login.remember(raw)
        elif how is How.SASL:
            self._situation.login.remember_words(raw)
        if self._names is None or how not in _LEARNT or len(raw) < MIN_LEARNT:
            return
        if not mask.is_masked(raw):
            self._names.know(raw.decode(errors="replace"), value.decode(errors="replace"))

    def _named(self, how: How, raw: bytes, name: str, names: Names, *, literal: bool) -> bytes:
        literal = literal or _is_broken(raw)
        text = raw.decode(errors="replace") if literal else lex.character_data(raw)
        if text.startswith("xmpp:") or not text.strip():
            changed = names.text(text)
        elif how is How.JID:
            changed = names.jid(text)
        elif how is How.LOCAL:
            changed = names.user(text)
        elif how is How.RESOURCE:
            changed = names.resource(text)
        elif how is How.HOST:
            changed = names.host(text)
        else:
            changed = names.label(name, text)
        return _encoded(changed, literal=literal) if changed != text else raw

    # --- what no rule is about

    def _plain(
        self,
        start: int,
        stop: int,
        label: str,
        *,
        named: bool,
        literal: bool,
        software: bool = False,
        tail: bytes = b"",
    ) -> None:
        raw = self._data[start:stop]
        changed = self._without_secrets(raw, tail)
        if changed != raw:
            self._labels[label] = None
        if self._names is not None and b"aesgcm:" in changed:
            changed = _AESGCM.sub(lambda match: mask.url(match[0]), changed)
            self._labels[label] = None
        if self._names is not None and named:
            literal = literal or _is_broken(changed)
            text = changed.decode(errors="replace") if literal else lex.character_data(changed)
            renamed = self._names.text(text, software=software)
            if renamed != text:
                changed = _encoded(renamed, literal=literal)
        if changed != raw:
            self._edit(start, stop, changed)

    def _without_secrets(self, raw: bytes, tail: bytes) -> bytes:
        changed = queries.masked(raw, self._masks, tail)
        if self._situation.answers:
            for password in self._situation.login.echoes(changed):
                changed = changed.replace(password, self._masks.stars(password))
        if self._situation.unframed:
            changed = _HTTP.sub(self._header, changed)
            changed = _LOOSE.sub(self._loose, changed)
        return changed

    def _loose(self, match: re.Match[bytes]) -> bytes:
        return match[1] + self._masks.stars(match[2])

    def _header(self, match: re.Match[bytes]) -> bytes:
        return match[0][: -len(match[1])] + self._masks.header(match[1])

    # --- edits

    def _mask(self, start: int, stop: int, value: bytes, rule: Rule, label: str) -> None:
        if value != self._data[start:stop]:
            self._edit(start, stop, value)
            if rule.how not in NAMED:
                self._labels[label] = None

    def _edit(self, start: int, stop: int, value: bytes) -> None:
        if start < stop:
            self._edits.append((start, stop, value))

    def _edited(self) -> bytes:
        parts, at = [], 0
        for start, stop, value in sorted(self._edits):
            if start >= at:
                parts += [self._data[at:start], value]
                at = stop
        return b"".join((*parts, self._data[at:]))


def _resolved(raw: bytes) -> bytes:
    return lex.character_data(raw).encode(errors="replace") if b"&" in raw else raw


def _is_broken(raw: bytes) -> bool:
    """Whether there is a `&` that begins no reference; it is to be written as it came."""
    return b"&" in raw and _BARE.search(raw) is not None


def _encoded(text: str, *, literal: bool) -> bytes:
    if not literal:
        text = re.sub("[&<>\"']", lambda match: _ESCAPES[match[0]], text)
    return text.encode(errors="replace")


def _all(_masks: Masks, raw: bytes) -> bytes:
    return mask.characters(raw)


_FUNCTIONS: Final = {
    How.STARS: Masks.stars,
    How.PSEUDONYM: Masks.token,
    How.HEADER: Masks.header,
    How.BASE64: Masks.base64,
    How.URL: lambda _masks, raw: mask.url(raw),
    How.ALL: _all,
}
