"""Addresses (RFC 7622, RFC 6120 §8.1) and languages (§4.7.4)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import Frames, Mood, raw, stanza
from xmppspy.analysis.lint.rule import Rule
from xmppspy.analysis.lint.sight import MASK, Sight, owns
from xmppspy.analysis.responders import same
from xmppspy.analysis.words import word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.jid import flaw

_LANG: Final = f"{{{ns.XML}}}lang"
_INSIDE: Final = frozenset({"jid", "by"})
_PLAIN: Final = re.compile(
    r"(?:[\w.+-]{1,100}@)?[A-Za-z0-9](?:[A-Za-z0-9-]|\.(?!\.)){0,100}(?:/[ -~]{1,100})?", re.ASCII
)
"""Addresses that are right at a glance."""
_TAG: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


A16 = Rule(
    "A16", Severity.ERROR, "RFC 7622 §3, RFC 6120 §4.7.2",
    "an address that is none, or a header's `to` that is no mere domain",
)  # fmt: skip


@lru_cache(maxsize=2000)
def _reason(address: str) -> str:
    """Why it is none; empty when it is one, or was masked."""
    if _PLAIN.fullmatch(address) or MASK in address:
        return ""
    found = flaw(address)
    return "" if found is None else found.reason


def _flawed(attribute: str, address: str) -> Iterator[Said]:
    if reason := _reason(address):
        yield f"{attribute} {word(address)!r}: {reason}"


@A16.on(stanza())
def malformed(sight: Sight) -> Iterator[Said]:
    """`to` and `from`; `jid` and `by` wherever they stand in the stanza are another check's."""
    record = sight.record
    if record.to is not None and _reason(record.to):
        yield from _flawed("to", record.to)
    if record.from_ is not None and _reason(record.from_):
        yield from _flawed("from", record.from_)


@A16.on(stanza(text=(b"jid=", b"by=")))
def malformed_inside(sight: Sight) -> Iterator[Said]:
    """In rosters, rooms, errors and elsewhere."""
    for element in sight.tree.iter("*"):
        for name, address in element.items():
            if name in _INSIDE:
                yield from _flawed("jid or by", str(address))


@A16.on(raw("stream"))
def malformed_in_header(sight: Sight) -> Iterator[Said]:
    """A stream is opened to a domain, not to an account."""
    record = sight.record
    if record.from_ is not None:
        yield from _flawed("from", record.from_)
    if record.to is None:
        return
    if sight.up and ("/" in record.to or "@" in record.to):
        yield f"the header is to {word(record.to)!r}, which is no mere domain"
    else:
        yield from _flawed("to", record.to)


def has_sender(record: FrameRecord) -> bool:
    """Whether the stanza says whom it is from."""
    return record.from_ is not None


A17 = Rule(
    "A17", Severity.WARNING, "RFC 6120 §8.1.2.1, §4.9.3.9",
    "a client's stanza from an address that is not its own",
)  # fmt: skip


@A17.on(stanza(way="c2s", only=has_sender))
def foreign_sender(sight: Sight) -> Iterator[Said]:
    """Servers close the stream, or write the right address over it; A23 is about resources."""
    sender, me = sight.record.from_, sight.me
    if sender is None or me.bare is None or sight.conn.kind != "client":
        return
    if sender not in (me.full, me.bare) and not owns(me, sender):
        yield f"`from` is {word(sender)}, and this is {word(me.bare)}'s stream"


A18 = Rule(
    "A18", Severity.WARNING, "RFC 6120 §8.1.1.1, RFC 6121 §8.5.3.2",
    "a stanza that reaches a client although it is for another address",
)  # fmt: skip


@A18.on(stanza(way="s2c"))
def foreign_recipient(sight: Sight) -> Iterator[Said]:
    """The account, or the resource that this stream is bound to.

    A message for a resource that has gone may be given to another one, or kept for it, as it is.
    """
    to, me = sight.record.to, sight.me
    if to is None or me.full is None or me.bare is None or to in (me.full, me.bare):
        return
    if sight.conn.kind != "client" or same(to, me.full) or same(to, me.bare):
        return
    if sight.record.kind != "message" or not owns(me, to):
        yield f"`to` is {word(to)}, and this stream is {word(me.full)}'s"


A19 = Rule(
    "A19", Severity.ERROR, "RFC 6120 §8.1.1.2, §8.1.2.2; XEP-0114",
    "a stanza between servers, or of a component, without `to` or `from`",
)  # fmt: skip


@A19.on(stanza(mood=Mood.FEDERATED))
def unaddressed(sight: Sight) -> Iterator[Said]:
    """Only between a client and its server can they be left out."""
    names = {"to": sight.record.to, "from": sight.record.from_}
    missing = [f"`{name}`" for name, value in names.items() if not value]
    if missing:
        yield f"the {sight.record.kind} has no {' and no '.join(missing)}"


A24 = Rule(
    "A24", Severity.WARNING, "RFC 6120 §4.7.4, BCP 47", "an xml:lang that is no language tag"
)


def _no_tag(language: str | None) -> Iterator[Said]:
    if language and not _TAG.fullmatch(language):
        yield f"xml:lang is {word(language)!r}"


@A24.on(Frames(text=(b"xml:lang",)))
def no_language(sight: Sight) -> Iterator[Said]:
    """`en_GB` is the usual mistake."""
    for each in sight.tree.iter("*"):
        yield from _no_tag(each.get(_LANG))


@A24.on(raw("stream"))
def no_language_of_stream(sight: Sight) -> Iterator[Said]:
    """What all stanzas inherit."""
    yield from _no_tag(sight.header.context.lang)
