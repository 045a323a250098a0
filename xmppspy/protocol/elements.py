"""Element: what the start tag of an element says, read in the context of its stream."""

from functools import lru_cache
from types import MappingProxyType
from typing import Final, Protocol

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.tokens import (
    ATTRIBUTE,
    ATTRIBUTE_TEXT,
    DEFAULT_NAMESPACE,
    attribute_value,
    attributes,
)

_TOLD: Final = frozenset({"type", "id", "from", "to", "xml:lang"})
_USUAL: Final = 256
"""Namespaces with fewer bytes are remembered: the same ones come again and again."""


class Scope(Protocol):
    """What an element inherits its namespaces from."""

    def resolve(self, prefix: str) -> str | None:
        """The namespace that `prefix` stands for (`""`: the default one); None if undeclared."""


class Element:
    """An element by its start tag, and what the start tags of its children add.

    `region` is the attributes' bytes. `told` holds those of the attributes `type`, `id`, `from`,
    `to` and `xml:lang` that it has; `children` the namespaces of its children, in order.
    """

    __slots__ = ("_declared", "_default", "_scope", "children", "local", "namespace", "told")

    def __init__(self, name: bytes, region: bytes, scope: Scope) -> None:
        self._scope = scope
        self._declared = _declarations(region) if b"xmlns" in region else {}
        self.told = _told(region) if region else {}
        self.children: dict[str, None] = {}
        self._default = self.resolve("")
        self.local = name.decode("utf-8", "replace")
        self.namespace = self._default
        if b":" in name:
            prefix, _, self.local = self.local.rpartition(":")
            self.namespace = self.resolve(prefix)

    def resolve(self, prefix: str) -> str | None:
        """The namespace that `prefix` stands for inside the element."""
        if prefix in self._declared:
            return self._declared[prefix]
        return self._scope.resolve(prefix)

    def add_child(self, name: bytes, region: bytes) -> None:
        """Take note of a child by its start tag."""
        namespace = self._default
        if b":" in name:
            namespace = Element(name, region, self).namespace
        elif region.startswith((b" xmlns='", b' xmlns="')):
            namespace = _namespace(region[8 : region.index(region[7:8], 8)])
        elif b"xmlns" in region:
            match = DEFAULT_NAMESPACE.match(region)
            if match is not None:
                namespace = _namespace(match[1] or match[2] or b"")
        if namespace:
            self.children[namespace] = None

    def lends(self) -> StreamContext:
        """What the element, a stream header, lends to the stream it begins."""
        default = self._default or ""
        prefixes = {key: uri for key, uri in self._declared.items() if key not in ("", "xml")}
        content = default
        if default in ("", ns.STREAMS):
            content = next((uri for uri in prefixes.values() if uri in ns.CONTENT), ns.CLIENT)
        lang = self.told.get("xml:lang")
        return StreamContext(default, MappingProxyType(prefixes), content, lang)


def _told(region: bytes) -> dict[str, str]:
    """The attributes that are told; of two with one name the first."""
    if region.isascii() and b"&" not in region:
        text = region.decode()
        if text.isprintable():  # then every value is as it is written
            found = reversed(ATTRIBUTE_TEXT.findall(text))
            return {key: double or single for key, double, single in found if key in _TOLD}
    told: dict[str, str] = {}
    for key, value in attributes(region):
        if key in _TOLD:
            told.setdefault(key, value)
    return told


def _declarations(region: bytes) -> dict[str, str]:
    """Prefix to namespace; of two with one prefix the last."""
    declared = {}
    for key, double, single in ATTRIBUTE.findall(region):
        name, _, prefix = key.partition(b":")
        if name == b"xmlns":
            declared[prefix.decode("utf-8", "replace")] = _namespace(double or single)
    return declared


def _namespace(written: bytes) -> str:
    return _remembered(written) if len(written) < _USUAL else attribute_value(written)


_remembered: Final = lru_cache(maxsize=512)(attribute_value)
