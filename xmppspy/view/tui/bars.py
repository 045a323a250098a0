"""What stands in the lines at the top and at the bottom."""

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from xmppspy.analysis.words import counted
from xmppspy.view.browse.messages import Progress
from xmppspy.view.fold import cut
from xmppspy.view.marked import Span
from xmppspy.view.tui.commands import Command, V
from xmppspy.view.tui.sieve import Sieve

if TYPE_CHECKING:
    from xmppspy.view.tui.proxy import Proxy

_STANDINGS: Final = {
    "truncated": "the file was cut short",
    "replaced": "it goes on in another file (G)",
    "removed": "the file was removed",
}
_EVERYTHING: Final = 100
_FILTER: Final = 24
"""Columns for the filter of what is held."""

SPANS_OF_HINT: Final = 2
"""A key, and what it does."""


def title(capture: str, progress: Progress) -> Iterator[Span]:
    """Which capture it is, and what is in it."""
    name = "standard input" if capture == "-" else PurePath(capture).name
    yield "title", name
    if not progress.rows:
        return
    said = [counted(progress.rows, "line"), counted(progress.connections, "connection")]
    yield "meta", f"  {' · '.join(said)}"
    if progress.errors:
        yield "meta", " · "
        yield "error", counted(progress.errors, "error")
    if progress.findings:
        yield "meta", " · "
        yield "change", counted(progress.findings, "finding")
    if progress.marks:
        yield "meta", f" · {counted(progress.marks, 'mark')}"


def standing(progress: Progress) -> Iterator[Span]:
    """How it stands with the file, and how far it is read."""
    said = _STANDINGS.get(progress.standing, "")
    if said:
        yield "error", said
    elif progress.torn:
        yield "change", "its last line is torn"
    elif progress.explained < progress.rows:
        yield "meta", f"reading {_percent(progress.explained, progress.rows)}"
    elif progress.is_written:
        yield "event", "● live"
    elif progress.judged < progress.rows:
        yield "meta", f"checking {_percent(progress.judged, progress.rows)}"


def held(proxy: "Proxy | None") -> Iterator[Span]:
    """What the running proxy does to the traffic, and whether it runs."""
    if proxy is None:
        return
    if proxy.lost:
        yield "error", "proxy gone  "
        return
    count = sum(rule.on for rule in proxy.rules.rules) if proxy.rules is not None else 0
    if count:
        yield "change", f"{counted(count, 'rule')}  "
    if proxy.breakpoint is not None and proxy.breakpoint.on:
        yield "change", f"holding {cut(proxy.breakpoint.filter or 'everything', _FILTER)}  "


def _percent(part: int, whole: int) -> str:
    return f"{part * _EVERYTHING // max(whole, 1)} %"


def applied(sieve: Sieve) -> Iterator[Span]:
    """What filter is applied."""
    if sieve.text:
        yield "key", "filter "
        yield ("text" if sieve.is_on else "meta"), sieve.text
        if not sieve.is_on:
            yield "change", "  off"
    if sieve.hides_quiet:
        yield "key", "   hidden " if sieve.text else "hidden "
        yield "text", "keepalives and acknowledgements"


def matching(sieve: Sieve) -> Iterator[Span]:
    """How much is shown."""
    rows, looked = sieve.listing.rows, sieve.looked
    if looked < rows and sieve.applied:
        yield "change", f"looking {_percent(looked, rows)}  "
    if sieve.listing.found is not None:
        yield "meta", f"{len(sieve.listing):,} of {rows:,}"


def nothing(sieve: Sieve, progress: Progress, proxy: "Proxy | None" = None) -> str:
    """Why no row is shown."""
    if sieve.applied and sieve.looked < sieve.listing.rows:
        return "looking…"
    if sieve.applied and sieve.listing.rows:
        return "nothing matches · v switches the filter off" if sieve.text else "nothing else"
    if proxy is not None and proxy.listening and not proxy.lost:
        return f"nothing yet: point a client at {proxy.listening[0]}; it has to trust the CA"
    return "nothing yet: lines appear as they are written" if progress.is_written else ""


def hints(commands: Sequence[Command[V]], width: int) -> Iterator[Span]:
    """What some keys do: of as many as there is room for."""
    left = width
    for command in commands:
        key, title = f"{command.key} ", f"{command.title}  "
        left -= len(key) + len(title)
        if left < 0:
            break
        yield "key", key
        yield "meta", title


def position(place: int, count: int, new: int, *, follows: bool) -> Iterator[Span]:
    """Where the cursor is."""
    if follows:
        yield "event", "▼ following  "
    elif new:
        yield "change", f"+{new:,} new  "
    yield "meta", f"{min(place + 1, count):,}/{count:,}"
