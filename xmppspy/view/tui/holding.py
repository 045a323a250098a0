"""The questions about what is held, whom to end, and whether to quit."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from xmppspy.errors import FilterError
from xmppspy.filters import Filter
from xmppspy.view.browse.seen import Names
from xmppspy.view.tui.filtering import earlier, following, objection
from xmppspy.view.tui.memory import Memory
from xmppspy.view.tui.question import Choice, Opinion
from xmppspy.view.tui.questions import Asking

if TYPE_CHECKING:
    from xmppspy.control.replies import Breakpoint


class HoldQuestion(Asking):
    """Asks which frames are to be held; for nothing, none are."""

    def __init__(
        self,
        now: "Breakpoint",
        memory: Memory,
        hold: Callable[[str], object],
    ) -> None:
        super().__init__("hold", text=now.filter or "")
        self.names = Names()
        """What the capture holds, to be offered."""
        self._now = now
        self._memory = memory
        self._hold = hold

    def judge(self, text: str) -> Opinion:
        """A filter has to be one."""
        if not text.strip():
            return Opinion((("meta", "with an empty filter, nothing is held"),))
        try:
            made = Filter(text)
        except FilterError as error:
            return objection(error)
        now = self._now
        said = f"what matches waits for you, {now.timeout:g} s at most, then {now.otherwise}"
        hint = f"  {made.hints[0]}" if made.hints else ""
        return Opinion((("meta", said), ("change", hint)))

    def choices(self, before: str) -> Sequence[Choice]:
        """Terms that may follow; where nothing is typed, what was typed before."""
        return following(before, self.names) if before.strip() else [*earlier(self._memory)]

    def accept(self, text: str) -> None:
        """Hold what matches."""
        if text.strip():
            self._memory.remember("filter", text.strip())
        self._hold(text.strip())


class OneOf(Asking):
    """Asks for one of some words, each with what it leads to; its beginning will do."""

    def __init__(
        self, label: str, answers: Sequence[tuple[str, str]], take: Callable[[str], object]
    ) -> None:
        super().__init__(label, "its first letters will do")
        self._answers = answers
        self._take = take

    def judge(self, text: str) -> Opinion:
        """It has to be one of them."""
        if not text.strip() or self._found(text):
            return super().judge(text)
        words = ", ".join(word for word, _ in self._answers)
        return Opinion((("error", f"one of {words}"),), 0, is_good=False)

    def choices(self, before: str) -> Sequence[Choice]:
        """Those that are meant."""
        return [
            Choice(word, said, ends=False) for word, said in self._answers if self._is(word, before)
        ]

    def accept(self, text: str) -> None:
        """Take the answer; nothing is none."""
        if text.strip():
            self._take(self._found(text))

    def _is(self, word: str, text: str) -> bool:
        return word.startswith(text.strip().lower())

    def _found(self, text: str) -> str:
        return next((word for word, _ in self._answers if self._is(word, text)), "")
