"""Memory over much traffic, of the relay and of those who read what it recorded."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.cases.relaying import load, serve
from benchmarks.harness.captures import capture
from benchmarks.harness.case import Bound, Case, Contenders, Figures
from benchmarks.harness.program import python
from benchmarks.harness.relays import Start, at_hand, mitmdump, xmppspy
from benchmarks.harness.setting import Setting
from benchmarks.harness.timing import run
from benchmarks.harness.traffic import some

_RELAY: Final = "xmppspy proxy"
_GROWTH: Final = "MB more after all"
_PEAK: Final = "MB at most"
_BLOCK: Final = 20_000
_TIMES: Final = 12
_PARTS: Final = 10
"""Of the traffic; the first one is for warming up."""

_READERS: Final[Mapping[str, tuple[str, ...]]] = {
    "show --count": ("show", "--count"),
    "show --brief": ("show", "--brief"),
    "stats": ("stats",),
}


def contenders(setting: Setting) -> Contenders:
    """The relays, and the readers."""
    block = setting.folder / "memory.xml"
    block.write_bytes(b"".join(some(_BLOCK)))
    times = setting.count(_TIMES, 1)
    upstream = serve(setting, block, times)
    size = block.stat().st_size * times
    starts = {_RELAY: xmppspy("--quiet"), **at_hand("mitmdump", mitmdump(writing=False))}
    path = capture(setting.count(1_000_000, 50_000))
    return {
        **{name: partial(_relay, setting, each, upstream, size) for name, each in starts.items()},
        **{name: partial(_reader, path, words) for name, words in _READERS.items()},
    }


def _relay(setting: Setting, start: Start, upstream: int, size: int) -> Figures:
    with start(setting, upstream) as relay:
        load("drain", relay.port, size)
        before = relay.program.memory
        for _ in range(_PARTS - 1):
            load("drain", relay.port, size)
        after = relay.program.memory
    return {_GROWTH: (after - before) / 1e6, _PEAK: after / 1e6}


def _reader(path: Path, words: tuple[str, ...]) -> Figures:
    name, *options = words
    return {_PEAK: run(python("xmppspy", name, path, *options)).peak / 1e6}


CASE: Final = Case(
    name="memory",
    title="Memory",
    text="""
A gigabyte of stanzas goes through a relay on ten connections, one after the other; the memory after
the first of them is compared with the memory after the last. Readers read a capture of a million
stanzas.
""",
    contenders=contenders,
    bounds=(
        Bound(text="the relay's growth over a gigabyte", figure=(_RELAY, _GROWTH), must=5, unit="MB"),
        *(
            Bound(text=f"{name} over a million stanzas", figure=(name, _PEAK), must=150, unit="MB")
            for name in _READERS
        ),
    ),
    rounds=1,
)  # fmt: skip
