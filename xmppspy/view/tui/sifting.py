"""Commands that say what is shown, and what is looked for."""

from typing import TYPE_CHECKING

from xmppspy.errors import CaptureError
from xmppspy.view.browse.messages import Needle

if TYPE_CHECKING:
    from xmppspy.protocol.events import Event
    from xmppspy.view.tui.app import Viewer


def ask_filter(viewer: "Viewer") -> None:
    """Ask for a filter."""
    from xmppspy.view.tui.filtering import FilterQuestion  # noqa: PLC0415 - not needed at first

    question = FilterQuestion(
        viewer.sieve, viewer.memory, lambda: viewer.rows.wanted, lambda: _count(viewer)
    )

    def learn(names: object) -> None:
        question.names = names  # type: ignore[assignment]

    viewer.ask_index("seen", learn)
    viewer.ask(question)


def _count(viewer: "Viewer") -> str:
    sieve = viewer.sieve
    if not sieve.applied:
        return "an empty filter shows everything"
    more = "…" if sieve.looked < viewer.listing.rows else ""
    return f"{len(viewer.listing):,} of {viewer.listing.rows:,} lines match{more}"


def toggle_filter(viewer: "Viewer") -> None:
    """Switch the filter off, or on again."""
    if not viewer.sieve.text:
        viewer.say("there is no filter; f sets one")
        return
    viewer.rows.stay()
    viewer.sieve.toggle(viewer.rows.wanted)
    relist(viewer)


def toggle_quiet(viewer: "Viewer") -> None:
    """Leave out keepalives and acknowledgements, or show them again."""
    viewer.rows.stay()
    viewer.sieve.toggle_quiet(viewer.rows.wanted)
    relist(viewer)


def relist(viewer: "Viewer") -> None:
    """Show what is to be shown now, if that is known at once."""
    if viewer.listing.found is None:
        viewer.rows.relist()
    viewer.tell()


def conversation(viewer: "Viewer") -> None:
    """Show all that was said between the two who speak in this row; or go back."""
    browser, row = viewer.source.browser, viewer.rows.row
    if browser is None or row is None:
        return
    event = browser.event(row)
    if event is None or isinstance(event, CaptureError):
        return
    text = _between(event)
    if not text:
        viewer.say("this belongs to no connection")
    elif text == viewer.sieve.text and viewer.sieve.is_on:
        toggle_filter(viewer)
    else:
        viewer.memory.remember("filter", text)
        viewer.rows.stay()
        viewer.sieve.apply(text, row)
        viewer.tell()


def _between(event: "Event") -> str:
    from xmppspy.filters.expressions import quoted  # noqa: PLC0415 - it is loaded later
    from xmppspy.protocol.events import FrameRecord  # noqa: PLC0415
    from xmppspy.protocol.jid import flaw  # noqa: PLC0415

    conn: int | None = getattr(event, "conn", None)
    if conn is None:
        return ""
    peer = ""
    if isinstance(event, FrameRecord):
        address = (event.to if event.dir == "c2s" else event.from_) or ""
        peer = address.partition("/")[0]
    is_peer = peer and flaw(peer) is None
    return f"conn:{conn} jid:{quoted(peer)}" if is_peer else f"conn:{conn}"


def ask_search(viewer: "Viewer") -> None:
    """Ask what to look for."""
    from xmppspy.view.tui.questions import SearchQuestion  # noqa: PLC0415 - not needed at first

    viewer.ask(SearchQuestion(viewer.memory, lambda needle: look_for(viewer, needle)))


def look_for(viewer: "Viewer", needle: Needle) -> None:
    """Look for something, and go to the next one."""
    from xmppspy.view.browse.needle import pattern  # noqa: PLC0415 - it is loaded later

    row = viewer.rows.row or 0
    viewer.sieve.find(needle, row)
    viewer.highlight(pattern(needle))
    viewer.chase.begin(row, forward=True)


def next_hit(viewer: "Viewer", *, forward: bool) -> None:
    """Go to the next row that holds what is looked for."""
    if viewer.sieve.needle is None:
        viewer.say("nothing is looked for; / asks what to look for")
    elif viewer.rows.row is not None:
        viewer.chase.begin(viewer.rows.row + (1 if forward else -1), forward=forward)
