"""The questions of the prompt besides the one for a filter."""

import re
from collections.abc import Callable, Sequence

from xmppspy.view.browse.messages import Needle
from xmppspy.view.browse.needle import pattern
from xmppspy.view.tui.memory import Memory
from xmppspy.view.tui.question import Choice, Opinion

_REGEX = "~"


class Asking:
    """A question with nothing to choose from, which does nothing before it is answered."""

    def __init__(self, label: str, remark: str = "", text: str = "") -> None:
        self.label = label
        self.text = text
        self._remark = Opinion((("meta", remark),))

    def judge(self, _text: str) -> Opinion:
        """Any text is good."""
        return self._remark

    def choices(self, _before: str) -> Sequence[Choice]:
        """None."""
        return ()

    def accept(self, text: str) -> None:
        """Take the answer."""

    def cancel(self) -> None:
        """There is nothing to be undone."""

    def keep(self, _text: str) -> bool | None:
        """Nothing can be saved."""
        return None


class SearchQuestion(Asking):
    """Asks for a text to look for: in capitals as they are, if there are any; `~` and a regex."""

    def __init__(self, memory: Memory, look: Callable[[Needle], object], text: str = "") -> None:
        super().__init__("search", "a text; after ~ a regular expression")
        self._memory = memory
        self._look = look
        self._last = text

    def judge(self, text: str) -> Opinion:
        """A regular expression has to be one."""
        try:
            pattern(needle(text))
        except re.error as error:
            said = f"regular expression: {error.msg}"
            return Opinion((("error", said),), (error.pos or 0) + 1, is_good=False)
        return super().judge(text)

    def choices(self, before: str) -> Sequence[Choice]:
        """What was looked for before, while nothing is typed."""
        if before:
            return ()
        return [Choice(text, "", ends=False) for text in self._memory.recent("search")]

    def accept(self, text: str) -> None:
        """Look for it; for the same as before where nothing was typed."""
        text = text or self._last
        if text:
            self._memory.remember("search", text)
            self._look(needle(text))


class AskFor(Asking):
    """Asks for a text, and gives it to `take` unless that says why it cannot take it."""

    def __init__(
        self,
        label: str,
        remark: str,
        take: Callable[[str], object],
        refuse: Callable[[str], str] = lambda _text: "",
        text: str = "",
    ) -> None:
        super().__init__(label, remark, text)
        self._take = take
        self._refuse = refuse

    def judge(self, text: str) -> Opinion:
        """Say why it cannot be taken."""
        reason = self._refuse(text)
        if reason:
            return Opinion((("error", reason),), is_good=False)
        return super().judge(text)

    def accept(self, text: str) -> None:
        """Take the answer."""
        self._take(text)


def needle(text: str) -> Needle:
    """What is looked for: capitals matter as soon as there is one."""
    if text.startswith(_REGEX):
        return Needle(text[1:], is_regex=True, is_exact=True)
    return Needle(text, is_exact=text != text.lower())
