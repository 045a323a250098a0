"""What commands share that read a capture as a whole and print what they found."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from xmppspy.errors import XmppspyError


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


def json_line(value: dict[str, Any]) -> bytes:
    """A value as one line of JSON that does nothing to a terminal."""
    return json.dumps(value).encode() + b"\n"
