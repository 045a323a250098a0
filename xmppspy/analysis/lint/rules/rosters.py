"""The roster (RFC 6121 §2)."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.lint.finding import Breach, Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.rules.iqs import ROSTER, is_push
from xmppspy.analysis.lint.rules.presences import is_broadcast
from xmppspy.analysis.lint.sight import Sight, Unanswered
from xmppspy.analysis.responders import same
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import word
from xmppspy.protocol.readable import Element

_VERSIONING: Final = "{urn:xmpp:features:rosterver}ver"
SET: Final = stanza("iq", types=["set"], holding=[ROSTER])


def _items(sight: Sight) -> list[Element]:
    query = sight.child(ROSTER, "query")
    return [] if query is None else list(tree.children(query, "item"))


R01 = Rule(
    "R01", Severity.ERROR, "RFC 6121 §2.1.2, §2.3.3",
    "a roster set without exactly one item, or that sets what only the server decides",
    lesser=Severity.WARNING,
)  # fmt: skip


@R01.on(SET)
def not_one_item(sight: Sight) -> Iterator[Said]:
    """True of pushes as well."""
    count = len(_items(sight))
    if count != 1:
        yield f"a roster set with {count} items"


@R01.on(stanza("iq", types=["set"], holding=[ROSTER], way="c2s"))
def not_to_be_set(sight: Sight) -> Iterator[Said]:
    """Subscriptions change by presence; a client may only remove an item."""
    for item in _items(sight):
        for name in ("ask", "approved"):
            if item.get(name) is not None:
                yield f"a client cannot set {name!r}"
        subscription = item.get("subscription")
        if subscription not in (None, "remove"):
            message = f"the server ignores that the subscription shall be {word(subscription)!r}"
            yield Breach(message, Severity.WARNING)


R02 = Rule("R02", Severity.ERROR, "RFC 6121 §2.3.3", "an item with an empty group, or one twice")


@R02.on(stanza("iq", holding=[ROSTER]))
def wrong_groups(sight: Sight) -> Iterator[Said]:
    """In requests, pushes and whole rosters."""
    for item in _items(sight):
        groups = [tree.text(each) for each in tree.children(item, "group")]
        if "" in groups:
            yield f"an empty group of {word(item.get('jid'))}"
        elif len(set(groups)) < len(groups):
            yield f"the same group twice for {word(item.get('jid'))}"


R03 = Rule("R03", Severity.ERROR, "RFC 6121 §2.1.6", "a roster push from somebody else")


@R03.on(stanza("iq", types=["set"], holding=[ROSTER], way="s2c"))
def forged_push(sight: Sight) -> Iterator[Said]:
    """Only the account itself may change the roster; a client must ignore others."""
    sender, me = sight.record.from_, sight.me.bare
    if sender is not None and me is not None and sender != me and not same(sender, me):
        yield f"a roster push from {word(sender)}; a client must ignore it"


R04 = Rule("R04", Severity.INFO, "RFC 6121 §2.1.6", "a roster push that was not answered")


@R04.on_unanswered
def push_unanswered(case: Unanswered) -> Iterator[Said]:
    """Many clients do not."""
    if is_push(case.request) and (case.conn is None or case.conn.whole):
        yield "the client did not answer this roster push"


R05 = Rule("R05", Severity.WARNING, "RFC 6121 §2.6.2", "roster versioning that was not offered")


@R05.on(stanza("iq", types=["get"], holding=[ROSTER], way="c2s"))
def unoffered_version(sight: Sight) -> Iterator[Said]:
    """Judged by the features after login, where the capture has them."""
    query, offer = sight.child(ROSTER, "query"), sight.conn.offer
    if query is None or query.get("ver") is None or offer is None:
        return
    if sight.conn.login.profile in ("sasl", "sasl2") and _VERSIONING not in offer.tags:
        yield "the roster is asked for by version, which the server does not offer"


R06 = Rule("R06", Severity.INFO, "RFC 6121 §2.2", "available without having fetched the roster")


class _Fetched:
    """Whether the client has asked for its roster, or was available already."""

    def __init__(self) -> None:
        self.roster = False
        self.available = False


@R06.on(stanza("presence", types=[None], way="c2s"))
def no_roster(sight: Sight) -> Iterator[Said]:
    """Presences may come of contacts that the client does not know."""
    conn, memory = sight.conn, sight.conn.memory(_Fetched)
    if memory.roster or memory.available or not is_broadcast(sight) or conn.login.resumed:
        return
    if conn.kind == "client" and conn.certain and conn.binding == "bound":
        yield "the client becomes available without having asked for its roster"


@follows(stanza("iq", "presence", types=["get", None], way="c2s"))
def keep_fetched(sight: Sight) -> None:
    """Remember the request, and the first presence."""
    if ROSTER in sight.record.ns:
        sight.conn.memory(_Fetched).roster = True
    elif sight.record.kind == "presence" and is_broadcast(sight):
        sight.conn.memory(_Fetched).available = True
