"""Frame and Flaw: what the framer cuts, and what can be wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from xmppspy.protocol.accelerator import Watch
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.elements import Element
from xmppspy.protocol.events import ErrorName


class Flaw(NamedTuple):
    """Something wrong with what a peer sent."""

    error: ErrorName
    detail: str
    offset: int
    """Bytes of the direction before the place."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as it was cut: its bytes, and what its first start tag says."""

    kind: str
    data: bytes
    offset: int = 0
    """Bytes of the direction before it."""
    context: StreamContext = DEFAULT_CONTEXT
    """The stream it stands in; for a header, the stream it begins."""
    xmlns: str | None = None
    """Its own namespace, when it is not the content namespace."""
    type: str | None = None
    id: str | None = None
    from_: str | None = None
    to: str | None = None
    ns: tuple[str, ...] = ()
    """Distinct namespaces of its child elements, in order, without the content namespace."""
    flaw: Flaw | None = None
    """Why it is opaque, on the first of several such frames."""
    plain: bool = field(default=False, compare=False)
    """Whether it is known already that nothing is wrong with it."""


class _Draft:
    """A `Frame` in the making: to set the attributes of a frozen one takes five times as long."""

    __slots__ = tuple(field.name for field in fields(Frame))


class Run(NamedTuple):
    """Stanzas in a row, uncut: flawless, and of the content namespace."""

    data: bytes
    number: int
    """How many there are."""
    offset: int
    """Bytes of the direction before them."""
    context: StreamContext
    """The stream they stand in."""
    watch: Watch
    """What nothing of is in them."""


def frame_of(
    element: Element, data: bytes, offset: int, context: StreamContext, children: Iterable[str]
) -> Frame:
    """The frame that an element is, with the namespaces of those `children` that are known."""
    own: str | None = element.namespace
    if not own or context.is_content(own):
        own = None
    told = element.told.get
    draft: Any = _Draft()
    draft.kind, draft.data, draft.offset, draft.context = element.local, data, offset, context
    draft.xmlns, draft.type, draft.id = own, told("type"), told("id")
    draft.from_, draft.to = told("from"), told("to")
    draft.ns = tuple([name for name in children if not context.is_content(name)])
    draft.flaw, draft.plain = None, False
    draft.__class__ = Frame
    frame: Frame = draft
    return frame
