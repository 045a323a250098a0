from collections.abc import Sequence

from textual.app import App, ComposeResult
from textual.widgets import Input

from tests.view.tui.viewing import played
from xmppspy.view.tui.prompt import Prompt
from xmppspy.view.tui.question import Choice, Opinion
from xmppspy.view.tui.scheme import DARK, Inks


class Colour:
    """Asks for a colour."""

    label = "colour"
    text = ""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.kept: list[str] = []

    def judge(self, text: str) -> Opinion:
        """Brown is none."""
        if "brown" in text:
            return Opinion((("error", "no colour"),), text.index("brown"), is_good=False)
        return Opinion((("meta", f"{len(text)} letters"),))

    def choices(self, before: str) -> Sequence[Choice]:
        """Those that begin so."""
        word = before.rpartition(" ")[2]
        known = [name for name in ("red", "rose", "rust") if word and name.startswith(word)]
        return [Choice(name, "a colour", len(before) - len(word)) for name in known]

    def accept(self, text: str) -> None:
        """Keep it."""
        self.heard.append(text)

    def cancel(self) -> None:
        """Keep that, too."""
        self.heard.append("cancelled")

    def keep(self, text: str) -> bool | None:
        """Only what is something."""
        if text:
            self.kept.append(text)
        return bool(text) or None


class Page(App[None]):
    """A prompt alone."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = 0
        self.prompt = Prompt(Inks(DARK), self._close)

    def _close(self) -> None:
        self.closed += 1

    def compose(self) -> ComposeResult:
        """The prompt."""
        yield self.prompt

    @property
    def lines(self) -> list[str]:
        """What is seen."""
        strips = self.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


@played
async def test_answer_is_taken() -> None:
    """Enter takes it, and the prompt is gone."""
    page, question = Page(), Colour()
    async with page.run_test(size=(60, 12)) as pilot:
        hidden = "".join(page.lines)
        page.prompt.ask(question)
        await pilot.press(*"blue")
        await pilot.pause()
        seen = page.lines[:3]
        await pilot.press("enter")
        await pilot.pause()

        assert hidden == ""
        assert seen[0] == " colour blue"
        assert seen[1].startswith(" 4 letters")
        assert seen[1].endswith("Enter take  Esc leave")
        assert (question.heard, page.closed, page.prompt.question) == (["blue"], 1, None)


@played
async def test_wrong_answer_is_not_taken() -> None:
    """The place is shown under the text, with the reason."""
    page, question = Page(), Colour()
    async with page.run_test(size=(60, 12)) as pilot:
        page.prompt.ask(question)
        await pilot.press(*"a ", *"brown")
        await pilot.press("enter")
        await pilot.pause()
        seen = page.lines[:3]
        await pilot.press("escape")
        await pilot.pause()

        page.prompt.ask(question)
        await pilot.press("ctrl+c")
        await pilot.pause()

        assert seen[0] == " colour a brown"
        assert seen[1] == "          ^"
        assert seen[2].startswith(" no colour")
        assert (question.heard, page.closed) == (["cancelled"] * 2, 2)


@played
async def test_choices_are_offered_and_put_in() -> None:
    """By Tab the first one, by arrows any; a space follows what is complete."""
    page, question = Page(), Colour()
    async with page.run_test(size=(60, 12)) as pilot:
        page.prompt.ask(question)
        await pilot.press("r")
        await pilot.pause()
        offered = page.lines[:3]
        await pilot.press("tab")
        first = page.prompt.text
        await pilot.press("r", "down", "down", "up", "down", "tab")
        second = page.prompt.text
        await pilot.press("r", "u", "down", "enter")
        await pilot.pause()

        assert [line.split()[0] for line in offered] == ["red", "rose", "rust"]
        assert (first, second) == ("red ", "red rose ")
        assert question.heard == ["red rose rust "]


@played
async def test_choice_can_be_clicked() -> None:
    """And typing goes on."""
    page, question = Page(), Colour()
    async with page.run_test(size=(60, 12)) as pilot:
        page.prompt.ask(question)
        await pilot.press("r")
        await pilot.pause()
        await pilot.click("#choices", offset=(3, 1))
        await pilot.pause()
        await pilot.press("x")

        assert page.prompt.text == "rose x"
        assert isinstance(page.focused, Input)


@played
async def test_text_can_be_kept() -> None:
    """The prompt stays open."""
    page, question = Page(), Colour()
    async with page.run_test(size=(60, 12)) as pilot:
        page.prompt.ask(question)
        await pilot.press("ctrl+s", "r", "ctrl+s")

        assert question.kept == ["r"]
        assert page.prompt.question is question


@played
async def test_other_question_takes_the_place() -> None:
    """The one before is left."""
    page, question, other = Page(), Colour(), Colour()
    other.text = "red"
    async with page.run_test(size=(60, 12)) as pilot:
        page.prompt.say_again()
        page.prompt.ask(question)
        page.prompt.ask(other)
        page.prompt.say_again()
        await pilot.press("enter")
        await pilot.pause()

        assert (question.heard, other.heard) == (["cancelled"], ["red"])
