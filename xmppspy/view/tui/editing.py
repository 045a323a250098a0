"""Editing: the screen on which a held frame becomes another."""

from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from xmppspy.control import replies, requests
from xmppspy.control.frames import stream
from xmppspy.errors import ControlError
from xmppspy.view.layout import indented, joined
from xmppspy.view.look import ARROWS
from xmppspy.view.tui.proxy import Proxy
from xmppspy.view.tui.scheme import Inks
from xmppspy.view.tui.writing import Writing, shown

_EVERY: Final = 5.0
"""Seconds after which the proxy is told again that somebody is here."""


class Editing(Writing):
    """Edits a frame. It is laid out for reading; the white space for that is taken out again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "revert", "as it was", show=False, priority=True),
    ]
    HINTS = (
        ("^S", "send"), ("^O", "the original"), ("^R", "begin again"), ("^Z", "undo"),
        ("Esc", "leave it held"),
    )  # fmt: skip

    def __init__(self, inks: Inks, proxy: Proxy, frame: replies.HeldFrame) -> None:
        self._proxy = proxy
        self._frame = frame
        self._original = frame.xml if frame.xml is not None else frame.received or ""
        self._is_laid_out = _comes_back(self._original)
        text = proxy.drafts.get(frame.n) or self._laid_out
        super().__init__(inks, text, stream(frame), "original")

    @property
    def _laid_out(self) -> str:
        if not self._is_laid_out:
            return self._original
        return indented(self._original.encode()).decode()

    def on_mount(self) -> None:
        """Keep it held."""
        super().on_mount()
        self.set_interval(_EVERY, self._stay)
        self.set_interval(0.5, self.tell)
        self.run_worker(self._proxy.stay())

    def lay_out(self) -> None:
        """Show the original."""
        original = [(("text", " "), *line) for line in shown(self._original, self.room)]
        self.other.show([(("meta", " the original"),), *original])

    async def _stay(self) -> None:
        await self._proxy.stay()

    def tell(self) -> None:
        """What is edited, and whether it waits."""
        frame = self._frame
        is_held = frame.n in self._proxy.queue
        wait = f"{self._proxy.left(frame.n):.0f} s" if is_held else "not held any more"
        self.entitle(
            [
                ("title", f"edit frame {frame.n}"),
                ("meta", f"  #{frame.conn} "),
                (frame.dir, ARROWS[frame.dir]),
                ("meta", f" {frame.kind}"),
            ],
            [("change" if is_held else "error", wait)],
        )

    def action_revert(self) -> None:
        """Put the original back; Ctrl-Z takes that back."""
        area = self.area
        area.replace(self._laid_out, (0, 0), area.document.end)

    async def send(self, *, is_forced: bool) -> None:
        """Let it go on in the place of the frame."""
        text = self.area.text
        xml = text if is_forced or not self._is_laid_out else joined(text.encode()).decode()
        n = self._frame.n
        request: requests.AnyRequest = requests.Release(n=n)
        if text != self._laid_out:
            request = requests.Edit(n=n, xml=xml.strip("\n"), force=is_forced)
        try:
            await self._proxy.demand(request, replies.Decided)
        except ControlError as error:
            self.say(f"✗ {error.reason}", "error")
            return
        self._proxy.drafts.pop(n, None)
        self.dismiss(None)
        await self._proxy.stay()

    def action_leave(self) -> None:
        """Go back; the frame is held as before, and what was written is kept."""
        if self.area.text != self._laid_out and self._frame.n in self._proxy.queue:
            self._proxy.drafts[self._frame.n] = self.area.text
        else:
            self._proxy.drafts.pop(self._frame.n, None)
        self.dismiss(None)


def _comes_back(xml: str) -> bool:
    """Whether laying it out for reading can be undone."""
    data = xml.encode(errors="surrogatepass")
    return joined(indented(data)) == data
