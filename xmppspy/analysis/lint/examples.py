"""Examples: for each rule a few lines of a session that break it, and some that keep it.

They are packaged as text, a file for each family of rules, and serve as documentation
(`xmppspy lint --explain`) and as tests. A file consists of sections:

    [=NAME]        lines that other sections begin with, when they say `use NAME`
    [RULE]         what breaks a rule
    [RULE clean]   what keeps it

and a section of lines: `C XML` is what the client sends, `S XML` what the server sends, on
connection 1, or on that of a number (`C2 XML`); `{…}` is an event as captures have it; `@SECONDS`
is the time of what follows. A line that goes on begins with blanks. `!` behind the letter, or before
the event, marks where the breach is noticed; a line of `!` alone says that no place is told.
"""

import json
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

_SECTION: Final = re.compile(r"\[(=?)([\w-]+)( clean)?\]")
_FRAME: Final = re.compile(r"([CS])(\d*)(!?) ?(.*)", re.DOTALL)
_DIRECTIONS: Final = {"C": "c2s", "S": "s2c"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an example."""

    record: dict[str, Any]
    """As in a capture that is written by hand: `dir` and `xml`, or an event."""
    marked: bool = False
    """Whether the breach is noticed here."""
    lent: bool = False
    """Whether it only sets the scene."""


@dataclass(frozen=True, slots=True)
class Example:
    """What breaks a rule, or keeps it."""

    rule: str
    clean: bool
    lines: tuple[Line, ...]
    unplaced: bool = False
    """Whether the breach is at no frame."""

    def __str__(self) -> str:
        return self.rule

    def capture(self) -> list[str]:
        """The lines of a capture of it."""
        return [json.dumps(line.record) for line in self.lines]

    @property
    def marked(self) -> list[int]:
        """The numbers of the frames where the breach is noticed."""
        frames = [line for line in self.lines if "xml" in line.record]
        return [number for number, line in enumerate(frames, 1) if line.marked]


@cache
def examples(family: str) -> tuple[Example, ...]:
    """All examples of a family of rules, by the name of its module."""
    data = pkgutil.get_data("xmppspy.analysis.lint", f"examples/{family}.txt")
    assert data is not None  # noqa: S101 - it is packaged beside this module
    return tuple(_read(data.decode()))


def _read(text: str) -> Iterator[Example]:
    scenes: dict[str, tuple[Line, ...]] = {}
    for match, body in _sections(text):
        scene, name, clean = match.groups()
        entries = list(_entries(body))
        lines = tuple(_lines(entries, scenes))
        if scene:
            scenes[name] = tuple(replace(line, lent=True) for line in lines)
        else:
            yield Example(name, bool(clean), lines, unplaced="!" in entries)


def _sections(text: str) -> Iterator[tuple[re.Match[str], list[str]]]:
    match: re.Match[str] | None = None
    body: list[str] = []
    for line in text.splitlines():
        found = _SECTION.fullmatch(line)
        if found is None:
            body.append(line)
            continue
        if match is not None:
            yield match, body
        match, body = found, []
    if match is not None:
        yield match, body


def _entries(body: list[str]) -> Iterator[str]:
    """The lines with those that go on joined; comments and empty ones left out."""
    entry = ""
    for line in body:
        if line.startswith(" "):
            entry += line.strip()
            continue
        if entry:
            yield entry
        entry = "" if line.startswith("#") else line
    if entry:
        yield entry


def _lines(entries: list[str], scenes: dict[str, tuple[Line, ...]]) -> Iterator[Line]:
    t: float | None = None
    for entry in entries:
        if entry == "!":
            continue
        if entry.startswith("use "):
            yield from scenes[entry.removeprefix("use ")]
        elif entry.startswith("@"):
            t = float(entry[1:])
        else:
            line = _line(entry)
            yield line if t is None else replace(line, record={"t": t, **line.record})


def _line(entry: str) -> Line:
    if entry.lstrip("! ").startswith("{"):
        return Line(json.loads(entry.lstrip("! ")), marked=entry.startswith("!"))
    match = _FRAME.fullmatch(entry)
    if match is None:
        raise ValueError(entry)
    letter, conn, mark, xml = match.groups()
    xml = json.loads(f'"{xml}"') if re.fullmatch(r"(\\[nu][^<]*)+", xml) else xml
    record = {"dir": _DIRECTIONS[letter], "xml": xml}
    return Line({"conn": int(conn), **record} if conn else record, marked=bool(mark))
