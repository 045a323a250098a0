"""Where line breaks may stand in XML as it was sent, so that people can read it.

Nothing is parsed and written again: the bytes are cut into tokens, and between some of them goes
a line break. Never inside an element that holds character data, where it would change the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from xmppspy.protocol.tokens import Token, tokens

STAY: Final = -1
"""The depth of a token that does not begin a line of its own."""

_ROOT: Final = -1
_TAGS: Final = frozenset({"start", "empty"})


@dataclass(slots=True)
class _Shape:
    """Which elements, by the index of their start token, hold what."""

    with_children: set[int] = field(default_factory=set)
    with_text: set[int] = field(default_factory=set)


def lay_out(data: bytes) -> Iterator[tuple[int, Token]]:
    """The tokens of `data`, each with the depth at which it begins a line, or `STAY`.

    Works on anything: unfinished elements, stray end tags, what is no XML. The first token stays.
    White space that was sent stays too, and no line break is added where it holds one already.
    """
    found = list(tokens(data))
    shape = _shape_of(data, found)
    spread = shape.with_children - shape.with_text
    outer: list[bool] = []  # of each open element, whether lines are broken around it
    breaks = _ROOT not in shape.with_text
    broken = True  # whether a line begins here already
    for index, token in enumerate(found):
        kind = token[0]
        if kind == "text":
            yield STAY, token
            broken = data.find(b"\n", token.start, token.stop) >= 0
            continue
        inside = breaks
        if kind == "end" and outer:
            breaks = outer.pop()
        yield (len(outer) if inside and not broken else STAY), token
        if kind == "start":
            outer.append(breaks)
            breaks = breaks and index in spread
        broken = False


def indented(data: bytes) -> bytes:
    """`data` with the line breaks, and white space behind each that shows how deep it stands."""
    parts = []
    for depth, token in lay_out(data):
        if depth != STAY:
            parts.append(b"\n" + b"  " * depth)
        parts.append(data[token.start : token.stop])
    return b"".join(parts)


def joined(data: bytes) -> bytes:
    """`data` without line breaks, and the white space around each, between its elements.

    Where one could be meant it stays: in an element that holds character data.
    """
    found = list(tokens(data))
    shape = _shape_of(data, found)
    open_elements = [_ROOT]
    parts = []
    for index, token in enumerate(found):
        piece = data[token.start : token.stop]
        is_layout = token.kind == "text" and piece.isspace() and b"\n" in piece
        around = open_elements[-1]
        if not (is_layout and around in shape.with_children and around not in shape.with_text):
            parts.append(piece)
        if token.kind == "start":
            open_elements.append(index)
        elif token.kind == "end" and len(open_elements) > 1:
            open_elements.pop()
    return b"".join(parts)


def _shape_of(data: bytes, found: list[Token]) -> _Shape:
    shape = _Shape()
    open_elements = [_ROOT]
    for index, token in enumerate(found):
        kind = token[0]
        if kind == "end":
            if len(open_elements) > 1:
                open_elements.pop()
        elif kind in _TAGS or not _is_text(data, token):
            if kind != "text":
                shape.with_children.add(open_elements[-1])
                if kind == "start":
                    open_elements.append(index)
        else:
            shape.with_text.add(open_elements[-1])
    return shape


def _is_text(data: bytes, token: Token) -> bool:
    if token.kind == "text":
        return not data[token.start : token.stop].isspace()
    return token.kind == "cdata" or (token.kind == "rest" and data[token.start] != _LESS)


_LESS: Final = 0x3C
