"""Composing: the screen on which a person writes what is put into a stream."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from xmppspy.control import replies, requests
from xmppspy.errors import ControlError
from xmppspy.intervene.templates import TEMPLATES
from xmppspy.protocol.events import Side
from xmppspy.protocol.framing import Frame
from xmppspy.view.interventions import answered
from xmppspy.view.layout import joined
from xmppspy.view.look import ARROWS
from xmppspy.view.tui.lines import Line
from xmppspy.view.tui.memory import Memory
from xmppspy.view.tui.proxy import Proxy
from xmppspy.view.tui.scheme import Inks
from xmppspy.view.tui.writing import Writing, shown

WAIT: Final = 30.0
"""Seconds that an answer is waited for."""

_RAW: Final = "raw"
_NAMES: Final = (*TEMPLATES, _RAW)
_TO_SERVER: Final = frozenset({"disco", "disco-items", "ping", "version", "time"})
"""Templates that are first of all for the server itself."""


class Draft:
    """What is being composed: kept from one time to the next."""

    def __init__(self) -> None:
        self.text = ""
        self.conn = 0
        self.to = Side.SERVER
        self.template = 0
        self.answers: list[Line] = []


class Composing(Writing):
    """Composes elements for a stream; the answers stand beside them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "template(1)", "next template", show=False, priority=True),
        Binding("ctrl+b", "template(-1)", "template before", show=False, priority=True),
        Binding("ctrl+g", "turn", "other way", show=False, priority=True),
        Binding("ctrl+n", "next_connection", "next connection", show=False, priority=True),
        Binding("ctrl+up", "history(1)", "what was sent before", show=False, priority=True),
        Binding("ctrl+down", "history(-1)", "what was sent after", show=False, priority=True),
    ]
    HINTS = (
        ("^S", "send"), ("^T", "template"), ("^G", "turn"), ("^N", "conn."), ("^↑↓", "history"),
        ("^O", "answers"), ("Esc", "leave"),
    )  # fmt: skip

    def __init__(
        self,
        inks: Inks,
        proxy: Proxy,
        memory: Memory,
        draft: Draft,
        new_id: Callable[[], str],
    ) -> None:
        super().__init__(inks, draft.text, other="answers")
        self._proxy = proxy
        self._memory = memory
        self._draft = draft
        self._new_id = new_id
        self._open: Sequence[replies.Connection] = ()
        self._age = 0
        self._unsent = draft.text
        self._made = ""

    def on_mount(self) -> None:
        """Begin with a template, where nothing was begun before, as soon as the connection is known."""
        super().on_mount()
        self.run_worker(self._learn())

    async def _learn(self) -> None:
        """Find out which connections there are."""
        try:
            found = await self._proxy.demand(requests.Connections(), replies.Connections)
        except ControlError as error:
            self.say(f"✗ {error.reason}", "error")
            return
        self._open = found.connections
        if self._open and self._connection is None:
            self._draft.conn = self._open[-1].conn
        self.tell()
        if self.area.text == self._made:
            self._fill()

    @property
    def _connection(self) -> replies.Connection | None:
        return next((each for each in self._open if each.conn == self._draft.conn), None)

    def tell(self) -> None:
        """Where it goes."""
        draft, found = self._draft, self._connection
        direction = draft.to.other.direction
        who = "no connection is open" if not self._open else f"#{draft.conn}"
        whom = (found.jid or found.client) if found else ""
        self.entitle(
            [
                ("title", f"to the {draft.to}"),
                ("meta", f"  {who} "),
                (direction, ARROWS[direction]),
                ("meta", f" {whom}"),
            ],
            [("key", _NAMES[draft.template])],
        )

    # --- what is written

    def action_template(self, by: int) -> None:
        """Begin with the next template, or the one before."""
        self._draft.template = (self._draft.template + by) % len(_NAMES)
        self._fill()
        self.tell()

    def _fill(self) -> None:
        name = _NAMES[self._draft.template]
        text = "" if name == _RAW else TEMPLATES[name].text(self._fields(name), self._new_id)
        self._made = text
        self._put(text)
        slot = text.find('""') + 1 or text.find("></") + 1
        if slot:
            before = text[:slot]
            self.area.move_cursor((before.count("\n"), slot - before.rfind("\n") - 1))

    def _fields(self, name: str) -> dict[str, str]:
        """What is known already: who speaks to a client, and that a server can be asked."""
        found = self._connection
        known = {}
        if found is not None and self._draft.to is Side.CLIENT:
            known = {"to": found.jid, "from": found.domain}
        elif found is not None and name in _TO_SERVER:
            known = {"to": found.domain}
        return {field: value for field, value in known.items() if value}

    def _put(self, text: str) -> None:
        self.area.replace(text, (0, 0), self.area.document.end)

    def action_history(self, by: int) -> None:
        """Go through what was sent before; what was not sent yet comes behind the latest."""
        known = self._memory.recent("sent")
        age = min(max(self._age + by, 0), len(known))
        if age == self._age:
            return
        if not self._age:
            self._unsent = self.area.text
        self._age = age
        self._put(known[age - 1] if age else self._unsent)

    # --- where it goes

    def action_turn(self) -> None:
        """Send it the other way."""
        self._draft.to = self._draft.to.other
        if self.area.text == self._made:
            self._fill()
        self.tell()

    def action_next_connection(self) -> None:
        """Send it on the next connection."""
        numbers = [each.conn for each in self._open]
        if numbers:
            later = [conn for conn in numbers if conn > self._draft.conn]
            self._draft.conn = later[0] if later else numbers[0]
        self.run_worker(self._learn())
        self.tell()

    # --- sending

    async def send(self, *, is_forced: bool) -> None:
        """Put it into the stream, and wait for what is answered."""
        text, draft = self.area.text, self._draft
        asks = any(map(_asks, self.frames))
        xml = text if is_forced else joined(text.encode()).decode().strip()
        request = requests.Inject(
            conn=draft.conn,
            to=draft.to,
            xml=xml,
            force=is_forced,
            wait=WAIT if asks else 0.0,
            private=asks,
        )
        self._memory.remember("sent", text)
        self._age = 0
        self.say("… sent, the answer is not here yet" if asks else "… sent", "meta")
        try:
            done = await self._proxy.demand(request, replies.Injected)
        except ControlError as error:
            self.say(f"✗ {error.reason}", "error")
            return
        self._told(done)

    def _told(self, done: replies.Injected) -> None:
        """Show what came of it."""
        said = [answered(each) for each in done.answers]
        said += [f"no answer to {each} in time" for each in done.missing]
        ids = f", id {', '.join(done.ids)}" if done.ids else ""
        self.say(f"✓ sent{ids}" if not said else f"✓ {' · '.join(said)}", "event")
        way = ARROWS[done.to.other.direction]
        self._show([(("meta", f"sent on #{done.conn} {way}"),), *shown(done.xml, self.room), ()])
        for answer in done.answers:
            self._show([(("meta", answered(answer)),), *shown(answer.xml, self.room), ()])
        for missing in done.missing:
            self._show([(("error", f"no answer to {missing} in time"),), ()])

    def _show(self, lines: Sequence[Line]) -> None:
        self._draft.answers.extend(lines)
        self.lay_out()

    def lay_out(self) -> None:
        """Show what was sent and answered until now."""
        nothing: Line = (("meta", "what was sent, and the answers to it, stand here"),)
        self.query_one("#desk").set_class(bool(self._draft.answers), "stacked")
        lines = [(("text", " "), *line) for line in self._draft.answers or [nothing]]
        self.other.show(lines)
        self.other.scroll_end(animate=False)

    def action_leave(self) -> None:
        """Go back; what was written is kept."""
        self._draft.text = self.area.text
        self.dismiss(None)


def _asks(frame: Frame) -> bool:
    return frame.kind == "iq" and frame.xmlns is None and frame.type in ("get", "set")
