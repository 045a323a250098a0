"""SASL mechanisms: what their messages say (RFC 5802, RFC 4616, XEP-0474, XEP-0484, XEP-0515)."""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xmppspy.analysis.legs import heard
from xmppspy.analysis.lint.finding import Breach, Said, Severity
from xmppspy.analysis.lint.frames import element
from xmppspy.analysis.lint.keeping import Kept
from xmppspy.analysis.lint.offer import FAST
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.rules.login import BEGIN
from xmppspy.analysis.lint.sight import MASK, Sight
from xmppspy.analysis.responders import same
from xmppspy.analysis.sasl.exchange import Gs2, gs2
from xmppspy.analysis.sasl.offers import downgrade_hash
from xmppspy.analysis.sasl.payloads import Payload, opened
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import whole_number, word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord, Side
from xmppspy.protocol.readable import Element
from xmppspy.protocol.stanza import read

LEAST_ITERATIONS: Final = 4096
_KEPT: Final = 1000
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_SPACE: Final = re.compile(r"[ \t\r\n]")
_HOLDERS: Final = {
    "authenticate": "initial-response", "success": "additional-data", "continue": "additional-data",
}  # fmt: skip
"""Where a payload stands in the elements of SASL2 that hold other things too."""
_TLS_VERSIONS: Final = {
    "TLSv1.3": "0304", "TLSv1.2": "0303", "TLSv1.1": "0302", "TLSv1": "0301",
}  # fmt: skip
_SASL: Final = element(ns.SASL, ns.SASL2)
CHALLENGE: Final = element(ns.SASL, ns.SASL2, names=["challenge"], way="s2c")
FIRST: Final = element(
    ns.SASL, ns.SASL2, names=["auth", "authenticate", "response"], way="c2s"
)  # fmt: skip


def _base64(sight: Sight) -> str | None:
    """The payload as it is written; None where there is no element for it."""
    holder = _holder(sight.record, sight.tree)
    return None if holder is None else tree.text(holder)


def _holder(record: FrameRecord, root: Element) -> Element | None:
    """The element whose text the payload is."""
    if record.xmlns == ns.SASL2 and record.kind in _HOLDERS:
        return tree.of(root, ns.SASL2, _HOLDERS[record.kind])
    return root


def _payload(sight: Sight) -> Payload:
    return opened(_base64(sight), sasl2=sight.record.xmlns == ns.SASL2)


def _attributes(text: str) -> dict[str, str]:
    """The attributes of a message of SCRAM."""
    return {part[0]: part[2:] for part in text.split(",") if part[1:2] == "="}


@dataclass(slots=True)
class _Exchange:
    """A login that is under way."""

    began: bool = False
    """Whether the client's first message was seen."""
    nonce: str = ""
    """The client's, as the server was told it."""


def _mechanism(sight: Sight) -> str:
    if sight.record.kind in ("auth", "authenticate"):
        return sight.tree.get("mechanism") or ""
    return sight.conn.login.mechanism


def _told(sight: Sight) -> str:
    """The mechanism by which the server logs somebody in."""
    return sight.conn.login.told


def _first(sight: Sight) -> Payload | None:
    """The client's first message, if this is it."""
    if sight.record.kind == "response" and sight.conn.memory(_Exchange).began:
        return None
    payload = _payload(sight)
    return payload if payload.state == "present" and payload.data else None


def _first_gs2(sight: Sight) -> Gs2 | None:
    payload = _first(sight)
    if payload is None or not _mechanism(sight).startswith(("SCRAM-", "OAUTHBEARER", "GS2-")):
        return None
    return gs2(payload.text)


@follows(FIRST)
def keep_first(sight: Sight) -> None:
    """Remember the client's nonce, as it went on."""
    exchange = sight.conn.memory(_Exchange)
    if sight.record.kind != "response":
        exchange.began, exchange.nonce = False, ""
    header = None if exchange.began else _header_that_left(sight)
    if header is not None:
        exchange.nonce = _attributes(header.rest).get("r", "")
    exchange.began = exchange.began or _first(sight) is not None


def _header_that_left(sight: Sight) -> Gs2 | None:
    left = heard(sight.record)
    if left is sight.record:
        return _first_gs2(sight)
    tree_that_left = None if left is None else read(left).element
    if left is None or tree_that_left is None:
        return None
    text = tree.text(_holder(left, tree_that_left))
    payload = opened(text, sasl2=left.xmlns == ns.SASL2)
    return gs2(payload.text) if payload.state == "present" else None


T12 = Rule(
    "T12", Severity.INFO, "RFC 5802 §6", "SCRAM without channel binding, which the server offers"
)
T13 = Rule(
    "T13", Severity.ERROR, "RFC 5802 §6",
    "a client that believes the server cannot bind channels, though it can",
    lesser=Severity.WARNING,
)  # fmt: skip


@T12.on(FIRST)
def unbound(sight: Sight) -> Iterator[Said]:
    """Behind xmppspy it would fail; without it, it would find whoever stands between."""
    header, offer = _first_gs2(sight), sight.conn.offer
    if header is not None and header.flag == "n" and offer is not None and offer.binds_channels:
        yield f"{word(_mechanism(sight))} with the flag n, although -PLUS is offered"


@T13.on(FIRST)
def downgraded(sight: Sight) -> Iterator[Said]:
    """The server has to refuse it: somebody may have taken -PLUS out of the offer."""
    header, offer = _first_gs2(sight), sight.conn.offer
    if header is None or header.flag != "y" or offer is None or not offer.binds_channels:
        return
    mechanism = _mechanism(sight)
    offered = {name for each in offer.profiles for name in each.mechanisms}
    is_same = f"{mechanism}-PLUS" in offered
    message = f"{word(mechanism)} with the flag y, although -PLUS is offered"
    yield Breach(message, None if is_same else Severity.WARNING)


T14 = Rule(
    "T14", Severity.ERROR, "RFC 9266 §3", "tls-unique inside TLS 1.3, which does not have it"
)


@T14.on(FIRST)
def undefined_binding(sight: Sight) -> Iterator[Said]:
    """It fails with any server."""
    header, tls = _first_gs2(sight), sight.conn.tls.get(Side.CLIENT)
    if header is None or tls is None or tls.version != "TLSv1.3":
        return
    if header.binding == "tls-unique":
        yield "bound by tls-unique, which is not defined for TLS 1.3"


T15 = Rule(
    "T15", Severity.ERROR, "RFC 5802 §5.1, RFC 7677 §4",
    "SCRAM with few iterations, a nonce that is not continued, or the attribute m",
    lesser=Severity.WARNING,
)  # fmt: skip


@T15.on(CHALLENGE)
def weak_scram(sight: Sight) -> Iterator[Said]:
    """The server's first message."""
    payload = _payload(sight)
    if not _told(sight).startswith("SCRAM-") or payload.state != "present":
        return
    said = _attributes(payload.text)
    count, nonce = whole_number(said.get("i")), said.get("r", "")
    if count is not None and count < LEAST_ITERATIONS:
        yield Breach(f"{count} iterations, {LEAST_ITERATIONS} are the least", Severity.WARNING)
    own = sight.conn.memory(_Exchange).nonce
    if "r" in said and own and (nonce == own or not nonce.startswith(own)) and MASK not in nonce:
        yield "the server's nonce does not continue the client's"
    if "m" in said:
        yield "the attribute m, at which a peer has to fail"


@T15.on(FIRST)
def mandatory_extension(sight: Sight) -> Iterator[Said]:
    """Of the client."""
    header = _first_gs2(sight)
    if header is not None and header.rest.startswith("m="):
        yield "the attribute m, at which a peer has to fail"


T16 = Rule(
    "T16", Severity.ERROR, "XEP-0474 §5, XEP-0515",
    "SCRAM's h or t, which tell of the offer and of TLS, do not fit",
)  # fmt: skip


@T16.on(CHALLENGE)
def tampered(sight: Sight) -> Iterator[Said]:
    """A client that checks them has to fail. They tell of the server's own offer and TLS."""
    payload, offer = _payload(sight), sight.conn.offered
    mechanism = _told(sight)
    if not mechanism.startswith("SCRAM-") or payload.state != "present":
        return
    said = _attributes(payload.text)
    profile = None
    if offer is not None:
        profile = offer.sasl if sight.record.xmlns == ns.SASL else offer.sasl2
    expected = None if profile is None else downgrade_hash(profile, mechanism)
    if "h" in said and expected is not None and said["h"] != expected and MASK not in said["h"]:
        yield f"h is {word(said['h'])}, the hash of what was offered {expected}"
    tls = sight.conn.tls.get(Side.SERVER)
    version = None if tls is None else _TLS_VERSIONS.get(tls.version)
    if "t" in said and version is not None and said["t"] != version:
        yield f"t is {word(said['t'])}, but TLS with the server is {version}"


T17 = Rule(
    "T17", Severity.ERROR, "RFC 6120 §6.4.2, §13.9.1; XEP-0388 §2.2",
    "base64 that is not strict, or `=` where it does not stand for empty data",
)  # fmt: skip


@T17.on(_SASL)
def sloppy_base64(sight: Sight) -> Iterator[Said]:
    """`=` belongs to the initial response and to success, and to SASL only."""
    text = None if sight.record.kind in ("failure", "abort") else _base64(sight)
    if not text or not text.strip("*"):
        return
    if sight.record.kind in ("next", "task-data"):
        return
    if _SPACE.search(text):
        yield "white space in base64"
        text = _SPACE.sub("", text)
    if text == "=":
        if sight.record.xmlns == ns.SASL2:
            yield "`=` in SASL2, where an empty element is empty data"
        elif sight.record.kind not in ("auth", "success"):
            yield f"`=` in a <{sight.record.kind}>, where no text is empty data"
    elif text and not _is_strict(text):
        yield "no proper base64: wrong characters, length, padding, or bits in the padding"


def _is_strict(text: str) -> bool:
    if not _BASE64.fullmatch(text):
        return False
    try:
        return b64encode(b64decode(text, validate=True)).decode() == text
    except Base64Error:
        return False


T25 = Rule(
    "T25", Severity.ERROR, "XEP-0484 §3",
    "a token used with another mechanism than it was made for, or a count that does not grow",
)  # fmt: skip


class _Tokens:
    """Of each installation (user agent): the mechanism of its token, and its last count."""

    def __init__(self) -> None:
        self.asked: Kept[int, str] = Kept(_KEPT)
        """The mechanism that a connection has asked a token for."""
        self.mechanisms: Kept[str, set[str]] = Kept(_KEPT)
        self.counts: Kept[tuple[str, str], int] = Kept(_KEPT)


def _agent(sight: Sight) -> str:
    """What tells the installation: its id, or else whose account it is."""
    agent = sight.child(ns.SASL2, "user-agent")
    header = sight.conn.up.header
    account = "" if header is None else header.attributes.get("from", "")
    return (None if agent is None else agent.get("id")) or account


@T25.on(element(ns.SASL2, names=["authenticate"], way="c2s"))
def misused_token(sight: Sight) -> Iterator[Said]:
    """Tokens are bound to their mechanism; the count guards against replay."""
    fast, agent = sight.child(FAST, "fast"), _agent(sight)
    if fast is None or not agent:
        return
    tokens, mechanism = sight.capture.of(_Tokens), _mechanism(sight)
    made_for = tokens.mechanisms.get(agent)
    if made_for is not None and mechanism not in made_for:
        yield f"{word(mechanism)} with a token for {word(min(made_for))}"
    count, earlier = whole_number(fast.get("count")), tokens.counts.get((agent, mechanism))
    if count is not None and earlier is not None and count <= earlier:
        yield f"the count is {count}, after {earlier}"


@follows(element(ns.SASL2, names=["authenticate", "success"]))
def keep_token(sight: Sight) -> None:
    """Remember what tokens are for."""
    tokens, conn = sight.capture.of(_Tokens), sight.record.conn
    if sight.record.kind == "authenticate":
        wanted, fast = sight.child(FAST, "request-token"), sight.child(FAST, "fast")
        count = None if fast is None else whole_number(fast.get("count"))
        agent = _agent(sight)
        tokens.asked.pop(conn)
        if wanted is not None and agent:
            tokens.asked.put(conn, f"{wanted.get('mechanism') or ''} {agent}")
        if count is not None:
            tokens.counts.put((agent, _mechanism(sight)), count)
    elif sight.child(FAST, "token") is not None and (asked := tokens.asked.pop(conn)):
        mechanism, _, agent = asked.partition(" ")
        tokens.mechanisms.put(agent, {mechanism, *(tokens.mechanisms.get(agent) or ())})


T26 = Rule(
    "T26", Severity.WARNING, "RFC 6120 §6.3.8",
    "an authzid that says what the user name says already, or that is no bare JID",
)  # fmt: skip


@T26.on(BEGIN)
def needless_authzid(sight: Sight) -> Iterator[Said]:
    """It is for acting as somebody else."""
    authzid, user = _names(sight)
    if not authzid or MASK in authzid or sight.conn.kind != "client":
        return
    header = sight.conn.up.header
    domain = "" if header is None else header.attributes.get("to", "")
    if "/" in authzid or "@" not in authzid:
        yield f"the authzid {word(authzid)!r} is no bare JID"
    elif user and (same(authzid, user) or (domain and same(authzid, f"{user}@{domain}"))):
        yield f"the authzid {word(authzid)!r} is the user's own address, and so not needed"


def _names(sight: Sight) -> tuple[str, str]:
    """Authorization and authentication identity, as far as the mechanism shows them."""
    payload = _first(sight)
    if payload is None:
        return "", ""
    if _mechanism(sight) in ("PLAIN", "X-OAUTH2"):
        parts = payload.text.split("\0")
        return (parts[0], parts[1]) if len(parts) == 3 else ("", "")
    header = _first_gs2(sight)
    return ("", "") if header is None else (header.authzid, _attributes(header.rest).get("n", ""))
