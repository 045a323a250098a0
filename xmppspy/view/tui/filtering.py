"""The question for a filter: judged and applied as it is typed."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from xmppspy.errors import FilterError
from xmppspy.filters import Filter
from xmppspy.filters.completion import completions
from xmppspy.view.browse.seen import Names
from xmppspy.view.escape import escape_line, unmarked
from xmppspy.view.tui.memory import Memory
from xmppspy.view.tui.question import Choice, Opinion
from xmppspy.view.tui.sieve import Sieve

_TERM: Final = re.compile(r"""(?:[^\s()"']|"[^"]*"?|'[^']*'?)*$""")
"""What of a text is the term that is being typed."""
_MOST: Final = 200
"""Choices that are offered."""


class FilterQuestion:
    """Asks which lines are meant; `row` says where the person is, `count` how many are shown."""

    label = "filter"

    def __init__(
        self, sieve: Sieve, memory: Memory, row: Callable[[], int], count: Callable[[], str]
    ) -> None:
        self.text = sieve.text
        self.names = Names()
        """What the capture holds, to be offered."""
        self._sieve = sieve
        self._memory = memory
        self._row = row
        self._count = count
        self._before = (sieve.text, sieve.is_on)
        self._applied = sieve.applied

    def judge(self, text: str) -> Opinion:
        """Apply the filter, if it is one; say what is wrong with it, or how much matches."""
        try:
            made = Filter(text)
        except FilterError as error:
            return objection(error)
        if str(made) != self._sieve.text or not self._sieve.is_on:
            self._sieve.apply(str(made), self._row())
        hint = f"  {made.hints[0]}" if made.hints else ""
        return Opinion((("meta", self._count()), ("change", hint)))

    def choices(self, before: str) -> Sequence[Choice]:
        """Terms that may follow; where nothing is typed, what was typed before."""
        if not before.strip():
            return [*earlier(self._memory)][:_MOST]
        return following(before, self.names)

    def accept(self, text: str) -> None:
        """Keep the filter that is applied."""
        if text.strip():
            self._memory.remember("filter", text.strip())

    def cancel(self) -> None:
        """Go back to the filter that was there before."""
        text, was_on = self._before
        if self._sieve.applied != self._applied:
            self._sieve.apply(text, self._row())
            if not was_on:
                self._sieve.toggle(self._row())

    def keep(self, text: str) -> bool | None:
        """Save the filter, or do so no longer."""
        text = text.strip()
        if not text:
            return None
        is_saved = text not in self._memory.saved()
        self._memory.save(text, saved=is_saved)
        return is_saved


def objection(error: FilterError) -> Opinion:
    """What is wrong with a filter."""
    hint = f" ({error.hint})" if error.hint else ""
    return Opinion((("error", f"{error.reason}{hint}"),), error.position, is_good=False)


def following(before: str, names: Names) -> Sequence[Choice]:
    """What the last term of a filter may go on with."""
    match = _TERM.search(before)
    term = match[0] if match else ""
    if not term:
        return ()
    seen = {
        "jid": names.jids, "from": names.jids, "to": names.jids,
        "ns": names.namespaces, "kind": names.kinds, "type": names.types,
    }  # fmt: skip
    start = len(before) - len(term)
    return [
        Choice(unmarked(escape_line(each.text)), each.help, start, not each.text.endswith(":"))
        for each in completions(term, seen, anywhere=True)[:_MOST]
        if each.text != term
    ]


def earlier(memory: Memory) -> Iterator[Choice]:
    """Filters that were saved, or typed before."""
    saved = memory.saved()
    yield from (Choice(text, "saved (Ctrl-S forgets it)", ends=False) for text in saved)
    for text in memory.recent("filter"):
        if text not in saved:
            yield Choice(text, "typed before", ends=False)
