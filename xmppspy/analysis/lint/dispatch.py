"""Dispatch: a frame meets the checks that can apply to it, and no others.

Which those are is worked out once for all frames that are alike, and remembered as a plan: most
rules then cost nothing for most stanzas.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

from xmppspy.analysis.lint.finding import Breach, Finding, Place, Said, place_of
from xmppspy.analysis.lint.frames import Frames
from xmppspy.analysis.lint.rule import Follower, FrameCheck, Rule
from xmppspy.analysis.lint.sight import Sight
from xmppspy.protocol.events import FrameRecord

_MAX_PLANS: Final = 2000
_MAX_KINDS: Final = 100
_MOST_NAMESPACES: Final = 100
"""Namespaces of children that a frame may have to be like others; more are not worth the memory."""
MOST_FINDINGS: Final = 100
"""Findings of one rule about one frame; whoever has so many knows."""
_FLAWED: Final = frozenset({"opaque", "comment", "pi", "partial"})

_Key: TypeAlias = tuple[int, str, str | None, str | None, str, bool, tuple[str, ...]]
_Step: TypeAlias = tuple[Rule, tuple[bytes, ...], frozenset[str], FrameCheck]
"""A check with what a quick look must find before it: texts and names, any of them."""


class _Plan(NamedTuple):
    """What is to be done with frames of one sort."""

    flawed: list[_Step]
    raw: list[_Step]
    checks: list[_Step]
    """Those that need the element."""
    follow: list[Follower]


class Dispatch:
    """Shows frames to the checks of some rules, and to the followers.

    Captures may share one: what it remembers is what it has worked out, which is the same for all.
    """

    def __init__(self, rules: Iterable[Rule], followers: Iterable[Follower]) -> None:
        self.rules: Final = tuple(rules)
        self._checks = [(rule, *check) for rule in self.rules for check in rule.frame_checks]
        self._followers = list(followers)
        self._by_kind: dict[str, list[tuple[Rule, Frames, FrameCheck]]] = {}
        self._plans: dict[_Key, _Plan] = {}

    def judge(self, sight: Sight) -> list[Finding]:
        """What is wrong with a frame; afterwards the followers take note of it."""
        record, found = sight.record, list[Finding]()
        plan = self._plan(record, sight.conn.mood)
        if sight.flaw is not None or record.kind in _FLAWED:
            _run(plan.flawed, sight, found)
        _run(plan.raw, sight, found)
        if sight.root is not None:
            _run(plan.checks, sight, found)
        for frames, follow in plan.follow:
            if sight.root is None and not frames.raw:
                continue
            if not frames.text or _holds(record.data, frames.text):
                follow(sight)
        return found

    def _plan(self, record: FrameRecord, mood: int) -> _Plan:
        key = (
            mood, record.kind, record.xmlns, record.type, record.dir, record.from_ is None, record.ns,
        )  # fmt: skip
        if len(record.ns) > _MOST_NAMESPACES:
            return self._make_plan(record, mood)
        plan = self._plans.get(key)
        if plan is None:
            if len(self._plans) >= _MAX_PLANS:
                self._plans.clear()
            plan = self._plans[key] = self._make_plan(record, mood)
        return plan

    def _make_plan(self, record: FrameRecord, mood: int) -> _Plan:
        plan = _Plan([], [], [], [])
        for rule, frames, check in self._checks_of(record.kind):
            if _fits(frames, record, mood):
                steps = plan.flawed if frames.flawed else plan.raw if frames.raw else plan.checks
                steps.append((rule, frames.text, frames.having, check))
        plan.follow.extend(each for each in self._followers if _fits(each.frames, record, mood))
        return plan

    def _checks_of(self, kind: str) -> list[tuple[Rule, Frames, FrameCheck]]:
        """Those that may be shown frames of a kind; a first, rough choice."""
        found = self._by_kind.get(kind)
        if found is None:
            found = [each for each in self._checks if _fits_kind(each[1], kind)]
            if len(self._by_kind) < _MAX_KINDS:
                self._by_kind[kind] = found
        return found


def _fits_kind(frames: Frames, kind: str) -> bool:
    return (not frames.kinds or kind in frames.kinds) and kind not in frames.but


def _fits(frames: Frames, record: FrameRecord, mood: int) -> bool:
    return (not frames.mood or bool(frames.mood & mood)) and frames.cover(record)


def _run(steps: list[_Step], sight: Sight, found: list[Finding]) -> None:
    data = sight.record.data
    for rule, texts, names, check in steps:
        if texts and not _holds(data, texts):
            continue
        if names and names.isdisjoint(sight.content):
            continue
        for number, said in enumerate(check(sight), 1):
            found.append(finding(rule, said, place_of(sight.record)))
            if number == MOST_FINDINGS:
                break


def _holds(data: bytes, texts: tuple[bytes, ...]) -> bool:
    for text in texts:  # noqa: SIM110 - a generator would cost more than the look
        if text in data:
            return True
    return False


def finding(rule: Rule, said: Said, place: Place) -> Finding:
    """What a check said, as a finding; at `place`, unless it says where."""
    severity = rule.severity
    if isinstance(said, Breach):
        severity, place = said.severity or severity, said.place or place
        message = said.message
    else:
        message = said
    return Finding(
        rule=rule.id,
        severity=severity,
        conn=place.conn,
        dir=place.dir,
        n=place.n,
        t=place.t,
        ref=rule.ref,
        message=message,
    )
