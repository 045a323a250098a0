"""The command palette: everything that can be done, by its name."""

from collections.abc import Callable, Sequence
from typing import Generic

from xmppspy.view.tui.commands import Command, V
from xmppspy.view.tui.question import Choice, Opinion
from xmppspy.view.tui.questions import Asking


class CommandQuestion(Asking, Generic[V]):
    """Asks for one of the commands, by its name or a part of what is said about it, or for a place.

    `refuse` says why a text is no place.
    """

    def __init__(
        self,
        commands: Sequence[Command[V]],
        run: Callable[[Command[V]], object],
        go_to: Callable[[str], object],
        refuse: Callable[[str], str],
    ) -> None:
        super().__init__("do", "a command, or where to go: a frame, a time, +seconds")
        self._commands = commands
        self._run = run
        self._go_to = go_to
        self._refuse = refuse

    def judge(self, text: str) -> Opinion:
        """There has to be such a command."""
        if not text.strip() or self._found(text):
            return super().judge(text)
        reason = self._refuse(text.strip())
        is_place = not reason
        return Opinion((("meta" if is_place else "error", reason or "go there"),), None, is_place)

    def choices(self, before: str) -> Sequence[Choice]:
        """The commands that are meant."""
        return [
            Choice(each.title, f"{each.key:<6} {each.help}", ends=False)
            for each in self._found(before)
        ]

    def accept(self, text: str) -> None:
        """Do it."""
        found = self._found(text)
        if text.strip() and found:
            self._run(next((each for each in found if each.title == text.strip()), found[0]))
        elif text.strip():
            self._go_to(text.strip())

    def _found(self, text: str) -> list[Command[V]]:
        """Those that hold each of the words; by their names first."""
        words = text.lower().split()
        found = [
            each
            for each in self._commands
            if all(word in f"{each.title} {each.help}" for word in words)
        ]
        return sorted(found, key=lambda each: not all(word in each.title for word in words))
