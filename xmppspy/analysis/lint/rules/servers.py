"""Streams between servers: dialback (XEP-0220), who may speak for whom (RFC 6120 §8.1.2.2)."""

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from xmppspy.analysis.lint.finding import Breach, Said, Severity
from xmppspy.analysis.lint.frames import Mood, element, stanza
from xmppspy.analysis.lint.keeping import Kept
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.sight import Sight
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import word
from xmppspy.protocol.events import Side
from xmppspy.protocol.jid import JID
from xmppspy.protocol.tokens import tokens

DIALBACK: Final = "jabber:server:dialback"
BIDI: Final = "urn:xmpp:bidi"
_KEPT: Final = 1000
"""Pairs of domains of each connection that are remembered."""

_Pair: TypeAlias = tuple[str, str]
"""Whose stanzas, and to whom."""


class _Pairs:
    """What dialback says of pairs of domains, and whether stanzas may go both ways."""

    def __init__(self) -> None:
        self.known: Kept[_Pair, Literal["asked", "valid", "invalid"]] = Kept(_KEPT)
        self.both_ways = False


def _domain(address: str | None) -> str:
    return JID.read(address or "").domain


D01 = Rule(
    "D01", Severity.ERROR, "XEP-0220 §2",
    "an incomplete dialback element, one with an undeclared prefix, or a key in the clear",
    lesser=Severity.WARNING,
)  # fmt: skip


@D01.on(element(DIALBACK, names=["result", "verify"]))
def incomplete(sight: Sight) -> Iterator[Said]:
    """The attributes say which pair of domains it is about."""
    record = sight.record
    needed = {"from": record.from_, "to": record.to}
    if record.kind == "verify":
        needed["id"] = record.id
    missing = [f"`{name}`" for name, value in needed.items() if not value]
    if missing:
        yield f"db:{record.kind} without {' and '.join(missing)}"


@D01.on(element(DIALBACK, names=["result", "verify"]))
def undeclared_prefix(sight: Sight) -> Iterator[Said]:
    """The prefix is the one that the sender's header declares; its mere presence is the offer."""
    first = next(tokens(sight.record.data))
    prefix = first.name.rpartition(b":")[0].decode(errors="replace")
    if sight.record.context.prefixes.get(prefix) != DIALBACK:
        yield f"the prefix {word(prefix) or 'of nothing'!r} is not declared on the stream's header"


@D01.on(element(DIALBACK, names=["result"], way="c2s"))
def key_in_the_clear(sight: Sight) -> Iterator[Said]:
    """The server offers TLS, which comes first."""
    offer = sight.conn.offer
    if offer is None or not offer.starttls or not sight.conn.exposed(Side.SERVER):
        return
    if tree.text(sight.tree).strip():
        yield Breach("a dialback key in the clear, although TLS is offered", Severity.WARNING)


@follows(element(DIALBACK, names=["result"]))
def keep_pair(sight: Sight) -> None:
    """Remember which pairs were asked about, and the verdicts."""
    record, pairs = sight.record, sight.conn.memory(_Pairs).known
    if record.type is None and sight.up:
        pairs.put((_domain(record.from_), _domain(record.to)), "asked")
    elif record.type is not None and not sight.up:
        verdict: Literal["valid", "invalid"] = "valid" if record.type == "valid" else "invalid"
        pairs.put((_domain(record.to), _domain(record.from_)), verdict)


@follows(element(BIDI, names=["bidi"], way="c2s"))
def keep_both_ways(sight: Sight) -> None:
    """From here on the stream may carry stanzas both ways."""
    sight.conn.memory(_Pairs).both_ways = True


def _standing(sight: Sight) -> str:
    """What is known of the pair that a stanza is from and to; empty for nothing."""
    record = sight.record
    pair = (_domain(record.from_), _domain(record.to))
    header = sight.conn.up.header
    named = None if header is None else header.attributes.get("from")
    if sight.conn.login.profile in ("sasl", "sasl2") and pair[0] == _domain(named):
        return "valid"
    return sight.conn.memory(_Pairs).known.get(pair) or ""


def _is_judged(sight: Sight) -> bool:
    record = sight.record
    return sight.conn.kind == "server" and sight.conn.certain and bool(record.from_ and record.to)


A20 = Rule(
    "A20", Severity.ERROR, "RFC 6120 §8.1.2.2",
    "a stanza from a domain that this stream was never authorised for",
)  # fmt: skip


@A20.on(stanza(way="c2s", mood=Mood.FEDERATED))
def unauthorised(sight: Sight) -> Iterator[Said]:
    """By dialback or SASL; D02 is about pairs that were asked for and not confirmed."""
    if _is_judged(sight) and _standing(sight) in ("", "invalid"):
        yield f"this stream is not authorised to speak for {word(_domain(sight.record.from_))}"


@A20.on(stanza(way="s2c", mood=Mood.FEDERATED))
def unauthorised_answer(sight: Sight) -> Iterator[Said]:
    """The other way, where both are agreed on, it is the domain that was connected to."""
    header = sight.conn.up.header
    if not _is_judged(sight) or header is None or not sight.conn.memory(_Pairs).both_ways:
        return
    sender = _domain(sight.record.from_)
    known = sight.conn.memory(_Pairs).known
    if sender != _domain(header.attributes.get("to")) and all(to != sender for _, to in known):
        yield f"this stream is not authorised to speak for {word(sender)}"


D02 = Rule(
    "D02", Severity.ERROR, "XEP-0220 §2.1.1", "a stanza before dialback has confirmed its pair"
)


@D02.on(stanza(way="c2s", mood=Mood.FEDERATED))
def premature(sight: Sight) -> Iterator[Said]:
    """The key was sent, the verdict has not come."""
    if _is_judged(sight) and _standing(sight) == "asked":
        pair = f"{word(_domain(sight.record.from_))} to {word(_domain(sight.record.to))}"
        yield f"dialback has not confirmed {pair} yet"


D03 = Rule(
    "D03", Severity.ERROR, "XEP-0288, RFC 6120 §4.5",
    "a stanza against the direction of a stream between servers",
)  # fmt: skip


@D03.on(stanza(way="s2c", mood=Mood.FEDERATED))
def against_the_direction(sight: Sight) -> Iterator[Said]:
    """Without <bidi/> answers go over a connection of their own."""
    conn = sight.conn
    if conn.kind == "server" and conn.certain and not conn.memory(_Pairs).both_ways:
        yield "stanzas go from the initiator only, unless <bidi/> was negotiated"
