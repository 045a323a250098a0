"""Message archives (XEP-0313) and result sets (XEP-0059)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.keeping import Kept
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.sight import MASK, Sight
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import whole_number, word
from xmppspy.protocol.readable import Element

ARCHIVES: Final = ("urn:xmpp:mam:2", "urn:xmpp:mam:1", "urn:xmpp:mam:0")
_FINISHING: Final = ("urn:xmpp:mam:2", "urn:xmpp:mam:1")
"""Versions in which `<fin/>` comes with the answer."""
RSM: Final = "http://jabber.org/protocol/rsm"
_KEPT: Final = 500
"""Queries of each connection that are remembered."""


@dataclass(slots=True)
class _Query:
    """A question to an archive."""

    n: int
    id: str
    to: str | None
    queryid: str | None
    paged: bool
    """Whether it asks for a part only."""
    flipped: bool
    """Whether it asks for the page backwards."""
    results: int = 0
    first: str | None = None
    last: str | None = None


@dataclass(slots=True)
class _Queries:
    """The questions of a connection to archives."""

    by_id: Kept[str, _Query] = field(default_factory=lambda: Kept(_KEPT))
    """Those that are not answered yet, by the ids of their iqs."""
    names: Kept[str, int] = field(default_factory=lambda: Kept(_KEPT))
    """All queryids."""
    pages: Kept[tuple[str | None, str, str], int] = field(default_factory=lambda: Kept(_KEPT))
    """What pages were asked for: of whom, of what, after which item."""


def asked_of(sight: Sight) -> list[str]:
    """The addresses whose archives are being asked."""
    queries = sight.conn.memory(_Queries).by_id.values()
    return [query.to for query in queries if query.to is not None]


def _query(sight: Sight) -> Element | None:
    return next((each for each in sight.children if tree.namespace(each) in ARCHIVES), None)


def _page(element: Element | None) -> dict[str, str]:
    page = None if element is None else tree.of(element, RSM, "set")
    return {} if page is None else {tree.local(each): tree.text(each) for each in page}


@follows(stanza("iq", types=["set", "get"], holding=ARCHIVES, way="c2s"))
def keep_query(sight: Sight) -> None:
    """Remember what is asked."""
    query = _query(sight)
    if query is None or tree.local(query) != "query" or not sight.record.id:
        return
    queries, page, name = sight.conn.memory(_Queries), _page(query), query.get("queryid")
    paged = "after" in page or "before" in page or "index" in page
    flipped = tree.child(query, "flip-page") is not None
    seen = _Query(sight.record.n, sight.record.id, sight.record.to, name, paged, flipped)
    queries.by_id.put(sight.record.id, seen)
    if name:
        queries.names.put(name, sight.record.n)


@follows(stanza("message", holding=ARCHIVES, way="s2c"))
def keep_result(sight: Sight) -> None:
    """Count what came."""
    for each in sight.children:
        if tree.namespace(each) in ARCHIVES and tree.local(each) == "result":
            for query in sight.conn.memory(_Queries).by_id.values():
                if query.queryid == each.get("queryid"):
                    query.results += 1
                    query.first = query.first or each.get("id")
                    query.last = each.get("id")


@follows(stanza("iq", types=["result", "error"], way="s2c"))
def keep_end(sight: Sight) -> None:
    """The query is over."""
    if sight.record.id and sight.answer is not None and sight.answer.latency is not None:
        sight.conn.memory(_Queries).by_id.pop(sight.record.id)


X04 = Rule(
    "X04", Severity.WARNING, "XEP-0313 §4.2-4.3",
    "archive results that were not asked for, or that do not fit the end of the query",
)  # fmt: skip


@X04.on(stanza("message", holding=ARCHIVES, way="s2c"))
def unknown_query(sight: Sight) -> Iterator[Said]:
    """By the queryid, where the connection is known from its beginning."""
    for each in sight.children:
        name = each.get("queryid")
        if tree.namespace(each) not in ARCHIVES or tree.local(each) != "result" or not name:
            continue
        known = sight.conn.memory(_Queries).names.get(name)
        if known is None and sight.conn.certain and not sight.conn.login.resumed:
            yield f"an archive result for the query {word(name)!r}, which was not made"


@X04.on(stanza("iq", types=["result"], way="s2c"))
def unfit_end(sight: Sight) -> Iterator[Said]:
    """The first and last item, and the number of a whole archive."""
    request = None if sight.answer is None else sight.answer.request
    if request is None or request.namespace not in _FINISHING or request.name != "query":
        return
    query = sight.conn.memory(_Queries).by_id.get(sight.record.id or "")
    if query is None or not sight.conn.certain or request.type != "set":
        return
    fin = next((each for each in sight.children if tree.local(each) == "fin"), None)
    if fin is None:
        yield "the answer to an archive query has no <fin/>"
        return
    page = _page(fin)
    ends = () if query.flipped else (("first", query.first), ("last", query.last))
    for name, expected in ends:
        if name in page and page[name] != (expected or "") and MASK not in page[name]:
            told = word(expected) or "none"
            yield f"<{name}> is {word(page[name])!r}, but the {name} result was {told}"
    count = whole_number(page.get("count"))
    is_all = fin.get("complete") in ("true", "1") and not query.paged
    if is_all and count is not None and count != query.results:
        yield f"{count:,} results are announced, {query.results:,} came"


_PAGED: Final = stanza("iq", types=["get", "set"], way="c2s", text=(b"after",))

X05 = Rule(
    "X05", Severity.INFO, "XEP-0059 §2", "a page that is asked for twice, or a query without limit"
)


@X05.on(stanza("iq", types=["get", "set"], holding=ARCHIVES, way="c2s"))
def no_limit(sight: Sight) -> Iterator[Said]:
    """The server may then send as much as it likes, or as little."""
    query = _query(sight)
    if query is not None and tree.local(query) == "query" and "max" not in _page(query):
        yield "an archive query without <max>"


@X05.on(_PAGED)
def same_page(sight: Sight) -> Iterator[Said]:
    """A loop that does not end, as a rule."""
    key = _page_key(sight)
    earlier = None if key is None else sight.conn.memory(_Queries).pages.get(key)
    if key is not None and earlier is not None:
        yield f"the page after {word(key[2])!r} was asked for in frame {earlier} already"


@follows(_PAGED)
def keep_page(sight: Sight) -> None:
    """Remember which pages were asked for."""
    key = _page_key(sight)
    if key is not None:
        sight.conn.memory(_Queries).pages.put(key, sight.record.n)


def _page_key(sight: Sight) -> tuple[str | None, str, str] | None:
    """Of whom, of what (its filter included), after which item."""
    page = next(sight.tree.iter(f"{{{RSM}}}set"), None)
    after = None if page is None else tree.of(page, RSM, "after")
    if page is None or after is None or not after.text:
        return None
    parent = page.getparent()
    about = [] if parent is None else [str(parent.tag)]
    about += [tree.text(each) for each in sight.tree.iter("{jabber:x:data}value")]
    about += [each.get("node") or "" for each in sight.tree.iter("*")]
    return sight.record.to, "\n".join(about)[:1000], after.text
