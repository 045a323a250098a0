"""Reading a capture: brief lines, numbers, mistakes."""

from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.cases.relaying import load
from benchmarks.harness.captures import capture
from benchmarks.harness.case import Bound, Case, Contenders, Figures
from benchmarks.harness.program import python
from benchmarks.harness.setting import Setting
from benchmarks.harness.timing import run

_COST: Final = "µs a stanza"
_PARSE: Final = "lxml, the parse alone"
_COMMANDS: Final = {
    "show --brief": ("show", "--brief"),
    "show": ("show",),
    "show --json": ("show", "--json"),
    "stats": ("stats",),
    "lint": ("lint",),
}


def contenders(setting: Setting) -> Contenders:
    """Each command, over one capture."""
    size = setting.count(200_000, 20_000)
    path = capture(size)
    ours = {name: partial(_measure, size, path, command) for name, command in _COMMANDS.items()}
    return {_PARSE: partial(_parse, path), **ours}


def _parse(path: Path) -> Figures:
    told = load("parse", path)
    return {_COST: told["seconds"] / told["stanzas"] * 1e6}


def _measure(size: int, path: Path, command: tuple[str, ...]) -> Figures:
    name, *options = command
    done = run(python("xmppspy", name, path, *options))
    return {
        _COST: done.seconds / size * 1e6,
        "CPU µs a stanza": done.cpu / size * 1e6,
        "peak MB": done.peak / 1e6,
    }


def _bound(name: str, must: float, aim: float) -> Bound:
    return Bound(
        text=f"{name} beside the parse",
        figure=(name, _COST), beside=(_PARSE, _COST), must=must, aim=aim,
    )  # fmt: skip


CASE: Final = Case(
    name="reading",
    title="Reading a capture",
    text="""
Each command as a whole process over a capture of 200,000 stanzas, its output read from a pipe and
thrown away. Beside them what lxml takes for parsing the same stanzas, already in memory, to trees:
nothing else.
""",
    contenders=contenders,
    bounds=(_bound("show --brief", 2, 1), _bound("stats", 2, 1), _bound("lint", 6, 3)),
)
