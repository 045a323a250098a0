"""OpenStream: which stream a direction is in, and so what its elements are read in."""

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import DEFAULT_CONTEXT, NO_CONTEXT
from xmppspy.protocol.elements import Element


class OpenStream:
    """The tag of the header that is open, and what that header lends.

    A direction may be outside a stream: before its first header, and behind an end tag. Elements
    there are read as in a client's usual stream.
    """

    __slots__ = ("_root", "context", "declared")

    def __init__(self) -> None:
        self.context = DEFAULT_CONTEXT
        self.declared = False
        """Whether an XML declaration was read, and not yet the header behind it."""
        self._root: bytes | None = None

    def copy(self) -> "OpenStream":
        """The same stream for another reader."""
        twin = OpenStream()
        twin._root, twin.context = self._root, self.context
        return twin

    @property
    def is_open(self) -> bool:
        """Whether there is a stream."""
        return self._root is not None

    @property
    def closing(self) -> bytes:
        """The end tag that would close the stream, empty when there is none."""
        return b"</%s>" % self._root if self._root else b""

    def begin(self, name: bytes, region: bytes, *, is_empty: bool) -> tuple[Element, bool]:
        """Read the start tag of a first-level element; tell whether it is a header.

        A header begins a new stream at once.
        """
        outside = self._root is None or self.declared
        element = Element(name, region, NO_CONTEXT if outside else self.context)
        # By the namespace, never by the prefix; outside a stream any "stream" will do.
        if element.local == "stream" and (outside or element.namespace == ns.STREAMS):
            self._root = None if is_empty else name
            self.declared = False
            self.context = element.lends()
            return element, True
        if outside:
            self.declared = False
            if self._root is None:
                self.context = DEFAULT_CONTEXT
            element = Element(name, region, self.context)
        return element, False

    def end(self, name: bytes) -> bool:
        """Leave the stream, if an end tag of that name closes it."""
        if name != self._root or self.declared:
            return False
        self._root = None
        return True
