"""The rules file: TOML, an array of tables `[[rule]]`."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NoReturn

from xmppspy.errors import FilterError, MalformedXML, RulesError
from xmppspy.filters import Filter
from xmppspy.intervene import values
from xmppspy.intervene.actions import Action
from xmppspy.intervene.forms import read_action
from xmppspy.intervene.kinds import Source
from xmppspy.intervene.lines import Lines
from xmppspy.intervene.rules import AnyRule, LineRule, Rule, RuleBook
from xmppspy.intervene.values import BadValueError, nearest
from xmppspy.protocol.events import Direction

_KEYS: Final = (
    "name", "filter", "bytes", "actions", "enabled", "every", "first", "probability",
)  # fmt: skip
_COUNTED: Final = ("every", "first")
_PLACE: Final = re.compile(r" \(at (?:line ([0-9]+), column [0-9]+|end of document)\)")
_DIRECTIONS: Final[Mapping[str, tuple[Direction, ...]]] = {
    "c2s": ("c2s",), "s2c": ("s2c",), "both": ("c2s", "s2c"),
}  # fmt: skip
_UNKNOWN_YET: Final = {
    "n": "a frame gets its number when it is recorded, which is after the rules",
    "event": "rules are about frames",
}


def read_rules(text: str, path: str, load: Callable[[str], str]) -> RuleBook:
    """The rules in the text of a file; `path` is its name, for messages.

    `load` reads the files that the rules name; it raises OSError, or UnicodeError when one is no
    text. Raises `RulesError`, which says where and what is wrong.
    """
    import tomllib  # noqa: PLC0415 - most proxies have no rules

    text = text.removeprefix("\ufeff")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(text, path, str(error)) from None
    except RecursionError:
        raise RulesError(path, 0, "this is nested too deeply") from None
    return _Reader(document, path, Lines(text), Source(load)).book()


def _no_toml(text: str, path: str, message: str) -> RulesError:
    place = _PLACE.search(message)
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    reason = _PLACE.sub("", message)
    return RulesError(path, line, f"this is no TOML: {reason[:1].lower()}{reason[1:]}")


class _Reader:
    """Makes rules of tables, and errors of what is wrong with them."""

    def __init__(self, document: dict[str, Any], path: str, lines: Lines, source: Source) -> None:
        self._document = document
        self._path = path
        self._lines = lines
        self._source = source
        self._at = 0  # number of the rule that is read
        self._hints: list[str] = []

    def book(self) -> RuleBook:
        """All rules."""
        tables = self._tables()
        rules: list[AnyRule] = []
        disabled = set()
        for self._at, table in enumerate(tables):
            rule = self._rule(table)
            if rule.name in [each.name for each in rules]:
                self._fail("name", f"there is a rule {rule.name} already")
            rules.append(rule)
            if not self._value("enabled", table, values.truth, True):
                disabled.add(rule.name)
        files = tuple(dict.fromkeys(self._source.files))
        return RuleBook(tuple(rules), frozenset(disabled), files, tuple(self._hints))

    def _tables(self) -> list[dict[str, Any]]:
        for key in self._document:
            if key != "rule":
                reason = f"there is no {key}; a rule begins with [[rule]]"
                raise RulesError(self._path, self._lines.of_key(key), reason)
        tables = self._document.get("rule", [])
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            reason = "a rule begins with [[rule]], in double brackets"
            raise RulesError(self._path, self._lines.of_key("rule"), reason)
        return tables

    def _rule(self, table: dict[str, Any]) -> AnyRule:
        for key in table:
            if key not in _KEYS:
                known = nearest(key, _KEYS) or f"; there are {', '.join(_KEYS)}"
                self._fail(key, f"there is no {key}{known}")
        if ("filter" in table) == ("bytes" in table):
            self._fail("filter", "a rule has either a filter or bytes, to say what it is about")
        name = self._value("name", table, values.text, "") or f"rule {self._at + 1}"
        probability = self._value("probability", table, values.probability, 1.0)
        if "bytes" in table:
            return self._line_rule(table, name, probability)
        return Rule(
            name=name,
            filter=self._filter(table["filter"]),
            actions=tuple(self._actions(table)),
            every=self._value("every", table, values.count, 1),
            first=self._value("first", table, values.count, None),
            probability=probability,
        )

    def _line_rule(self, table: dict[str, Any], name: str, probability: float) -> LineRule:
        for key in _COUNTED:
            if key in table:
                self._fail(key, f"{key} counts frames, so it needs a filter instead of bytes")
        actions = tuple(self._actions(table))
        for number, action in enumerate(actions):
            if action.toxic is None:
                self._fail_action(number, f"{action} is for frames, so it needs a filter")
        where = self._value("bytes", table, values.one_of(*_DIRECTIONS), "")
        return LineRule(
            name=name, directions=_DIRECTIONS[where], actions=actions, probability=probability
        )

    # --- parts

    def _value(self, key: str, table: dict[str, Any], read: values.Read, default: Any) -> Any:
        if key not in table:
            return default
        try:
            return read(table[key])
        except BadValueError as error:
            self._fail(key, f"{key}: {error}")

    def _filter(self, text: object) -> Filter:
        if not isinstance(text, str):
            self._fail("filter", "a filter is a text in quotation marks")
        try:
            made = Filter(text)
        except FilterError as error:
            self._fail("filter", *_of_filter(error))
        for name, reason in _UNKNOWN_YET.items():
            if name in made.names:
                self._fail("filter", f"a rule cannot ask for {name}: {reason}")
        self._note_hints(self._lines.of_key("filter", self._at), made.hints)
        return made

    def _actions(self, table: dict[str, Any]) -> Iterator[Action]:
        forms = table.get("actions")
        if not isinstance(forms, list) or not forms:
            self._fail("actions", 'a rule has actions in an array: actions = ["drop"]')
        for number, form in enumerate(forms):
            try:
                yield read_action(form, self._source)
            except BadValueError as error:
                self._fail_action(number, str(error))
            except FilterError as error:
                self._fail_action(number, *_of_filter(error))
            except MalformedXML as error:
                self._fail_action(number, error.reason, error.shown)
            line = self._lines.of_item(self._at, "actions", number)
            self._note_hints(line, self._source.hints)
            self._source.hints.clear()

    # --- what is wrong

    def _note_hints(self, line: int, hints: Iterable[str]) -> None:
        self._hints += [f"{self._path}, line {line}: {hint}" for hint in hints]

    def _fail(self, key: str, reason: str, shown: str = "") -> NoReturn:
        raise RulesError(self._path, self._lines.of_key(key, self._at), reason, shown)

    def _fail_action(self, number: int, reason: str, shown: str = "") -> NoReturn:
        line = self._lines.of_item(self._at, "actions", number)
        raise RulesError(self._path, line, reason, shown)


def _of_filter(error: FilterError) -> tuple[str, str]:
    """The reason, and the text with a caret under the place."""
    reason, _, shown = str(error).partition("\n")
    return reason.removeprefix("filter: "), shown
