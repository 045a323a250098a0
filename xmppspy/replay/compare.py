"""Compare: what of a capture is missing, extra or changed in another one of the same scene.

Requests are paired by what they ask, answers with their requests, and what comes unasked by its
sender, kind and payload. What differs in every run (ids, times, resources) is no difference.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from xmppspy.protocol.events import FrameRecord
from xmppspy.replay.alignment import in_any_order
from xmppspy.replay.difference import (
    Changed,
    Difference,
    Extra,
    Judge,
    Missing,
    difference,
)
from xmppspy.replay.names import Names
from xmppspy.replay.normal import Selector
from xmppspy.replay.pairing import Pairing
from xmppspy.replay.recording import Part
from xmppspy.replay.sides import Session, sessions

__all__ = [
    "Changed",
    "Comparison",
    "Difference",
    "Extra",
    "Missing",
    "Names",
    "compare",
    "difference",
]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing two captures."""

    differences: list[Difference] = field(default_factory=list)
    """In the order of the expected sessions, and in each as things were expected."""
    alike: int = 0
    """How many frames have a counterpart that says the same."""


def compare(
    expected: Iterable[Part], got: Iterable[Part], *, ignore: Selector | None = None
) -> Comparison:
    """Compare two recordings, given as their parts; `ignore` finds what is not to be compared."""
    ours, theirs = sessions(expected), sessions(got)
    pairs = _paired_sessions(ours, theirs)
    names = _names(pairs)
    names.meet(_records(ours), _records(theirs))
    judge = Judge(names, ignore)
    differences = [found for pair in pairs for found in _compare(judge, *pair)]
    return Comparison(differences, judge.alike)


def _compare(judge: Judge, ours: Session | None, theirs: Session | None) -> list[Difference]:
    if ours is not None and theirs is not None:
        return Pairing(judge, ours, theirs).differences()
    # A session without a counterpart is one difference, shown by its first frame.
    if ours is not None:
        said = judge.expected(next(ours.records()), ours.identity)
        return [Difference.of(ours.identity, said, None, frames=ours.size)]
    if theirs is not None:
        heard = judge.got(next(theirs.records()), theirs.identity)
        return [Difference.of(theirs.identity, None, heard, frames=theirs.size)]
    return []


def _records(found: Iterable[Session]) -> list[FrameRecord]:
    records = (record for session in found for record in session.records())
    return sorted(records, key=lambda record: record.n)


# --- sessions

_Pair: TypeAlias = tuple[Session | None, Session | None]


def _paired_sessions(ours: Sequence[Session], theirs: Sequence[Session]) -> list[_Pair]:
    """Which session stands for which: by account, then by resource, then in order."""
    accounts = _accounts([*map(_account, ours)], [*map(_account, theirs)])
    pairs: list[_Pair] = []
    for account in dict.fromkeys([*map(_account, ours), *accounts.values()]):
        mine = [each for each in ours if _account(each) == account]
        others = [each for each in theirs if accounts[_account(each)] == account]
        for one, other in in_any_order([*map(_full, mine)], [*map(_full, others)], _never):
            session = None if one is None else mine[one]
            pairs.append((session, None if other is None else others[other]))
    return sorted(pairs, key=_place)


def _accounts(expected: Iterable[str], got: Iterable[str]) -> dict[str, str]:
    """The expected account for each that came: the same, one of the same user, the next one."""
    found = {account: account for account in got}
    free = [account for account in dict.fromkeys(expected) if account not in found and account]
    new = [account for account in found if account not in {*expected} and account]
    for account in list(new):
        user = account.partition("@")[0]
        namesake = next((each for each in free if each.partition("@")[0] == user), None)
        if namesake is not None:
            found[account] = namesake
            free.remove(namesake)
            new.remove(account)
    return found | dict(zip(new, free, strict=False))


def _names(pairs: Iterable[_Pair]) -> Names:
    names = Names()
    for ours, theirs in pairs:
        if ours is not None and theirs is not None:
            for attribute in ("bare", "full"):
                expected = getattr(ours.identity, attribute)
                got = getattr(theirs.identity, attribute)
                if expected is not None and got is not None:
                    names.learn(got, expected)
    return names


def _account(session: Session) -> str:
    """The account in lower case; empty as long as none is known."""
    return (session.identity.bare or "").lower()


def _full(session: Session) -> str | None:
    return session.identity.full


def _place(pair: _Pair) -> tuple[bool, float]:
    ours, theirs = pair
    session = ours or theirs
    return ours is None, 0.0 if session is None else session.begin


def _never(_one: object, _other: object) -> bool:
    return False
