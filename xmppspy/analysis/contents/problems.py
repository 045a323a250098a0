"""What the conditions of errors mean (RFC 6120 §8.3.3, §4.9.3), and what to do about them."""

from collections.abc import Iterator, Mapping
from typing import Final

from xmppspy.analysis.contents.content import Content
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import harmless, word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.readable import Element

_STANZAS: Final[Mapping[str, str]] = {
    "bad-request": "the request cannot be processed as it is written",
    "conflict": "there is something of that name already",
    "feature-not-implemented": "the receiver does not know this, or not in this form",
    "forbidden": "the sender may not do that",
    "gone": "the receiver is no longer at this address",
    "internal-server-error": "the server failed, or is misconfigured",
    "item-not-found": "there is no such address or item",
    "jid-malformed": "an address is no JID",
    "not-acceptable": "the receiver understands the request, and does not accept it",
    "not-allowed": "nobody may do that",
    "not-authorized": "the sender has to prove who it is first",
    "policy-violation": "it is against the local policy, such as a limit",
    "recipient-unavailable": "the receiver is not there at the moment",
    "redirect": "the receiver is elsewhere, for now",
    "registration-required": "the sender has to become a member first",
    "remote-server-not-found": "there is no server of that name, or none that speaks XMPP",
    "remote-server-timeout": "the other server could not be reached in time",
    "resource-constraint": "the server has too much to do",
    "service-unavailable": "the receiver does not offer this, or does not say whether it is there",
    "subscription-required": "the sender has to be subscribed first",
    "undefined-condition": "something else: the element beside it tells",
    "unexpected-request": "the request came out of order",
}
_STREAMS: Final[Mapping[str, str]] = {
    "bad-format": "XML that cannot be processed",
    "bad-namespace-prefix": "a namespace prefix that is missing or wrong",
    "conflict": "another stream took over, or the resource is in use",
    "connection-timeout": "the other side gave no sign of life",
    "host-gone": "the domain is no longer served here",
    "host-unknown": "the domain in `to` is not served here",
    "improper-addressing": "a stanza between servers lacks `to` or `from`",
    "internal-server-error": "the server failed, or is misconfigured",
    "invalid-from": "the `from` is not one that was authorized",
    "invalid-namespace": "the namespace of the stream or its content is wrong",
    "invalid-xml": "XML that does not fit what it claims to be",
    "not-authorized": "data was sent before the login, or the login failed",
    "not-well-formed": "what was sent is no well-formed XML",
    "policy-violation": "it is against the local policy, such as a limit of size or rate",
    "remote-connection-failed": "another server that is needed cannot be reached",
    "reset": "the stream has to be negotiated anew",
    "resource-constraint": "the server has too much to do",
    "restricted-xml": "a comment, processing instruction, DTD or entity, which XMPP forbids",
    "see-other-host": "the client shall go to the host that is named",
    "system-shutdown": "the server is shutting down",
    "undefined-condition": "something else: the element beside it tells",
    "unsupported-encoding": "the encoding is not UTF-8",
    "unsupported-feature": "a feature that was required is not supported",
    "unsupported-stanza-type": "a first-level element that the server does not know",
    "unsupported-version": "the version of XMPP is not supported",
}
_TYPES: Final[Mapping[str, str]] = {
    "auth": "try again with credentials",
    "cancel": "do not try again",
    "continue": "go on; this was a warning",
    "modify": "change it and try again",
    "wait": "try again later",
}
_MEANINGS: Final = {ns.STANZA_ERRORS: _STANZAS, ns.STREAM_ERRORS: _STREAMS}


def problems(root: Element) -> Iterator[Content]:
    """The errors inside an element."""
    for error in root.iter("{*}error"):
        rows = tuple(_rows(error))
        if rows:
            yield Content("error", rows)


def _rows(error: Element) -> Iterator[tuple[str, str]]:
    for each in tree.children(error):
        meanings = _MEANINGS.get(tree.namespace(each))
        name = tree.local(each)
        if meanings is not None and name == "text":
            yield "text", harmless(tree.text(each))
        elif meanings is not None:
            yield word(name), meanings.get(name, "a condition that is not known")
    if error.get("type"):
        yield f"type {word(error.get('type'))}", _TYPES.get(error.get("type") or "", "")
