"""What bytes are, told by how they begin."""

from struct import Struct, error
from typing import Final

_MAGICS: Final = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"OggS", "Ogg"),
    (b"ID3", "MP3"),
    (b"-----BEGIN PGP", "OpenPGP, armoured"),
    (b"-----BEGIN ", "PEM"),
    (b"<svg", "SVG"),
    (b"<?xml", "XML"),
)
_PNG_SIZE: Final = Struct(">16xII")
_GIF_SIZE: Final = Struct("<6xHH")
_SEGMENT: Final = Struct(">BBH")
_FRAME: Final = Struct(">5xHH")
_NO_FRAMES: Final = frozenset({0xC4, 0xC8, 0xCC})
"""Markers of JPEG among those that begin frames, which begin none."""


def kind_of(data: bytes) -> str:
    """`PNG, 96 × 96 pixels`; empty for what is not known."""
    name = _name(data)
    width, height = _pixels(name, data)
    return f"{name}, {width} × {height} pixels" if width and height else name


def _name(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:12] in (b"ftypavif", b"ftypheic"):
        return data[8:12].decode().upper()
    return next((name for magic, name in _MAGICS if data.startswith(magic)), "")


def _pixels(name: str, data: bytes) -> tuple[int, int]:
    try:
        if name == "PNG":
            width, height = _PNG_SIZE.unpack_from(data)
        elif name == "GIF":
            width, height = _GIF_SIZE.unpack_from(data)
        elif name == "JPEG":
            width, height = _jpeg(data)
        else:
            return 0, 0
    except error:
        return 0, 0
    return width, height


def _jpeg(data: bytes) -> tuple[int, int]:
    """The size that the first frame of a JPEG says; it stands behind segments of any kind."""
    at = 2
    while True:
        start, marker, length = _SEGMENT.unpack_from(data, at)
        if start != 0xFF or length < 2:
            return 0, 0
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAMES:
            height, width = _FRAME.unpack_from(data, at)
            return width, height
        at += 2 + length
