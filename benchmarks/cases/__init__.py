"""The cases, in the order of the report."""

from collections.abc import Mapping
from typing import Final

from benchmarks.cases import (
    bulk,
    filters,
    framing,
    growth,
    idle,
    intervening,
    memory,
    pingpong,
    reading,
    replaying,
    size,
    start,
)
from benchmarks.harness.case import Case

CASES: Final[Mapping[str, Case]] = {
    case.name: case
    for case in (
        pingpong.CASE,
        bulk.CASE,
        intervening.CASE,
        framing.CASE,
        filters.CASE,
        reading.CASE,
        memory.CASE,
        idle.CASE,
        growth.CASE,
        size.CASE,
        start.CASE,
        replaying.CASE,
    )
}
