"""Glances: what a stanza holds, for a fraction of what parsing it costs, where that can be had.

What is told is what `Stanza` would tell of its tree. Of anything but plain stanzas, and where the
accelerator was not built, nothing is told.
"""

from typing import Final

from xmppspy.protocol import accelerator
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.readable import Element, Readable


def tree(frame: Readable) -> Element | None:
    """The frame as an element, of which is made what is looked at; None where it takes a parser."""
    quick = _glasses.of(frame).cutter
    return None if quick is None else quick.tree(frame.data)


def namespaces(frame: Readable) -> tuple[str, ...] | None:
    """The namespaces of the element and of all elements inside it; None where it takes a tree."""
    quick = _glasses.of(frame).cutter
    return None if quick is None else quick.namespaces(frame.data)


def bodies(frame: Readable) -> tuple[str, ...] | None:
    """The texts of its `body` elements; None where it takes a tree."""
    glass = _glasses.of(frame)
    if glass.cutter is None or any(name in frame.data for name in glass.elsewhere):
        return None
    return glass.cutter.bodies(frame.data)


class _Glass:
    """What one stream is looked at through."""

    __slots__ = ("context", "cutter", "elsewhere")

    def __init__(self, context: StreamContext | None) -> None:
        self.context = context
        self.cutter = None if context is None else accelerator.cutter(context)
        self.elsewhere: tuple[bytes, ...] = ()
        """The content namespaces of other streams: in what is forwarded they may count, too."""
        if context is not None:
            others = [name for name in sorted(ns.CONTENT) if not context.is_content(name)]
            self.elsewhere = tuple(name.encode() for name in others)
            if not set(others).isdisjoint(context.prefixes.values()):
                self.cutter = None


class _Glasses:
    """The one that was used last; frames of one stream come in a row."""

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last = _Glass(None)

    def of(self, frame: Readable) -> _Glass:
        last = self._last  # another thread may look at another stream meanwhile
        if last.context is not frame.context:
            last = self._last = _Glass(frame.context)
        return last


_glasses: Final = _Glasses()
