"""The cases, in the order of the report."""

from collections.abc import Mapping
from typing import Final

from benchmarks.cases import bulk, filters, framing, idle, pingpong, reading, replaying, start
from benchmarks.harness.case import Case

CASES: Final[Mapping[str, Case]] = {
    case.name: case
    for case in (
        pingpong.CASE,
        bulk.CASE,
        framing.CASE,
        filters.CASE,
        reading.CASE,
        idle.CASE,
        start.CASE,
        replaying.CASE,
    )
}
