"""Prompt: one line that asks for something, with what may go there and what is wrong with it."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from xmppspy.view.marked import Span
from xmppspy.view.tui.bar import Bar
from xmppspy.view.tui.lines import Line, Lines
from xmppspy.view.tui.question import Choice, Opinion, Question
from xmppspy.view.tui.scheme import Inks

_LEAST_ROOM: Final = 18
_MOST_ROOM: Final = 44
"""Columns for what may be typed, beside what is said about it."""


class Prompt(Vertical):
    """Asks one question at a time, at the bottom of the screen, and keeps the focus meanwhile.

    `closed` is called when a question was answered, or is not going to be.
    """

    DEFAULT_CSS = """
    Prompt { height: auto; display: none; }
    Prompt Horizontal { height: 1; }
    Prompt #label { width: auto; }
    Prompt #choices { height: auto; max-height: 8; overflow-x: hidden; }
    Prompt #place { display: none; }
    Prompt Input, Prompt Input:focus { border: none; height: 1; padding: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "leave", show=False),
        Binding("ctrl+c", "cancel", "leave", show=False, priority=True),
        Binding("tab", "complete", "complete", show=False, priority=True),
        Binding("down", "choose(1)", "next choice", show=False),
        Binding("up", "choose(-1)", "choice before", show=False),
        Binding("ctrl+s", "keep", "save", show=False, priority=True),
    ]

    def __init__(self, inks: Inks, closed: Callable[[], object]) -> None:
        super().__init__(id="prompt")
        self._then = closed
        self.question: Question | None = None
        """What is asked; None for nothing."""
        self._choices: Sequence[Choice] = ()
        self._picked = False
        self._label_width = 0
        self._list = Lines(inks, "choices", has_cursor=True, ground="raised")
        self._list.can_focus = False
        self._label = Bar(inks, "label")
        self._input = Input(select_on_focus=False)
        self._place = Bar(inks, "place")
        self._remark = Bar(inks, "remark", gives_way=True)

    def compose(self) -> ComposeResult:
        """The choices above the line, and what is said about it below."""
        yield self._list
        with Horizontal():
            yield self._label
            yield self._input
        yield self._place
        yield self._remark

    @property
    def text(self) -> str:
        """What was typed."""
        return self._input.value

    # --- asking

    def ask(self, question: Question) -> None:
        """Ask; another question that was open is left."""
        if self.question is not None:
            self.question.cancel()
        self.question = question
        self._label_width = cell_len(question.label) + 2
        self._label.styles.width = self._label_width
        self._label.show([("title", question.label)])
        self.display = True
        with self.prevent(Input.Changed):
            self._input.value = question.text
        self._input.cursor_position = len(question.text)
        self.screen.set_focus(self._input)  # at once, for the next key may be there already
        self._changed()

    def type(self, text: str) -> None:
        """Take what was typed before the line had the focus."""
        self._input.insert_text_at_cursor(text)

    def close(self) -> None:
        """Ask no more."""
        self.question = None
        self.display = False
        self._then()

    def say_again(self) -> None:
        """What is thought of the text may be another by now."""
        if self.question is not None:
            self._remark_on(self.question.judge(self.text))

    def action_cancel(self) -> None:
        """Leave without an answer."""
        if self.question is not None:
            self.question.cancel()
        self.close()

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Take the answer, if it is good; what was picked of the choices is put in first."""
        event.stop()
        if self._picked:
            self._insert(self._choices[self._list.cursor])
        question = self.question
        if question is not None and question.judge(self.text).is_good:
            self.close()
            question.accept(event.input.value)

    def action_keep(self) -> None:
        """Save what was typed, or do so no longer."""
        if self.question is not None and self.question.keep(self.text) is not None:
            self._changed()

    # --- what is typed

    @on(Input.Changed)
    def changed(self, event: Input.Changed) -> None:
        """Offer what may follow, and say what is wrong."""
        event.stop()
        self._changed()

    def _changed(self) -> None:
        if self.question is None:
            return
        self._offer(self.question.choices(self.text[: self._input.cursor_position]))
        self._remark_on(self.question.judge(self.text))

    def _remark_on(self, opinion: Opinion) -> None:
        self._place.display = opinion.place is not None
        if opinion.place is not None:
            column = self._label_width + cell_len(self.text[: opinion.place]) - 1
            self._place.show([("error", " " * max(column, 0) + "^")])
        self._remark.show(opinion.spans, self._keys())

    def _keys(self) -> Sequence[Span]:
        """What keys do here."""
        keys = [("Tab", "complete"), ("↑↓", "choose")] if self._choices else []
        keys += [("Enter", "take"), ("Esc", "leave")]
        return [span for key, does in keys for span in (("key", f"  {key}"), ("meta", f" {does}"))]

    # --- what may go there

    def _offer(self, choices: Sequence[Choice]) -> None:
        self._choices, self._picked = choices, False
        self._list.display = bool(choices)
        longest = max((cell_len(choice.text) for choice in choices), default=0) + 2
        room = min(max(longest, _LEAST_ROOM), _MOST_ROOM)
        self._list.show([_line(choice, room) for choice in choices])

    def action_choose(self, by: int) -> None:
        """Pick another one of the choices."""
        if self._choices:
            self._list.go_to(self._list.cursor + by if self._picked else self._list.cursor)
            self._picked = True

    def action_complete(self) -> None:
        """Put in what was picked, or the first of the choices."""
        if self._choices:
            self._insert(self._choices[self._list.cursor])

    @on(Lines.Chosen)
    def click(self, event: Lines.Chosen) -> None:
        """Put in what was clicked."""
        event.stop()
        self._insert(self._choices[event.at])
        self._input.focus()

    def _insert(self, choice: Choice) -> None:
        text, cursor = self.text, self._input.cursor_position
        rest = text[cursor:]
        added = choice.text + (" " if choice.ends and not rest else "")
        self._input.value = text[: choice.start] + added + rest
        self._input.cursor_position = choice.start + len(added)


def _line(choice: Choice, room: int) -> Line:
    gap = max(room - cell_len(choice.text), 2)
    return (("text", f" {choice.text}"), ("meta", " " * gap + choice.help))
