"""What is out of date (by the registry), and what tells more than it has to (RFC 6120 §13.10)."""

import re
from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.lint.rule import Frames, Rule, Said, Severity, stanza
from xmppspy.analysis.lint.sight import MASK, Sight
from xmppspy.analysis.registry import lookup
from xmppspy.analysis.words import joined, word

VCARD: Final = "vcard-temp"
_UNUSED: Final = frozenset({"features"})
"""What is offered is not in use yet."""
_HOST: Final = re.compile(
    r"(?:^|[/@ ._-])(?:[\w-]+\.(?:local|lan|home|localdomain|internal|fritz\.box)\b"
    r"|(?:DESKTOP|LAPTOP|WIN|MACBOOK|IMAC)-[\w-]{4,}|[\w-]+s-(?:MacBook|iMac|iPhone|iPad)[\w-]*)",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*")
_UNTOLD: Final = frozenset({"0.0.0.0", "::", "127.0.0.1", "::1"})


X08 = Rule("X08", Severity.INFO, "XMPP registry", "a namespace that is out of date")


@X08.on(Frames())
def out_of_date(sight: Sight) -> Iterator[Said]:
    """Told once for each namespace and direction of a connection."""
    record = sight.record
    if record.kind in _UNUSED:
        return
    for namespace in (record.xmlns, *record.ns):
        if namespace is None:
            continue
        known = lookup(namespace)
        if known is None or not known.deprecated:
            continue
        if sight.conn.once(("X08", record.dir, namespace)):
            instead = f"use {known.instead}" if known.instead else ""
            what = joined([known.id, known.title])
            yield joined([f"{word(namespace)} ({what}) is {known.status}", instead], ": ")


X09 = Rule(
    "X09", Severity.INFO, "RFC 6120 §13.10",
    "a host name, an IP address or a vCard where others can see it",
)  # fmt: skip


@X09.on(stanza("presence", way="c2s"))
def told_to_all(sight: Sight) -> Iterator[Said]:
    """Presence goes to all contacts."""
    if VCARD in sight.record.ns:
        yield "a vCard in a presence"
    resource = (sight.me.full or "").partition("/")[2]
    if sight.record.type is not None or not _HOST.search(resource):
        return
    if sight.conn.once("X09 resource"):
        yield f"the resource {word(resource)!r} looks like the name of a computer"


@X09.on(stanza("iq", "message", way="c2s"))
def told_addresses(sight: Sight) -> Iterator[Said]:
    """The candidates of calls and file transfers."""
    if b"candidate" not in sight.record.data and b"streamhost" not in sight.record.data:
        return
    for each in sight.tree.iter("{*}candidate", "{*}streamhost"):
        for name in ("ip", "host", "rel-addr"):
            address = each.get(name) or ""
            if MASK in address or address in _UNTOLD or not _ADDRESS.fullmatch(address):
                continue
            if sight.conn.once(("X09", sight.record.to, address)):
                yield f"the address {word(address)} is told to {word(sight.record.to)}"
