"""Steering: the orders of a running proxy, and how they are changed while it runs."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from xmppspy.control import news, replies, requests
from xmppspy.control.wire import Refused
from xmppspy.errors import FilterError, RulesError
from xmppspy.filters import Filter
from xmppspy.intervene.clerk import Clerk
from xmppspy.intervene.desk import Desk
from xmppspy.intervene.expectations import Expected
from xmppspy.intervene.orders import Asker
from xmppspy.intervene.rules import AnyRule, LineRule
from xmppspy.protocol.events import Direction, FrameRecord
from xmppspy.protocol.toxics import Toxic
from xmppspy.protocol.verdicts import Hold, Verdict
from xmppspy.proxy.holds import refusal
from xmppspy.proxy.relay import Relay
from xmppspy.proxy.rulesfile import RulesFile

DEFAULT_HOLD: Final = Hold()


class Steering:
    """Gives every connection a clerk that follows the orders of `desk`, and changes these.

    `file` holds the rules, if there are any: read it by `load`, then have it read again whenever
    it is saved, from `start` to `stop`. `say` takes what there is to say about it; `hold` is how
    frames are held unless told otherwise.
    """

    def __init__(
        self,
        desk: Desk,
        file: RulesFile | None,
        say: Callable[[str], None],
        hold: Hold = DEFAULT_HOLD,
    ) -> None:
        self._desk = desk
        self._file = file
        self._hold = hold
        self.say = say
        """Takes a text for a person."""
        self._clerks: dict[int, Clerk] = {}
        self._relays: dict[int, Relay] = {}
        self.tell: Callable[[news.News], None] = _unheard
        """Takes what is changed, for those who watch."""
        self.on_answer: Callable[[int, FrameRecord], None] = _unread
        """Takes the answers to what was injected, with the connection's number."""
        desk.on_toxics = self._poison
        desk.on_answer = self._answered

    # --- connections

    def interceptor(self, conn: int) -> Clerk:
        """Who passes the verdicts on a new connection."""
        clerk = self._clerks[conn] = self._desk.clerk(conn)
        return clerk

    def opened(self, conn: int, relay: Relay) -> None:
        """The connection is there: let its line be as bad as the rules want it."""
        self._relays[conn] = relay
        for direction in ("c2s", "s2c"):
            if toxics := self._clerks[conn].toxics(direction):
                relay.set_toxics(direction, toxics)

    def closed(self, conn: int) -> None:
        """The connection is over."""
        self._relays.pop(conn, None)
        self._clerks.pop(conn, None)
        self._desk.forget(conn)

    def expect(
        self,
        conn: int,
        id_: str,
        direction: Direction,
        now: float,
        *,
        responder: str | None,
        is_private: bool,
        seconds: float,
    ) -> None:
        """A request of that id was injected into a direction; its answer is to be told."""
        self._clerks[conn].expect(
            id_, direction, now, responder=responder, is_private=is_private, seconds=seconds
        )

    # --- others who are asked

    def consult(self, asker: Asker | None) -> None:
        """Have somebody asked about frames, such as a script, or nobody."""
        self._desk.ask(asker)

    def settle(self, conn: int, answers: Iterable[tuple[int, Verdict]]) -> None:
        """Take the answers of whoever was asked, by their tickets; late ones are lost."""
        relay = self._relays.get(conn)
        if relay is not None:
            answered = self._clerks[conn].answered
            whole = [(ticket, answered(ticket, verdict)) for ticket, verdict in answers]
            relay.settle([(ticket, each) for ticket, each in whole if each is not None])

    def _poison(self, conn: int, direction: Direction, toxics: tuple[Toxic, ...]) -> None:
        if relay := self._relays.get(conn):
            relay.set_toxics(direction, toxics)

    def _answered(self, conn: int, _expected: Expected, frame: FrameRecord) -> None:
        self.on_answer(conn, frame)

    # --- the breakpoint

    @property
    def breakpoint(self) -> replies.Breakpoint:
        """Which frames are held."""
        there = self._desk.orders.breakpoint
        hold = there.hold if there else self._hold
        return replies.Breakpoint(
            on=there is not None and there.is_on,
            filter=str(there.filter) if there else None,
            timeout=hold.seconds,
            otherwise="drop" if hold.drops else "forward",
        )

    def hold(self, request: requests.Hold) -> replies.Breakpoint:
        """Set the breakpoint, or switch it, or only tell what it is. Raises Refused."""
        before = self.breakpoint
        changes = request.filter is not None, request.timeout is not None, request.otherwise
        if any(changes):
            self._stop_at(request, before)
        if request.on is not None and not self._desk.switch_stop(on=request.on) and request.on:
            raise refusal("filter", "there is no filter yet by which to hold; give one")
        if self.breakpoint != before:
            self.tell(news.Breakpoint(breakpoint=self.breakpoint))
        return self.breakpoint

    def _stop_at(self, request: requests.Hold, before: replies.Breakpoint) -> None:
        text = before.filter if request.filter is None else request.filter
        if text is None:
            raise refusal("filter", "there is no filter yet by which to hold; give one")
        there = self._desk.orders.breakpoint
        hold = self._hold if there is None or request.filter is not None else there.hold
        self._desk.stop_at(_filter(text), _changed(hold, request))
        if request.filter is None and not before.on:
            self._desk.switch_stop(on=False)

    # --- rules

    def start(self) -> None:
        """Watch the rules file."""
        if self._file is not None:
            self._file.watch(self._saved)

    def stop(self) -> None:
        """Watch it no more."""
        if self._file is not None:
            self._file.stop()

    def load(self) -> None:
        """Take the rules that the file holds. Raises RulesError; the present ones are kept then."""
        if self._file is not None:
            book = self._file.read(self._desk.reload)
            for hint in book.hints:
                self.say(hint)

    def _saved(self) -> None:
        try:
            self.load()
        except RulesError as error:
            self.say(f"{error}\nthe rules are those from before")
            self.tell(news.Trouble(about="rules", detail=str(error)))
        else:
            self._changed()

    def _changed(self) -> None:
        told = self._told()
        count = f"{sum(rule.on for rule in told.rules)} of {len(told.rules)}"
        self.say(f"rules: {count} are on")
        self.tell(news.Rules(rules=told))

    def rules(self, request: requests.Rules) -> replies.Rules:
        """Do something to the rules, if asked for, and tell what they are. Raises Refused."""
        try:
            if request.do == "reload":
                self._reload()
            elif request.do in ("on", "off"):
                self._switch(request.rule, on=request.do == "on")
        except RulesError as error:
            is_of_file = request.do == "reload"
            detail = str(replace(error, shown="")) if is_of_file else error.reason
            wrong = replies.Error(name="rules", detail=detail, shown=error.shown or None)
            raise Refused(wrong) from None
        return self._told()

    def _reload(self) -> None:
        if self._file is None:
            raise refusal("rules", "this proxy has no rules file; start it with --rules FILE")
        self.load()
        self._changed()

    def _switch(self, name: str | None, *, on: bool) -> None:
        names = self._desk.orders.book.names if name is None else (name,)
        self._desk.switch(*names, on=on)
        self._changed()

    def _told(self) -> replies.Rules:
        book = self._desk.orders.book
        return replies.Rules(
            file=None if self._file is None else str(self._file.path),
            rules=[self._described(rule, on=rule.name not in book.disabled) for rule in book.rules],
        )

    def _described(self, rule: AnyRule, *, on: bool) -> replies.Rule:
        matched, applied = self._desk.count(rule)
        return replies.Rule(
            name=rule.name,
            on=on,
            what=_about(rule),
            actions=[str(action) for action in rule.actions],
            matched=matched,
            applied=applied,
        )


def _about(rule: AnyRule) -> str:
    if isinstance(rule, LineRule):
        return f"bytes {' and '.join(rule.directions)}"
    return str(rule.filter) or "everything"


def _changed(hold: Hold, request: requests.Hold) -> Hold:
    seconds = hold.seconds if request.timeout is None else request.timeout
    if not 0 <= seconds < float("inf"):
        raise refusal("bad-request", "timeout: a number of seconds from 0 on")
    drops = hold.drops if request.otherwise is None else request.otherwise == "drop"
    return Hold(seconds, drops)


def _filter(text: str) -> Filter:
    try:
        return Filter(text)
    except FilterError as error:
        reason, _, shown = str(error).partition("\n")
        raise Refused(replies.Error(name="filter", detail=reason, shown=shown)) from None


def _unheard(_told: news.News) -> None:
    """Where news go while nobody can hear them."""


def _unread(_conn: int, _record: FrameRecord) -> None:
    """Where answers go while nobody has asked."""
