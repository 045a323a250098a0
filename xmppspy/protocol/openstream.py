"""OpenStream: which stream a direction is in, and so what its elements are read in."""

from typing import TYPE_CHECKING

from xmppspy.protocol import accelerator
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import DEFAULT_CONTEXT, NO_CONTEXT, StreamContext
from xmppspy.protocol.elements import Element

if TYPE_CHECKING:
    from xmppspy.protocol._accelerator import Cutter
    from xmppspy.protocol.accelerator import Watch


class OpenStream:
    """The tag of the header that is open, and what that header lends.

    A direction may be outside a stream: before its first header, and behind an end tag. Elements
    there are read as in a client's usual stream.
    """

    __slots__ = ("_cutters", "_root", "context", "declared")

    def __init__(self) -> None:
        self.context = DEFAULT_CONTEXT
        self.declared = False
        """Whether an XML declaration was read, and not yet the header behind it."""
        self._root: bytes | None = None
        self._cutters: dict[int, tuple[StreamContext, Watch, Cutter | None]] = {}

    @classmethod
    def with_context(cls, context: StreamContext) -> "OpenStream":
        """An open stream whose header lends `context`."""
        stream = cls()
        stream._root, stream.context = b"stream", context
        return stream

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
    def is_within(self) -> bool:
        """Whether there is one, and elements are read in it."""
        return self._root is not None and not self.declared

    @property
    def closing(self) -> bytes:
        """The end tag that would close the stream, empty when there is none."""
        return b"</%s>" % self._root if self._root else b""

    def cutter(self, watch: "Watch") -> "Cutter | None":
        """What finds its plain stanzas; None outside of a stream, and without compiled code."""
        if not self.is_within:
            return None
        known = self._cutters.get(id(watch))
        if known is None or known[0] is not self.context or known[1] is not watch:
            made = accelerator.cutter(self.context, watch)
            known = self._cutters[id(watch)] = (self.context, watch, made)
        return known[2]

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
