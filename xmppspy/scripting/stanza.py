"""Stanza: what a script is shown of one."""

import inspect
from functools import lru_cache
from pathlib import Path
from typing import Final

from lxml import etree

from xmppspy.filters import Filter
from xmppspy.protocol import stanza as trees
from xmppspy.protocol import verdicts
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import Direction, FrameRecord
from xmppspy.scripting.verdict import Decisions, Verdict

_HERE: Final = str(Path(__file__).parent)


class Stanza(Decisions):
    """A stanza on its way, or what else `FILTER` lets through. What it says is as it was written.

    Its methods make verdicts; the one that `stanza` returns counts.
    """

    __slots__ = ("_back", "_frame", "_made", "_tree")

    def __init__(
        self, frame: FrameRecord, back: StreamContext, made: list[tuple[Verdict, int]]
    ) -> None:
        self._frame = frame
        self._back = back  # the stream towards its sender
        self._made = made  # takes each verdict, and the line it was made on
        self._tree: etree._Element | None = None

    # --- what it says

    @property
    def conn(self) -> int:
        """The number of its connection, as in the capture."""
        return self._frame.conn

    @property
    def dir(self) -> Direction:
        """`c2s`: from the client; `s2c`: towards it."""
        return self._frame.dir

    @property
    def t(self) -> float:
        """When it arrived, in seconds since the capture began."""
        return self._frame.t

    @property
    def kind(self) -> str:
        """`message`, `presence`, `iq`, or the name of another element."""
        return self._frame.kind

    @property
    def xmlns(self) -> str | None:
        """Its own namespace, when it is not the stream's content namespace; None for a stanza."""
        return self._frame.xmlns

    @property
    def type(self) -> str | None:
        """The attribute `type`."""
        return self._frame.type

    @property
    def id(self) -> str | None:
        """The attribute `id`."""
        return self._frame.id

    @property
    def from_(self) -> str | None:
        """The attribute `from`; clients mostly write none."""
        return self._frame.from_

    @property
    def to(self) -> str | None:
        """The attribute `to`."""
        return self._frame.to

    @property
    def ns(self) -> tuple[str, ...]:
        """The namespaces of its child elements, without the content namespace."""
        return self._frame.ns

    @property
    def data(self) -> bytes:
        """Its bytes, exactly as they came."""
        return self._frame.data

    @property
    def xml(self) -> str:
        """The same as text."""
        return self._frame.data.decode(errors="backslashreplace")

    @property
    def body(self) -> str | None:
        """The text of its own `body` element; None when it has none."""
        stanza = trees.read(self._frame)
        found = None if stanza.tree is None else stanza.tree.find(f"{{{stanza.content}}}body")
        return None if found is None else trees.character_data(found)

    @property
    def tree(self) -> etree._Element:
        """The same as a tree of lxml, parsed when it is first asked for.

        It may be changed, and handed to `replace`. Raises `ValueError` for what has no tree, such
        as white space.
        """
        if self._tree is None:
            self._tree = trees.Stanza(self._frame).tree
        if self._tree is None:
            raise ValueError(f"there is no tree of a frame of kind {self.kind}")
        return self._tree

    def match(self, filter: str) -> bool:  # noqa: A002 - what it is called everywhere else
        """Whether a filter means it, such as `message from:juliet@example.org`.

        Each text is read once. Raises `FilterError`.
        """
        return _filter(filter).match(self._frame)

    # --- how verdicts are made

    def _decide(self, verdict: verdicts.Verdict) -> Verdict:
        made = Verdict(self)
        self._made.append((made, _line()))
        return made._decide(verdict)  # noqa: SLF001 - of its own kind

    def _present(self) -> FrameRecord:
        return self._frame

    def _way_back(self) -> StreamContext:
        return self._back

    def __repr__(self) -> str:
        return f"<stanza #{self.conn} {self.dir}: {self.xml}>"


@lru_cache(maxsize=1024)
def _filter(text: str) -> Filter:
    made = Filter(text)
    if made.follows:
        raise ValueError("a filter of a script cannot ask for latency: it does not see everything")
    return made


def _line() -> int:
    """The line of the script that is being carried out."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename.startswith(_HERE):
        frame = frame.f_back
    return 0 if frame is None else frame.f_lineno
