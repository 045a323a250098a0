"""Bytes that are no text, as people read them."""

import codecs
from collections.abc import Iterator
from typing import Final

ROW: Final = 16

_HARMLESS_CONTROLS: Final = b"\t\n\r\x1b"


def is_text(data: bytes) -> bool:
    """Whether bytes that belong to no frame look like text: UTF-8, and hardly a control character.

    They may begin and end in the middle of a character.
    """
    start = next((at for at in range(min(4, len(data))) if data[at] & 0xC0 != 0x80), 0)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data[start:])
    except UnicodeDecodeError:
        return False
    controls = sum(byte < 0x20 and byte not in _HARMLESS_CONTROLS for byte in data[:1024])
    return controls * 20 <= min(len(data), 1024)


def hex_rows(data: bytes) -> Iterator[str]:
    """`data` as rows of hexadecimal digits with the ASCII beside them."""
    for at in range(0, len(data), ROW):
        row = data[at : at + ROW]
        digits = f"{row[:8].hex(' ')}  {row[8:].hex(' ')}"
        ascii_ = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        yield f"{digits:<48}  {ascii_}"
