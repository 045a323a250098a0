"""`xmppspy show`: print a capture, also one that is still growing."""

import math
import os
import signal
import stat
import sys
import time
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

import click

from xmppspy.cli import completion
from xmppspy.cli.quantities import SECONDS
from xmppspy.cli.styles import Styles, standard_output, style_options
from xmppspy.errors import UsageError, XmppspyError

if TYPE_CHECKING:
    from xmppspy.capture.reader import Reader
    from xmppspy.cli.sheet import Sheet
    from xmppspy.filters import Filter
    from xmppspy.protocol.events import Event

LARGE: Final = 16 * 1024 * 1024
"""Bytes of a capture that several processes read sooner than one."""


class _Request(NamedTuple):
    """What the person asked for."""

    capture: str
    styles: Styles
    wanted: "Filter | None"
    awaited: "Filter | None"
    """What ends the showing."""
    count_only: bool
    last: int | None
    context: int
    follow: bool
    timeout: float | None
    lint: bool
    live: bool

    @property
    def grows(self) -> bool:
        """Whether output is wanted as soon as it is there."""
        return self.follow or self.live or self.capture == "-"


@click.command()
@click.argument("capture", shell_complete=completion.files)
@click.argument("terms", nargs=-1, metavar="[FILTER]...", shell_complete=completion.filters)
@style_options
@click.option("--count", is_flag=True, help="Print only how many lines match.")
@click.option("-n", "last", type=click.IntRange(min=1), metavar="N", help="Only the last N.")
@click.option(
    "-C",
    "context",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="N frames of context around each match.",
)
@click.option("-f", "--follow", is_flag=True, help="Go on while the capture grows.")
@click.option(
    "--until",
    metavar="FILTER",
    shell_complete=completion.filters,
    help="End when FILTER matches; exit code 1 if it never does.",
)
@click.option("--timeout", type=SECONDS, metavar="S", help="Follow for S seconds.")
@click.option("--lint", is_flag=True, help="Mark protocol mistakes, as `xmppspy lint` finds them.")
@click.option("--live", is_flag=True, hidden=True)
def command(
    capture: str,
    terms: tuple[str, ...],
    styles: Styles,
    count: bool,
    last: int | None,
    context: int,
    follow: bool,
    until: str | None,
    timeout: float | None,
    lint: bool,
    live: bool,
) -> None:
    """Print CAPTURE, or what matches FILTER of it.

    CAPTURE is a file, or - for standard input. Filters are explained by `xmppspy filters`.

    \b
    xmppspy show FILE
    xmppspy show FILE --brief iq type:error -C 3
    xmppspy show -f FILE --until 'message from:juliet@example.org' --timeout 10
    """
    if live:
        # Ctrl-C is for the proxy, which closes the pipe when all is said.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    request = _Request(
        capture=capture,
        styles=styles,
        wanted=_filter(terms, quiet=live),
        awaited=_filter(() if until is None else (until,)),
        count_only=count,
        last=last,
        context=context,
        follow=follow,
        timeout=timeout,
        lint=lint,
        live=live,
    )
    if lint:
        styles.check_for_remarks()
    if timeout is not None and not request.grows:
        raise UsageError("--timeout is about waiting for more; it needs -f, or - as CAPTURE")
    output = standard_output()
    styles.check(output)
    sys.exit(_show(request, output))


def _filter(terms: tuple[str, ...], *, quiet: bool = False) -> "Filter | None":
    """The filter that the terms make, None for none; what it has to remark is said."""
    if not terms:
        return None
    from xmppspy.filters import Filter

    made = Filter.from_arguments(terms)
    for hint in () if quiet else made.hints:
        _say(hint)
    return made


def _show(request: _Request, output: BinaryIO) -> int:
    """Print what was asked for; returns the exit code."""
    from xmppspy.capture.reader import Reader

    deadline = None if request.timeout is None else time.monotonic() + request.timeout
    stopped = 1 if request.awaited else 0
    try:
        with Reader(request.capture, follow=request.follow, until=deadline) as reader:
            ended = _Showing(request, reader, output).run()
            output.flush()
    except KeyboardInterrupt:
        return stopped if request.grows else 1
    except BrokenPipeError:
        _forget(output)
        return stopped
    except OSError as error:
        _forget(output)
        raise XmppspyError(f"the output cannot be written: {error.strerror}") from None
    return 0 if ended else stopped


def _forget(output: BinaryIO) -> None:
    """Let what could not be written go nowhere, so that the end of the program is quiet."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, output.fileno())
    os.close(nowhere)


class _Showing:
    """One pass over a capture."""

    def __init__(self, request: _Request, reader: "Reader", output: BinaryIO) -> None:
        from xmppspy.protocol.events import Fault, Gap, Skipped

        self._request = request
        self._reader = reader
        self._output = output
        self._began = False
        self._always = (Fault, Gap, Skipped)
        created = reader.header.created if reader.header else None
        utc = request.styles.utc
        self._wanted = request.wanted and request.wanted.with_clock(created, utc=utc)
        self._awaited = request.awaited and request.awaited.with_clock(created, utc=utc)

    def run(self) -> bool:
        """Print, to the end or until what is waited for is there; False if it never came."""
        ended = self._count() if self._request.count_only else self._print()
        if not self._request.live:
            self._remark()
        return ended

    def _count(self) -> bool:
        if (number := self._counted_at_once()) is not None:
            self._output.write(b"%d\n" % number)
            return False
        events = iter(self._reader)
        first = next(events, None)
        self._began = first is not None
        events = chain(() if first is None else (first,), events)
        count, ended = self._counted(events)
        self._output.write(b"%d\n" % count)
        return ended

    def _counted_at_once(self) -> int | None:
        """How many match, if nothing but a large file is to be counted."""
        if self._request.grows or self._awaited is not None or self._wanted is None:
            return None
        if not _is_large(self._request.capture):
            return None
        from xmppspy.cli.counting import count

        return count(self._request.capture, self._wanted)

    def _counted(self, events: "Iterator[Event]") -> tuple[int, bool]:
        """How many match, and whether what is waited for has come."""
        if self._awaited is None and self._wanted is not None and not self._request.live:
            return sum(map(self._wanted.match, events)), False
        count = 0
        for event in events:
            count += self._matches(event)
            if self._ends(event):
                return count, True
        return count, False

    def _print(self) -> bool:
        from xmppspy.view.selection import Selection

        request, printed = self._request, self._printed_at_once()
        if printed and printed == _size_of(request.capture):
            return False
        sheet = self._sheet(self._output if printed else None)
        selection = Selection(request.context, request.last)
        ahead = _size_of(request.capture) if request.follow else math.inf
        ended = False
        for event, line in self._reader.lines():
            printed -= len(line)
            if event is not None:
                self._began = True
                explanation = sheet.explain(event)
                matches = self._matches(event) and sheet.has_place_for(event) and printed < 0
                sheet.show(selection.take(event, matches, explanation, sheet.judge(event)))
                if request.live:
                    sheet.warn(event)
                if ended := self._ends(event):
                    break
            # With `-f -n N`, the last N of what was there already, then all that comes.
            ahead -= len(line)
            if ahead <= 0:
                sheet.show(selection.release())
        sheet.show(selection.release())
        return ended

    def _printed_at_once(self) -> int:
        """Print a large file that is nothing but to be printed; how many bytes of it that were."""
        request, wanted = self._request, self._wanted
        follows = wanted is not None and wanted.follows
        if request.grows or request.lint or request.context or request.last or follows:
            return 0
        if self._awaited is not None or not _is_large(request.capture):
            return 0
        from xmppspy.cli.printing import print_together

        return print_together(request.capture, self._sheet, self._matches, self._output)

    def _matches(self, event: "Event") -> bool:
        # The filter is told everything: some of it depends on what was before.
        matches = self._wanted is None or self._wanted.match(event)
        return matches or (self._request.live and isinstance(event, self._always))

    def _ends(self, event: "Event") -> bool:
        return self._awaited is not None and self._awaited.match(event)

    def _sheet(self, onto: BinaryIO | None = None) -> "Sheet":
        from xmppspy.cli.sheet import Sheet

        request = self._request
        return Sheet(
            self._output,
            request.styles,
            self._reader.header,
            separated=request.context > 0,
            live=request.grows,
            lint=request.lint,
            onto=onto,
        )

    def _remark(self) -> None:
        """Say on stderr what is odd about the capture."""
        reader = self._reader
        if self._began and reader.header is None:
            _say(f"{reader.path}: there is no header, so times are seconds")
        if reader.torn is not None and not self._request.follow:
            _say(f"{reader.path}: {reader.torn.text}")


def _say(text: str) -> None:
    click.echo(f"xmppspy: {text}", err=True)


def _size_of(capture: str) -> float:
    """The bytes that are there already; endless for what is no file."""
    try:
        found = os.stat(capture)  # noqa: PTH116 - pathlib takes a tenth of a start
    except (OSError, ValueError):
        return math.inf
    return found.st_size if capture != "-" and stat.S_ISREG(found.st_mode) else math.inf


def _is_large(capture: str) -> bool:
    """Whether it is a file that is worth several processes."""
    return LARGE <= _size_of(capture) < math.inf
