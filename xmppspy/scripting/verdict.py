"""Verdict: what a script wants to become of a stanza."""

from abc import ABC, abstractmethod
from dataclasses import replace
from functools import lru_cache
from operator import index
from typing import Final, Literal, TypeAlias

from xmppspy.filters.places import Selector
from xmppspy.intervene import changes, replies
from xmppspy.intervene.edits import edited
from xmppspy.protocol import verdicts
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.verdicts import End, Hold
from xmppspy.scripting.xml import XML, as_bytes, text_of

_TWICE: Final = 2
_MOST_COPIES: Final = 1000
_LONGEST: Final = 24 * 60 * 60.0
_HOLD: Final = 30.0

Otherwise: TypeAlias = Literal["forward", "drop"]


class Decisions(ABC):
    """What can be decided about a stanza: the methods of `Stanza` and of `Verdict`.

    Each gives a verdict, which counts once `stanza` returns it. One that is called on a verdict adds
    to it: `s.delay(1).note("slow")`. Of two that contradict each other the later one counts.
    """

    __slots__ = ()

    @abstractmethod
    def _decide(self, verdict: verdicts.Verdict) -> "Verdict":
        """The verdict, with this in it."""

    @abstractmethod
    def _present(self) -> FrameRecord:
        """The stanza, as it would leave by what has been decided."""

    @abstractmethod
    def _way_back(self) -> StreamContext:
        """The stream towards the sender."""

    # --- whether and how it leaves

    def drop(self) -> "Verdict":
        """Nothing of it leaves."""
        return self._decide(verdicts.DROP)

    def replace(self, xml: XML, *, check: bool = True) -> "Verdict":
        """Something else leaves in its stead: text, bytes, or a tree such as a changed `s.tree`.

        What is not well-formed in its stream is a `MalformedXML`, unless `check` is False.
        """
        return self._decide(verdicts.Verdict(data=as_bytes(xml, self._present().context, check)))

    def edit(
        self,
        xpath: str,
        *,
        text: str | None = None,
        attribute: str | None = None,
        value: str | None = None,
        element: XML | None = None,
        remove: bool = False,
    ) -> "Verdict":
        """The parts that an XPath selects become something else; all other bytes stay as they are.

        Prefixes are those of the filter field `xpath`. Give one of: a new `text`; the name of an
        `attribute` with its new `value` (None removes it); another `element`; `remove=True`. Where
        nothing is selected, nothing changes. Raises `ValueError` where it cannot be done.
        """
        frame = self._present()
        change = _change(frame, text, attribute, value, element, remove=remove)
        try:
            data = edited(frame, _selector(xpath), change)
        except changes.EditError as error:
            raise ValueError(str(error)) from None
        return self._decide(verdicts.Verdict(data=data or None))

    def duplicate(self, n: int = _TWICE) -> "Verdict":
        """It leaves `n` times, one to a thousand."""
        if index(n) < 1 or n > _MOST_COPIES:
            raise ValueError(f"a stanza leaves 1 to {_MOST_COPIES} times, not {n}")
        return self._decide(verdicts.Verdict(copies=index(n)))

    def follow(self, xml: XML, *, check: bool = True) -> "Verdict":
        """Elements of your own leave behind it, for the same receiver."""
        return self._decide(verdicts.Verdict(behind=as_bytes(xml, self._present().context, check)))

    # --- when it leaves

    def delay(self, seconds: float) -> "Verdict":
        """It waits so long, and its direction behind it."""
        return self._decide(verdicts.Verdict(delay=_duration(seconds)))

    def reorder(self) -> "Verdict":
        """The next stanza of its direction goes first, if one comes within a second."""
        return self._decide(verdicts.Verdict(overtaken=True))

    def hold(self, seconds: float = _HOLD, *, otherwise: Otherwise = "forward") -> "Verdict":
        """It waits for a person, so long at most; `otherwise` is what then becomes of it."""
        if otherwise not in ("forward", "drop"):
            raise ValueError(f"otherwise={otherwise!r}: write 'forward' or 'drop'")
        hold = Hold(_duration(seconds), drops=otherwise == "drop")
        return self._decide(verdicts.Verdict(hold=hold))

    # --- answers in the other side's place

    def answer(self, xml: XML, *, check: bool = True) -> "Verdict":
        """It does not leave; its sender gets this instead."""
        return self._answered(as_bytes(xml, self._way_back(), check))

    def reply_result(self, xml: XML = "") -> "Verdict":
        """It does not leave; its sender gets an iq of type result with this payload, if any.

        Raises `ValueError` unless it is an iq of type get or set.
        """
        context = self._way_back()
        payload = as_bytes(xml, context, check=True).decode() if xml != "" else ""
        try:
            return self._answered(replies.result(self._present(), context, payload))
        except replies.ReplyError as error:
            raise ValueError(str(error)) from None

    def reply_error(self, condition: str, text: str = "") -> "Verdict":
        """It does not leave; its sender gets an error, such as `item-not-found` (RFC 6120 §8.3.3).

        Raises `ValueError` for what is no stanza, or is an answer itself.
        """
        if condition not in replies.CONDITIONS:
            known = ", ".join(replies.CONDITIONS)
            raise ValueError(f"there is no condition {condition!r}; there are {known}")
        context = self._way_back()
        try:
            return self._answered(replies.error(self._present(), context, condition, text=text))
        except replies.ReplyError as error:
            raise ValueError(str(error)) from None

    def _answered(self, back: bytes) -> "Verdict":
        return self._decide(verdicts.Verdict(data=None, back=back))

    # --- the connection

    def close(self) -> "Verdict":
        """The connection is closed behind it, in order."""
        return self._decide(verdicts.Verdict(end=End.CLOSE))

    def reset(self) -> "Verdict":
        """The connection is reset behind it, on both legs."""
        return self._decide(verdicts.Verdict(end=End.RESET))

    # --- the capture

    def note(self, text: object) -> "Verdict":
        """A note about it stands in the capture."""
        return self._decide(verdicts.Verdict(notes=(text_of(text),)))

    def mark(self, text: object) -> "Verdict":
        """A bookmark stands in the capture, where replays stop."""
        return self._decide(verdicts.Verdict(marks=(text_of(text),)))


class Verdict(Decisions):
    """What becomes of a stanza. Made by the methods of `Stanza`; it counts once it is returned."""

    __slots__ = ("_about", "value")

    def __init__(self, about: Decisions) -> None:
        self._about = about
        self.value = verdicts.FORWARD
        """What the proxy is told."""

    def _decide(self, verdict: verdicts.Verdict) -> "Verdict":
        self.value = self.value.then(verdict)
        return self

    def _present(self) -> FrameRecord:
        frame = self._about._present()  # noqa: SLF001 - of its own kind
        data = self.value.data
        return replace(frame, data=data) if isinstance(data, bytes) else frame

    def _way_back(self) -> StreamContext:
        return self._about._way_back()  # noqa: SLF001 - of its own kind

    def __repr__(self) -> str:
        said = repr(self.value).removeprefix("Verdict(").removesuffix(")")
        return f"<verdict: {said}>"


@lru_cache(maxsize=256)
def _selector(xpath: str) -> Selector:
    return Selector([xpath])


def _change(
    frame: FrameRecord,
    text: str | None,
    attribute: str | None,
    value: str | None,
    element: XML | None,
    *,
    remove: bool,
) -> changes.Change:
    given = [each is not None for each in (text, attribute, element)]
    if sum(given) + remove != 1 or (value is not None and attribute is None):
        raise ValueError("edit needs one of text=, attribute= (with value=), element=, remove=True")
    if text is not None:
        return changes.NewText(text)
    if attribute is not None:
        return _attribute(attribute, value)
    if element is not None:
        return changes.NewElement(as_bytes(element, frame.context, check=True))
    return changes.REMOVED


def _attribute(name: str, value: str | None) -> changes.Change:
    return changes.NoAttribute(name) if value is None else changes.NewAttribute(name, value)


def _duration(seconds: float) -> float:
    if not 0 <= seconds <= _LONGEST:
        raise ValueError(f"{seconds!r} is no number of seconds, from 0 to a day")
    return float(seconds)
