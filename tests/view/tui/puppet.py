"""A running proxy in memory, for tests: it does what it is asked for, at once."""

from collections.abc import Callable
from typing import Final, TypeVar, cast

import msgspec

from tests.control.samples import held
from xmppspy.control import news, replies, requests
from xmppspy.errors import ControlError, RequestRefused
from xmppspy.view.tui.control import Lost, Told

R = TypeVar("R", bound=replies.Reply)

RULES: Final = (
    replies.Rule(
        name="slow", on=True, what="iq type:get", actions=["delay 2 s"], matched=3, applied=2
    ),
    replies.Rule(name="no receipts", on=False, what="", actions=["drop"], matched=0, applied=0),
)
ANSWER: Final = "<iq type='result' id='x1' from='capulet.example'/>"


class Puppet:
    """Holds the frames that it is made with."""

    def __init__(self, *frames: replies.HeldFrame, has_rules: bool = True) -> None:
        self.frames = {frame.n: frame for frame in frames}
        self.breakpoint = replies.Breakpoint(
            on=False, filter=None, timeout=30.0, otherwise="forward"
        )
        self.rules = list(RULES) if has_rules else []
        self.conns = [_connection(1, "juliet@capulet.example/balcony"), _connection(2, None)]
        self.asked: list[requests.AnyRequest] = []
        self.refusal: ControlError | None = None
        """Why nothing is done any more."""
        self.closed = False
        self._take: Callable[[Told], None] = _ignore

    def listen(self, take: Callable[[Told], None]) -> None:
        """Tell `take` what happens."""
        self._take = take

    def tell(self, told: Told) -> None:
        """Something happens."""
        self._take(told)

    def hold(self, n: int, **changes: object) -> None:
        """One more frame is held."""
        self.frames[n] = held(n, **changes)
        self.tell(news.Held(frame=self.frames[n]))

    def lose(self) -> None:
        """The proxy goes."""
        self.refusal = ControlError("the proxy has gone")
        self.tell(Lost("the proxy has gone"))

    def close(self) -> None:
        """Nobody listens any more."""
        self.closed = True

    async def ask(self, request: requests.AnyRequest, kind: type[R]) -> R:
        """Do it."""
        self.asked.append(request)
        if self.refusal is not None:
            raise self.refusal
        return cast("R", self._reply(request))

    @property
    def orders(self) -> list[requests.AnyRequest]:
        """What it was asked for, besides to tell something and to wait."""
        quiet = (requests.Watch, requests.Status, requests.Extend, requests.Connections)
        listing = requests.Rules()
        return [each for each in self.asked if not isinstance(each, quiet) and each != listing]

    def _reply(self, request: requests.AnyRequest) -> replies.Reply:
        match request:
            case requests.Watch():
                frames = list(self.frames.values())
                return replies.Watching(frames=frames, breakpoint=self.breakpoint, t=9.0)
            case requests.Status():
                return self._status()
            case requests.Connections():
                return replies.Connections(connections=self.conns)
            case requests.Hold():
                return self._hold(request)
            case requests.Rules():
                return self._switch(request)
            case requests.Release() | requests.Drop() | requests.Edit() | requests.Duplicate():
                return self._decide(request)
            case requests.Extend():
                return replies.Decided(n=[])
            case requests.Inject():
                return self._inject(request)
            case requests.Kill():
                return replies.Killed(conns=[int(request.conn)])
            case _:
                return replies.Marked(recorded=True, t=9.0)

    def _status(self) -> replies.Status:
        return replies.Status(
            tool="xmppspy 0", pid=1, upstream="capulet.example", listening=["127.0.0.1:5222"],
            capture=None, created="2026-11-30T00:00:00.000000Z", t=9.0, connections=0, accepted=0,
            frames=0, held=len(self.frames), breakpoint=self.breakpoint, rules=1, rules_file=None,
        )  # fmt: skip

    def _hold(self, request: requests.Hold) -> replies.Breakpoint:
        changes = {
            key: value for key in ("filter", "on") if (value := getattr(request, key)) is not None
        }
        self.breakpoint = msgspec.structs.replace(self.breakpoint, **changes)
        self.tell(news.Breakpoint(breakpoint=self.breakpoint))
        return self.breakpoint

    def _switch(self, request: requests.Rules) -> replies.Rules:
        self.rules = [
            msgspec.structs.replace(rule, on=request.do == "on")
            if request.do in ("on", "off") and request.rule in (None, rule.name)
            else rule
            for rule in self.rules
        ]
        return replies.Rules(file="faults.toml", rules=self.rules)

    def _decide(
        self, request: requests.Release | requests.Drop | requests.Edit | requests.Duplicate
    ) -> replies.Decided:
        numbers = list(self.frames) if request.n == "all" else [int(request.n)]
        action = _ACTIONS[type(request)]
        for n in numbers:
            if self.frames.pop(n, None) is None:
                raise RequestRefused(f"frame {n} is not held", "not-held")
            self.tell(news.Decided(n=n, action=action))
            self.tell(news.Released(n=n, conn=1, action=action, held=1.0, decided=True))
        return replies.Decided(n=numbers)

    def _inject(self, request: requests.Inject) -> replies.Injected:
        answer = replies.Answer(
            conn=request.conn, id="x1", type="result", xml=ANSWER, seconds=0.002, private=True
        )
        return replies.Injected(
            conn=request.conn,
            to=request.to,
            xml=request.xml or "",
            ids=["x1"],
            answers=[answer] if request.wait else [],
        )


_ACTIONS: Final[dict[type[requests.Request], replies.Action]] = {
    requests.Release: "forward",
    requests.Drop: "drop",
    requests.Edit: "replace",
    requests.Duplicate: "duplicate",
}


def _connection(conn: int, jid: str | None) -> replies.Connection:
    none = replies.Traffic(frames=0, bytes=0)
    return replies.Connection(
        conn=conn, client=f"127.0.0.1:4000{conn}", server="capulet.example",
        domain="capulet.example", jid=jid, state="online", tls={}, sm="off", c2s=none, s2c=none,
        since=0.0, held=0,
    )  # fmt: skip


def _ignore(_told: Told) -> None:
    """Nobody listens yet."""
