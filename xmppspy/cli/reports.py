"""What commands share that read a capture as a whole and print what they found."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import click

from xmppspy.errors import XmppspyError

if TYPE_CHECKING:
    from xmppspy.capture.reader import Reader
    from xmppspy.view.look import Look
    from xmppspy.view.stats import Paper

PIPED_COLUMNS: Final = 100
"""How wide tables are that go to no terminal."""


@contextmanager
def printing(output: BinaryIO) -> Iterator[None]:
    """Print in this block. A reader that goes away ends it quietly, a full disk with an error."""
    try:
        yield
        output.flush()
    except BrokenPipeError:
        _forget(output)
    except OSError as error:
        _forget(output)
        raise XmppspyError(f"the output cannot be written: {error.strerror}") from None


def _forget(output: BinaryIO) -> None:
    """Let what could not be written go nowhere, so that the end of the program is quiet."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, output.fileno())
    os.close(nowhere)


def say_if_torn(reader: "Reader") -> None:
    """Say on stderr that the capture breaks off, when all of it was read."""
    if reader.torn is not None:
        click.echo(f"xmppspy: {reader.path}: {reader.torn.text}", err=True)


def json_line(value: dict[str, Any]) -> bytes:
    """A value as one line of JSON that does nothing to a terminal."""
    return json.dumps(value).encode() + b"\n"


def paper(look: "Look") -> "Paper":
    """What tables are printed on, for a look."""
    from xmppspy.view.ink import Palette
    from xmppspy.view.stats import Colours, Paper
    from xmppspy.view.theme import has_many

    colours: Colours = "256" if has_many(os.environ) else "standard"
    return Paper(
        columns=look.columns() or PIPED_COLUMNS,
        colours="" if look.palette == Palette() else colours,
        clock=look.clock,
    )
