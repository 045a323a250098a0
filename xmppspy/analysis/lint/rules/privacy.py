"""What is out of date (by the registry), and what tells more than it has to (RFC 6120 §13.10)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import Frames, stanza
from xmppspy.analysis.lint.rule import Rule
from xmppspy.analysis.lint.rules.forms import has_payload
from xmppspy.analysis.lint.sight import MASK, Sight
from xmppspy.analysis.registry import Specification, lookup
from xmppspy.analysis.words import joined, word
from xmppspy.protocol.events import FrameRecord

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


@lru_cache(maxsize=1000)
def _old(namespaces: tuple[str, ...]) -> tuple[tuple[str, Specification], ...]:
    """Those that are out of date, with what is known of them."""
    found = ((each, lookup(each)) for each in namespaces)
    return tuple((name, known) for name, known in found if known is not None and known.deprecated)


def _is_old(record: FrameRecord) -> bool:
    return bool(_old((record.xmlns or "", *record.ns)))


@X08.on(Frames(but=_UNUSED, only=_is_old))
def out_of_date(sight: Sight) -> Iterator[Said]:
    """Told once for each namespace and direction of a connection."""
    record = sight.record
    for namespace, known in _old((record.xmlns or "", *record.ns)):
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


@X09.on(stanza("iq", "message", way="c2s", only=has_payload, text=(b"candidate", b"streamhost")))
def told_addresses(sight: Sight) -> Iterator[Said]:
    """The candidates of calls and file transfers."""
    for each in sight.tree.iter("{*}candidate", "{*}streamhost"):
        for name in ("ip", "host", "rel-addr"):
            address = each.get(name) or ""
            if MASK in address or address in _UNTOLD or not _ADDRESS.fullmatch(address):
                continue
            if sight.conn.once(("X09", sight.record.to, address)):
                yield f"the address {word(address)} is told to {word(sight.record.to)}"
