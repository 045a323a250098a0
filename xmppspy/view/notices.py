"""What is told of an event that is no frame, in one line."""

from typing import NamedTuple, TypeAlias

from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    Direction,
    FateDecided,
    Fault,
    Gap,
    Mark,
    Note,
    Skipped,
    TLSEstablished,
)
from xmppspy.view.escape import escape_line
from xmppspy.view.ink import Ink, Palette

Occurrence: TypeAlias = (
    ConnectionOpened
    | TLSEstablished
    | ConnectionClosed
    | Fault
    | FateDecided
    | Note
    | Mark
    | Gap
    | Skipped
)
"""Every event that is no frame."""

_DONE = {
    "forward": "forwarded",
    "drop": "dropped",
    "replace": "replaced",
    "duplicate": "duplicated",
}


class Notice(NamedTuple):
    """An event in words: clean, without line breaks; `name` says what happened."""

    ink: Ink
    name: str
    details: tuple[str, ...]
    conn: int | None = None
    dir: Direction | None = None


def notice(event: Occurrence, palette: Palette) -> Notice:
    """Put an event into words."""
    name, details = _words(event)
    return Notice(
        _ink(event, palette),
        escape_line(name),
        tuple(escape_line(detail) for detail in details if detail),
        getattr(event, "conn", None),
        event.dir if isinstance(event, Fault) else None,
    )


def _ink(event: Occurrence, palette: Palette) -> Ink:
    if isinstance(event, Fault | Gap):
        return palette.error
    if isinstance(event, FateDecided | Mark | Skipped):
        return palette.change
    if isinstance(event, TLSEstablished) and event.verified is False:
        return palette.error
    return palette.event


def _words(event: Occurrence) -> tuple[str, list[str]]:
    match event:
        case ConnectionOpened():
            transport = "" if event.transport == "tcp" else event.transport
            return "open", [f"{event.client} → {event.server}", transport]
        case TLSEstablished():
            return f"tls {event.leg}", _tls(event)
        case ConnectionClosed():
            return "close", [f"by {event.by}", event.reason]
        case Fault():
            return f"error {event.error}", [event.detail, *_place(event)]
        case FateDecided():
            return "fate", [f"frame {event.n} {_DONE[event.action]}", _held(event)]
        case Note():
            return "note", [event.text, _frame(event.n)]
        case Mark():
            return "mark removed" if event.removed else "mark", [event.text, _frame(event.n)]
        case Gap():
            return "gap", [f"{event.lost:,} records could not be written to the capture"]
        case Skipped():
            return "skipped", [f"{event.lost:,} lines not shown here, the view was too slow"]


def _tls(event: TLSEstablished) -> list[str]:
    verified = {True: "certificate verified", False: "certificate NOT verified", None: ""}
    return [
        f"{event.version} {event.cipher}",
        f"SNI {event.sni}" if event.sni else "",
        f"ALPN {event.alpn}" if event.alpn else "",
        verified[event.verified],
    ]


def _place(event: Fault) -> list[str]:
    leg = f"{event.leg} side" if event.leg else ""
    offset = "" if event.offset is None else f"at byte {event.offset:,}"
    return [leg, offset, _frame(event.n)]


def _frame(n: int | None) -> str:
    return "" if n is None else f"frame {n}"


def _held(event: FateDecided) -> str:
    return "" if event.held is None else f"held {event.held:.3f} s"
