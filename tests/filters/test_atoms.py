import pytest

from xmppspy.filters.atoms import BadValueError, contains, equals, matcher, searches


def test_equality_is_exact() -> None:
    """Case and white space count."""
    assert equals("get")("get")
    assert not equals("get")("Get")
    assert not equals("get")(" get")


def test_containing_ignores_case() -> None:
    """In every script."""
    assert contains("ROMEO")("O Romeo, Romeo!")
    assert contains("größte")("DER GRÖSSTE")
    assert contains("")("")
    assert not contains("romeo")("rome o")


def test_a_regular_expression_is_searched_with_case() -> None:
    """It is Python's `re.search`, with what that allows."""
    assert searches("art|thou")("wherefore art")
    assert not searches("Art")("wherefore art")
    assert searches("(?i)Art")("wherefore art")
    assert searches("^b$|c.d")("c\u2028d")


@pytest.mark.parametrize(
    ("pattern", "position"),
    [("a(", 1), ("[a", 0), ("ab**", 3), ("(?P<n>x)(?P<n>y)", 12), ("a\\", 1), ("x(?<=a*)", 0)],
)
def test_a_wrong_regular_expression_has_a_place(pattern: str, position: int) -> None:
    """`re` says where, mostly."""
    with pytest.raises(BadValueError, match="regular expression: ") as caught:
        searches(pattern)

    assert caught.value.position == position


@pytest.mark.parametrize("pattern", ["a{99999999999}", "(" * 20_000 + ")" * 20_000])
def test_a_regular_expression_may_be_too_large(pattern: str) -> None:
    """That is a mistake in the filter like any other."""
    with pytest.raises(BadValueError, match="regular expression"):
        searches(pattern)


def test_an_odd_regular_expression_is_not_complained_about() -> None:
    """Python's warnings about possible changes of meaning concern nobody here."""
    assert searches("[[a]")("[")


def test_the_operators() -> None:
    """`=` is exact whatever the field does with `:`, and `~` is a regular expression."""
    assert matcher(":", "A", contains)("xax")
    assert not matcher("=", "A", contains)("xax")
    assert matcher("=", "A", contains)("A")
    assert matcher("~", "^.a", contains)("xax")
    assert not matcher(":", "A")("a")
