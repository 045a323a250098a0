"""JIDs: the addresses of XMPP, compared as RFC 7622 says."""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

MAX_PART: Final = 1023
"""Bytes of a localpart, domainpart or resourcepart (RFC 7622 §3.2-3.4)."""

_NOT_IN_LOCALPART: Final = re.compile(r"[\"&'/:<>@\s\x00-\x1f\x7f]")
_NOT_IN_DOMAIN: Final = re.compile(r"[\"&'/<>@\s\x00-\x1f\x7f]")
_WIDTHS: Final = ("<wide>", "<narrow>")


class Flaw(NamedTuple):
    """Why a text is no JID, and at which character."""

    reason: str
    position: int


class JID(NamedTuple):
    """An address, normalised: two that are equal are the same address."""

    local: str | None
    domain: str
    resource: str | None

    @classmethod
    def read(cls, text: str) -> "JID":
        """Take apart and normalise an address from traffic. Never fails: see `flaw` for that."""
        return _remembered(text) if len(text) < _USUAL else _read(text)

    def covers(self, other: "JID") -> bool:
        """Whether `other` is this address or belongs to it.

        A bare JID covers all its resources, a bare domain all addresses at it; subdomains are
        domains of their own.
        """
        if self.domain != other.domain:
            return False
        if self.local is None and self.resource is None:
            return True
        return self.local == other.local and self.resource in (None, other.resource)


def _read(text: str) -> JID:
    local, domain, resource = _split(text)
    return JID(
        None if local is None else _localpart(local),
        _domainpart(domain),
        None if resource is None else _resourcepart(resource),
    )


_USUAL: Final = 200
"""Addresses with fewer characters are remembered: the same ones come again and again."""

_remembered: Final = lru_cache(maxsize=1024)(_read)


def flaw(text: str) -> Flaw | None:
    """What keeps `text` from being an address (RFC 7622 §3.1-3.4); None when nothing does."""
    local, domain, resource = _split(text)
    start = 0 if local is None else len(local) + 1
    if local is not None and (found := _flaw_of_part("localpart", local, 0)):
        return found
    if local is not None and (found := _forbidden("localpart", _NOT_IN_LOCALPART, local, 0)):
        return found
    if found := _flaw_of_part("domain", domain, start):
        return found
    if found := _forbidden("domain", _NOT_IN_DOMAIN, domain, start):
        return found
    empty = re.search(r"^\.|\.(?=\.)", domain)
    if empty:
        return Flaw("an empty label in the domain", start + empty.start())
    if resource is not None:
        return _flaw_of_part("resource", resource, start + len(domain) + 1)
    return None


def _split(text: str) -> tuple[str | None, str, str | None]:
    # In this order: a resource may hold @ and / (RFC 7622 §3.2).
    bare, slash, resource = text.partition("/")
    local, at, domain = bare.partition("@")
    if not at:
        domain = bare
    return (local if at else None), domain, (resource if slash else None)


def _flaw_of_part(name: str, part: str, start: int) -> Flaw | None:
    if not part:
        return Flaw(f"the {name} is empty", start)
    if len(part.encode(errors="replace")) > MAX_PART:
        return Flaw(f"the {name} is longer than {MAX_PART} bytes", start)
    return None


def _forbidden(name: str, characters: re.Pattern[str], part: str, start: int) -> Flaw | None:
    if found := characters.search(part):
        return Flaw(f"{found[0]!r} may not stand in the {name}", start + found.start())
    return None


def _localpart(part: str) -> str:
    """The profile UsernameCaseMapped of PRECIS (RFC 8265 §3.3), without its prohibitions."""
    if part.isascii():
        return part.lower()
    mapped = "".join(
        unicodedata.normalize("NFKC", character)
        if unicodedata.decomposition(character).startswith(_WIDTHS)
        else character
        for character in part
    )
    return unicodedata.normalize("NFC", mapped.lower())


def _domainpart(part: str) -> str:
    """Lower case, A-labels, no final dot (RFC 7622 §3.2)."""
    if part.isascii():
        return part.lower().removesuffix(".")
    import idna  # noqa: PLC0415 - its tables are needed for the rare other domains only

    try:
        if len(part) <= MAX_PART:
            return idna.encode(part, uts46=True).decode().removesuffix(".")
    except UnicodeError:  # the root of what idna raises
        pass
    return unicodedata.normalize("NFC", part.lower()).removesuffix(".")


def _resourcepart(part: str) -> str:
    """The profile OpaqueString of PRECIS (RFC 8265 §4.2), without its prohibitions."""
    if part.isascii():
        return part
    spaced = "".join(
        " " if unicodedata.category(character) == "Zs" else character for character in part
    )
    return unicodedata.normalize("NFC", spaced)
