"""What summaries ask of an element. Nothing here fails on what a peer may leave out."""

from collections import Counter
from functools import lru_cache
from typing import Final

from xmppspy.analysis.words import listed, word
from xmppspy.protocol.readable import Element
from xmppspy.protocol.stanza import character_data

_MOST_TAG: Final = 500
"""Characters of a tag whose parts are remembered."""


def children(element: Element, name: str = "") -> list[Element]:
    """Its child elements, those of a local name; comments and such are passed over."""
    inside = _inside(element)
    if not name:
        return [each for each in inside if isinstance(each.tag, str)]
    return [each for each in inside if _is_called(each.tag, name)]


def child(element: Element | None, name: str = "") -> Element | None:
    """The first child element, or the first one of a local name, of whatever namespace."""
    if element is not None:
        for each in _inside(element):
            if _is_called(each.tag, name) if name else isinstance(each.tag, str):
                return each
    return None


def of(element: Element, namespace: str, name: str) -> Element | None:
    """The first child element of that namespace and local name."""
    tag = f"{{{namespace}}}{name}"
    return next((each for each in _inside(element) if each.tag == tag), None)


def _inside(element: Element) -> list[Element]:
    """All that is in it, comments too."""
    # A slice is taken in a quarter of the time that any of lxml's iterators needs to start; the
    # stubs do not know of it.
    found: list[Element] = element[:]  # type: ignore[index, assignment]
    return found


def _is_called(tag: object, name: str) -> bool:
    return isinstance(tag, str) and tag.endswith(name) and _parts(tag)[1] == name


def count(element: Element, name: str = "") -> int:
    """How many child elements there are, or how many of a local name."""
    return len(children(element, name))


def text(element: Element | None) -> str:
    """The character data in it and its descendants; empty for None."""
    return "" if element is None else character_data(element)


def child_text(element: Element | None, name: str) -> str:
    """The character data of the first child of a local name."""
    return text(child(element, name))


def attributes(element: Element) -> list[tuple[str, str]]:
    """Its attributes by local name, in order."""
    return [(str(name).rpartition("}")[2], str(value)) for name, value in element.items()]


def names(element: Element, most: int = 3) -> str:
    """`[item ×3, set]`: the names of its children; empty when it has none."""
    tally = Counter(map(local, children(element)))
    told = [
        f"{word(name)} ×{times:,}" if times > 1 else word(name) for name, times in tally.items()
    ]
    return f"[{listed(told, most)}]" if told else ""


def parts(element: Element) -> tuple[str, str]:
    """Its namespace, empty when it has none, and its local name."""
    return _parts(element.tag)


def local(element: Element) -> str:
    """Its local name."""
    return _parts(element.tag)[1]


def namespace(element: Element) -> str:
    """Its namespace; empty when it has none."""
    return _parts(element.tag)[0]


def _parts(tag: str) -> tuple[str, str]:
    return _split(tag) if len(tag) <= _MOST_TAG else split(tag)


def split(tag: str) -> tuple[str, str]:
    """The namespace and the local name of a tag."""
    space, _, name = tag.rpartition("}")
    # An undeclared prefix stays in the name of a recovered element.
    return space.removeprefix("{"), name.rpartition(":")[2]


_split: Final = lru_cache(maxsize=4096)(split)
