"""Commands that go somewhere else in the capture."""

from typing import TYPE_CHECKING, Final

from xmppspy.view.browse.records import Flag

if TYPE_CHECKING:
    from xmppspy.view.browse.places import Places
    from xmppspy.view.tui.app import Viewer

_NAMES: Final = {
    Flag.ERROR: "error",
    Flag.MARKED: "mark",
    Flag.BAD | Flag.DOUBTFUL: "finding of the linter",
}
ERRORS: Final = Flag.ERROR
MARKS: Final = Flag.MARKED
FINDINGS: Final = Flag.BAD | Flag.DOUBTFUL


def places(viewer: "Viewer") -> "Places | None":
    """What knows the rows, once it is loaded."""
    from xmppspy.view.browse.places import Places  # noqa: PLC0415 - it is loaded later

    browser = viewer.source.browser
    return None if browser is None else Places(browser)


def next_flagged(viewer: "Viewer", flags: int, *, forward: bool) -> None:
    """Go to the next row that is shown and has one of the flags, or to the one before."""
    known, row = places(viewer), viewer.rows.row
    if known is None or row is None:
        return
    found = known.flagged(flags, row, viewer.listing, forward=forward)
    if found is None:
        viewer.say(f"no {_NAMES[flags]} {'below' if forward else 'above'}{_doubt(viewer, flags)}")
    else:
        viewer.rows.go_to_row(found)


def _doubt(viewer: "Viewer", flags: int) -> str:
    progress = viewer.progress
    known = progress.judged if flags == FINDINGS else progress.explained
    return ", as far as was read" if known < progress.rows else ""


def pair(viewer: "Viewer") -> None:
    """Go to the answer of a request, or to the request of an answer."""
    browser, row = viewer.source.browser, viewer.rows.row
    if browser is None or row is None:
        return
    partner = browser.told(row).record.partner
    if partner:
        viewer.show_row(partner - 1)
    else:
        viewer.say("there is no request or answer that belongs to this one")


def follow(viewer: "Viewer") -> None:
    """Stay at the end, or where one is."""
    if viewer.rows.follows:
        viewer.rows.follows = False
        viewer.tell()
    else:
        viewer.rows.follow()


def go_to(viewer: "Viewer") -> None:
    """Ask where to go."""
    from xmppspy.view.tui.questions import AskFor  # noqa: PLC0415 - not needed at first

    remark = "a frame, such as 42 · a time, such as 07:40:12 · seconds, such as +12.5"
    viewer.ask(
        AskFor(
            "go to",
            remark,
            lambda text: show_place(viewer, text),
            lambda text: refusal(viewer, text.strip()),
        )
    )


def show_place(viewer: "Viewer", text: str) -> None:
    """Go to a place that is named, by its number or its time."""
    row = _row(viewer, text)
    if row is not None:
        viewer.show_row(row)


def refusal(viewer: "Viewer", text: str) -> str:
    """Why a text names no place; empty where it does."""
    if not text or _row(viewer, text) is not None:
        return ""
    if text.isdigit():
        return f"there is no frame {text}"
    return "this is no number of a frame, no time of day and no +SECONDS"


def _row(viewer: "Viewer", text: str) -> int | None:
    from xmppspy.view.browse.places import moment  # noqa: PLC0415 - it is loaded later

    known, text = places(viewer), text.strip()
    if known is None or not text:
        return viewer.rows.row
    if text.isdigit():
        return known.of_frame(int(text))
    if text.startswith("+"):
        try:
            return known.of_time(float(text))
        except ValueError:
            return None
    t = moment(text, viewer.times.created, utc=viewer.times.utc)
    return None if t is None else known.of_time(t)
