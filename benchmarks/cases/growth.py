"""What a stanza costs when there are many of them, or many connections."""

from functools import partial
from typing import Final

from benchmarks.cases.relaying import load, serve
from benchmarks.harness.captures import capture
from benchmarks.harness.case import Bound, Case, Contenders, Figures
from benchmarks.harness.program import python
from benchmarks.harness.relays import xmppspy
from benchmarks.harness.setting import Setting
from benchmarks.harness.timing import run

_COST: Final = "CPU µs each"
_COMMANDS: Final = {
    "show --count": ("show", "--count", "iq"),
    "stats": ("stats",),
    "lint": ("lint",),
}


def contenders(setting: Setting) -> Contenders:
    """Captures of three sizes, crowds of three sizes."""
    sizes = (10_000, 30_000, 60_000) if setting.quick else (10_000, 100_000, 1_000_000)
    crowds = (1, 20, 100) if setting.quick else (1, 100, 2000)
    upstream = serve(setting, "echo")
    exchanges = setting.count(5000, 1000)
    names = ("few", "more", "many")
    found: dict[str, partial[Figures]] = {}
    for command in _COMMANDS:
        for name, size in zip(names, sizes, strict=True):
            found[f"{command}, {name}"] = partial(_read, command, size)
    for name, count in zip(names, crowds, strict=True):
        found[f"proxy, {name} connections"] = partial(_crowd, setting, upstream, count, exchanges)
    return found


def _read(command: str, size: int) -> Figures:
    """The cost of what is beyond a thousand stanzas: the start is not counted."""
    name, *options = _COMMANDS[command]
    least, whole = (
        run(python("xmppspy", name, capture(each), *options)).cpu for each in (1000, size)
    )
    return {_COST: (whole - least) / (size - 1000) * 1e6}


def _crowd(setting: Setting, upstream: int, count: int, exchanges: int) -> Figures:
    with xmppspy("--quiet")(setting, upstream) as relay:
        load("crowd", relay.port, count, 1)
        before = relay.program.cpu
        load("crowd", relay.port, count, 1)
        setup = relay.program.cpu - before
        load("crowd", relay.port, count, exchanges)
        return {_COST: (relay.program.cpu - before - 2 * setup) / exchanges * 1e6}


def _bound(name: str, suffix: str = "") -> Bound:
    many, few = f"{name}, many{suffix}", f"{name}, more{suffix}"
    return Bound(
        text=f"{name}: each of many beside each of fewer",
        figure=(many, _COST), beside=(few, _COST), must=1.1,
    )  # fmt: skip


CASE: Final = Case(
    name="growth",
    title="What many cost",
    text="""
The processor time of one stanza in captures of 10,000, of 100,000 and of a million of them, the
start not counted; and of one exchange through the proxy with 1, 100 and 2000 connections open,
which are used in turn.
""",
    contenders=contenders,
    bounds=(*map(_bound, _COMMANDS), _bound("proxy", " connections")),
    rounds=3,
)
