"""Files: in-band bytestreams (XEP-0047), SOCKS5 ones (XEP-0065), uploads (XEP-0363)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.keeping import Kept
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.sight import Sight
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import decoded_size, whole_number, word
from xmppspy.protocol.events import Direction
from xmppspy.protocol.readable import Element

IBB: Final = "http://jabber.org/protocol/ibb"
SOCKS5: Final = "http://jabber.org/protocol/bytestreams"
UPLOAD: Final = ("urn:xmpp:http:upload:0", "urn:xmpp:http:upload")
_SEQUENCE: Final = 2**16
_KEPT: Final = 200
"""Transfers of each connection that are followed."""
_HEADERS: Final = frozenset({"authorization", "cookie", "expires"})


@dataclass(slots=True)
class _Transfer:
    """An in-band bytestream."""

    block_size: int | None
    next: dict[Direction, int]
    """The number of the next block, by the direction it goes."""


class _Transfers:
    """Those of a connection, by session id and peer."""

    def __init__(self) -> None:
        self.open: Kept[tuple[str, str], _Transfer] = Kept(_KEPT)
        self.offered: Kept[str, int] = Kept(_KEPT)
        """Frames that offer hosts for SOCKS5, by the ids of their iqs."""


def _block(sight: Sight) -> Element | None:
    return sight.child(IBB, "data")


def _key(sight: Sight, element: Element) -> tuple[str, str]:
    return element.get("sid") or "", sight.peer or ""


X10 = Rule(
    "X10", Severity.ERROR, "XEP-0047 §2.2, XEP-0065 §5.3",
    "blocks of a bytestream that are lost or too large, or one that begins without a host",
)  # fmt: skip


@X10.on(stanza("iq", "message", holding=[IBB]))
def wrong_block(sight: Sight) -> Iterator[Said]:
    """Only of transfers whose beginning is in the capture."""
    data = _block(sight)
    transfer = None if data is None else sight.conn.memory(_Transfers).open.get(_key(sight, data))
    if data is None or transfer is None:
        return
    number, expected = whole_number(data.get("seq")), transfer.next.get(sight.record.dir, 0)
    if number is None:
        yield f"the block has no number, it should be {expected}"
    elif number != expected:
        yield f"block {number}, where {expected} was to come"
    size = decoded_size(tree.text(data))
    if transfer.block_size is not None and size > transfer.block_size:
        yield f"a block of {size:,} bytes, and {transfer.block_size:,} were agreed on"


@follows(stanza("iq", "message", holding=[IBB]))
def keep_block(sight: Sight) -> None:
    """Follow the numbers."""
    transfers, record = sight.conn.memory(_Transfers).open, sight.record
    beginning, data = sight.child(IBB, "open"), _block(sight)
    if beginning is not None and record.type == "set":
        size = whole_number(beginning.get("block-size"))
        transfers.put(_key(sight, beginning), _Transfer(size, {}))
    elif data is not None and record.type not in ("error", "result"):
        transfer = transfers.get(_key(sight, data))
        number = whole_number(data.get("seq"))
        if transfer is not None and number is not None:
            transfer.next[record.dir] = (number + 1) % _SEQUENCE


@X10.on(stanza("iq", types=["result"]))
def no_host(sight: Sight) -> Iterator[Said]:
    """The answer to an offer of hosts names the one that was used."""
    request = None if sight.answer is None else sight.answer.request
    if request is None or request.namespace != SOCKS5 or request.type != "set":
        return
    offered = sight.conn.memory(_Transfers).offered.get(request.id)
    if offered == request.n and next(sight.tree.iter(f"{{{SOCKS5}}}streamhost-used"), None) is None:
        yield "the answer to an offer of hosts does not say which one is used"


@follows(stanza("iq", types=["set"], holding=[SOCKS5]))
def keep_offer(sight: Sight) -> None:
    """Remember the offers of hosts."""
    if next(sight.tree.iter(f"{{{SOCKS5}}}streamhost"), None) is not None and sight.record.id:
        sight.conn.memory(_Transfers).offered.put(sight.record.id, sight.record.n)


X15 = Rule(
    "X15", Severity.ERROR, "XEP-0363 §4", "an upload slot without https, or with other headers"
)


@X15.on(stanza("iq", types=["result"], holding=UPLOAD))
def wrong_slot(sight: Sight) -> Iterator[Said]:
    """Authorization, Cookie and Expires are all that a client may pass on."""
    for name in ("put", "get"):
        for each in sight.tree.iter(f"{{{UPLOAD[0]}}}{name}"):
            url = each.get("url") or ""
            if not url.lower().startswith("https://"):
                scheme = word(url.partition(":")[0]) if ":" in url else "nothing"
                yield f"the URL to {name} is of scheme {scheme}, not https"
    for header in sight.tree.iter(f"{{{UPLOAD[0]}}}header"):
        if (header.get("name") or "").strip().lower() not in _HEADERS:
            yield f"the header {word(header.get('name')) or 'of no name'!r} is not allowed"
