import pytest

from xmppspy.errors import FilterError
from xmppspy.filters.places import Selector
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.stanza import Stanza

MESSAGE = Stanza(
    Frame("message", b"<message to='a@b'><body>x</body><subject>y</subject></message>")
)


def test_elements_attributes_and_texts_are_selected() -> None:
    """Each is told with the element it is of."""
    places = Selector(["//c:body", "/c:message/@to", "//c:subject/text()"])(MESSAGE)

    assert [str(element.tag) for element in places.elements] == ["{jabber:client}body"]
    assert [(element, name) for element, name in places.attributes] == [(MESSAGE.tree, "to")]
    assert [element.text for element in places.texts] == ["y"]


def test_a_text_is_of_the_element_around_it() -> None:
    """Also where a child or a comment stands before it."""
    xml = b"<message><body>Hi <b/>there<!-- -->!</body></message>"
    places = Selector(["//c:body/text()[. != 'Hi ']"])(Stanza(Frame("message", xml)))

    assert [str(element.tag) for element in places.texts] == ["{jabber:client}body"]


def test_a_path_that_fails_on_a_tree_says_why() -> None:
    """A peer may say that its content is in a namespace that no document can have."""
    context = StreamContext(default="urn:\x01", content="urn:\x01")
    places = Selector(["//c:body"])(Stanza(Frame("message", b"<message/>", context=context)))

    assert places.failure
    assert not any(places[:3])


def test_the_content_namespace_is_that_of_the_stream() -> None:
    """`c:` means what it says for components and servers, too."""
    selector = Selector(["//c:body"])
    for content in ("jabber:component:accept", "jabber:server", "jabber:client"):
        context = StreamContext(default=content, content=content)
        stanza = Stanza(Frame("message", b"<message><body/></message>", context=context))

        assert len(selector(stanza).elements) == 1


def test_a_stanza_that_is_made_for_a_path_has_no_places() -> None:
    """A path that looks everywhere twice takes the square of its size; it is told."""
    wide = Stanza(Frame("message", b"<message>" + b"<a><b/></a>" * 2000 + b"</message>"))

    assert "too large" in Selector(["//*//*"])(wide).failure
    assert len(Selector(["//*"])(wide).elements) == 4001


def test_what_has_no_tree_has_no_places() -> None:
    """White space, for one."""
    assert not any(Selector(["//c:body"])(Stanza(Frame("space", b" "))))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("//body[", "Invalid expression"),
        ("//nobody:knows", "unknown prefix nobody"),
        ("count(//c:body)", "it selects nothing"),
        ("//c:body/@\x00", "no place here"),
    ],
)
def test_wrong_paths_are_errors(text: str, reason: str) -> None:
    """They say what is wrong before anything is compared."""
    with pytest.raises(FilterError, match=reason):
        Selector([text])


def test_names_without_a_prefix_draw_a_hint() -> None:
    """They are in no namespace, which is rarely meant."""
    assert Selector(["//body"]).hints == (
        "xpath: body without a prefix is in no namespace; did you mean c:body?",
    )
