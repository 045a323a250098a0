"""One way, as fast as it goes, TLS on both legs."""

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.cases.relaying import load, others, serve
from benchmarks.harness.case import Bound, Case, Contenders, Figures
from benchmarks.harness.relays import Relay, Start, xmppspy
from benchmarks.harness.setting import Setting
from benchmarks.harness.traffic import some

_SPY: Final = "xmppspy"
_OTHER: Final = "mitmdump -w"
_RATE: Final = "MB/s"
_BLOCK: Final = 20_000
"""Stanzas that are sent again and again."""

_OURS: Final[Mapping[str, Start]] = {
    _SPY: xmppspy("--quiet"),
    "xmppspy, .zst": xmppspy("--quiet", suffix=".zst"),
}
_PATIENCE: Final = 120.0


def contenders(setting: Setting) -> Contenders:
    """All relays, to one server that floods."""
    block = setting.folder / "flood.xml"
    block.write_bytes(b"".join(some(_BLOCK)))
    times = setting.count(15, 3)
    upstream = serve(setting, block, times)
    size = block.stat().st_size * times
    starts = {**others(writing=True), **_OURS}
    return {
        name: partial(_measure, setting, start, upstream, size, _BLOCK * times)
        for name, start in starts.items()
    }


def _measure(setting: Setting, start: Start, upstream: int, size: int, stanzas: int) -> Figures:
    with start(setting, upstream) as relay:
        before = relay.program.cpu if relay.program else 0.0
        began = time.perf_counter()
        told = load("drain", relay.port, size)
        overhead = time.perf_counter() - began - told["seconds"]
        await_recorded(relay, stanzas)
        seconds = time.perf_counter() - began - overhead
        after = relay.program.cpu if relay.program else 0.0
        memory = relay.program.memory if relay.program else 0
    return {
        _RATE: size / seconds / 1e6,
        "stanzas/s": stanzas / seconds,
        "relay's CPU s/GB": (after - before) / size * 1e9,
        "memory after, MB": memory / 1e6,
    }


def await_recorded(relay: Relay, stanzas: int) -> None:
    """Wait until every stanza is in the capture: what is in memory only is not recorded."""
    if relay.capture is None or relay.capture.suffix == ".zst":
        return
    deadline = time.monotonic() + _PATIENCE
    while _last_number(relay.capture) < stanzas:
        if time.monotonic() > deadline:
            raise RuntimeError(f"the capture has {_last_number(relay.capture)} of {stanzas}")
        time.sleep(0.005)


def _last_number(capture: Path) -> int:
    """The number of the last frame in a capture, from its last lines."""
    with capture.open("rb") as file:
        file.seek(max(0, capture.stat().st_size - 40_000))
        lines = file.read().split(b"\n")[1:-1]
    numbers = [line[5:].partition(b",")[0] for line in lines if line.startswith(b'{"n":')]
    return int(numbers[-1]) if numbers else 0


CASE: Final = Case(
    name="bulk",
    title="One way, as fast as it goes",
    text="""
A server sends a hundred megabytes of stanzas to a client that throws them away, with TLS on both
legs. xmppspy frames, judges and records every stanza, and has done so when the last one stands in
the capture; mitmdump frames nothing, and writes what it has at the end of a connection, which is
not waited for.
""",
    contenders=contenders,
    bounds=(
        Bound(text="MB/s beside mitmdump -w", figure=(_SPY, _RATE), beside=(_OTHER, _RATE), must=1, aim=1.5, least=True),
        Bound(text="MB/s beside the bare relay", figure=(_SPY, _RATE), beside=("bare relay", _RATE), aim=0.5, least=True),
    ),
)  # fmt: skip
