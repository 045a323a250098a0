import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.view.layout import STAY, indented, joined, lay_out


def laid_out(data: bytes) -> str:
    """The text with its line breaks, two spaces a level."""
    text = ""
    for depth, token in lay_out(data):
        text += "" if depth == STAY else "\n" + "  " * depth
        text += data[token.start : token.stop].decode()
    return text


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<r/>", "<r/>"),
        ("<a></a>", "<a></a>"),
        ("<a>text</a>", "<a>text</a>"),
        ("<a> </a>", "<a> </a>"),
        ("<a><b/><c>x</c></a>", "<a>\n  <b/>\n  <c>x</c>\n</a>"),
        ("<a><b><c/></b></a>", "<a>\n  <b>\n    <c/>\n  </b>\n</a>"),
        ("<a><!-- x --><b/></a>", "<a>\n  <!-- x -->\n  <b/>\n</a>"),
        ("<?xml version='1.0'?><s:s>", "<?xml version='1.0'?>\n<s:s>"),
    ],
)
def test_elements_stand_on_lines(data: str, expected: str) -> None:
    """Children stand below their parent, text stays beside its tags."""
    assert laid_out(data.encode()) == expected


@pytest.mark.parametrize(
    "data",
    [
        "<p>Where<em>fore</em> art <b><i/><i/></b></p>",
        "<p><![CDATA[ ]]><b/></p>",
        "<p><b/>&#65;</p>",
        "text <b/>",
    ],
)
def test_mixed_content_stays(data: str) -> None:
    """No white space is added anywhere inside an element that holds character data."""
    assert laid_out(data.encode()) == data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<a>\n <b/>\n</a>", "<a>\n <b/>\n</a>"),
        ("<a>\n <b/><c/></a>", "<a>\n <b/>\n  <c/>\n</a>"),
        ("<a> <b/> </a>", "<a> \n  <b/> \n</a>"),
    ],
)
def test_white_space_that_was_sent_stays(data: str, expected: str) -> None:
    """And no second line break is put beside one that is there."""
    assert laid_out(data.encode()) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<a><b>hel", "<a>\n  <b>hel"),
        ("<a><b x='1", "<a>\n  <b x='1"),
        ("<a>hello <b x='1", "<a>hello <b x='1"),
        ("</a></b><c/>", "</a>\n</b>\n<c/>"),
        ("<a></b></a><c><d/></a>", "<a></b>\n</a>\n<c>\n  <d/>\n</a>"),
    ],
)
def test_what_is_broken_is_laid_out_too(data: str, expected: str) -> None:
    """Unfinished elements, unfinished tags, end tags that close nothing or something else."""
    assert laid_out(data.encode()) == expected


@given(
    st.lists(
        st.sampled_from(
            [
                "<a>",
                "<b c='d'>",
                "</a>",
                "</b>",
                "<e/>",
                "t",
                " ",
                "\n",
                "<!--x-->",
                "<",
                "<![CDATA[y]]>",
            ]
        )
    )
)
def test_only_white_space_is_added(pieces: list[str]) -> None:
    """Whatever was sent, without the added line breaks it is what was sent."""
    data = "".join(pieces).encode()
    taken = b"".join(data[token.start : token.stop] for _, token in lay_out(data))

    assert taken == data


@pytest.mark.parametrize(
    "data",
    [
        b"<r/>",
        b"<a>text</a>",
        b"<a><b/><c>x</c></a>",
        b"<a><body>one\n  two</body><b/></a>",
        b"<p>Where<em>fore</em> art</p>",
        b"<a/><b/>",
    ],
)
def test_layout_can_be_taken_out_again(data: bytes) -> None:
    """Where no white space stood between elements before."""
    assert indented(data) == laid_out(data).encode()
    assert joined(indented(data)) == data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<a>\n  <b/>\n</a>\n", "<a><b/></a>"),
        ("<a>\n  text <b/>\n</a>", "<a>\n  text <b/>\n</a>"),
        ("<a>\n</a>", "<a>\n</a>"),
        ("<a> <b/> </a>", "<a> <b/> </a>"),
        ("<a>\n\n\n  <b/></a", "<a><b/></a"),
    ],
)
def test_only_layout_is_taken_out(data: str, expected: str) -> None:
    """Line breaks between elements; not in text, nor where nothing but white space is."""
    assert joined(data.encode()).decode() == expected
