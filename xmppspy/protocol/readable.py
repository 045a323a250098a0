"""Readable: what can be read as a tree; and Element: what it is then, for those who only look."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypeVar, overload

from xmppspy.protocol.context import StreamContext

T = TypeVar("T")


class Readable(Protocol):
    """What can be read as a tree: a `FrameRecord` or a `framing.Frame`."""

    @property
    def kind(self) -> str:
        """As in a capture."""

    @property
    def data(self) -> bytes:
        """The exact bytes."""

    @property
    def context(self) -> StreamContext:
        """The stream it stands in; for a header, the stream it begins."""


class Element(Protocol):
    """An element as those see it who only look: lxml's, or one of a glance.

    Whether two are the same is told by `==`: one of a glance is made anew each time.
    """

    @property
    def tag(self) -> str:
        """`{namespace}local`; of lxml's, what is no element has another kind of tag."""

    @property
    def text(self) -> str | None:
        """What stands in front of its first child."""

    @property
    def tail(self) -> str | None:
        """What stands behind its end."""

    @overload
    def get(self, name: str, /) -> str | None: ...
    @overload
    def get(self, name: str, default: T, /) -> str | T: ...

    def items(self) -> Sequence[tuple[Any, Any]]:
        """Its attributes, in order."""

    def iter(self, *tags: str) -> "Iterator[Element]":
        """Itself and all inside of it, those of some tags; `*` stands for any name or namespace."""

    def iterchildren(self, *tags: str) -> "Iterator[Element]":
        """Its children, likewise."""

    def getparent(self) -> "Element | None":
        """What it stands in."""

    def __iter__(self) -> "Iterator[Element]": ...
    def __len__(self) -> int: ...
    def __getitem__(self, key: int, /) -> "Element": ...
