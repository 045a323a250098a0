"""Desk: where it is said what is to be done, while the proxy runs."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from xmppspy.errors import RulesError
from xmppspy.filters import Filter
from xmppspy.intervene.breakpoint import Breakpoint
from xmppspy.intervene.clerk import Clerk
from xmppspy.intervene.expectations import Expected
from xmppspy.intervene.orders import Asker, Orders
from xmppspy.intervene.rules import AnyRule, RuleBook
from xmppspy.intervene.rulesfile import read_rules
from xmppspy.intervene.values import nearest
from xmppspy.protocol.events import Direction, FrameRecord
from xmppspy.protocol.toxics import Toxic
from xmppspy.protocol.verdicts import Hold

OnToxics: TypeAlias = Callable[[int, Direction, tuple[Toxic, ...]], None]
OnAnswer: TypeAlias = Callable[[int, Expected, FrameRecord], None]

_DIRECTIONS: tuple[Direction, ...] = ("c2s", "s2c")


class Desk:
    """Takes orders for all connections, and tells the clerks of those that are open.

    `seed` is what chance begins with, `created` when the capture began.
    """

    def __init__(self, *, seed: int = 0, created: datetime | None = None) -> None:
        self.on_toxics: OnToxics | None = None
        """Told what is to be wrong with a direction of a connection, when that changes by orders.

        It is not told of what a new clerk begins with, see `Clerk.toxics`, nor of what comes with
        a verdict.
        """
        self.on_answer: OnAnswer | None = None
        """Told of the connection, and of each answer that has come to an injected request."""
        self._orders = Orders(seed=seed, created=created)
        self._clerks: dict[int, Clerk] = {}
        self._matched: Counter[str] = Counter()
        self._acted: Counter[str] = Counter()
        self._path = "rules"

    @property
    def orders(self) -> Orders:
        """What is to be done at present."""
        return self._orders

    # --- connections

    def clerk(self, conn: int) -> Clerk:
        """A clerk for a new connection; call `forget` when it is over."""

        def report(expected: Expected, frame: FrameRecord) -> None:
            if self.on_answer is not None:
                self.on_answer(conn, expected, frame)

        clerk = self._clerks[conn] = Clerk(conn, self._orders, report)
        return clerk

    def forget(self, conn: int) -> None:
        """A connection is over."""
        clerk = self._clerks.pop(conn, None)
        if clerk is not None:
            self._matched, self._acted = self._sums([clerk])

    # --- rules

    def reload(self, text: str, path: str, load: Callable[[str], str]) -> RuleBook:
        """Take the rules in the text of a file instead of the present ones; they count anew.

        Raises `RulesError`, and keeps the present ones, when something is wrong with them.
        """
        book = read_rules(text, path, load)
        self._path = path
        self._matched.clear()
        self._acted.clear()
        self._follow(replace(self._orders, book=book))
        return book

    def switch(self, *names: str, on: bool) -> None:
        """Switch rules on or off; raises `RulesError` when there is none of a name."""
        book = self._orders.book
        for name in names:
            if name not in book.names:
                there_are = ", ".join(book.names) or "none"
                known = nearest(name, book.names) or f"; there are {there_are}"
                raise RulesError(self._path, 0, f"there is no rule {name}{known}")
        self._follow(replace(self._orders, book=book.switched(names, on=on)))

    def count(self, rule: AnyRule) -> tuple[int, int]:
        """How many frames have matched a rule, and how many of them it has acted upon."""
        matched, acted = self._sums(self._clerks.values())
        return matched[rule.name], acted[rule.name]

    def _sums(self, clerks: Iterable[Clerk]) -> tuple[Counter[str], Counter[str]]:
        matched, acted = self._matched.copy(), self._acted.copy()
        for clerk in clerks:
            for rule, (matches, acts) in clerk.counts.items():
                matched[rule.name] += matches
                acted[rule.name] += acts
        return matched, acted

    # --- the breakpoint, and others

    def stop_at(self, filter_: Filter, hold: Hold | None = None) -> None:
        """Let the frames that a filter matches wait for a person."""
        self._follow(replace(self._orders, breakpoint=Breakpoint(filter_, hold or Hold())))

    def switch_stop(self, *, on: bool) -> bool:
        """Switch the breakpoint on or off, which keeps it; False when there is none."""
        there = self._orders.breakpoint
        if there is not None:
            self._follow(replace(self._orders, breakpoint=replace(there, is_on=on)))
        return there is not None

    def stop_nowhere(self) -> None:
        """Forget the breakpoint."""
        self._follow(replace(self._orders, breakpoint=None))

    def ask(self, asker: Asker | None) -> None:
        """Have somebody asked about frames, or nobody."""
        self._follow(replace(self._orders, asker=asker))

    def reseed(self, seed: int) -> None:
        """Let chance, and all that rules count, begin anew."""
        self._matched.clear()
        self._acted.clear()
        self._follow(replace(self._orders, seed=seed))

    def _follow(self, orders: Orders) -> None:
        self._orders = orders
        for conn, clerk in self._clerks.items():
            before = {direction: clerk.toxics(direction) for direction in _DIRECTIONS}
            clerk.follow(orders)
            for direction, toxics in before.items():
                now = clerk.toxics(direction)
                if now != toxics and self.on_toxics is not None:
                    self.on_toxics(conn, direction, now)
