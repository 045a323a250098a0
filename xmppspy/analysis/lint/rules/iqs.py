"""Requests and answers (RFC 6120 §8.2.3), and resource binding (§7)."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from xmppspy.analysis.exchanges import Request, State
from xmppspy.analysis.lint.connection import BIND
from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.keeping import MAX_KEY, Kept
from xmppspy.analysis.lint.offer import SESSION
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.rules.addressing import has_sender
from xmppspy.analysis.lint.sight import Sight, Unanswered, owns
from xmppspy.analysis.registry import short
from xmppspy.analysis.responders import same
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import listed, word
from xmppspy.protocol.events import Direction, FrameRecord
from xmppspy.protocol.jid import JID

ROSTER: Final = "jabber:iq:roster"
REQUEST: Final = stanza("iq", types=["get", "set"])
ANSWER: Final = stanza("iq", types=["result", "error"])
_TYPES: Final = frozenset({"get", "set", "result", "error"})
_KEPT: Final = 500
"""Ids of each connection that are remembered."""


A01 = Rule(
    "A01", Severity.ERROR, "RFC 6120 §8.2.3 rule 1", "an iq without id, or with an empty one"
)


@A01.on(stanza("iq"))
def no_id(sight: Sight) -> Iterator[Said]:
    """Nobody can answer it."""
    if not sight.record.id:
        yield "the iq has no id" if sight.record.id is None else "the iq's id is empty"


A02 = Rule("A02", Severity.ERROR, "RFC 6120 §8.2.3 rule 2", "an iq of no type, or an unknown one")


def _is_unknown(record: FrameRecord) -> bool:
    return record.type not in _TYPES


@A02.on(stanza("iq", only=_is_unknown))
def wrong_type(sight: Sight) -> Iterator[Said]:
    """The four types are all there are."""
    type_ = sight.record.type
    yield "the iq has no type" if type_ is None else f"{word(type_)!r} is no type of an iq"


A03 = Rule(
    "A03",
    Severity.ERROR,
    "RFC 6120 §8.2.3 rule 5",
    "a get or set without exactly one child element",
)


@A03.on(REQUEST)
def not_one_payload(sight: Sight) -> Iterator[Said]:
    """The child says what is asked for."""
    if len(sight.children) != 1:
        names = listed([word(tree.local(each)) for each in sight.children])
        found = f"{len(sight.children)} child elements ({names})" if names else "no child element"
        yield f"the {word(sight.record.type)} has {found}"


A04 = Rule(
    "A04", Severity.ERROR, "RFC 6120 §8.2.3 rule 6", "a result with more than one child element"
)


@A04.on(stanza("iq", types=["result"]))
def several_results(sight: Sight) -> Iterator[Said]:
    """None is fine."""
    if len(sight.children) > 1:
        names = listed([word(tree.local(each)) for each in sight.children])
        yield f"the result has {len(sight.children)} child elements ({names})"


A05 = Rule("A05", Severity.ERROR, "RFC 6120 §8.2.3 rule 7", "an iq of type error without <error/>")


@A05.on(stanza("iq", types=["error"]))
def no_error(sight: Sight) -> Iterator[Said]:
    """The child says what went wrong."""
    if not sight.own("error"):
        yield "the iq is of type error, but has no <error/>"


A06 = Rule("A06", Severity.WARNING, "RFC 6120 §8.2.3 rule 3", "a request that was never answered")


@A06.on_unanswered
def unanswered(case: Unanswered) -> Iterator[Said]:
    """Roster pushes are R04's; many clients leave them without an answer."""
    request = case.request
    if _may_have_been_lost(case) or is_push(request):
        return
    who = f" to {word(request.to)}" if request.to and request.dir == "c2s" else ""
    yield f"no answer to this {_named(request)}{who} in {case.waited:.1f} s, until the end"


def is_push(request: Request) -> bool:
    """Whether it is a roster push (RFC 6121 §2.1.6)."""
    return request.dir == "s2c" and request.type == "set" and request.namespace == ROSTER


def _may_have_been_lost(case: Unanswered) -> bool:
    return case.conn is not None and not case.conn.whole


def _named(request: Request) -> str:
    about = word(short(request.namespace)) or word(request.name)
    return f"{request.type} {about}".strip()


A07 = Rule(
    "A07", Severity.WARNING, "RFC 6120 §8.2.3 rule 4", "an answer to no request, or a second answer"
)


@A07.on(ANSWER)
def orphaned(sight: Sight) -> Iterator[Said]:
    """Only where the request would be in the capture."""
    answer = sight.answer
    if answer is None or not sight.conn.certain:
        return
    if answer.state is State.DUPLICATE and answer.request is not None:
        yield f"the {_named(answer.request)} of frame {answer.request.n} was answered already"
    elif answer.state is State.ORPHANED and not _answers_an_answer(sight):
        yield f"no request with the id {word(sight.record.id) or 'of nothing'!r} is outstanding"


A08 = Rule(
    "A08", Severity.ERROR, "RFC 6120 §8.1.2, RFC 6121 §2.1.6",
    "an answer that is not from whom the request was sent to",
)  # fmt: skip


@A08.on(ANSWER)
def not_from_the_addressed(sight: Sight) -> Iterator[Said]:
    """Whoever guesses ids could forge answers: a client must not accept this one."""
    answer = sight.answer
    if answer is None or answer.state is not State.SPOOF_CANDIDATE or answer.request is None:
        return
    asked = answer.request.to if answer.request.dir == "c2s" else answer.request.from_
    told = sight.peer
    yield (
        f"the id is that of the {_named(answer.request)} of frame {answer.request.n}, which was "
        f"for {word(asked) or 'the account'}, and this is {'for' if sight.up else 'from'} "
        f"{word(told) or 'the account'}"
    )


class _Seen(NamedTuple):
    """A stanza that was seen, as far as it has to be known later."""

    n: int
    from_: str | None
    to: str | None
    peer: str | None


def _seen(sight: Sight) -> _Seen:
    from_, to, peer = (
        each if each is None else each[:MAX_KEY]
        for each in (sight.record.from_, sight.record.to, sight.peer)
    )
    return _Seen(sight.record.n, from_, to, peer)


class _Traffic:
    """The ids of iq requests that are outstanding, and of answers, by direction."""

    def __init__(self) -> None:
        self.requests: Kept[tuple[Direction, str], list[_Seen]] = Kept(_KEPT)
        self.answers: Kept[tuple[Direction, str], _Seen] = Kept(_KEPT)
        self.errors: Kept[tuple[Direction, str, str], _Seen] = Kept(_KEPT)


A09 = Rule(
    "A09", Severity.ERROR, "RFC 6120 §8.2.3 rule 4, §8.3.1 rule 8",
    "an answer to an answer, or an error to an error",
)  # fmt: skip


def _answers_an_answer(sight: Sight) -> _Seen | None:
    record = sight.record
    earlier = _traffic(sight).answers.get((_other(record.dir), record.id or ""))
    return earlier if earlier is not None and _is_back(earlier, sight) else None


def _traffic(sight: Sight) -> _Traffic:
    return sight.conn.memory(_Traffic)


def _other(direction: Direction) -> Direction:
    return "s2c" if direction == "c2s" else "c2s"


def _is_back(earlier: _Seen, sight: Sight) -> bool:
    """Whether it goes to whom the earlier one came from, or does not say."""
    forth, back = earlier.peer, sight.peer
    return back == forth or back is None or forth is None or same(back, forth)


@A09.on(ANSWER)
def answer_to_answer(sight: Sight) -> Iterator[Said]:
    """Two that do so would never stop."""
    answer = sight.answer
    if answer is None or answer.state not in (State.ORPHANED, State.UNSEEN):
        return
    earlier = _answers_an_answer(sight)
    if earlier is not None:
        yield f"this answers frame {earlier.n}, which is an answer itself"


@A09.on(stanza("message", "presence", types=["error"]))
def error_to_error(sight: Sight) -> Iterator[Said]:
    """An error with the id of an error that came from there."""
    record = sight.record
    key = (_other(record.dir), record.kind, record.id or "")
    earlier = _traffic(sight).errors.get(key)
    if record.id and earlier is not None and _is_back(earlier, sight):
        yield f"an error in answer to the error of frame {earlier.n}"


A10 = Rule(
    "A10", Severity.WARNING, "RFC 6120 §8.1.3",
    "an id that is used again while it is outstanding to the same address",
)  # fmt: skip


@A10.on(REQUEST)
def id_reused(sight: Sight) -> Iterator[Said]:
    """Its answers cannot be told apart."""
    record = sight.record
    found = _traffic(sight).requests.get((record.dir, record.id or ""))
    if not record.id or found is None:
        return
    for earlier in found:
        if earlier.to == record.to and earlier.from_ == record.from_:
            yield f"the id {word(record.id)!r} is that of frame {earlier.n}, not answered yet"


@follows(stanza("message", "presence", types=["error"]))
def remember_error(sight: Sight) -> None:
    """Keep errors in mind."""
    record = sight.record
    if record.id:
        _traffic(sight).errors.put((record.dir, record.kind, record.id), _seen(sight))


@follows(stanza("iq"))
def remember(sight: Sight) -> None:
    """Keep requests and answers in mind."""
    record, traffic = sight.record, _traffic(sight)
    if record.type in ("get", "set"):
        key = (record.dir, record.id or "")
        traffic.requests.put(key, [*(traffic.requests.get(key) or [])[-5:], _seen(sight)])
    elif record.type in ("result", "error"):
        traffic.answers.put((record.dir, record.id or ""), _seen(sight))
        answered = None if sight.answer is None else sight.answer.request
        if answered is not None:
            _forget(traffic, answered)


def _forget(traffic: _Traffic, answered: Request) -> None:
    key = (answered.dir, answered.id)
    found = traffic.requests.pop(key) or []
    left = [each for each in found if each.n != answered.n]
    if left:
        traffic.requests.put(key, left)


A23 = Rule(
    "A23", Severity.ERROR, "RFC 6120 §7", "a resource that is bound wrongly, twice, or not used"
)


@A23.on(stanza("iq", types=["result"], way="s2c"))
def bound_to_nothing(sight: Sight) -> Iterator[Said]:
    """The client has to learn its address."""
    request = None if sight.answer is None else sight.answer.request
    if request is None or request.namespace != BIND or sight.answer is None:
        return
    if sight.answer.state in (State.ANSWERED, State.LATE):
        bind = tree.of(sight.tree, BIND, "bind")
        jid = None if bind is None else tree.of(bind, BIND, "jid")
        if not tree.text(jid).strip():
            yield "the answer to the bind request tells no JID"


@A23.on(stanza("iq", types=["set"], holding=[BIND], way="c2s"))
def bound_twice(sight: Sight) -> Iterator[Said]:
    """One stream has one resource."""
    if sight.conn.binding == "bound":
        yield "a resource is bound already"


@A23.on(stanza(way="c2s", only=has_sender))
def other_resource(sight: Sight) -> Iterator[Said]:
    """The account is right, the resource is another one; A17 is about other accounts."""
    sender, me = sight.record.from_, sight.me
    if sender is None or me.full is None or sender in (me.full, me.bare):
        return
    written, own = JID.read(sender), JID.read(me.full)
    if written.resource is not None and written != own and owns(me, sender):
        yield f"`from` is {word(sender)}, and this stream is bound to {word(me.full)}"


A25 = Rule(
    "A25", Severity.INFO, "RFC 3921 §3", "a session is requested although that is not needed"
)


@A25.on(stanza("iq", types=["set"], holding=[SESSION], way="c2s"))
def needless_session(sight: Sight) -> Iterator[Said]:
    """RFC 6121 has dropped it; servers offer it, as optional, for old clients."""
    offer = sight.conn.offer
    if offer is not None and f"{{{SESSION}}}session" not in offer.tags:
        yield "the server does not offer sessions"
    elif offer is not None and offer.session_is_optional:
        yield "the server says that this round trip is optional"
