"""Tray: the frames that wait for a decision, and how long they still do."""

import secrets
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from xmppspy.view.tui.bar import Bar
from xmppspy.view.tui.columns import short
from xmppspy.view.tui.lines import Line, Lines
from xmppspy.view.tui.scheme import Inks

if TYPE_CHECKING:
    from xmppspy.control.replies import HeldFrame
    from xmppspy.view.tui.proxy import Proxy

_EVERY: Final = 0.5
"""Seconds between two looks at the clock."""
_SOON: Final = 10
"""Seconds from which on a person should hurry."""
_KEYS: Final = (
    ("a", "forward"), ("d", "drop"), ("e", "edit"), ("D", "twice"), ("W", "30 s more"),
    ("A", "forward all"),
)  # fmt: skip


class HeldLines(Lines):
    """A line for each of them; the one that keys are about is at the cursor."""

    class Moved(Message):
        """Another one is at the cursor."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self, inks: Inks) -> None:
        super().__init__(inks, "held", has_cursor=True, needs_focus=True)

    def go_to(self, line: int) -> None:
        """Put the cursor on a line."""
        super().go_to(line)
        self.post_message(self.Moved(self.cursor))


class Tray(Vertical):
    """Is there as long as something is held."""

    DEFAULT_CSS = """
    Tray { height: auto; display: none; }
    Tray.open { display: block; }
    Tray HeldLines { height: auto; max-height: 5; scrollbar-size-horizontal: 0; }
    """

    class Chosen(Message):
        """A held frame is to be looked at."""

        def __init__(self, n: int) -> None:
            super().__init__()
            self.n = n

    def __init__(self, inks: Inks, proxy: "Proxy") -> None:
        super().__init__(id="tray")
        self._proxy = proxy
        self._title = Bar(inks, "tray-title", gives_way=True)
        self.lines = HeldLines(inks)
        self._told: dict[int, Line] = {}

    def compose(self) -> ComposeResult:
        """A line about all of them, and one for each."""
        yield self._title
        yield self.lines

    def on_mount(self) -> None:
        """Let the seconds pass."""
        self.set_interval(_EVERY, self.tell)
        self.tell()

    def tell(self) -> None:
        """Bring everything up to date."""
        frames, meant = self._proxy.queue.frames, self._proxy.queue.meant
        if not frames and not self.has_class("open"):
            return
        self.set_class(bool(frames), "open")
        self._told = {frame.n: self._told.get(frame.n) or _said(frame) for frame in frames}
        keys = [span for key, does in _KEYS for span in (("key", f"  {key}"), ("meta", f" {does}"))]
        self._title.show([("change", f"held {len(frames)}")], keys)
        self.lines.styles.height = min(len(frames), 5)
        cursor = next((at for at, frame in enumerate(frames) if frame is meant), 0)
        self.lines.show([self._line(frame, frame is meant) for frame in frames], cursor=cursor)

    def _line(self, frame: "HeldFrame", is_meant: bool) -> Line:
        left = self._proxy.left(frame.n)
        ink = "error" if left < _SOON else "change"
        draft = (("change", "✎ "),) if frame.n in self._proxy.drafts else ()
        return (
            ("key", "▸ " if is_meant else "  "),
            (ink, f"{left:>4.0f} s"),
            ("meta", f" then {frame.otherwise:<8}"),
            *draft,
            *self._told[frame.n],
        )

    @on(HeldLines.Moved)
    def moved(self, event: HeldLines.Moved) -> None:
        """Keys are about another one now."""
        event.stop()
        frames = self._proxy.queue.frames
        if event.at < len(frames) and self._proxy.queue.mean(frames[event.at].n):
            self.tell()

    @on(Lines.Chosen)
    def chosen(self, event: Lines.Chosen) -> None:
        """Look at the one at the cursor."""
        event.stop()
        frames = self._proxy.queue.frames
        if event.at < len(frames):
            self.post_message(self.Chosen(frames[event.at].n))


def _said(frame: "HeldFrame") -> Line:
    """What a held frame is, without secrets."""
    from xmppspy.analysis.explainer import Explanation  # noqa: PLC0415 - not needed at first
    from xmppspy.analysis.redaction import Redactor  # noqa: PLC0415
    from xmppspy.control.frames import record  # noqa: PLC0415
    from xmppspy.protocol.events import FrameRecord  # noqa: PLC0415
    from xmppspy.view.browse.drawing import draw_frame  # noqa: PLC0415
    from xmppspy.view.browse.row import tone  # noqa: PLC0415
    from xmppspy.view.look import ARROWS  # noqa: PLC0415

    masked = Redactor(secrets.token_bytes(32)).apply(record(frame))
    assert isinstance(masked, FrameRecord)  # noqa: S101 - it was one
    row = draw_frame(Explanation(masked))
    changed = (("change", "✎ "),) if frame.received is not None else ()
    peer = (("meta", f"{short(row.peer)} "),) if row.peer else ()
    return (
        (tone(frame.conn), f"#{frame.conn} "),
        (frame.dir, f"{ARROWS[frame.dir]} "),
        row.kind,
        ("text", " "),
        *changed,
        *peer,
        *row.topic,
        ("text", " " if row.topic else ""),
        *row.details,
    )
