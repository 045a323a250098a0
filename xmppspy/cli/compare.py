"""`xmppspy compare`: how two captures of the same scene differ."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from xmppspy.cli.styles import Styles, contrast_options, standard_output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xmppspy.capture.reader import Reader
    from xmppspy.filters import Filter
    from xmppspy.protocol.events import Event
    from xmppspy.replay.compare import Comparison, Difference

_WORDS: Final = ("missing", "extra", "changed")


class _Side:
    """One of the captures; `meant` are the numbers of the frames that the filter matches."""

    def __init__(self, path: str, wanted: Filter | None) -> None:
        from xmppspy.capture.reader import Reader
        from xmppspy.cli.reports import say_if_torn
        from xmppspy.replay.recording import Recording

        self.meant: set[int] = set()
        with Reader(path) as reader:
            self.recording = Recording(self._sifted(reader, wanted))
            say_if_torn(reader)
        for missing in self.recording.missing:
            _say(f"{path}: {missing}")
        for conn, part in self.recording.parts.items():
            for missing in part.missing[:1]:
                _say(f"{path}, connection {conn}: {missing}")

    def _sifted(self, reader: Reader, wanted: Filter | None) -> Iterator[Event]:
        """All events; takes note of those that are wanted."""
        from xmppspy.protocol.events import FrameRecord

        if wanted is not None:
            # Each capture needs a filter of its own, for some follow the requests.
            wanted = wanted.with_clock(reader.header.created if reader.header else None)
        for event in reader:
            if wanted is not None and wanted.match(event) and isinstance(event, FrameRecord):
                self.meant.add(event.n)
            yield event


@click.command(short_help="Tell how two captures of the same scene differ.")
@click.argument("expected", metavar="A")
@click.argument("got", metavar="B")
@click.argument("terms", nargs=-1, metavar="[FILTER]...")
@click.option(
    "--ignore", metavar="XPATH", multiple=True,
    help="Leave out what XPATH selects, elements or attributes; repeatable.",
)  # fmt: skip
@click.option(
    "--limit", metavar="N", type=click.IntRange(min=0), default=20, show_default=True,
    help="Show at most N differences; the others are counted.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object a difference, on one line.")
@contrast_options
def command(
    expected: str,
    got: str,
    terms: tuple[str, ...],
    ignore: tuple[str, ...],
    limit: int,
    as_json: bool,
    styles: Styles,
) -> None:
    """Tell how the capture B differs from A, which is as it should be; exit code 1 if it does.

    Answers are compared with the answers to the same requests, everything else by sender, kind
    and payload. Ids, times, resources, the order of sets, acknowledgements and how a client logs
    in count for nothing, and masked values are like any. FILTER limits the differences to those
    with a frame that matches, or that belong to a request that does.

    \b
    xmppspy compare yesterday.xmpp.jsonl today.xmpp.jsonl
    xmppspy compare A B iq ns:jabber:iq:roster
    xmppspy compare A B --ignore //rsm:count --ignore '//@xml:lang'
    """
    from xmppspy.cli.differences import as_line, told
    from xmppspy.cli.reports import printing
    from xmppspy.filters import Filter
    from xmppspy.filters.places import Selector
    from xmppspy.replay.compare import compare

    selector = Selector(ignore)
    wanted = Filter.from_arguments(terms) if terms else None
    for hint in (*selector.hints, *(wanted.hints if wanted else ())):
        _say(hint)
    one, other = _Side(expected, wanted), _Side(got, wanted)
    result = compare(
        one.recording.parts.values(),
        other.recording.parts.values(),
        ignore=selector if ignore else None,
    )
    found = result.differences
    if wanted is not None:
        found = [each for each in found if _is_meant(each, one, other)]
    output = standard_output()
    with printing(output):
        if as_json:
            output.writelines(map(as_line, found[:limit]))
        else:
            look = styles.look(output, None)
            output.writelines(told(each, look).encode() for each in found[:limit])
            output.write(_summary(found, result, limit).encode())
    sys.exit(1 if found else 0)


def _is_meant(difference: Difference, one: _Side, other: _Side) -> bool:
    """Whether the filter matches one of its frames, or the request it belongs to."""
    frames = ((difference.expected, one), (difference.got, other), (difference.request, one))
    return any(record is not None and record.n in side.meant for record, side in frames)


def _summary(found: list[Difference], result: Comparison, limit: int) -> str:
    """The last line: what was found, and how much was compared."""
    from xmppspy.analysis.words import counted

    alike = f"{counted(result.alike, 'frame')} alike"
    if not found:
        return f"equal: {alike}\n"
    counts = {word: sum(each.word == word for each in found) for word in _WORDS}
    parts = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
    more = len(found) - limit
    unseen = f"; {more:,} not shown (--limit)" if more > 0 else ""
    return f"{counted(len(found), 'difference')}: {parts}; {alike}{unseen}\n"


def _say(text: str) -> None:
    click.echo(f"xmppspy: {text}", err=True)
