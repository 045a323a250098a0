"""Payloads: the bytes in a SASL element, and what is odd about how they are carried."""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

State: TypeAlias = Literal["absent", "present", "masked", "unreadable", "too large"]

MAX_PAYLOAD: Final = 16_384
"""Characters of base64. What is longer is not opened: no user needs it, and it is kept nowhere."""

_SPACE: Final = str.maketrans("", "", " \t\r\n")
_EMPTY: Final = "="


@dataclass(frozen=True, slots=True)
class Payload:
    """What a SASL element carries."""

    state: State
    data: bytes = b""
    """Decoded, when it is present."""

    @property
    def text(self) -> str:
        """The bytes as text; what is no UTF-8 is replaced."""
        return self.data.decode(errors="replace")


ABSENT: Final = Payload("absent")


def opened(text: str | None, *, sasl2: bool) -> Payload:
    """Decode the text of an element that carries a payload; None when there is no such element.

    In SASL, `=` is an empty payload and no text is none (RFC 6120 §6.4.2); in SASL2 an empty
    element is an empty payload (XEP-0388 §2.6).
    """
    if text is None:
        return ABSENT
    base64 = text.translate(_SPACE)
    if not base64:
        return Payload("present") if sasl2 else ABSENT
    if base64 == _EMPTY:
        return Payload("present")
    if not base64.strip("*"):
        return Payload("masked")
    if len(base64) > MAX_PAYLOAD:
        return Payload("too large")
    try:
        return Payload("present", b64decode(base64, validate=True))
    except (binascii.Error, ValueError):
        return Payload("unreadable")
