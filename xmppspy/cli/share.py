"""`xmppspy share`: a copy of a capture that is fit for a public bug report."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xmppspy import __version__
from xmppspy.errors import UsageError, XmppspyError

if TYPE_CHECKING:
    from xmppspy.analysis.redaction import Sharer
    from xmppspy.capture.format import Header
    from xmppspy.capture.sinks import FileSink

_SHOWN: Final = 5
_WARNING: Final = "free text, and what unknown software writes, may still tell who you are"
_BATCH: Final = 256


@click.command()
@click.argument("capture")
@click.option(
    "-o", "--output", metavar="FILE", required=True, type=click.Path(path_type=Path),
    help="The copy to write; compressed if it ends in .zst.",
)  # fmt: skip
@click.option("--bodies", is_flag=True, help="Keep what people wrote, without the names in it.")
def command(capture: str, output: Path, bodies: bool) -> None:
    """Copy CAPTURE without what is secret or private in it, for a bug report.

    Passwords, tokens, keys, messages and personal data are masked; accounts, hosts and nicknames
    get other names, the same one wherever they stand. The copy is a capture that can be shown,
    replayed and checked as before. Look at it before you publish it.

    \b
    xmppspy share FILE -o report.xmpp.jsonl
    """
    if capture == "-":
        raise UsageError("a capture is read twice to be shared; name a file, not -")
    sharer, header = _learn(capture, bodies=bodies)
    left = _write(capture, output, sharer, header)
    for line in (*_told(sharer, output), *_left(left)):
        click.echo(line)


def _learn(capture: str, *, bodies: bool) -> "tuple[Sharer, Header]":
    """The first pass: every name there is. Returns the header of the copy, too."""
    import secrets
    from datetime import UTC, datetime

    from xmppspy.analysis.redaction import Sharer
    from xmppspy.capture.format import Header
    from xmppspy.capture.reader import Reader
    from xmppspy.cli.reports import say_if_torn

    sharer = Sharer(secrets.token_bytes(32), bodies=bodies)
    with Reader(capture) as reader:
        header = reader.header or Header(datetime.fromtimestamp(0, UTC), "xmppspy")
        for event in reader:
            sharer.learn(event)
        say_if_torn(reader)
    sharer.begin()
    return sharer, header._replace(tool=f"xmppspy {__version__}", secrets="redacted")


def _write(capture: str, output: Path, sharer: "Sharer", header: "Header") -> Counter[str]:
    """The second pass. Returns how many lines still hold which name."""
    from xmppspy.capture.format import encode, encode_header
    from xmppspy.capture.reader import Reader

    failures: list[str] = []
    left: Counter[str] = Counter()
    sink = _create(output)
    sink.start(encode_header(header), failures.append)
    try:
        lines: list[bytes] = []
        with Reader(capture) as reader:
            for event in reader:
                lines.append(encode(sharer.apply(event)))
                left.update(sharer.left_in(lines[-1].decode()))
                if len(lines) >= _BATCH:
                    sink.write(lines, event.t)
                    sink.flush()
                    lines = []
        sink.write(lines, 0.0)
    finally:
        sink.close()
    if failures:
        raise XmppspyError(failures[0])
    return left


def _create(output: Path) -> "FileSink":
    from xmppspy.capture.sinks import FileSink
    from xmppspy.errors import CaptureExists

    try:
        return FileSink(output)
    except CaptureExists as error:
        advice = "choose another name with -o, or move it away"
        raise UsageError(f"{error.path} exists already; {advice}") from None


def _told(sharer: "Sharer", output: Path) -> list[str]:
    """What was done, in a few lines."""
    from xmppspy.analysis.words import counted, harmless

    tally = sharer.tally
    names = ", ".join(counted(count, what) for what, count in sharer.names.items() if count)
    most = tally.labels.most_common(_SHOWN)
    listed = ", ".join(f"{harmless(label)} {count:,}×" for label, count in most)
    more = len(tally.labels) - len(most)
    return [
        f"{output}: {counted(tally.frames, 'frame')}, {counted(tally.events, 'other event')}",
        f"renamed: {names or 'nobody'}",
        f"masked in {counted(tally.masked, 'frame')}: {listed or 'nothing'}"
        + (f", and {counted(more, 'other place')}" if more else ""),
        f"look at it before you publish it: {_WARNING}",
    ]


def _left(left: Counter[str]) -> list[str]:
    from xmppspy.analysis.words import counted

    if not left:
        return []
    most = left.most_common(_SHOWN)
    names = ", ".join(f"{name!r} in {counted(count, 'line')}" for name, count in most)
    return [f"still there, in places that belong to the protocol: {names}"]
