from lxml import etree

from xmppspy.analysis.summary import tree
from xmppspy.protocol.readable import Element

ELEMENT = etree.fromstring(
    "<a xmlns='urn:a' xmlns:x='urn:x' k='1' x:k='2'>t<!-- c --><b>B<c/>b</b><x:b/><?p i?><d>D</d></a>"
)


def names(elements: list[Element]) -> list[str]:
    """The local names of elements."""
    return [tree.local(element) for element in elements]


def test_children_are_elements() -> None:
    """Comments and processing instructions are passed over; names count in any namespace."""
    assert names(tree.children(ELEMENT)) == ["b", "b", "d"]
    assert [tree.count(ELEMENT), tree.count(ELEMENT, "b"), tree.count(ELEMENT, "z")] == [3, 2, 0]


def test_the_first_child() -> None:
    """Of a local name, or of a namespace too; None where there is none."""
    first, other = tree.child(ELEMENT), tree.of(ELEMENT, "urn:x", "b")
    assert first is not None
    assert other is not None

    assert [tree.parts(first), tree.parts(other)] == [("urn:a", "b"), ("urn:x", "b")]
    assert [tree.child(ELEMENT, "z"), tree.child(None), tree.of(ELEMENT, "urn:x", "d")] == [
        None
    ] * 3


def test_text_is_that_of_descendants_too() -> None:
    """Comments are no text."""
    assert tree.text(ELEMENT) == "tBbD"
    assert [tree.child_text(ELEMENT, "b"), tree.child_text(ELEMENT, "z"), tree.text(None)] == [
        "Bb",
        "",
        "",
    ]


def test_attributes_by_local_name() -> None:
    """In order."""
    assert tree.attributes(ELEMENT) == [("k", "1"), ("k", "2")]


def test_names_of_children() -> None:
    """Each once, with how often it is there; the first few."""
    element = etree.fromstring("<a><item/><item/><set/><x/><y/></a>")

    assert tree.names(element) == "[item ×2, set, x +1]"
    assert tree.names(etree.fromstring("<a/>")) == ""


def test_tags() -> None:
    """Without a namespace, with an undeclared prefix, absurdly long."""
    long = "n" * 10_000
    assert tree.split("{urn:a}b") == ("urn:a", "b")
    assert tree.split("b") == ("", "b")
    assert tree.split("db:result") == ("", "result")
    element = etree.Element(f"{{urn:a}}{long}")

    assert (tree.namespace(element), tree.local(element)) == ("urn:a", long)
