from xmppspy.view.tui.commands import Command
from xmppspy.view.tui.palette import CommandQuestion

COMMANDS: list[Command[object]] = [
    Command("next-error", "n", "next error", "to the next error", "go", print),
    Command("mark", "m", "mark", "mark the frame, or its error", "keep", print),
]


def asked() -> tuple[CommandQuestion[object], list[str], list[str]]:
    """The question, which commands were run, and which places were gone to."""
    run: list[str] = []
    gone: list[str] = []
    question = CommandQuestion(
        COMMANDS,
        lambda command: run.append(command.name),
        gone.append,
        lambda text: "" if text.isdigit() else "no such command or place",
    )
    return question, run, gone


def test_commands_are_found_by_any_words() -> None:
    """Those first whose name has them."""
    question, _, _ = asked()

    assert [choice.text for choice in question.choices("err")] == ["next error", "mark"]
    assert [choice.text for choice in question.choices("frame mark")] == ["mark"]
    assert "m" in question.choices("frame")[0].help


def test_command_is_run() -> None:
    """The one that is named, or the first that is meant."""
    question, run, _ = asked()
    question.accept("mark")
    question.accept("err")
    question.accept(" ")

    assert run == ["mark", "next-error"]


def test_place_is_gone_to() -> None:
    """Where the text names one."""
    question, run, gone = asked()
    question.accept("42")

    assert (run, gone) == ([], ["42"])
    assert question.judge("42").is_good


def test_other_text_is_refused() -> None:
    """With a reason."""
    question, _, _ = asked()

    assert not question.judge("xyz").is_good
    assert question.judge("xyz").spans[0][1] == "no such command or place"
    assert question.judge("").is_good
