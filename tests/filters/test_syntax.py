import pytest

from tests.filters.samples import CAPTURE
from xmppspy.errors import FilterError
from xmppspy.filters.expressions import EVERYTHING, Expression, compiled
from xmppspy.filters.subject import Clock, Subject
from xmppspy.filters.syntax import MAX_DEPTH, parse


def _text(*arguments: str) -> str:
    return str(parse(arguments))


def _refused(*arguments: str) -> FilterError:
    with pytest.raises(FilterError) as caught:
        parse(arguments)
    return caught.value


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("iq c2s", "iq c2s"),
        ("iq and c2s", "iq c2s"),
        ("iq & c2s", "iq c2s"),
        ("iq&c2s", "iq c2s"),
        ("iq or c2s", "iq or c2s"),
        ("iq|c2s", "iq or c2s"),
        ("not iq", "not iq"),
        ("!iq", "not iq"),
        ("! not !iq", "not iq"),
        ("not (not iq)", "iq"),
        ("  iq \t\n c2s ", "iq c2s"),
        ("((iq))", "iq"),
        ("(iq c2s) sm", "iq c2s sm"),
        ("iq (c2s or s2c)sm", "iq (c2s or s2c) sm"),
        ("iq(c2s)", "iq c2s"),
        ("(iq or a) or r", "iq or a or r"),
        ("a (r or iq)", "a (r or iq)"),
        ("(a r) or iq", "a r or iq"),
        ("not(a r)", "not (a r)"),
    ],
)
def test_operators_and_their_spellings(text: str, same: str) -> None:
    """Adjacent terms are joined by *and*; each operator has a word and a sign."""
    assert _text(text) == same


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("not iq c2s", "(not iq) c2s"),
        ("not iq or c2s", "(not iq) or c2s"),
        ("a r or iq c2s", "(a r) or (iq c2s)"),
        ("a or r iq or sm", "a or (r iq) or sm"),
        ("a or not r sm", "a or ((not r) sm)"),
        ("a and r or iq & sm", "(a and r) or (iq and sm)"),
    ],
)
def test_not_binds_tightest_then_and_then_or(text: str, grouped: str) -> None:
    """Without parentheses a filter means what it means with these."""
    assert parse([text]) == parse([grouped])


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("body:wherefore", "body:wherefore"),
        ('body:"wherefore art"', 'body:"wherefore art"'),
        ("body:'wherefore art'", 'body:"wherefore art"'),
        ("body:'wherefore'", "body:wherefore"),
        ("(body:foo(bar))", 'body:"foo(bar)"'),
        ("(body:foo)", "body:foo"),
        ("(body:foo) c2s", "body:foo c2s"),
        ("body~(a|b)+", 'body~"(a|b)+"'),
        ("body:a&b|c!d", "body:a&b|c!d"),
        ("body:a=b:c~d<e>f", "body:a=b:c~d<e>f"),
        ("body:it's", "body:it's"),
        ('body:"it\'s"', "body:it's"),
        ('body:"a ""b"" c"', "body:'a \"b\" c'"),
        ("body:'a ''b'' c'", "body:\"a 'b' c\""),
        ('body:"a""b c\'d"', 'body:"a""b c\'d"'),
        ('body:""', 'body:""'),
        ('body:"a b"|iq', 'body:"a b" or iq'),
        ('(body:"a b")', 'body:"a b"'),
        ("xpath:count(//c:body)>1", 'xpath:"count(//c:body)>1"'),
        ("size>1000 size<2000", "size>1000 size<2000"),
        ("kind:and", "kind:and"),
    ],
)
def test_values(text: str, canonical: str) -> None:
    """Quoted they hold anything; unquoted they end at white space or an unmatched `)`."""
    assert _text(text) == canonical
    assert _text(canonical) == canonical


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["message or iq", "c2s"], "(message or iq) c2s"),
        (["message", "or", "iq", "c2s"], "message or iq c2s"),
        (["message", "or iq", "c2s"], "message or iq c2s"),
        (["not", "message or iq"], "not (message or iq)"),
        (["not", "message", "iq"], "not message iq"),
        (["(", "message or iq", ")", " c2s"], "(message or iq) c2s"),
        (["(message", "or", "iq)", "c2s"], "(message or iq) c2s"),
        (["message", "or", "iq c2s or a", "r"], "message or (iq c2s or a) r"),
        (['body:"art', "message", 'thou"'], 'body:"art message thou"'),
        (['body:"art thou"', "c2s"], 'body:"art thou" c2s'),
        (["", "iq", " ", "c2s"], "iq c2s"),
        (["", " "], ""),
        ([], ""),
    ],
)
def test_arguments_of_a_shell(arguments: list[str], text: str) -> None:
    """One that is complete by itself is a group; otherwise they are joined by spaces."""
    assert _text(*arguments) == text


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["body~art thou"], 'body~"art thou"'),
        (["c2s", "body~art  thou ", "or", "iq"], 'c2s body~"art  thou " or iq'),
        (["xpath://c:body[contains(., 'Romeo')]"], "xpath:\"//c:body[contains(., 'Romeo')]\""),
        (["not", "xpath:1 = 2"], 'not xpath:"1 = 2"'),
        (["body~[)]"], 'body~"[)]"'),
        (['body~"a" b'], "body~'\"a\" b'"),
        (["body~art", "thou", "iq"], None),
        (["body~art iq"], "body~art iq"),
        (["body~art or", "iq"], "body~art or iq"),
        (["body~art or"], 'body~"art or"'),
        (["body~art or", "iq", "raw~a b"], 'body~art or iq raw~"a b"'),
        (["body~a b", "raw~c d"], 'body~"a b" raw~"c d"'),
        (["body:art thou"], None),
        (["nobody~art thou"], None),
        (["xpath=a b"], None),
    ],
)
def test_a_regex_or_xpath_that_parses_no_other_way_is_one_term(
    arguments: list[str], text: str | None
) -> None:
    """An argument `field~…` or `xpath:…` keeps its spaces; no other does, and none that parses."""
    if text is None:
        assert _refused(*arguments).reason
    else:
        assert _text(*arguments) == text


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ('"message or iq" c2s', "(message or iq) c2s"),
        ("'body~wherefore|art'", "body~wherefore|art"),
        ("\"xpath://c:body[contains(., 'Romeo')]\"", "xpath:\"//c:body[contains(., 'Romeo')]\""),
        ("'body~art thou' or not 'iq'", 'body~"art thou" or not iq'),
        ("'body:''art thou'''", 'body:"art thou"'),
    ],
)
def test_a_quoted_term_is_what_a_shell_would_make_one_argument(text: str, same: str) -> None:
    """What was written for a shell means the same at a prompt."""
    assert _text(text) == same


def test_a_text_is_one_argument() -> None:
    """Spaces of a regular expression or XPath are kept without quotes, as in a shell."""
    assert parse(["body~art thou"]) == parse(['body~"art thou"'])


@pytest.mark.parametrize("blank", ["", " ", "\t\n "])
def test_nothing_means_everything(blank: str) -> None:
    """The empty filter has no terms."""
    assert parse([blank]) == EVERYTHING


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("iq (c2s", 3, "this parenthesis is not closed"),
        ("iq c2s)", 6, "this parenthesis closes nothing"),
        ("iq ()", 4, "a term is missing here"),
        ("iq or", 5, "a term is missing here"),
        ("or iq", 0, "a term is missing here"),
        ("iq and or a", 7, "a term is missing here"),
        ("iq | & a", 5, "a term is missing here"),
        ("not", 3, "a term is missing here"),
        ("iq =x", 3, "a field is missing before this"),
        ("iq type:", 8, "a value is missing behind type:"),
        ("(type:)", 6, "a value is missing behind type:"),
        ('iq type:"get', 8, "this quotation mark is not closed"),
        ('iq type:"get"x', 13, "a space is missing behind the quotation mark"),
        ("iq '  '", 3, "nothing stands between these quotes"),
        ("iq mesage", 3, "unknown word mesage"),
        ("iq form:x", 3, "unknown field form"),
        ("iq size~1", 7, "size does not take ~"),
        ("iq body>1", 7, "body does not take >"),
        ("iq xpath~a", 8, "xpath does not take ~"),
        ("iq type!=get", 7, "there is no operator !="),
        ("iq type", 3, "type is a field"),
        ("c2s body~a(", 10, "regular expression: missing ), unterminated subpattern"),
        ("c2s 'body~a('", 11, "regular expression: missing ), unterminated subpattern"),
        ("iq ns~\"'' '' [\"", 13, "regular expression: unterminated character set"),
        ("iq size:1..x", 11, "'x' is no number"),
        ("iq from:a@b@c", 11, "not a JID: '@' may not stand in the domain"),
        ("iq xpath://q:y", 11, "xpath: unknown prefix q"),
        ("iq\ud800", 2, "this is no UTF-8"),
    ],
)
def test_mistakes_have_a_place_and_a_reason(text: str, position: int, reason: str) -> None:
    """The caret stands under the character at fault."""
    error = _refused(text)

    assert (error.position, error.reason) == (position, reason)


def test_the_caret_counts_from_the_first_argument() -> None:
    """Several arguments are shown as the line they are."""
    error = _refused("iq", "message or", "from:@x")

    assert str(error).splitlines()[1:] == ["  iq message or from:@x", "                     ^"]


def test_the_place_inside_quotes_is_right_behind_doubled_ones() -> None:
    """A doubled quotation mark takes two columns."""
    error = _refused("iq 'body:''a b'' nonsense'")

    assert error.text[error.position :] == "nonsense'"


def test_the_error_of_the_one_term_reading_is_told() -> None:
    """A wrong XPath with spaces is not reported as a strange second word."""
    error = _refused("c2s", "xpath://c:body[contains(., 'Romeo']")

    assert error.reason.startswith("xpath: ")


def test_another_mistake_is_told_where_it_is() -> None:
    """That an argument might be one term does not hide the mistake of another one."""
    assert _refused("body~a or", "nonsense").reason == "unknown word nonsense"
    assert _refused("nonsense", "body~a b").position == 0


def test_no_control_character_reaches_the_terminal() -> None:
    """What is shown of a wrong filter is printable, and as long as it was."""
    error = _refused("iq \x1b[31m\n\u202e")

    assert str(error).replace("\n", "").isprintable()
    assert len(error.text) == 10


@pytest.mark.parametrize("opening", ["(", "not (", "(iq or "])
def test_groups_may_be_nested_so_deep(opening: str) -> None:
    """Up to a bound, beyond which it is an error and not a crash."""
    closing = "iq" + ")" * MAX_DEPTH

    assert parse([opening * MAX_DEPTH + closing])
    assert (
        _refused(opening * (MAX_DEPTH + 1) + closing + ")").reason == "more than 50 nested groups"
    )
    assert _refused(opening * 100_000).reason == "more than 50 nested groups"


def test_the_deepest_filter_works() -> None:
    """It compiles, matches, and its canonical text parses."""
    deepest = parse(["not (c2s " * MAX_DEPTH + "iq" + ")" * MAX_DEPTH])

    assert parse([str(deepest)]) == deepest
    assert _matching(deepest) == _matching(parse(["not (c2s not (c2s iq))"]))


def test_a_long_chain_is_no_nesting() -> None:
    """Thousands of terms or negations in a row are fine."""
    assert str(parse(["not " * 20_001 + "iq"])) == "not iq"
    assert parse([" or ".join(["iq"] * 5_000)])


def _matching(expression: Expression) -> int:
    holds = compiled(expression).holds
    return sum(holds(Subject(event, Clock())) for event in CAPTURE)
