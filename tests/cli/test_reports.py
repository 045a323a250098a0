import errno
import io
import json
import os
from pathlib import Path

import pytest

from xmppspy.capture.reader import Reader
from xmppspy.cli.reports import json_line, printing, say_if_torn
from xmppspy.errors import XmppspyError


def test_what_is_printed_is_flushed(tmp_path: Path) -> None:
    """At the end of the block it has left."""
    path = tmp_path / "out"
    with path.open("wb") as output:
        with printing(output):
            output.write(b"told")
        assert path.read_bytes() == b"told"


def test_reader_that_goes_away_is_no_error() -> None:
    """As in `| head`: what is left goes nowhere, also when the stream is closed."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as output, printing(output):
        output.write(b"told")

    assert output.closed


def test_full_disk_is_an_error() -> None:
    """It is said in one line."""
    with (
        Path("/dev/full").open("wb") as output,
        pytest.raises(XmppspyError, match=r"^the output cannot be written: No space left"),
        printing(output),
    ):
        output.write(b"told")


def test_errors_of_the_block_come_through() -> None:
    """What has nothing to do with printing is left alone."""
    with pytest.raises(KeyError), printing(io.BytesIO()):
        raise KeyError(errno.EPIPE)


def test_torn_capture_is_remarked(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """What was incomplete at the end is left out, and that is said."""
    path = tmp_path / "a"
    for text in (b'{"dir":"c2s","xml":" "}\n', b'{"dir":"c2s","xml":" "}\n{"dir":'):
        path.write_bytes(text)
        with Reader(path) as reader:
            assert len(list(reader)) == 1
            say_if_torn(reader)

    assert (
        capsysbinary.readouterr().err
        == (
            f"xmppspy: {path}: the capture ends in the middle of a line (7 bytes were left out)\n"
        ).encode()
    )


def test_json_is_harmless() -> None:
    """A line of JSON is ASCII, so nothing in it acts on a terminal."""
    line = json_line({"a": "\x1b[31m\u202eä\n"})

    assert json.loads(line) == {"a": "\x1b[31m\u202eä\n"}
    assert line.isascii()
    assert line[:-1].decode().isprintable()
