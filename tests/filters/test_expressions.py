from tests.filters.samples import SPOKEN
from xmppspy.filters.expressions import (
    EVERYTHING,
    And,
    Expression,
    Not,
    Or,
    Term,
    compiled,
    conjunction,
    disjunction,
    negation,
    quoted,
    terms,
)
from xmppspy.filters.subject import Check, Clock, Cost, Subject

_asked: list[str] = []


def _term(text: str, answer: bool, cost: Cost = Cost.KEYS) -> Term:
    def holds(_subject: Subject) -> bool:
        _asked.append(text)
        return answer

    return Term(text, Check(holds, cost))


YES, NO = _term("yes", answer=True), _term("no", answer=False)
DEAR_YES, DEAR_NO = _term("tree", answer=True, cost=Cost.TREE), _term("xp", False, Cost.XPATH)


def _answer(expression: Term | Not | And | Or) -> tuple[bool, list[str]]:
    _asked.clear()
    return compiled(expression).holds(Subject(SPOKEN[0], Clock())), list(_asked)


def test_cheap_parts_are_asked_first() -> None:
    """In an *and* and in an *or* the dear parts wait until the cheap ones have not decided."""
    assert _answer(And((DEAR_NO, DEAR_YES, YES, NO))) == (False, ["yes", "no"])
    assert _answer(Or((DEAR_NO, DEAR_YES, NO, YES))) == (True, ["no", "yes"])
    assert _answer(And((DEAR_NO, DEAR_YES, YES))) == (False, ["yes", "tree", "xp"])


def test_a_group_is_as_dear_as_its_dearest_part() -> None:
    """Order holds across groups and negations."""
    group = Or((YES, DEAR_NO))

    assert compiled(group).cost is Cost.XPATH
    assert compiled(Not(DEAR_YES)).cost is Cost.TREE
    assert _answer(And((Not(group), NO))) == (False, ["no"])


def test_truth_tables() -> None:
    """And, or, not are what they are called."""
    assert _answer(And((YES, YES)))[0]
    assert not _answer(And((YES, NO)))[0]
    assert _answer(Or((NO, YES)))[0]
    assert not _answer(Or((NO, NO)))[0]
    assert _answer(Not(NO))[0]
    assert _answer(EVERYTHING) == (True, [])


def test_groups_of_one_kind_are_flat() -> None:
    """An *and* inside an *and* needs no group, nor does a group of one."""
    assert conjunction([And((YES, NO)), YES]) == And((YES, NO, YES))
    assert disjunction([YES, Or((YES, NO))]) == Or((YES, YES, NO))
    assert conjunction([YES]) is YES
    assert disjunction([NO]) is NO
    assert negation(Not(YES)) is YES
    assert negation(And((YES, NO))) == Not(And((YES, NO)))


def test_terms_are_equal_when_their_texts_are() -> None:
    """What a term is compiled to does not matter."""
    assert _term("iq", answer=True) == _term("iq", answer=False)
    assert _term("iq", answer=True) != _term("a", answer=True)


def test_terms_from_left_to_right() -> None:
    """All of them, at any depth."""
    assert terms(Or((And((YES, Not(NO))), DEAR_YES))) == [YES, NO, DEAR_YES]


def test_values_are_quoted_where_they_must_be() -> None:
    """With the mark that needs no doubling, if there is one."""
    assert quoted("a=b&c|it's") == "a=b&c|it's"
    assert quoted("") == '""'
    assert quoted("a b") == '"a b"'
    assert quoted("f(x)") == '"f(x)"'
    assert quoted('say "a"') == "'say \"a\"'"
    assert quoted('"a"') == "'\"a\"'"
    assert quoted("'a' \"b\"") == '"\'a\' ""b"""'


def test_truth_tables_with_an_open_part() -> None:
    """What is open decides nothing, and what decides leaves nothing open."""
    opened = Term("open", Check(lambda _: True, Cost.TREE))

    def foreseen(expression: Expression) -> bool | None:
        return compiled(expression).foresees(Subject(SPOKEN[0], Clock()))

    assert foreseen(Not(opened)) is None
    assert foreseen(Not(YES)) is False
    assert [foreseen(And((opened, each))) for each in (YES, NO, opened)] == [None, False, None]
    assert [foreseen(Or((opened, each))) for each in (YES, NO, opened)] == [True, None, None]
    assert foreseen(And((YES, YES))) is True
    assert foreseen(Or((NO, NO))) is False
    assert foreseen(EVERYTHING) is True


def test_a_term_knows_its_word_or_field() -> None:
    """Whatever stands in its value."""
    check = Check(lambda _: True)

    assert [Term(text, check).name for text in ("iq", "n>7", "body~a:b", "id=x")] == [
        "iq", "n", "body", "id",
    ]  # fmt: skip
