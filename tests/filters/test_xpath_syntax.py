import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.filters.atoms import BadValueError
from xmppspy.filters.xpath import compile_xpath
from xmppspy.filters.xpath_syntax import CONTENT_PREFIX, PREFIXES, scan


@pytest.mark.parametrize(
    ("xpath", "names"),
    [
        ("//body", ["body"]),
        ("message/body[subject]", ["message", "body", "subject"]),
        ("//body | //body", ["body"]),
        ("child::body", ["body"]),
        ("//*[name()='body']", []),
        ("//c:body[@type = attribute::id]", []),
        ("namespace::x", []),
        ("//c:a and //c:b or 1 div 2 mod 3", []),
        ("and and or", ["and", "or"]),
        ("div", ["div"]),
        ("c:a * c:b", []),
        ("* * *", []),
        ("text() or comment() or node() or processing-instruction('x')", []),
        ("'body'", []),
        ("//c:body[1]/..", []),
        ("@*", []),
        ("c:*", []),
        ("//größe-1.x", ["größe-1.x"]),
    ],
)
def test_unprefixed_element_names_draw_a_hint(xpath: str, names: list[str]) -> None:
    """Such an element is in no namespace, which no element of XMPP is; attributes are."""
    assert scan(xpath) == tuple(
        f"xpath: {name} without a prefix is in no namespace; did you mean c:{name}?"
        for name in names
    )


@pytest.mark.parametrize(
    ("xpath", "position", "reason", "hint"),
    [
        ("//c:a/q:b", 6, "unknown prefix q", "`xmppspy filters` lists"),
        ("//musuer:x", 2, "unknown prefix musuer", "did you mean mucuser?"),
        ("@q:*", 1, "unknown prefix q", ""),
        ("//c:a[contain(., 'x')]", 6, "unknown function contain", "did you mean contains?"),
        ("re:test(., 'x')", 0, "unknown function re:test", ""),
        ("c:body()", 0, "unknown function c:body", ""),
        ("1 + $x", 4, "$x has no value here", ""),
        ("c:a ; c:b", 4, "';' has no place here", ""),
        ("c:a[.='x]", 6, '"\'" has no place here', ""),
        ("//c:a[contains(.)]", 6, "contains() does not take 1 arguments", ""),
        ("concat('a')", 0, "concat() does not take 1 arguments", ""),
        ("true(1)", 0, "true() does not take 1 arguments", ""),
        ("substring('a', 1, (2), 3)", 0, "substring() does not take 4 arguments", ""),
        ("count()", 0, "count() does not take 0 arguments", ""),
    ],
)
def test_wrong_names_are_refused(xpath: str, position: int, reason: str, hint: str) -> None:
    """With their place, and the nearest known one."""
    with pytest.raises(BadValueError) as caught:
        scan(xpath)

    assert (caught.value.reason, caught.value.position) == (f"xpath: {reason}", position)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "xpath",
    [
        "concat('a', 'b', string(concat('c', \"d)\", '(')), 'e')",
        "substring('a', count(//c:a[contains(., ',')]), (1 + 2))",
        "//c:a[position() = last()][2]",
        "translate(normalize-space(.), 'A,', 'a')",
        "starts-with(@from, substring-before(@to, '/'))",
        "/c:iq//*[local-name() = 'x'][.//text()]",
        "1.5 > .5 and -1 < - 2 and 3. >= 2 and 1 <= 2 and 1 != 2",
        "sum(//@n) - floor(1.5) = ceiling(.5) - round(2) or not(boolean(number(true())))",
        "id('x') or lang('en') or namespace-uri(.) or string-length() or false()",
        "ancestor-or-self::node()/preceding-sibling::*",
    ],
)
def test_right_ones_are_not(xpath: str) -> None:
    """Everything of XPath 1.0 is let through, and accepted by libxml2."""
    assert scan(xpath) == ()
    assert compile_xpath(":", xpath).hints == ()


def test_every_prefix_can_be_used() -> None:
    """Those that are listed, besides `c`."""
    assert CONTENT_PREFIX not in PREFIXES
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    for prefix in (CONTENT_PREFIX, *PREFIXES):
        assert compile_xpath(":", f"//{prefix}:x").hints == ()


_pieces = st.sampled_from(
    ["c:a", "a", "/", "//", "[", "]", "(", ")", ".", "..", "@", "*", "+", "-", "=", "<", "'x'", "1", "::", ",", "and", "or", "div", "count(", "contains(", "|", "node()", "$", "q:b", "child::", "last()", "!", "{", '"', ":", "concat("]
)  # fmt: skip


@given(st.lists(_pieces, max_size=10).map(" ".join))
def test_no_xpath_fails_otherwise(xpath: str) -> None:
    """It is right, or refused."""
    try:
        check = compile_xpath(":", xpath)
    except BadValueError as bad:
        assert 0 <= bad.position <= len(xpath)  # noqa: PT017 - either way is good
    else:
        assert check.hints == scan(xpath)
