"""How much there was of what: kinds, topics, addresses, overhead, errors."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from xmppspy.analysis.stats.collector import Report
from xmppspy.analysis.stats.volumes import Row
from xmppspy.analysis.words import size
from xmppspy.view.stats.paper import ERROR, ROWS, more, percent, table


def volumes(name: str, rows: Sequence[Row], report: Report) -> Iterator[RenderableType]:
    """Frames and bytes by what `name` says, and the share of all bytes."""
    whole = max(report.traffic.total.bytes, 1)
    if rows:
        yield table(
            (name, "frames", "bytes", "share"),
            [
                (row.name, f"{row.frames:,}", size(row.bytes), percent(row.bytes / whole))
                for row in rows[:ROWS]
            ],
        )
        yield from more(len(rows))


def addresses(report: Report) -> Iterator[RenderableType]:
    """What clients sent to whom, and received from whom."""
    rows = report.traffic.addresses
    if rows:
        yield table(
            ("JID", "sent", "bytes", "received", "bytes"),
            [
                (
                    row.jid,
                    f"{row.sent.frames:,}",
                    size(row.sent.bytes),
                    f"{row.received.frames:,}",
                    size(row.received.bytes),
                )
                for row in rows[:ROWS]
            ],
        )
        yield from more(len(rows))


def overhead(report: Report) -> Iterator[Text]:
    """How much of it was text, and how much of it compression would have spared."""
    found = report.overhead
    if found.wire:
        share = found.bodies / found.wire * 100
        text, wire = size(found.bodies), size(found.wire)
        yield Text(f"{text} of text in message bodies, in {wire} of XML: {share:.1f} %")
    if found.measured:
        saved = (1 - found.compressed / found.measured) * 100
        compressed, measured = size(found.compressed), size(found.measured)
        change = f"{saved:.0f} % less" if saved >= 0 else f"{-saved:.0f} % more"
        yield Text(f"zlib would have made {compressed} of {measured}: {change}")


def errors(report: Report) -> Iterator[RenderableType]:
    """Stanza errors by condition, and error events by name."""
    rows = [(row.name, "stanza", f"{row.frames:,}") for row in report.errors[:ROWS]]
    rows += [(row.name, "event", f"{row.frames:,}") for row in report.faults[:ROWS]]
    if rows:
        yield table(("error", "kind", "count"), rows, left=2)
        yield from more(max(len(report.errors), len(report.faults)))


def wrong_counts(report: Report) -> Iterator[Text]:
    """Which `h` was wrong, and what it should have been."""
    for each in report.wrong[:ROWS]:
        h = "no number" if each.h is None else f"h={each.h}"
        expected = "" if each.expected is None else f", expected {each.expected}"
        yield Text(f"#{each.conn} n:{each.n} {h}{expected}: {each.problem}", style=ERROR)
    yield from more(report.wrong_counts)
