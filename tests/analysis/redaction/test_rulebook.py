import pytest

from xmppspy.analysis.redaction.document import Document, Element
from xmppspy.analysis.redaction.rulebook import Place, RuleBook, recorded, shared
from xmppspy.analysis.redaction.rules import FieldRule, How, Rule
from xmppspy.protocol.context import DEFAULT_CONTEXT

_A = Rule("{urn:a:*}x", "a")
_B = Rule("{*}x", "b")
_C = Rule("{urn:c}*", "c")
_D = Rule("{*}*/@y", "d", only=("z", "^1$"))
_BOOK = RuleBook([_A, _B, _C, _D], [FieldRule("var", "^word$", "e", unless_boolean=True)])


def elements(xml: bytes) -> list[Element]:
    """The elements of some XML, in the order of their start tags."""
    pieces = Document(DEFAULT_CONTEXT).read(xml)
    return [piece.element for piece in pieces if piece.kind == "start"]


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        (b"<x xmlns='urn:a:1'/>", _A),
        (b"<x xmlns='urn:a:'/>", _A),
        (b"<x xmlns='urn:b'/>", _B),
        (b"<p:x/>", _A),
        (b"<q xmlns='urn:c'/>", _C),
        (b"<q xmlns='urn:c:1'/>", None),
        (b"<p:q/>", None),
    ],
)
def test_texts(xml: bytes, rule: Rule | None) -> None:
    """The first rule that fits by namespace and name is the one."""
    assert _BOOK.for_text(elements(xml)[0]) is rule


@pytest.mark.parametrize(("xml", "rule"), [(b"<a y='' z='1'/>", _D), (b"<a y='' z='2'/>", None)])
def test_attributes(xml: bytes, rule: Rule | None) -> None:
    """A rule may be for some elements only, by another attribute."""
    assert _BOOK.for_attribute(elements(xml)[0], "y") is rule
    assert _BOOK.for_attribute(elements(xml)[0], "z") is None


def test_fields() -> None:
    """The value of a form's field is judged by the field."""
    form = elements(b"<x><field var='WORD'><value/></field><field><value/></field><value/></x>")
    rules = [_BOOK.for_text(element) for element in form if element.local == "value"]

    assert [rule.what if rule else None for rule in rules] == ["e", None, None]
    assert rules[0] is not None
    assert rules[0].unless_boolean


def test_no_place() -> None:
    """What names no place is a mistake in the table."""
    with pytest.raises(ValueError, match="no place"):
        Place.of(Rule("x", "x"))


def test_names_are_remembered_within_bounds() -> None:
    """Made-up names do not make the book grow."""
    for number in range(5000):
        _BOOK.for_text(elements(b"<x%d/>" % number)[0])

    assert len(_BOOK._fitting) <= 4096


def test_the_books_differ() -> None:
    """A shared copy hides what a capture records, and bodies unless told otherwise."""
    status, body, password = elements(b"<status/><body/><password/>")

    assert recorded().for_text(status) is None
    assert shared(bodies=True).for_text(status) is not None
    assert shared(bodies=True).for_text(body) is None
    assert shared(bodies=False).for_text(body) is not None
    assert {book.for_text(password) for book in (recorded(), shared(bodies=True))} == {
        Rule("{*}password", "password, in any other namespace", How.STARS)
    }


@pytest.mark.parametrize(
    "xml", [b"<X xmlns='urn:a:1'/>", b"<p:X xmlns:p='urn:b'/>", b"<a Y='' z='1'/>"]
)
def test_case_is_nothing_to_names(xml: bytes) -> None:
    """Software that writes them otherwise means the same."""
    element = elements(xml)[0]

    assert _BOOK.for_text(element) or _BOOK.for_attribute(element, "Y")
