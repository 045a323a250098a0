"""What an XPath may say: prefixes, functions, and the mistakes that libxml2 finds too late.

libxml2 looks up prefixes and functions when it comes across them, which in `//a[b()]` is when
there is an `a`. A filter must be right or wrong before the first stanza, so the names in it are
checked here. Everything else about the syntax is libxml2's business.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, NamedTuple

from xmppspy.filters.atoms import BadValueError
from xmppspy.protocol import namespaces as ns

CONTENT_PREFIX: Final = "c"

PREFIXES: Final[Mapping[str, str]] = {
    "stream": ns.STREAMS,
    "streams": ns.STREAM_ERRORS,
    "stanzas": ns.STANZA_ERRORS,
    "tls": ns.TLS,
    "sasl": ns.SASL,
    "sasl2": ns.SASL2,
    "bind": "urn:ietf:params:xml:ns:xmpp-bind",
    "bind2": "urn:xmpp:bind:0",
    "sm": ns.SM,
    "csi": "urn:xmpp:csi:0",
    "client": ns.CLIENT,
    "roster": "jabber:iq:roster",
    "register": "jabber:iq:register",
    "version": "jabber:iq:version",
    "ping": "urn:xmpp:ping",
    "disco": "http://jabber.org/protocol/disco#info",
    "caps": "http://jabber.org/protocol/caps",
    "x": "jabber:x:data",
    "rsm": "http://jabber.org/protocol/rsm",
    "oob": "jabber:x:oob",
    "muc": "http://jabber.org/protocol/muc",
    "mucuser": "http://jabber.org/protocol/muc#user",
    "mucadmin": "http://jabber.org/protocol/muc#admin",
    "mucowner": "http://jabber.org/protocol/muc#owner",
    "pubsub": "http://jabber.org/protocol/pubsub",
    "pubsubevent": "http://jabber.org/protocol/pubsub#event",
    "pubsubowner": "http://jabber.org/protocol/pubsub#owner",
    "command": "http://jabber.org/protocol/commands",
    "mam": "urn:xmpp:mam:2",
    "forward": "urn:xmpp:forward:0",
    "carbons": "urn:xmpp:carbons:2",
    "delay": "urn:xmpp:delay",
    "sid": "urn:xmpp:sid:0",
    "receipts": "urn:xmpp:receipts",
    "markers": "urn:xmpp:chat-markers:0",
    "chatstates": "http://jabber.org/protocol/chatstates",
    "hints": "urn:xmpp:hints",
    "correct": "urn:xmpp:message-correct:0",
    "reactions": "urn:xmpp:reactions:0",
    "reply": "urn:xmpp:reply:0",
    "omemo": "eu.siacs.conversations.axolotl",
    "omemo2": "urn:xmpp:omemo:2",
    "vcard": "vcard-temp",
    "avatar": "urn:xmpp:avatar:metadata",
    "bookmarks": "urn:xmpp:bookmarks:1",
    "blocking": "urn:xmpp:blocking",
    "push": "urn:xmpp:push:0",
    "upload": "urn:xmpp:http:upload:0",
    "jingle": "urn:xmpp:jingle:1",
}
"""The prefixes that an XPath may use besides `c`."""

_MANY: Final = 1000
_FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = {
    "last": (0, 0), "position": (0, 0), "count": (1, 1), "id": (1, 1), "local-name": (0, 1),
    "namespace-uri": (0, 1), "name": (0, 1), "string": (0, 1), "concat": (2, _MANY),
    "starts-with": (2, 2), "contains": (2, 2), "substring-before": (2, 2),
    "substring-after": (2, 2), "substring": (2, 3), "string-length": (0, 1),
    "normalize-space": (0, 1), "translate": (3, 3), "boolean": (1, 1), "not": (1, 1),
    "true": (0, 0), "false": (0, 0), "lang": (1, 1), "number": (0, 1), "sum": (1, 1),
    "floor": (1, 1), "ceiling": (1, 1), "round": (1, 1),
}  # fmt: skip
"""The functions of XPath 1.0, and how many arguments each takes."""

_NODE_TYPES: Final = frozenset({"comment", "text", "processing-instruction", "node"})

_NC: Final = r"[^\W\d][\w.\-·]*"
_TOKEN: Final = re.compile(
    rf"\s+|(?P<operand>\"[^\"]*\"|'[^']*'|[0-9]+(?:\.[0-9]*)?|\.[0-9]+|\.\.?)"
    rf"|(?P<variable>\${_NC}(?::{_NC})?)"
    rf"|(?P<name>{_NC}(?::(?!:)(?:{_NC}|\*))?)"
    r"|(?P<closing>[)\]])|(?P<star>\*)"
    r"|(?P<sign>::|//|!=|<=|>=|[(\[@,/|+\-=<>])"
)


class _Token(NamedTuple):
    kind: str
    text: str
    start: int


_NOTHING: Final = _Token("", "", 0)


@dataclass(slots=True)
class _Call:
    """An open parenthesis or bracket; of a function, if it has a name."""

    name: str
    start: int
    commas: int = 0
    filled: bool = False

    def check(self) -> None:
        least, most = _FUNCTIONS.get(self.name, (0, _MANY))
        given = self.commas + 1 if self.filled else 0
        if not least <= given <= most:
            reason = f"xpath: {self.name}() does not take {given} arguments"
            raise BadValueError(reason, self.start)


def scan(text: str) -> tuple[str, ...]:
    """Check the names in an XPath; return hints. Raises `BadValueError`."""
    tokens = [_NOTHING, _NOTHING, *_tokens(text), _NOTHING]
    unprefixed: dict[str, None] = {}
    calls: list[_Call] = []
    for axis, before, token, behind in zip(
        tokens, tokens[1:], tokens[2:], tokens[3:], strict=False
    ):
        _follow_calls(token, before, calls)
        if token.kind == "variable":
            raise BadValueError(f"xpath: {token.text} has no value here", token.start)
        if token.kind == "name":
            _check_name(token, behind)
            if _is_bare_element(axis, before, token, behind):
                unprefixed[token.text] = None
    return tuple(
        f"xpath: {name} without a prefix is in no namespace; did you mean c:{name}?"
        for name in unprefixed
    )


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    operand = False  # whether an operand has just ended: then a name or * is an operator (§3.7)
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadValueError(f"xpath: {text[at]!r} has no place here", at)
        if kind := match.lastgroup:
            if operand and kind in ("name", "star"):
                kind = "operator"
            operand = kind not in ("operator", "sign")
            yield _Token(kind, match[0], at)
        at = match.end()


def _is_bare_element(axis: _Token, before: _Token, token: _Token, behind: _Token) -> bool:
    """Whether a name is a node test for elements in no namespace."""
    if ":" in token.text or behind.text in ("(", "::") or before.text == "@":
        return False
    return before.text != "::" or axis.text not in ("attribute", "namespace")


def _check_name(token: _Token, behind: _Token) -> None:
    prefix, colon, _ = token.text.partition(":")
    if behind.text == "(":
        if token.text not in _FUNCTIONS and token.text not in _NODE_TYPES:
            raise _unknown("function", token.text, token.start, _FUNCTIONS)
    elif colon and prefix not in PREFIXES and prefix not in (CONTENT_PREFIX, "xml"):
        raise _unknown("prefix", prefix, token.start, (CONTENT_PREFIX, *PREFIXES))


def _unknown(what: str, name: str, position: int, known: Iterable[str]) -> BadValueError:
    nearest = get_close_matches(name, known, 1)
    hint = f"did you mean {nearest[0]}?" if nearest else ""
    if what == "prefix":
        hint = f"{hint} `xmppspy filters` lists the known ones".lstrip()
    return BadValueError(f"xpath: unknown {what} {name}", position, hint)


def _follow_calls(token: _Token, before: _Token, calls: list[_Call]) -> None:
    """Count the arguments of the open calls, and check them where a call ends."""
    if token.kind == "closing":
        if calls:
            calls.pop().check()
        return
    if calls and token.text == ",":
        calls[-1].commas += 1
    elif calls:
        calls[-1].filled = True
    if token.text in ("(", "["):
        name = before.text if token.text == "(" and before.kind == "name" else ""
        calls.append(_Call(name, before.start))
