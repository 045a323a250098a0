"""Commands that change how things are shown."""

from typing import TYPE_CHECKING

from xmppspy.view.tui.scheme import SCHEMES

if TYPE_CHECKING:
    from xmppspy.view.tui.app import Viewer


def open_pane(viewer: "Viewer") -> None:
    """Show the detail, or go there."""
    if viewer.pane.is_open:
        viewer.pane.detail.focus()
    else:
        viewer.open_pane()


def back(viewer: "Viewer") -> None:
    """Go back to the list; from there, close the detail, or stop looking for something."""
    body = viewer.base.query_one("#body")
    if viewer.focused is not viewer.rows:
        body.remove_class("zoomed")
        viewer.rows.focus()
    elif viewer.sieve.needle is not None:
        viewer.stop_looking()
    elif viewer.pane.is_open:
        viewer.pane.remove_class("open")
    viewer.tell()


def switch(viewer: "Viewer") -> None:
    """Go from the list to the detail, or back."""
    if viewer.focused is viewer.pane.detail:
        viewer.base.query_one("#body").remove_class("zoomed")
        viewer.rows.focus()
    else:
        viewer.open_pane()
        viewer.call_after_refresh(viewer.pane.detail.focus)


def arrange(viewer: "Viewer") -> None:
    """Show list and detail, the detail alone, the list alone."""
    body = viewer.base.query_one("#body")
    if not viewer.pane.is_open:
        viewer.open_pane()
    elif not body.has_class("zoomed"):
        body.add_class("zoomed")
        viewer.pane.detail.focus()
    else:
        body.remove_class("zoomed")
        viewer.pane.remove_class("open")
        viewer.rows.focus()
    viewer.tell()


def next_form(viewer: "Viewer") -> None:
    """Show the bytes laid out, as they were sent, or as numbers."""
    viewer.open_pane()
    viewer.pane.next_form()


def toggle_full(viewer: "Viewer") -> None:
    """Cut nothing short, or do so again."""
    viewer.open_pane()
    viewer.pane.toggle_full()


def next_time(viewer: "Viewer") -> None:
    """Tell times in another form."""
    viewer.say(f"times are {viewer.times.next_form()}")
    viewer.rows.repaint()


def next_scheme(viewer: "Viewer") -> None:
    """Show everything in other colours."""
    names = list(SCHEMES)
    name = names[(names.index(viewer.inks.scheme.name) + 1) % len(names)]
    viewer.dress(SCHEMES[name])
    viewer.say(f"colours: {name.removeprefix('xmppspy-')}")


def leave(viewer: "Viewer") -> None:
    """End the program; what is held is asked about first."""
    if viewer.acting is not None and viewer.acting.holds:
        viewer.acting.ask_leave()
    else:
        viewer.exit(0)
