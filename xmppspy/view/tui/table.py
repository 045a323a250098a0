"""The table of all commands."""

from typing import TYPE_CHECKING, Final

from xmppspy.view.tui import jumping, keeping, overlooking, showing, sifting
from xmppspy.view.tui.commands import Command, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from xmppspy.view.tui.agent import Agent
    from xmppspy.view.tui.app import Viewer


def _has_rows(viewer: "Viewer") -> bool:
    return len(viewer.listing) > 0


def _is_loaded(viewer: "Viewer") -> bool:
    return viewer.source.browser is not None and len(viewer.listing) > 0


def _is_open(viewer: "Viewer") -> bool:
    return viewer.pane.is_open


def _is_live(viewer: "Viewer") -> bool:
    return viewer.acting is not None and viewer.acting.is_live


def _holds(viewer: "Viewer") -> bool:
    return viewer.acting is not None and viewer.acting.holds


def _act(do: "Callable[[Agent], object]") -> "Callable[[Viewer], object]":
    """What is done by whoever acts on the running proxy, while there is one."""

    def run(viewer: "Viewer") -> None:
        if viewer.acting is not None:
            do(viewer.acting)

    return run


_ALL: "Final[tuple[Command[Viewer], ...]]" = (
    Command(
        "open", "enter", "detail", "show all about the row, and go there", "look",
        showing.open_pane, _is_loaded,
    ),
    Command("back", "escape", "back", "back to the list; close the detail", "look", showing.back),
    Command("switch", "tab", "switch", "from the list to the detail, and back", "look", showing.switch),
    Command(
        "arrange", "minus", "arrange", "list and detail, the detail alone, the list alone", "look",
        showing.arrange,
    ),
    Command(
        "form", "x", "bytes", "XML laid out, as it was sent, or as bytes", "look",
        showing.next_form, _is_loaded,
    ),
    Command(
        "full", "z", "unfold", "cut nothing short, or do so again", "look",
        showing.toggle_full, _is_loaded,
    ),
    Command(
        "filter", "f", "filter", "show only what matches a filter", "find", sifting.ask_filter,
        _is_loaded,
    ),
    Command(
        "toggle", "v", "filter off", "switch the filter off, and on again", "find",
        sifting.toggle_filter, lambda viewer: bool(viewer.sieve.text),
    ),
    Command(
        "quiet", "h", "hide acks", "leave out keepalives and acknowledgements", "find",
        sifting.toggle_quiet,
    ),
    Command(
        "conversation", "c", "conversation", "all between these two; once more goes back", "find",
        sifting.conversation, _is_loaded,
    ),
    Command("search", "slash", "search", "look for a text", "find", sifting.ask_search, _is_loaded),
    Command(
        "next", "n", "next", "to the next row that holds it", "find",
        lambda viewer: sifting.next_hit(viewer, forward=True),
        lambda viewer: viewer.sieve.needle is not None,
    ),
    Command(
        "previous", "N", "previous", "to the one before", "find",
        lambda viewer: sifting.next_hit(viewer, forward=False),
        lambda viewer: viewer.sieve.needle is not None,
    ),
    Command("follow", "F", "follow", "stay at the end, or where you are", "go", jumping.follow),
    Command("pair", "p", "pair", "to the answer, or to the request", "go", jumping.pair, _is_loaded),
    Command(
        "goto", "number_sign", "go to", "to a frame, or to a time", "go", jumping.go_to, _is_loaded
    ),
    Command(
        "next-error", "right_square_bracket", "next error", "to the next error", "go",
        lambda viewer: jumping.next_flagged(viewer, jumping.ERRORS, forward=True), _has_rows,
    ),
    Command(
        "previous-error", "left_square_bracket", "error before", "to the error before", "go",
        lambda viewer: jumping.next_flagged(viewer, jumping.ERRORS, forward=False), _has_rows,
    ),
    Command(
        "next-mark", "u", "next mark", "to the next mark", "go",
        lambda viewer: jumping.next_flagged(viewer, jumping.MARKS, forward=True), _has_rows,
    ),
    Command(
        "previous-mark", "U", "mark before", "to the mark before", "go",
        lambda viewer: jumping.next_flagged(viewer, jumping.MARKS, forward=False), _has_rows,
    ),
    Command(
        "next-finding", "l", "next finding", "to the next finding of the linter", "go",
        lambda viewer: jumping.next_flagged(viewer, jumping.FINDINGS, forward=True), _has_rows,
    ),
    Command(
        "previous-finding", "L", "finding before", "to the finding before", "go",
        lambda viewer: jumping.next_flagged(viewer, jumping.FINDINGS, forward=False), _has_rows,
    ),
    Command(
        "journey", "t", "journey", "what became of the message", "look", overlooking.journey, _is_loaded,
    ),
    Command("overview", "o", "connections", "how the connections stand", "look", overlooking.overview, _has_rows),
    Command("help", "question_mark,f1", "help", "what works here", "view", overlooking.help_),
    Command("palette", "colon,ctrl+p", "command", "any command, by its name", "view", overlooking.palette, _is_loaded),
    Command(
        "hold", "i", "hold", "say which frames are held until you decide", "act", _act(lambda acting: acting.ask_hold()),
        _is_live,
    ),
    Command(
        "hold-toggle", "I", "hold on/off", "hold nothing more, or again", "act",
        _act(lambda acting: acting.toggle_hold()), _is_live,
    ),
    Command("forward", "a", "forward", "let the held frame go on", "act", _act(lambda acting: acting.forward()), _holds),
    Command("forward-all", "A", "forward all", "let all held frames go on", "act", _act(lambda acting: acting.forward_all()), _holds),
    Command("drop", "d", "drop", "drop the held frame", "act", _act(lambda acting: acting.drop()), _holds),
    Command("edit", "e", "edit", "edit the held frame, and let that go on", "act", _act(lambda acting: acting.edit()), _holds),
    Command("duplicate", "D", "twice", "let the held frame go on twice", "act", _act(lambda acting: acting.duplicate()), _holds),
    Command("wait", "W", "30 s more", "let the held frame wait for 30 s more", "act", _act(lambda acting: acting.wait()), _holds),
    Command("held", "H", "held", "choose among held frames; once more goes back", "act", _act(lambda acting: acting.go_to_held()), _holds),
    Command("compose", "s", "send", "write a stanza, and send it", "act", _act(lambda acting: acting.compose()), _is_live),
    Command("again", "r", "send again", "send the frame once more, as it was or changed", "act", _act(lambda acting: acting.again()), _is_live),
    Command("rules", "R", "rules", "rules and faults, to be switched", "act", _act(lambda acting: acting.rules()), _is_live),
    Command("kill", "K", "end", "end the connection", "act", _act(lambda acting: acting.ask_kill()), _is_live),
    Command("mark-connection", "M", "mark conn.", "mark the connection, now", "act", _act(lambda acting: acting.ask_mark()), _is_live),
    Command("mark", "m", "mark", "mark the frame, or no longer", "keep", keeping.mark, _is_loaded),
    Command("note", "semicolon", "note", "write a note about the frame", "keep", keeping.note, _is_loaded),
    Command("copy", "y", "copy XML", "copy the XML", "keep", keeping.copy, _is_loaded),
    Command("copy-line", "Y", "copy line", "copy the line of the capture", "keep", keeping.copy_line, _is_loaded),
    Command("save", "w", "save", "save what is shown as a capture", "keep", keeping.save, _is_loaded),
    Command("times", "T", "times", "time of day, seconds, or seconds between", "view", showing.next_time),
    Command("colours", "C", "colours", "dark, light, or the terminal's own", "view", showing.next_scheme),
    Command("quit", "q,ctrl+c,ctrl+q", "quit", "end the program", "view", showing.leave),
)  # fmt: skip

TABLE: "Final[Table[Viewer]]" = Table(
    {command.name: command for command in _ALL},
    at_list=(
        "help", "filter", "hold", "compose", "search", "open", "pair", "journey", "conversation",
        "overview", "mark", "rules", "quit",
    ),
    at_detail=(
        "help", "back", "form", "full", "pair", "journey", "search", "copy", "arrange", "quit",
    ),
)  # fmt: skip
