"""`xmppspy compare`: how two captures of the same scene differ."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

import click

from xmppspy.cli.styles import standard_output
from xmppspy.errors import XmppspyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xmppspy.capture.reader import Reader
    from xmppspy.protocol.events import Event
    from xmppspy.replay.compare import Comparison, Difference
    from xmppspy.replay.recording import Recording
    from xmppspy.view.look import Look

_WORDS: Final = ("missing", "extra", "changed")


@dataclass(slots=True)
class _Side:
    """One of the captures, and which of its frames the filter means; None for all."""

    path: str
    recording: Recording
    meant: set[int] | None


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
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
    help="NO_COLOR is obeyed.",
)  # fmt: skip
@click.option("--full", is_flag=True, help="Fold and cut nothing.")
def command(
    expected: str,
    got: str,
    terms: tuple[str, ...],
    ignore: tuple[str, ...],
    limit: int,
    as_json: bool,
    color: str,
    full: bool,
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
    from xmppspy.filters.places import Selector
    from xmppspy.replay.compare import compare

    selector = Selector(ignore)
    for hint in selector.hints:
        _say(hint)
    one, other = _read(expected, terms), _read(got, terms)
    result = compare(
        one.recording.parts.values(),
        other.recording.parts.values(),
        ignore=selector if ignore else None,
    )
    found = [each for each in result.differences if _is_meant(each, one, other)]
    output = standard_output()
    try:
        output.writelines(_text(found, result, limit, as_json, _look(output, color, full)))
        output.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
    except OSError as error:
        raise XmppspyError(f"the output cannot be written: {error.strerror}") from None
    sys.exit(1 if found else 0)


def _read(path: str, terms: tuple[str, ...]) -> _Side:
    from xmppspy.capture.reader import Reader
    from xmppspy.filters import Filter
    from xmppspy.replay.recording import Recording

    made = Filter.from_arguments(terms) if terms else None
    meant: set[int] | None = None if made is None else set()

    def told(reader: Reader) -> Iterator[Event]:
        from xmppspy.protocol.events import FrameRecord

        wanted = made and made.with_clock(reader.header.created if reader.header else None)
        for event in reader:
            if wanted is not None and wanted.match(event) and isinstance(event, FrameRecord):
                assert meant is not None  # noqa: S101
                meant.add(event.n)
            yield event

    with Reader(path) as reader:
        recording = Recording(told(reader))
        for missing in (*recording.missing, *([reader.torn.text] if reader.torn else [])):
            _say(f"{path}: {missing}")
    for conn, part in recording.parts.items():
        for missing in part.missing[:1]:
            _say(f"{path}, connection {conn}: {missing}")
    return _Side(path, recording, meant)


def _is_meant(difference: Difference, one: _Side, other: _Side) -> bool:
    """Whether the filter matches one of its frames, or the request it belongs to."""
    if one.meant is None or other.meant is None:
        return True
    frames = ((difference.expected, one), (difference.got, other), (difference.request, one))
    return any(
        record is not None and side.meant is not None and record.n in side.meant
        for record, side in frames
    )


def _text(
    found: list[Difference], result: Comparison, limit: int, as_json: bool, look: Look
) -> Iterator[bytes]:
    from xmppspy.cli.differences import as_line, told

    if as_json:
        yield from map(as_line, found[:limit])
        return
    for each in found[:limit]:
        yield told(each, look).encode()
    yield _summary(found, result, limit).encode()


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


def _look(output: BinaryIO, color: str, full: bool) -> Look:
    from xmppspy.view.ink import Palette, wants_colour
    from xmppspy.view.look import Look

    palette = Palette()
    if wants_colour(color, output.isatty(), os.environ):
        from xmppspy.view.theme import coloured

        palette = coloured(os.environ)
    return Look(palette=palette, full=full)


def _say(text: str) -> None:
    click.echo(f"xmppspy: {text}", err=True)
