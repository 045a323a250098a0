"""Commands that keep something: marks, notes, copies, captures."""

import asyncio
from typing import TYPE_CHECKING

from xmppspy.errors import XmppspyError
from xmppspy.view.browse.records import Flag
from xmppspy.view.tui.cursor import frame_at

if TYPE_CHECKING:
    from xmppspy.view.tui.app import Viewer


def mark(viewer: "Viewer") -> None:
    """Mark the frame at the cursor, or take its marks back."""
    frame = frame_at(viewer)
    if frame is None or viewer.source.browser is None or viewer.rows.row is None:
        viewer.say("only frames can be marked")
        return
    flags = viewer.source.browser.told(viewer.rows.row).record.flags
    is_marked = bool(flags & Flag.MARKED)
    text = "no longer marked" if is_marked else "marked"
    viewer.run_worker(_mark(viewer, text, frame.n, removed=is_marked))


def note(viewer: "Viewer") -> None:
    """Ask for a note about the frame at the cursor."""
    from xmppspy.view.tui.questions import AskFor  # noqa: PLC0415 - not needed at first

    frame = frame_at(viewer)
    if frame is None:
        viewer.say("only frames can have notes")
        return
    remark = f"about frame {frame.n}; it is written into the capture, as a mark"

    def take(text: str) -> None:
        if text.strip():
            viewer.run_worker(_mark(viewer, text.strip(), frame.n))

    viewer.ask(AskFor("note", remark, take))


async def _mark(viewer: "Viewer", text: str, n: int, *, removed: bool = False) -> None:
    from xmppspy.capture.marking import add_mark  # noqa: PLC0415 - not needed at first

    capture = viewer.shelf.body.capture
    try:
        if viewer.shelf.body.is_unpacked:
            viewer.say("marks are written into plain capture files only", "error")
            return
        await asyncio.to_thread(add_mark, capture, text, n, removed=removed)
    except XmppspyError as error:
        viewer.say(str(error), "error")
        return
    viewer.say(f"frame {n}: {text}")


def copy(viewer: "Viewer") -> None:
    """Copy the XML at the cursor, or the line where it is no frame."""
    frame = frame_at(viewer)
    if frame is None:
        copy_line(viewer)
        return
    text = frame.data.decode(errors="replace")
    viewer.copy_to_clipboard(text)
    viewer.say(f"copied the XML of frame {frame.n}, {len(frame.data):,} B")


def copy_line(viewer: "Viewer") -> None:
    """Copy the line of the capture at the cursor."""
    browser, row = viewer.source.browser, viewer.rows.row
    if browser is not None and row is not None:
        line = browser.line(row)
        viewer.copy_to_clipboard(line.decode(errors="replace"))
        viewer.say(f"copied the line of the capture, {len(line):,} B")


def save(viewer: "Viewer") -> None:
    """Ask where to save what is shown."""
    from xmppspy.view.tui.questions import AskFor  # noqa: PLC0415 - not needed at first

    count = len(viewer.listing)
    remark = f"a new capture of the {count:,} lines that are shown; .zst compresses it"
    viewer.ask(AskFor("save as", remark, lambda path: _begin_saving(viewer, path)))


def _begin_saving(viewer: "Viewer", path: str) -> None:
    if path.strip():
        viewer.run_worker(_save(viewer, path.strip()))


async def _save(viewer: "Viewer", path: str) -> None:
    from xmppspy.view.browse.saving import save as save_rows  # noqa: PLC0415 - not needed at first

    rows, body = viewer.listing.copy(), viewer.shelf.body
    viewer.say(f"saving {len(rows):,} lines…", "meta")
    try:
        count = await asyncio.to_thread(save_rows, body, viewer.source.records, rows, path)
    except XmppspyError as error:
        viewer.say(str(error), "error")
        return
    viewer.say(f"saved {count:,} lines in {path}")
