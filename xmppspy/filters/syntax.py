"""From text, or the arguments of a shell, to an expression."""

# The grammar:
#
#     disjunction = conjunction { ("or" | "|") conjunction }
#     conjunction = negation { [ "and" | "&" ] negation }
#     negation    = { "not" | "!" } primary
#     primary     = "(" disjunction ")" | quoted argument | word | field operator value
#
# A shell takes quotation marks away, so what was one argument must be told to the parser: a
# *whole* is a piece of the text that was read before and stands for one primary.

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from xmppspy.errors import FilterError
from xmppspy.filters.atoms import BadValueError
from xmppspy.filters.complaints import (
    Complaint,
    printable,
    unknown_field,
    unknown_word,
    wrong_operator,
)
from xmppspy.filters.expressions import (
    EVERYTHING,
    Expression,
    Term,
    conjunction,
    disjunction,
    negation,
    quoted,
)
from xmppspy.filters.subject import Check
from xmppspy.filters.vocabulary import FIELDS, WORDS

MAX_DEPTH: Final = 50
"""Nested groups."""

_SPACE: Final = re.compile(r"\s*")
_HEAD: Final = re.compile(r"(?P<name>[^\s()&|!\"'=~<>:]+)(?P<operator>[:=~<>])?")
_VALUE_PIECE: Final = re.compile(r"[^\s()]+|[\s()]")
_QUOTED: Final = {mark: re.compile(f"{mark}((?:[^{mark}]|{mark}{mark})*+){mark}") for mark in "\"'"}


class _Whole(NamedTuple):
    """A piece of the text that is one primary."""

    stop: int
    expression: Expression
    loose: str = ""
    """The comparison it ends with, when the value was not quoted."""


def parse(arguments: Sequence[str], depth: int = 0) -> Expression:
    """Read the arguments of a shell, or one text; raises `FilterError`.

    An argument that is a complete expression is a group of its own. Otherwise they are joined by
    spaces. An argument `field~…` or `xpath:…` that can be read no other way is one term.
    """
    text = " ".join(arguments)
    _demand_unicode(text)
    if not text or text.isspace():
        return EVERYTHING
    wholes: dict[int, _Whole] = {}
    loose: list[tuple[int, int]] = []
    inner = depth + (len(arguments) > 1)
    start = 0
    for argument in arguments:
        stop = start + len(argument)
        begin = _skip_space(text, start, stop)
        if begin < stop:
            parser = _Parser(text, begin, stop, depth=inner)
            try:
                wholes[begin] = _Whole(stop, parser.parse(), parser.loose)
            except FilterError:
                if _may_be_one_term(text, begin, stop):
                    loose.append((begin, stop))
        start = stop + 1
    return _join(text, wholes, loose, depth)


def _join(
    text: str, wholes: dict[int, _Whole], loose: list[tuple[int, int]], depth: int
) -> Expression:
    """Read the whole text; where that fails, take the argument at fault for one term."""
    while True:
        try:
            return _Parser(text, 0, len(text), wholes, depth).parse()
        except FilterError as error:
            at_fault = [piece for piece in loose if piece[0] <= error.position]
            if not at_fault:
                raise
            begin, stop = at_fault[-1]
            loose.remove((begin, stop))
            wholes[begin] = _Whole(stop, _one_term(text, begin, stop))


def _demand_unicode(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise FilterError(printable(text), error.start, "this is no UTF-8") from None


def _skip_space(text: str, start: int, stop: int) -> int:
    match = _SPACE.match(text, start, stop)
    return match.end() if match else start


def _may_be_one_term(text: str, begin: int, stop: int) -> bool:
    head = _HEAD.match(text, begin, stop)
    if head is None or head["name"] not in FIELDS:
        return False
    return head["operator"] == "~" or head[0] == "xpath:"


def _one_term(text: str, begin: int, stop: int) -> Expression:
    """An argument `field~…` or `xpath:…` as one term, spaces and all."""
    parser = _Parser(text, begin, stop)
    head = _HEAD.match(text, begin, stop)
    assert head is not None  # noqa: S101 - see _may_be_one_term
    return parser.term(head, text[head.end() : stop], head.end())


class _Parser:
    """Recursive descent over the piece of `text` from `start` to `stop`."""

    def __init__(
        self,
        text: str,
        start: int,
        stop: int,
        wholes: Mapping[int, _Whole] | None = None,
        depth: int = 0,
    ) -> None:
        self._text = text
        self._at = start
        self._stop = stop
        self._wholes = wholes or {}
        self._depth = depth
        self.loose = ""  # the comparison just read, when its value was not quoted

    def parse(self) -> Expression:
        """The expression, which must take all of the piece."""
        expression = self._disjunction()
        if self._at < self._stop:  # only this stops a disjunction early
            raise self._error("this parenthesis closes nothing")
        return expression

    def term(self, head: re.Match[str], value: str, start: int) -> Term:
        """A comparison whose value begins at `start`."""
        name, operator = head["name"], head["operator"]
        if name not in FIELDS:
            raise self._complain(unknown_field(name), head.start())
        if operator not in FIELDS[name].operators:
            raise self._complain(wrong_operator(name, operator), head.start("operator"))
        try:
            check = FIELDS[name].compile(operator, value)
        except BadValueError as bad:
            position = start + min(bad.position, len(value))
            raise self._error(bad.reason, position, bad.hint) from None
        return Term(f"{name}{operator}{quoted(value)}", check)

    # --- the grammar

    def _disjunction(self) -> Expression:
        parts = [self._conjunction()]
        while self._takes("|", "or"):
            parts.append(self._conjunction())
        return disjunction(parts)

    def _conjunction(self) -> Expression:
        parts = [self._negation()]
        while self._takes("&", "and") or self._more():
            parts.append(self._negation())
        return conjunction(parts)

    def _negation(self) -> Expression:
        negated = False
        while self._takes("!", "not"):
            negated = not negated
        part = self._primary()
        return negation(part) if negated else part

    def _primary(self) -> Expression:
        self._skip()
        whole = self._wholes.get(self._at)
        if whole is not None:
            self._at = whole.stop
            self.loose = whole.loose
            return whole.expression
        if not self._more():
            raise self._error("a term is missing here")
        here = self._text[self._at]
        if here == "(":
            return self._group()
        return self._argument(here) if here in _QUOTED else self._simple()

    def _group(self) -> Expression:
        opening = self._at
        self._enter()
        self._at += 1
        expression = self._disjunction()
        if self._at == self._stop:
            raise self._error("this parenthesis is not closed", opening)
        self._at += 1
        self._depth -= 1
        return expression

    def _argument(self, mark: str) -> Expression:
        """A quoted text where a term may stand: what a shell would have made one argument."""
        opening = self._at
        content = self._quotation(mark)
        if not content or content.isspace():
            raise self._error("nothing stands between these quotes", opening)
        self._enter()
        try:
            expression = parse([content], self._depth)
        except FilterError as error:
            doubled = content[: error.position].count(mark)
            position = opening + 1 + error.position + doubled
            raise self._error(error.reason, position, error.hint) from None
        self._depth -= 1
        return expression

    def _simple(self) -> Expression:
        head = _HEAD.match(self._text, self._at, self._stop)
        if head is None:
            raise self._error("a field is missing before this")
        if head["operator"] is None:
            return self._word(head)
        self._at = start = head.end()
        mark = self._text[start] if start < self._stop else ""
        if mark in _QUOTED:
            return self.term(head, self._quotation(mark), start + 1)
        value = self._plain_value()
        if not value:
            raise self._error(f"a value is missing behind {head[0]}")
        term = self.term(head, value, start)
        self.loose = f'{head[0]}"{value}'
        return term

    def _word(self, head: re.Match[str]) -> Expression:
        name = head["name"]
        if name in FIELDS and self._text.startswith("!=", head.end(), self._stop):
            raise self._error("there is no operator !=", head.end(), f"write not {name}=…")
        if name not in WORDS:
            raise self._complain(unknown_word(name, self.loose), head.start())
        self._at = head.end()
        self.loose = ""
        return Term(name, Check(WORDS[name].holds))

    # --- the text

    def _plain_value(self) -> str:
        """An unquoted value: it ends at white space or an unmatched parenthesis."""
        start = self._at
        depth = 0
        for match in _VALUE_PIECE.finditer(self._text, start, self._stop):
            depth += {"(": 1, ")": -1}.get(match[0], 0)
            if match[0].isspace() or depth < 0:
                break
            self._at = match.end()
        return self._text[start : self._at]

    def _quotation(self, mark: str) -> str:
        match = _QUOTED[mark].match(self._text, self._at, self._stop)
        if match is None:
            raise self._error("this quotation mark is not closed")
        self._at = match.end()
        self.loose = ""
        if self._at < self._stop and not re.match(r"[\s()&|]", self._text[self._at]):
            hint = f"inside quotation marks {mark} is written {mark * 2}"
            raise self._error("a space is missing behind the quotation mark", hint=hint)
        return match[1].replace(mark * 2, mark)

    def _takes(self, sign: str, keyword: str) -> bool:
        """Step over an operator, if one stands here."""
        self._skip()
        if self._at in self._wholes:
            return False
        head = _HEAD.match(self._text, self._at, self._stop)
        if self._text.startswith(sign, self._at, self._stop):
            self._at += 1
        elif head is not None and head[0] == keyword:
            self._at = head.end()
        else:
            return False
        self.loose = ""
        return True

    def _more(self) -> bool:
        """Whether a primary begins here."""
        self._skip()
        if self._at in self._wholes:
            return True
        if self._at == self._stop or self._text[self._at] in ")|&":
            return False
        head = _HEAD.match(self._text, self._at, self._stop)
        return head is None or head[0] not in ("and", "or")

    def _skip(self) -> None:
        self._at = _skip_space(self._text, self._at, self._stop)

    def _enter(self) -> None:
        self.loose = ""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error(f"more than {MAX_DEPTH} nested groups")

    # --- mistakes

    def _error(self, reason: str, position: int | None = None, hint: str = "") -> FilterError:
        place = self._at if position is None else position
        return FilterError(printable(self._text), place, printable(reason), printable(hint))

    def _complain(self, complaint: Complaint, position: int) -> FilterError:
        return self._error(complaint.reason, position, complaint.hint)
