"""What a stream header lends to the elements inside it (RFC 6120 §4.8, §4.7.4)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from xmppspy.protocol import namespaces as ns


class StreamContext(NamedTuple):
    """The namespace context of one stream: everything its header declares for its children.

    A first-level element cut out of a stream is in general not a document of its own; read in
    its context it is.
    """

    default: str = ns.CLIENT
    """The default namespace in force inside the header; `""` when it declares none."""

    prefixes: Mapping[str, str] = MappingProxyType({"stream": ns.STREAMS})
    """Prefix to namespace, as declared on the header, `xml` left out."""

    content: str = ns.CLIENT
    """The content namespace. In the prefix-free style, where the header's default namespace is
    that of the stream itself, it is the one the header declares otherwise, or `jabber:client`."""

    lang: str | None = None
    """The header's `xml:lang`."""

    def resolve(self, prefix: str) -> str | None:
        """The namespace that `prefix` stands for (`""`: the default one); None when undeclared."""
        if not prefix:
            return self.default
        if prefix == "xml":
            return ns.XML
        return self.prefixes.get(prefix)

    def is_content(self, namespace: str) -> bool:
        """Whether an element in `namespace` belongs to the stream's content.

        Besides the content namespace itself, any of the known ones counts in the prefix-free
        style, where each element declares its own.
        """
        if namespace == self.content:
            return True
        return self.default in ("", ns.STREAMS) and namespace in ns.CONTENT


NO_CONTEXT = StreamContext(default="", prefixes=MappingProxyType({}))
"""What a header itself is read in."""

DEFAULT_CONTEXT = StreamContext()
"""The context of a client stream in the usual style; what a capture without headers is read in."""
