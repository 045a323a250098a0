"""Masks: what stands in the place of a secret."""

import binascii
import hmac
import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

Transform: TypeAlias = Callable[[bytes], bytes]

MIN_TOKEN: Final = 16
"""Bytes of a token that gets a pseudonym; a shorter one could be a password."""

_FIXED: Final = b"********"
_MASKED: Final = re.compile(rb"\*[0-9a-f]{8}\*{7,}+")
_SPACE: Final = re.compile(rb"[ \t\r\n]++")
_SCHEME: Final = re.compile(rb"(?i)[ \t]*+(?:basic|bearer|digest|negotiate|token)[ \t]++")
_CHARACTER: Final = re.compile(r"[^\s\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_CHARACTER_OR_REFERENCE: Final = re.compile(
    r"&(?:lt|gt|amp|quot|apos|#(?P<decimal>[0-9]{1,7})|#x(?P<hexadecimal>[0-9A-Fa-f]{1,6}));"
    rf"|(?P<kept>&(?:\w+;)?)|{_CHARACTER.pattern}"
)
_URL: Final = re.compile(rb"(?s)([A-Za-z][A-Za-z0-9+.-]*:(?://[^/?#]*)?)(.*)")
_NOT_PLAIN: Final = re.compile(rb"[^/?#=&;.:*]")


@dataclass(frozen=True, slots=True)
class Masks:
    """The masks of one capture."""

    key: bytes
    """Random, and never stored: without it, no pseudonym tells anything of its token."""
    fixed: bool = False
    """Whether a mask hides how long a password is. Else it is as long, so that no byte moves."""

    def stars(self, raw: bytes) -> bytes:
        """`*`, and nothing else; for passwords."""
        return (_FIXED if self.fixed else b"*" * len(raw)) if raw else raw

    def token(self, raw: bytes) -> bytes:
        """As long as the token, and the same for the same token in this capture."""
        if len(raw) < MIN_TOKEN:
            return self.stars(raw)
        return raw if _MASKED.fullmatch(raw) else self._pseudonym(raw)

    def nonce(self, raw: bytes) -> bytes:
        """Another value for one that is random but no secret, and may be short."""
        length = min(max(len(raw), MIN_TOKEN), 64)
        return hmac.digest(self.key, raw, "sha256").hex()[:length].encode() if raw else raw

    def _pseudonym(self, raw: bytes) -> bytes:
        digest = hmac.digest(self.key, raw, "sha256")
        return b"*" + digest.hex()[:8].encode() + b"*" * (len(raw) - 9)

    def digest(self, text: str) -> str:
        """Another hexadecimal digest of 32 bytes, the same for the same one in this capture."""
        return hmac.digest(self.key, text.encode(errors="replace"), "sha256").hex()

    def header(self, raw: bytes) -> bytes:
        """The value of an HTTP header: the scheme of authorization stays."""
        scheme = _SCHEME.match(raw)
        kept = scheme[0] if scheme else b""
        value = raw[len(kept) :]
        return kept + (
            self.token(value) if kept.lower().strip() == b"bearer" else self.stars(value)
        )

    def base64(self, raw: bytes) -> bytes:
        """Base64 that decodes to `*`; `*` where it is none."""
        return recode(raw, lambda data: b"*" * len(data)) or b"*" * len(raw)


def is_masked(raw: bytes) -> bool:
    """Whether a value is a mask, of this capture or of an earlier one."""
    return not raw.strip(b"*") or _MASKED.fullmatch(raw) is not None


def characters(raw: bytes, *, literal: bool = False) -> bytes:
    """A `*` for each character, so that places counted in characters stay where they are.

    References count as what they stand for, unless `literal`. What is wrong stays wrong: bytes
    that are not UTF-8, characters that XML forbids, entities that are not defined.
    """
    text = raw.decode(errors="surrogateescape")
    pattern = _CHARACTER if literal else _CHARACTER_OR_REFERENCE
    return pattern.sub(_star, text).encode(errors="surrogateescape")


def _star(match: re.Match[str]) -> str:
    found = match.groupdict()
    if found.get("kept"):
        return match[0]
    if found.get("decimal") or found.get("hexadecimal"):
        code = int(found["decimal"] or "0") or int(found["hexadecimal"] or "0", 16)
        return "*" if code in (0x09, 0x0A, 0x0D) or _is_character(code) else match[0]
    return "*"


def _is_character(code: int) -> bool:
    return code <= sys.maxunicode and _CHARACTER.match(chr(code)) is not None


def url(raw: bytes) -> bytes:
    """A URL with nothing left behind its host but the punctuation that shows its form."""
    match = _URL.fullmatch(raw)
    if match is None:
        return b"*" * len(raw)
    return match[1] + _NOT_PLAIN.sub(b"*", match[2])


def decoded(raw: bytes) -> bytes | None:
    """What base64 holds, white space aside; None when it is none, strictly (RFC 6120 §13.9.1)."""
    base64 = _SPACE.sub(b"", raw)
    try:
        data = b64decode(base64, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if b64encode(data) == base64 else None


def recode(raw: bytes, transform: Transform) -> bytes | None:
    """Change what base64 holds. White space stays where it is.

    None when it is no base64. `=`, an empty payload, has nothing to be changed.
    """
    if raw.strip() == b"=":
        return raw
    data = decoded(raw)
    if data is None:
        return None
    changed = transform(data)
    if changed == data:
        return raw
    return _spread(b64encode(changed), raw)


def _spread(changed: bytes, raw: bytes) -> bytes:
    result = bytearray(changed)
    for space in _SPACE.finditer(raw):
        at = min(space.start(), len(result))
        result[at:at] = space[0]
    return bytes(result)
