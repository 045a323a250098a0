"""Pairing: which frames of one session stand for which of another, and how they differ."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Final, TypeAlias, TypeVar

from xmppspy.analysis.responders import same
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.stanza import read
from xmppspy.replay.alignment import in_any_order, in_order
from xmppspy.replay.difference import Difference, Judge, Said
from xmppspy.replay.normal import alike
from xmppspy.replay.sides import Exchange, Session

_BESIDE: Final = frozenset({
    "urn:xmpp:sid:0", "urn:xmpp:hints", "urn:xmpp:delay", "jabber:x:delay",
    "http://jabber.org/protocol/caps", "urn:xmpp:occupant-id:0", "http://jabber.org/protocol/nick",
    "urn:xmpp:receipts", "http://jabber.org/protocol/chatstates",
})  # fmt: skip
"""What stands beside the point of a stanza, and may come and go."""

_T = TypeVar("_T")
_Key: TypeAlias = tuple[Hashable, ...]
_Exchange: TypeAlias = tuple[Said, Said | None]


class Pairing:
    """Compares two sessions, of which the first is as it should be."""

    def __init__(self, judge: Judge, expected: Session, got: Session) -> None:
        self._judge = judge
        self._expected = expected
        self._got = got
        self._me = expected.identity
        self._begin, self._begin_of_got = expected.begin, got.begin
        self._counterparts: dict[int, FrameRecord] = {}  # expected requests, by those that came

    def differences(self) -> list[Difference]:
        """All differences, in the order in which things were expected."""
        found = [*self._in_exchanges(), *self._in_remarks()]
        return sorted((each for each in found if each is not None), key=lambda each: each.t)

    def _said(self, record: FrameRecord) -> Said:
        return self._judge.expected(record, self._me)

    def _heard(self, record: FrameRecord) -> Said:
        return self._judge.got(record, self._me)

    def _compare(
        self, expected: Said | None, got: Said | None, request: FrameRecord | None
    ) -> Difference | None:
        return self._judge.judge(self._me, expected, got, request, self._time(expected, got))

    def _time(self, expected: Said | None, got: Said | None) -> float:
        if expected is not None:
            return expected.record.t - self._begin
        return 0.0 if got is None else got.record.t - self._begin_of_got

    # --- requests, with their answers

    def _in_exchanges(self) -> Iterator[Difference | None]:
        ours = _grouped(self._expected.exchanges, lambda each: self._question(each, _as_it_is))
        theirs = _grouped(self._got.exchanges, lambda each: self._question(each, self._judge.names))
        for key in dict.fromkeys([*ours, *theirs]):
            yield from self._compare_exchanges(ours.get(key, []), theirs.get(key, []))

    def _compare_exchanges(
        self, ours: list[Exchange], theirs: list[Exchange]
    ) -> Iterator[Difference | None]:
        """Compare exchanges of one question, of which those that ask the same belong together."""
        asked = [(self._said(each.request), self._answer(each, self._said)) for each in ours]
        heard = [(self._heard(each.request), self._answer(each, self._heard)) for each in theirs]
        for one, other in _paired(asked, heard):
            if one is None or other is None:
                yield self._compare(one and one[0], other and other[0], None)
                continue
            request = one[0].record
            self._counterparts[other[0].record.n] = request
            yield self._compare(one[0], other[0], request)
            yield self._compare(one[1], other[1], request)

    def _answer(self, exchange: Exchange, read: Callable[[FrameRecord], Said]) -> Said | None:
        return None if exchange.answer is None else read(exchange.answer)

    def _question(self, exchange: Exchange, names: Callable[[str], str]) -> _Key:
        request = exchange.request
        return request.dir, request.type, _payload(request), self._peer(request, names)

    def _peer(self, record: FrameRecord, names: Callable[[str], str]) -> str:
        """Who is at the other end; empty for the account itself."""
        address = names((record.to if record.dir == "c2s" else record.from_) or "")
        own = self._me.bare
        return "" if own is not None and address and same(address, own) else address.lower()

    # --- all that is no request and no answer

    def _in_remarks(self) -> Iterator[Difference | None]:
        ours = _grouped(self._expected.remarks, lambda each: self._topic(each, _as_it_is))
        theirs = _grouped(self._got.remarks, lambda each: self._topic(each, self._judge.names))
        missing: list[Said] = []
        extra: list[Said] = []
        for key in dict.fromkeys([*ours, *theirs]):
            said = [self._said(each) for each in ours.get(key, [])]
            heard = [self._heard(each) for each in theirs.get(key, [])]
            pairs = in_order([each.form for each in said], [each.form for each in heard], alike)
            for one, other in pairs:
                if one is None and other is not None:
                    extra.append(heard[other])
                elif one is not None and other is None:
                    missing.append(said[one])
                elif one is not None and other is not None:
                    yield self._compare_remarks(said[one], heard[other])
        yield from self._compare_rest(missing, extra)

    def _compare_rest(self, missing: list[Said], extra: list[Said]) -> Iterator[Difference | None]:
        """What is of another topic than expected counts as changed, if it is of the same sender."""
        missing.sort(key=lambda each: each.record.n)
        extra.sort(key=lambda each: each.record.n)
        free = _grouped(extra, lambda each: self._sender(each.record, self._judge.names))
        for expected in missing:
            others = free.get(self._sender(expected.record, _as_it_is), [])
            # One that says the same was not paired before because its place is another.
            at = next((at for at, got in enumerate(others) if not _same(expected, got)), None)
            yield self._compare_remarks(expected, None if at is None else others.pop(at))
        for others in free.values():
            for got in others:
                yield self._compare_remarks(None, got)

    def _compare_remarks(self, expected: Said | None, got: Said | None) -> Difference | None:
        request = None
        if expected is not None:
            request = self._expected.about.get(expected.record.n)
        elif got is not None and (asked := self._got.about.get(got.record.n)) is not None:
            request = self._counterparts.get(asked.n)
        return self._compare(expected, got, request)

    def _sender(self, record: FrameRecord, names: Callable[[str], str]) -> _Key:
        bare = self._peer(record, names).partition("/")[0]
        return record.dir, record.kind, record.xmlns, record.type == "error", bare

    def _topic(self, record: FrameRecord, names: Callable[[str], str]) -> _Key:
        about = "" if record.kind == "presence" else _payload(record)
        return *self._sender(record, names), self._peer(record, names), record.type, about


def _grouped(items: Iterable[_T], key: Callable[[_T], _Key]) -> dict[_Key, list[_T]]:
    groups: dict[_Key, list[_T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _paired(
    asked: list[_Exchange], heard: list[_Exchange]
) -> Iterator[tuple[_Exchange | None, _Exchange | None]]:
    """Pair requests that say the same, in the order that fits their answers; then the others."""
    ours = _grouped(asked, lambda each: each[0].form)
    theirs = _grouped(heard, lambda each: each[0].form)
    rest: list[_Exchange] = []
    rest_of_other: list[_Exchange] = []
    for form in dict.fromkeys([*ours, *theirs]):
        mine, others = ours.get(form, []), theirs.get(form, [])
        answers, other_answers = (
            [each[1] and each[1].form for each in side] for side in (mine, others)
        )
        for one, other in in_order(answers, other_answers, _never):
            if one is None and other is not None:
                rest_of_other.append(others[other])
            elif one is not None and other is None:
                rest.append(mine[one])
            elif one is not None and other is not None:
                yield mine[one], others[other]
    forms, other_forms = ([each[0].form for each in side] for side in (rest, rest_of_other))
    for one, other in in_any_order(forms, other_forms, alike):
        yield (
            None if one is None else rest[one],
            None if other is None else rest_of_other[other],
        )


def _never(_one: object, _other: object) -> bool:
    return False


def _payload(record: FrameRecord) -> str:
    """The name of what a stanza is about: its body, or the first child that is not beside the point."""
    tree = read(record).tree
    names = [] if tree is None else [str(child.tag) for child in tree.iterchildren("{*}*")]
    if any(name.endswith("}body") for name in names):
        return "body"
    telling = (name for name in names if name[1:].partition("}")[0] not in _BESIDE)
    return next(telling, names[0] if names else "")


def _same(expected: Said, got: Said) -> bool:
    return alike(expected.form, got.form)


def _as_it_is(text: str) -> str:
    return text
