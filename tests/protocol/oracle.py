"""Expat as the judge of framing: which frames a stream has, where they stand, what they say."""

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.framing import Frame

_SEPARATOR: Final = "\x1f"

Told = tuple[str, str | None, str | None, str | None, str | None, str | None, tuple[str, ...]]
"""What a frame says beside its bytes: kind, xmlns, type, id, from, to, ns."""


def told(frame: Frame) -> Told:
    """What the framer has read."""
    return (frame.kind, frame.xmlns, frame.type, frame.id, frame.from_, frame.to, frame.ns)


@dataclass
class Expected:
    """A frame as expat sees it."""

    kind: str
    start: int
    stop: int = -1
    namespace: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[str] = field(default_factory=list)
    is_space: bool = False  # an element may be called so, too


class Oracle:
    """Reads one stream, from its header to its end or to the next one's header.

    Every event of expat begins where the one before it has ended, so a frame ends where the first
    event behind it begins.
    """

    def __init__(self, data: bytes) -> None:
        self.frames: list[Expected] = []
        self._depth = 0
        self._declared: dict[str, str] = {}  # by the header
        self._parser = parser = expat.ParserCreate("UTF-8", _SEPARATOR)
        if hasattr(parser, "SetReparseDeferralEnabled"):
            parser.SetReparseDeferralEnabled(False)
        parser.XmlDeclHandler = lambda *_: self._open("stream")
        parser.StartNamespaceDeclHandler = self._declares
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CommentHandler = lambda *_: self._between("comment")
        parser.ProcessingInstructionHandler = lambda *_: self._between("pi")
        parser.CharacterDataHandler = lambda *_: self._between("space")
        parser.Parse(data, False)
        self._close(len(data))

    def told(self, frame: Expected) -> Told:
        """What the framer should have read."""
        xmlns = None if self._is_content(frame.namespace) else frame.namespace
        foreign = [name for name in frame.children if not self._is_content(name)]
        get = frame.attributes.get
        return (frame.kind, xmlns, get("type"), get("id"), get("from"), get("to"),
                tuple(dict.fromkeys(foreign)))  # fmt: skip

    def _is_content(self, namespace: str) -> bool:
        default = self._declared.get("", "")
        if not namespace:
            return True  # of nothing, nothing is told
        if default not in ("", ns.STREAMS):
            return namespace == default
        return namespace in ns.CONTENT

    def _open(self, kind: str) -> Expected:
        at = self._parser.CurrentByteIndex
        self._close(at)
        self.frames.append(Expected(kind, at))
        return self.frames[-1]

    def _close(self, at: int) -> None:
        if self.frames and self.frames[-1].stop < 0:
            self.frames[-1].stop = at

    def _between(self, kind: str) -> None:
        """An event that is a frame of its own, if it is between two elements."""
        last = self.frames[-1] if self.frames else None
        goes_on = last is not None and last.is_space and kind == "space"
        if self._depth == 1 and not goes_on:
            self._open(kind).is_space = kind == "space"

    def _declares(self, prefix: str | None, uri: str | None) -> None:
        if self._depth == 0:
            self._declared[prefix or ""] = uri or ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(_SEPARATOR)
        if self._depth <= 1:
            has_declaration = self._depth == 0 and self.frames
            frame = self.frames[-1] if has_declaration else self._open(local)
            frame.namespace, frame.attributes = namespace, attributes
        elif self._depth == 2:
            self.frames[-1].children.append(namespace)
        self._depth += 1

    def _end(self, _name: str) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._open("/stream")
