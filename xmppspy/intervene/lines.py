"""Lines: where the parts of a rules file stand, which TOML's parser does not tell."""

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = re.compile(
    r"(?P<blank>[ \t\r]+|#[^\n]*)"
    r"|(?P<string>\"{3}(?:\\[\s\S]|[^\\])*?\"{3,5}|'{3}[\s\S]*?'{3,5}"
    r"|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
    r"|(?P<word>[^\s#\"'\[\]{},=]+)"
    r"|(?P<sign>[\n\[\]{},=])"
)
_HEADER: Final = re.compile(r"\[\[?[^\n]*")
_RULE: Final = re.compile(r"\[\[[ \t]*(?:rule|\"rule\"|'rule')[ \t]*\]\]")


@dataclass(slots=True)
class _Entry:
    """A key with its value."""

    line: int
    items: list[int] = field(default_factory=list)
    """The lines on which the items of an array begin."""


@dataclass(slots=True)
class _Table:
    line: int
    entries: dict[str, _Entry] = field(default_factory=dict)


class Lines:
    """The lines of a text that is TOML, counted from 1."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._newlines = [match.start() for match in re.finditer("\n", text)]
        self._top = _Table(1)
        self._rules: list[_Table] = []
        self._scan()

    def of_rule(self, number: int) -> int:
        """Of the `number`-th rule, from 0."""
        if number < len(self._rules):
            return self._rules[number].line
        written_inline = self._top.entries.get("rule", _Entry(1))
        return _item(written_inline, number)

    def of_key(self, key: str, rule: int | None = None) -> int:
        """Of a key of a rule, or outside of the rules."""
        table = self._top if rule is None else self._table(rule)
        entry = None if table is None else table.entries.get(key)
        if entry is not None:
            return entry.line
        return 1 if rule is None else self.of_rule(rule)

    def of_item(self, rule: int, key: str, number: int) -> int:
        """Of an item of the array that a rule has under a key."""
        table = self._table(rule)
        if table is None or key not in table.entries:
            return self.of_rule(rule)
        return _item(table.entries[key], number)

    def _table(self, rule: int) -> _Table | None:
        return self._rules[rule] if rule < len(self._rules) else None

    def _line(self, offset: int) -> int:
        return bisect(self._newlines, offset - 1) + 1

    # --- reading

    def _scan(self) -> None:
        table, at = self._top, 0
        while (start := self._skip_blank(at)) < len(self._text):
            header = _HEADER.match(self._text, start)
            if header is not None:
                table = self._begin_table(header)
                at = header.end()
            else:
                at = self._entry(table, start)

    def _skip_blank(self, at: int) -> int:
        while match := _TOKEN.match(self._text, at):
            if match.lastgroup != "blank" and match[0] != "\n":
                break
            at = match.end()
        return at

    def _begin_table(self, header: re.Match[str]) -> _Table:
        table = _Table(self._line(header.start()))
        if _RULE.match(header[0]):
            self._rules.append(table)
        elif name := re.match(r"\[\[?\s*[\"']?([\w-]+)", header[0]):
            self._top.entries.setdefault(name[1], _Entry(table.line))
        return table

    def _entry(self, table: _Table, start: int) -> int:
        """Read `key = value` to the end of its line; return where that is."""
        entry = _Entry(self._line(start))
        key, depth, is_value, item_may_begin = "", 0, False, False
        end = len(self._text)
        for match in self._tokens(start):
            piece = match[0]
            if piece == "\n" and depth == 0:
                end = match.start()
                break
            if not is_value:
                key, is_value = key or piece.strip("\"'"), piece == "="
                continue
            if item_may_begin and piece not in "\n,]":
                entry.items.append(self._line(match.start()))
            depth += piece in ("[", "{")
            is_separator = depth == 1 and piece in ("[", ",")
            item_may_begin = is_separator or (item_may_begin and piece == "\n")
            depth -= piece in ("]", "}")
        table.entries.setdefault(key, entry)
        return end

    def _tokens(self, at: int) -> Iterator[re.Match[str]]:
        while match := _TOKEN.match(self._text, at):
            if match.lastgroup != "blank":
                yield match
            at = match.end()


def _item(entry: _Entry, number: int) -> int:
    return entry.items[number] if number < len(entry.items) else entry.line
