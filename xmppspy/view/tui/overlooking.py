"""Commands that open a screen over the list."""

from typing import TYPE_CHECKING, Final

from xmppspy.view.browse.messages import Trace
from xmppspy.view.tui.screens import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xmppspy.analysis.journeys import Journey
    from xmppspy.analysis.lookout import View
    from xmppspy.view.browse.paper import Line
    from xmppspy.view.tui.app import Viewer

_EVERY: Final = 1.0
"""Seconds between two looks at the connections."""


def overview(viewer: "Viewer") -> None:
    """Show the connections."""
    agent, more, hint = viewer.acting, {}, ""
    if agent is not None and agent.is_live:
        more, hint = {"K": agent.ask_kill, "M": agent.ask_mark}, " · K ends it · M marks it"
    hint = f"Enter shows only this connection{hint} · Esc goes back"
    sheet = Sheet(viewer.inks, "connections", hint, keys=["o"], more=more)

    def show(view: "View") -> None:
        from xmppspy.view.browse.outlooks import outlooks  # noqa: PLC0415 - not needed at first

        if sheet.is_mounted:
            told = list(outlooks(view, viewer.times.clock, sheet.room))
            sheet.entitle("connections", [("meta", _open(view))])
            sheet.show([each.line for each in told], [each.conn or None for each in told])

    def ask() -> None:
        viewer.ask_index("overview", show)

    def chosen(conn: int | None) -> None:
        if conn is not None:
            viewer.sieve.apply(f"conn:{conn}", viewer.rows.row or 0)
        viewer.closed()

    viewer.push_screen(sheet, chosen)
    sheet.call_after_refresh(ask)
    sheet.set_interval(_EVERY, ask)


def _open(view: "View") -> str:
    count = sum(outlook.state != "closed" for outlook in view.outlooks)
    return f"{view.connections:,} · {f'{count:,} open' if count else 'all closed'}"


def journey(viewer: "Viewer") -> None:
    """Show the journey of the message at the cursor."""
    row = viewer.rows.row
    if row is None:
        return
    viewer.say("looking for the journey of this message…", "meta")
    viewer.ask_searcher(Trace(row), "journey", lambda found: _show_journey(viewer, found))


def _show_journey(viewer: "Viewer", found: "Journey | None") -> None:
    from xmppspy.view.browse.places import Places  # noqa: PLC0415 - not needed at first
    from xmppspy.view.itinerary import stops  # noqa: PLC0415
    from xmppspy.view.look import Look  # noqa: PLC0415
    from xmppspy.view.marked import MARKED, lines  # noqa: PLC0415

    viewer.forget()
    if found is None:
        viewer.say("only messages that have an id or say something have a journey")
        return
    told = list(stops(found, Look(palette=MARKED, clock=viewer.times.clock), has_numbers=False))
    sheet = Sheet(
        viewer.inks, "journey of a message", "Enter goes to the frame · Esc goes back", keys=["t"]
    )

    def chosen(n: int | None) -> None:
        browser = viewer.source.browser
        row = None if n is None or browser is None else Places(browser).of_frame(n)
        if row is not None:
            viewer.show_row(row)
        viewer.closed()

    def show() -> None:
        shown = [
            (part, None if step is None else step.n)
            for line, step in told
            for part in _below(next(lines(line)), sheet.room, is_step=step is not None)
        ]
        sheet.show([line for line, _ in shown], [n for _, n in shown])

    viewer.push_screen(sheet, chosen)
    sheet.call_after_refresh(show)


def _below(line: "Line", width: int, *, is_step: bool) -> "Iterator[Line]":
    """A line wrapped to a width; what happened in a step stays below itself."""
    from xmppspy.view.browse.paper import wrapped  # noqa: PLC0415 - not needed at first

    before = sum(len(text) for _, text in line[:2]) + 1 if is_step else None
    return wrapped(line, width, before if before is None or before < width // 2 else None)


def palette(viewer: "Viewer") -> None:
    """Ask for a command."""
    from xmppspy.view.tui import jumping  # noqa: PLC0415 - not needed at first
    from xmppspy.view.tui.palette import CommandQuestion  # noqa: PLC0415

    commands = [each for each in viewer.table.working(viewer) if each.name != "palette"]
    viewer.ask(
        CommandQuestion(
            commands,
            lambda command: command.run(viewer),
            lambda text: jumping.show_place(viewer, text),
            lambda text: jumping.refusal(viewer, text),
        )
    )


def help_(viewer: "Viewer") -> None:
    """Show what works here."""
    from xmppspy.view.tui.help import help_lines  # noqa: PLC0415 - not needed at first

    sheet = Sheet(viewer.inks, "help", "Esc goes back", has_cursor=False, keys=["question_mark"])
    viewer.push_screen(sheet, lambda _: viewer.closed())
    sheet.call_after_refresh(lambda: sheet.show(help_lines(viewer, sheet.room)))
