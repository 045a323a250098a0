"""Markup in colour, long pieces folded, start tags wrapped to the terminal."""

import re
from dataclasses import dataclass
from typing import Final

from xmppspy.view.escape import decode, escape, unmarked
from xmppspy.view.fold import BASE64_LIMIT, fold
from xmppspy.view.ink import Palette
from xmppspy.view.layout import STAY, lay_out

_INDENT: Final = "  "
_DEEPEST: Final = 20
"""Levels of indentation; what is nested deeper stands below one another."""
_MARGIN: Final = len(_INDENT) * _DEEPEST
_HANGING: Final = "    "
# Begins at the first of several white spaces only: linear also where no attribute follows.
_ATTRIBUTE: Final = re.compile(r"(?<!\s)(\s++)([^\s=]++\s*+=\s*+)(\"[^\"]*+\"|'[^']*+')")
_CACHED_TAG: Final = 200
_CACHED_TAGS: Final = 4096


class Painter:
    """Makes XML readable: `xml` lays it out, in the colours of `palette`; with `full` unfolded."""

    def __init__(self, palette: Palette, full: bool = False) -> None:
        self._palette = palette
        self._full = full
        self._is_plain = palette == Palette()
        self._tags: dict[bytes, str] = {}
        self._inks: Final = {
            "text": palette.text,
            "cdata": palette.text,
            "rest": palette.text,
            "comment": palette.comment,
            "pi": palette.comment,
        }

    def xml(self, data: bytes, width: int | None = None) -> str:
        """`data` on lines of its own, ended by a line break; see `lay_out`.

        Start tags over `width` columns are wrapped between attributes.
        """
        return self.xml_with_folds(data, width)[0]

    def xml_with_folds(self, data: bytes, width: int | None = None) -> tuple[str, dict[int, int]]:
        """The same, and which lines begin an element that ends on a line of its own, and on which.

        Lines are counted from 0.
        """
        parts: list[str] = []
        column = line = 0
        folds: dict[int, int] = {}
        begun: list[int] = []
        for depth, (kind, start, stop, _) in lay_out(data):
            if depth != STAY:
                indent = _INDENT * min(depth, _DEEPEST)
                parts.append("\n" + indent)
                column = len(indent)
                line += 1
            if kind == "start":
                begun.append(line)
            elif kind == "end" and begun:
                first = begun.pop()
                if depth != STAY:
                    folds[first] = line
            piece = data[start:stop]
            painted = self._painted(kind, piece, column, width)
            parts.append(painted)
            line_break = piece.rfind(b"\n")
            column = column + len(piece) if line_break < 0 else len(piece) - line_break - 1
            if line_break >= 0 or "\n" in painted:
                line += painted.count("\n")
        text = "".join(parts)
        return text if text.endswith("\n") else text + "\n", folds

    def _painted(self, kind: str, piece: bytes, column: int, width: int | None) -> str:
        ink = self._inks.get(kind)
        if ink is None:
            return self._tag(piece, column, width)
        return self._palette.paint(ink, self._readable(piece))

    def text(self, data: bytes) -> str:
        """What is no XML, as text, ended by a line break."""
        text = self._palette.paint(self._palette.text, self._readable(data))
        return text if text.endswith("\n") else text + "\n"

    def _readable(self, data: bytes) -> str:
        text = escape(decode(data))
        return text if self._full else fold(text, len(data))

    # --- tags

    def _tag(self, piece: bytes, column: int, width: int | None) -> str:
        if width is not None and column + len(piece) > width and column <= _MARGIN:
            return self._paint_tag(piece, column, width)
        if self._is_plain and len(piece) <= BASE64_LIMIT:
            return unmarked(escape(decode(piece)))
        if len(piece) > _CACHED_TAG:
            return self._paint_tag(piece)
        painted = self._tags.get(piece)
        if painted is None:
            if len(self._tags) >= _CACHED_TAGS:
                self._tags.clear()
            painted = self._tags[piece] = self._paint_tag(piece)
        return painted

    def _paint_tag(self, piece: bytes, column: int = 0, width: int | None = None) -> str:
        text = escape(decode(piece))
        if width is None and len(piece) <= BASE64_LIMIT:
            return self._paint_in_one_piece(text)
        attributes, rest = self._attributes(text)
        name = text[: attributes[0].at] if attributes else rest
        if width is not None:
            _wrap(attributes, column, len(name), width)
        parts = [self._palette.paint(self._palette.tag, name)]
        parts += map(self._attribute, attributes)
        if attributes:
            parts.append(self._palette.paint(self._palette.tag, rest))
        return "".join(parts)

    def _paint_in_one_piece(self, text: str) -> str:
        """A tag of which nothing is folded or wrapped."""
        palette, parts, at = self._palette, [], 0
        paint, tag, attribute = palette.paint, palette.tag, palette.attribute
        for match in _ATTRIBUTE.finditer(text):
            space, name, value = match.groups()
            before = text[at : match.start()]
            parts.append(before if at else paint(tag, before))
            ink = palette.namespace if name.startswith("xmlns") else palette.value
            parts += (space, paint(attribute, name), paint(ink, value))
            at = match.end()
        parts.append(paint(tag, text[at:]))
        return "".join(parts)

    def _attributes(self, text: str) -> tuple[list["_Attribute"], str]:
        """The attributes of a tag, and the text behind the last one."""
        found: list[_Attribute] = []
        at = 0
        for match in _ATTRIBUTE.finditer(text):
            gap = text[at : match.start()] if found else ""
            space, name, value = match.groups()
            found.append(_Attribute(match.start(), gap + space, name, self._folded_value(value)))
            at = match.end()
        return found, text[at:]

    def _folded_value(self, value: str) -> str:
        if self._full or len(value) <= BASE64_LIMIT:
            return value
        return value[0] + fold(value[1:-1], len(value[1:-1].encode())) + value[-1]

    def _attribute(self, attribute: "_Attribute") -> str:
        palette = self._palette
        ink = palette.namespace if attribute.name.startswith("xmlns") else palette.value
        name = palette.paint(palette.attribute, attribute.name)
        return attribute.space + name + palette.paint(ink, attribute.value)


@dataclass(slots=True)
class _Attribute:
    """An attribute inside a tag, from `at` on: white space, name with its `=`, value in quotes."""

    at: int
    space: str
    name: str
    value: str

    def __len__(self) -> int:
        return len(unmarked(self.space + self.name + self.value))


def _wrap(attributes: list[_Attribute], column: int, name: int, width: int) -> None:
    """Add a line break to the space before each attribute that would end behind `width`."""
    at = column + name
    for attribute in attributes:
        length = len(attribute)
        if at + length + len("/>") > width and attribute is not attributes[0]:
            attribute.space += "\n" + " " * column + _HANGING
            at = column + len(_HANGING) - 1
        at += length
