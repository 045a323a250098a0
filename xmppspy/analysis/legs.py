"""Legs: what the other side of a connection got, where xmppspy changed what passed."""

from dataclasses import replace

from lxml import etree

from xmppspy.protocol.events import UNCHANGED, FrameRecord
from xmppspy.protocol.stanza import read
from xmppspy.protocol.tokens import tokens


def said(record: FrameRecord) -> FrameRecord | None:
    """The frame as the peer it comes from said it; None when xmppspy itself put it in."""
    return None if record.injected else record


def heard(record: FrameRecord) -> FrameRecord | None:
    """The frame as it left for the other side; None when nothing left.

    It may be another element than the one that came: what is said of it is read anew.
    """
    if record.sent is UNCHANGED:
        return record
    return reread(record, record.sent) if record.sent else None


def departures(record: FrameRecord, data: bytes) -> list[FrameRecord]:
    """The frames that left in the place of one: none, one, or several, one after the other."""
    return [reread(record, piece) for piece in _elements(data)]


def _elements(data: bytes) -> list[bytes]:
    """Bytes cut where an element of theirs ends; what is behind the last goes with it."""
    found: list[bytes] = []
    start = depth = 0
    for token in tokens(data):
        depth += {"start": 1, "end": -1}.get(token.kind, 0)
        if depth == 0 and token.kind in ("end", "empty"):
            found.append(data[start : token.stop])
            start = token.stop
    if not found:
        return [data] if data else []
    found[-1] += data[start:]
    return found


def reread(record: FrameRecord, data: bytes) -> FrameRecord:
    """A record of other bytes in the same place; those that are no element keep its kind."""
    left = replace(record, data=data, sent=UNCHANGED)
    tree = read(left).tree
    if tree is None:
        return left
    name = etree.QName(tree)
    spaces = (etree.QName(each).namespace or "" for each in tree.iterchildren("{*}*"))
    content = record.context.content
    return replace(
        left,
        kind=name.localname,
        xmlns=None if name.namespace == content else name.namespace,
        type=tree.get("type"),
        id=tree.get("id"),
        from_=tree.get("from"),
        to=tree.get("to"),
        ns=tuple(each for each in dict.fromkeys(spaces) if each and each != content),
    )
