"""The attributes of an element, however many it has."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, cast

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element, _ElementUnicodeResult

_FEW: Final = 64
_ALL: Final = etree.XPath("@*")


def attributes(element: "_Element") -> Iterable[tuple[str, str]]:
    """Names, as `{namespace}local`, and values, in the order in which they stand.

    lxml looks for the value of each attribute among all of them, which a million of them make
    endless; XPath does not.
    """
    if len(element.attrib) <= _FEW:
        return ((str(name), str(value)) for name, value in element.attrib.items())
    found = cast("list[_ElementUnicodeResult]", _ALL(element))
    return ((str(each.attrname), str(each)) for each in found)
