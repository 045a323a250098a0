"""Saving rows of a capture as a capture of their own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from xmppspy.capture.body import Body
from xmppspy.capture.format import FORMAT
from xmppspy.capture.sinks import FileSink
from xmppspy.errors import XmppspyError
from xmppspy.view.browse.cutting import lines_at
from xmppspy.view.browse.records import Records

_AT_ONCE: Final = 1000


def save(body: Body, records: Records, rows: Sequence[int], path: str) -> int:
    """Write a new capture with these rows, lines as they are; returns how many.

    It is readable by its owner only, and compressed when its name ends in `.zst`. Raises
    CaptureExists, UsageError for a place that cannot be written to, and XmppspyError.
    """
    reports: list[str] = []
    sink = FileSink(Path(path).expanduser())
    sink.start(_header(body, records), reports.append)
    for start in range(0, len(rows), _AT_ONCE):
        sink.write([_line(body, records, row) for row in rows[start : start + _AT_ONCE]], 0.0)
        sink.flush()
        if reports:
            break
    sink.close()
    if reports:
        raise XmppspyError(reports[0])
    return len(rows)


def _line(body: Body, records: Records, row: int) -> bytes:
    return next(lines_at(body, records.offsets(row, row + 1))) + b"\n"


def _header(body: Body, records: Records) -> bytes:
    """The header, as it is; empty for a capture that has none."""
    (start, _) = records.offsets(0, 1)
    mark = f'"format":"{FORMAT}"'.encode()
    lines = body.read(0, start).splitlines(keepends=True)
    return next((line for line in lines if mark in line.replace(b" ", b"")), b"")
