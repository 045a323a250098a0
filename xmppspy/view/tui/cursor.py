"""What is at the cursor of the list."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xmppspy.errors import CaptureError
    from xmppspy.protocol.events import Event, FrameRecord
    from xmppspy.view.tui.app import Viewer


def frame_at(viewer: "Viewer") -> "FrameRecord | None":
    """The frame at the cursor; None for another line, or none."""
    from xmppspy.protocol.events import FrameRecord  # noqa: PLC0415 - it is loaded later

    event = _event_at(viewer)
    return event if isinstance(event, FrameRecord) else None


def conn_at(viewer: "Viewer") -> int | None:
    """The connection that the line at the cursor is about; None for none."""
    conn: int | None = getattr(_event_at(viewer), "conn", None)
    return conn


def _event_at(viewer: "Viewer") -> "Event | CaptureError | None":
    browser, row = viewer.source.browser, viewer.rows.row
    return browser.event(row) if browser is not None and row is not None else None
