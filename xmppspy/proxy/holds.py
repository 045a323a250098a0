"""Holds: the frames of all connections that wait for a person, and what a person decides."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from xmppspy.control import news, replies, requests
from xmppspy.control.frames import described
from xmppspy.control.wire import Refused
from xmppspy.errors import MalformedXML
from xmppspy.intervene import fragments
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import FateDecided
from xmppspy.protocol.verdicts import Verdict
from xmppspy.protocol.waiting import HeldFrame

MOST_COPIES: Final = 1000

RELEASED: Final = Verdict(notes=("let go by hand",))
DROPPED: Final = Verdict(data=None, notes=("dropped by hand",))


class Holder(Protocol):
    """A connection, as far as frames of it are held."""

    def held(self) -> list[HeldFrame]:
        """The frames that wait for a person."""

    def decide(self, n: int, verdict: Verdict) -> bool:
        """What becomes of the held frame `n`; False when no such frame is held."""

    def extend(self, n: int, seconds: float) -> bool:
        """Let the held frame `n` wait for so long at least; False when no such frame is held."""


class Holds:
    """What is held on the connections, which have numbers.

    Call `look` when other frames may be held than before, and show it each `fate`. `tell` is told
    what has changed; `now` gives seconds since the capture was created.
    """

    def __init__(
        self,
        connections: Mapping[int, Holder],
        now: Callable[[], float],
        tell: Callable[[news.News], None],
    ) -> None:
        self._connections = connections
        self._now = now
        self._tell = tell
        self._told: set[int] = set()  # the numbers of those that those who watch know of
        self._decided: set[int] = set()  # of these, those that somebody has decided about

    # --- what happens

    def look(self) -> None:
        """Tell of those that are held since the last look."""
        for conn, _, held in self._held():
            if held.n not in self._told:
                self._told.add(held.n)
                self._tell(news.Held(frame=described(conn, held, self._now())))

    def fate(self, fate: FateDecided) -> None:
        """Tell what has become of one that was held."""
        if fate.n in self._told:
            self._told.discard(fate.n)
            decided = fate.n in self._decided
            self._decided.discard(fate.n)
            self._tell(
                news.Released(
                    n=fate.n, conn=fate.conn, action=fate.action, held=fate.held, decided=decided
                )
            )

    # --- what there is

    def frames(self) -> list[replies.HeldFrame]:
        """The frames that wait for a decision."""
        now = self._now()
        return [described(conn, held, now) for conn, _, held in self._held()]

    def _held(self) -> list[tuple[int, Holder, HeldFrame]]:
        """The same with the connections that they are held on, in the order of their numbers."""
        found = [
            (conn, holder, held)
            for conn, holder in self._connections.items()
            for held in holder.held()
        ]
        return sorted(found, key=lambda each: each[2].n)

    def __len__(self) -> int:
        return len(self._held())

    def of(self, conn: int) -> int:
        """How many are held on a connection."""
        holder = self._connections.get(conn)
        return 0 if holder is None else len(holder.held())

    # --- decisions

    def release(self, request: requests.Release) -> replies.Decided:
        """Let frames go on. Raises Refused, as all of these do."""
        return self._decide(request.n, RELEASED, "forward")

    def drop(self, request: requests.Drop) -> replies.Decided:
        """Drop frames."""
        return self._decide(request.n, DROPPED, "drop")

    def duplicate(self, request: requests.Duplicate) -> replies.Decided:
        """Let frames go on more than once."""
        if not 1 < request.copies <= MOST_COPIES:
            raise refusal("bad-request", f"copies: from 2 to {MOST_COPIES}, not {request.copies}")
        verdict = Verdict(copies=request.copies, notes=(f"sent {request.copies} times by hand",))
        return self._decide(request.n, verdict, "duplicate")

    def edit(self, request: requests.Edit) -> replies.Decided:
        """Let something else go on in the place of a frame."""
        _, frame = self._find(request.n)
        data = written(request.xml, request.b64, frame.frame.context, is_forced=request.force)
        note = "edited by hand, unchecked" if request.force else "edited by hand"
        return self._decide(request.n, Verdict(data=data, notes=(note,)), "replace")

    def extend(self, request: requests.Extend) -> replies.Decided:
        """Let frames wait for so long from now on, unless they do so anyway."""
        if not 0 <= request.seconds < float("inf"):
            raise refusal("bad-request", "seconds: a number from 0 on")
        numbers = self._numbers(request.n)
        for n in numbers:
            holder, before = self._find(n)
            holder.extend(n, request.seconds)
            _, after = self._find(n)
            if after.until != before.until:
                self._tell(news.Extended(n=n, left=round(after.until - self._now(), 3)))
        return replies.Decided(n=numbers)

    def _decide(
        self, which: requests.Which, verdict: Verdict, action: replies.Action
    ) -> replies.Decided:
        numbers = self._numbers(which)
        for n in numbers:
            holder, _ = self._find(n)
            self._decided.add(n)
            self._tell(news.Decided(n=n, action=action))
            holder.decide(n, verdict)
        return replies.Decided(n=numbers)

    def _numbers(self, which: requests.Which) -> list[int]:
        if which == "all":
            return [held.n for _, _, held in self._held()]
        return [self._find(which)[1].n]

    def _find(self, n: int) -> tuple[Holder, HeldFrame]:
        there = self._held()
        for _, holder, held in there:
            if held.n == n:
                return holder, held
        numbers = ", ".join(str(held.n) for _, _, held in there) or "none"
        raise refusal("not-held", f"frame {n} is not held, or not any more; held: {numbers}")


def written(
    xml: str | None, b64: bytes | None, context: StreamContext, *, is_forced: bool
) -> bytes:
    """What a person wants in a stream of that context, as bytes. Raises Refused.

    Unless it `is_forced`, it has to be well-formed there.
    """
    if (xml is None) == (b64 is None):
        raise refusal("bad-request", "give xml, or b64 with force")
    if b64 is not None and not is_forced:
        raise refusal("bad-request", "b64 needs force, because bytes are not checked")
    if is_forced:
        return b64 if b64 is not None else (xml or "").encode(errors="surrogatepass")
    try:
        return b"".join(frame.data for frame in fragments.elements(xml or "", context))
    except MalformedXML as error:
        raise malformed(error) from None


def malformed(error: MalformedXML) -> Refused:
    """What is told of XML that is not well-formed in its stream."""
    before = error.text[: error.position]
    return Refused(
        replies.Error(
            name="malformed",
            detail=f"not well-formed in its stream: {error.reason}",
            shown=error.shown or None,
            line=before.count("\n") + 1,
            column=len(before) - (before.rfind("\n") + 1) + 1,
        )
    )


def refusal(name: str, detail: str) -> Refused:
    """Why a request is not carried out."""
    return Refused(replies.Error(name=name, detail=detail))
