"""RuleSheet: the rules and faults of the proxy, to be switched on and off."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final, Literal

from rich.cells import cell_len
from textual import on
from textual.binding import Binding, BindingType

from xmppspy.control import replies, requests
from xmppspy.errors import ControlError
from xmppspy.view.browse.paper import wrapped
from xmppspy.view.escape import escape_line, unmarked
from xmppspy.view.tui.lines import Line, Lines
from xmppspy.view.tui.proxy import Proxy
from xmppspy.view.tui.scheme import Inks
from xmppspy.view.tui.screens import Sheet

_EVERY: Final = 1.0
"""Seconds between two looks at how often rules matched."""
_HINT: Final = "Enter switches a rule · a all of them · r reads the file again · Esc back"


class RuleSheet(Sheet):
    """A rule has two lines: which frames it is for, and what it does to them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "all", "switch all", show=False),
        Binding("r", "reload", "read again", show=False),
    ]

    def __init__(self, inks: Inks, proxy: Proxy) -> None:
        super().__init__(inks, "rules", _HINT, keys=["R"])
        self._proxy = proxy
        self._rules: Sequence[replies.Rule] = ()

    def on_mount(self) -> None:
        """Show them, and how often they match."""
        super().on_mount()
        self.call_after_refresh(self._ask)
        self.set_interval(_EVERY, self._ask)

    async def _ask(self) -> None:
        await self._do(requests.Rules())

    async def _do(self, request: requests.Rules) -> None:
        """Do something about rules, and show how they stand then."""
        try:
            found = await self._proxy.demand(request, replies.Rules)
        except ControlError as error:
            self.hint(error.reason.replace("\n", " "), "error")
            return
        self._rules = found.rules
        if request.do != "list":
            self.hint(_HINT)
        on = sum(rule.on for rule in found.rules)
        where = f"{found.file} · " if found.file else ""
        self.entitle("rules", [("meta", f"{where}{on} of {len(found.rules)} on")])
        self._tell()

    def _tell(self) -> None:
        if not self._rules:
            nothing = "there are no rules; xmppspy proxy --rules FILE has some"
            self.show([(("meta", nothing),)])
            return
        told = [
            (line, at) for at, rule in enumerate(self._rules) for line in _lines(rule, self.room)
        ]
        self.show([line for line, _ in told], [at for _, at in told])

    @on(Lines.Chosen)
    def chosen(self, event: Lines.Chosen) -> None:
        """Switch the rule at the cursor."""
        event.stop()
        event.prevent_default()
        rule = self._at_cursor
        if rule is not None:
            self.run_worker(self._do(requests.Rules(do=_other(on=rule.on), rule=rule.name)))

    @property
    def _at_cursor(self) -> replies.Rule | None:
        at = self.value
        return self._rules[at] if at is not None and at < len(self._rules) else None

    def action_all(self) -> None:
        """Switch all off; on, where none is."""
        is_any = any(rule.on for rule in self._rules)
        self.run_worker(self._do(requests.Rules(do=_other(on=is_any))))

    def action_reload(self) -> None:
        """Read the file again."""
        self.run_worker(self._do(requests.Rules(do="reload")))


def _other(*, on: bool) -> Literal["on", "off"]:
    return "off" if on else "on"


def _lines(rule: replies.Rule, width: int) -> Iterator[Line]:
    """What there is to know of a rule."""
    counts = f"{rule.applied:,} of {rule.matched:,}"
    sign = ("event", "● on   ") if rule.on else ("meta", "○ off  ")
    name, what = _clean(rule.name), _clean(rule.what)
    gap = max(width - cell_len(name) - len(sign[1]) - len(counts), 2)
    yield sign, ("kind" if rule.on else "meta", name), ("meta", " " * gap + counts)
    text = f"       {what or 'everything'} → {', '.join(map(_clean, rule.actions))}"
    yield from wrapped((("text" if rule.on else "meta", text),), width)


def _clean(text: str) -> str:
    return unmarked(escape_line(text))
