"""Question: what a prompt asks for, and what becomes of the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from xmppspy.view.marked import Span


class Choice(NamedTuple):
    """Something that may be put into the line."""

    text: str
    help: str
    start: int = 0
    """Where in the line it goes; what stands there, up to the cursor, gives way."""
    ends: bool = True
    """Whether a space may follow, for it is complete."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is thought of a text as it is typed."""

    spans: Sequence[Span] = ()
    """What is said under it."""
    place: int | None = None
    """The place that it is said about, in characters of the text."""
    is_good: bool = True


class Question(Protocol):
    """Asks a person for one line of text."""

    label: str
    text: str
    """What stands there at first."""

    def judge(self, text: str) -> Opinion:
        """What is thought of a text; it may take effect already."""

    def choices(self, before: str) -> Sequence[Choice]:
        """What the text before the cursor may go on with."""

    def accept(self, text: str) -> None:
        """Take the answer; it was judged good."""

    def cancel(self) -> None:
        """There is no answer: what took effect is undone."""

    def keep(self, text: str) -> bool | None:
        """Save the text, or do so no longer; None where nothing can be saved."""
