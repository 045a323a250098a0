import re
from copy import deepcopy
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from tests.intervene.frames import cut, record
from tests.intervene.test_escaping import VALUES
from xmppspy.filters.places import Selector
from xmppspy.intervene.changes import (
    REMOVED,
    Change,
    EditError,
    NewAttribute,
    NewElement,
    NewText,
    NoAttribute,
)
from xmppspy.intervene.edits import edited
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.stanza import Stanza

MESSAGE = (
    "<message  to='a@b'\n type=\"chat\" ><body xml:lang='en'>Hi &amp; bye</body >"
    "<x:x xmlns:x='urn:x' x:id='7' id=\"8\"/><body ><![CDATA[<b/>]]><!-- -->!</body></message>"
)


def edit(xml: str | FrameRecord, path: str, change: Change) -> str:
    """A stanza after an edit."""
    frame = record(xml) if isinstance(xml, str) else xml
    return edited(frame, Selector([path]), change).decode()


@pytest.mark.parametrize(
    ("path", "change", "old", "new"),
    [
        ("//c:body[1]", NewText("a < b\r"), "Hi &amp; bye", "a &lt; b&#13;"),
        ("//c:body[1]/text()", NewText("x"), "Hi &amp; bye", "x"),
        ("//c:body[2]", NewText(""), "<![CDATA[<b/>]]><!-- -->!", ""),
        ("/c:message/@to", NewText("o'x\n"), "a@b", "o&apos;x&#10;"),
        ("//@xml:lang", NewText("de"), "en", "de"),
        ("/*/*[2]", NewText("in"), 'id="8"/>', 'id="8">in</x:x>'),
        ("//@id", NewText("9"), '"8"', '"9"'),
        ("//@id", REMOVED, ' id="8"', ""),
        ("//@type", REMOVED, '\n type="chat"', ""),
        ("/*/*[2]", REMOVED, "<x:x xmlns:x='urn:x' x:id='7' id=\"8\"/>", ""),
        ("/*/*[2]", NewAttribute("x:id", "&"), "'7'", "'&amp;'"),
        ("/*/*[2]", NewAttribute("no", "1"), '"8"', '"8" no="1"'),
        ("//c:body[2]", NewAttribute("no", '"'), "<body >", '<body no="&quot;" >'),
        ("/*/*", NoAttribute("id"), ' id="8"', ""),
        ("/*/*[2]", NoAttribute("xmlns:x"), " xmlns:x='urn:x'", None),
        ("//c:body[1]", NewElement(b"<a/>"), "<body xml:lang='en'>Hi &amp; bye</body >", "<a/>"),
        ("//c:body[1]/text()", NewElement(b"<a/>"), "Hi &amp; bye", "<a/>"),
        ("//c:body[1]/text()", REMOVED, "Hi &amp; bye", ""),
        ("/*/*[2]", NewElement(b"<y:y/>"), "<x:x xmlns:x='urn:x' x:id='7' id=\"8\"/>", None),
    ],
)  # fmt: skip
def test_only_the_selected_bytes_change(
    path: str, change: Change, old: str, new: str | None
) -> None:
    """Quotation marks, white space in tags, sections and comments stay as they were written.

    What would not be well-formed any more is refused.
    """
    if new is None:
        with pytest.raises(EditError, match="then it would not be well-formed: a prefix"):
            edit(MESSAGE, path, change)
        return

    assert edit(MESSAGE, path, change) == MESSAGE.replace(old, new, 1)


@pytest.mark.parametrize(
    ("xml", "expected"),
    [("<body/>", "<body>x</body>"), ("<body a='/' />", "<body a='/'>x</body>")],
)
def test_an_empty_element_gets_an_end_tag(xml: str, expected: str) -> None:
    """When something comes into it."""
    assert edit(f"<message>{xml}</message>", "//c:body", NewText("x")) == (
        f"<message>{expected}</message>"
    )


def test_where_nothing_is_selected_the_very_bytes_stay() -> None:
    """So that it can be told from a change."""
    frame = record(MESSAGE)

    assert edited(frame, Selector(["//c:subject"]), REMOVED) is frame.data
    assert edited(record(" "), Selector(["/*"]), REMOVED) == b" "


def test_the_outermost_of_nested_parts_is_changed() -> None:
    """What is inside it goes with it; for attributes each element counts."""
    nested = "<message><a b='1'><a b='2'/></a></message>"

    assert edit(nested, "//c:a", NewText("x")) == "<message><a b='1'>x</a></message>"
    assert edit(nested, "//c:a | //@b", REMOVED) == "<message></message>"
    assert edit(nested, "//c:a", NewAttribute("b", "3")) == (
        "<message><a b='3'><a b='3'/></a></message>"
    )


def test_nothing_is_left_of_a_stanza_that_is_removed() -> None:
    """That is for the caller to make sense of."""
    assert edit(MESSAGE, "/c:message", REMOVED) == ""
    assert edit(MESSAGE, "/*", NewElement(b"<r xmlns='urn:xmpp:sm:3'/>")) == (
        "<r xmlns='urn:xmpp:sm:3'/>"
    )


@pytest.mark.parametrize(
    ("path", "change", "reason"),
    [
        ("//@to", NewAttribute("id", "1"), "to is an attribute and cannot get the attribute id"),
        ("//@to", NoAttribute("id"), "to is an attribute and has no attribute id"),
        ("//@to", NewElement(b"<a/>"), "no element can stand in the place of the attribute to"),
        ("//text()", NewAttribute("id", "1"), "the text of body cannot get the attribute id"),
        ("//text()", NoAttribute("id"), "the text of body has no attribute id"),
        ("/*", NewAttribute("y:id", "1"), "then it would not be well-formed: a prefix"),
        ("//c:body[1]", NewElement(b"</body>"), "then it would not be well-formed: </body> where"),
    ],
)
def test_what_cannot_be_is_an_error(path: str, change: Change, reason: str) -> None:
    """Whoever asked for it is told why."""
    with pytest.raises(EditError) as caught:
        edit(MESSAGE, path, change)

    assert str(caught.value).startswith(reason)


def test_an_edit_needs_a_tree_that_agrees_with_the_bytes() -> None:
    """What the parser only recovers is left alone."""
    with pytest.raises(EditError, match="its XML is broken"):
        edit(record("<message><body>\x01<a></a><b</body></message>"), "//c:body", REMOVED)
    context = StreamContext(default="urn:\x01", content="urn:\x01")
    with pytest.raises(EditError, match="the XPath fails on it"):
        edit(record("<message/>", context=context), "//c:body", REMOVED)


def test_what_was_wrong_before_may_be_edited() -> None:
    """As long as its parts are clear."""
    wrong = record("<message><y:y/><body>1</body></message>")

    assert edit(wrong, "//c:body", NewText("2")) == "<message><y:y/><body>2</body></message>"
    odd = record("<message xmlns:x='::'><body>1</body></message>")
    assert not Stanza(odd).well_formed
    with pytest.raises(EditError, match="not be well-formed"):
        edit(odd, "//c:body", NewElement(b"</body>"))


def test_a_header_is_edited_in_its_tag() -> None:
    """Its content is the rest of the stream."""
    xml = f"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='{ns.STREAMS}' id='1'>"
    header = cut(xml.encode())[0]

    assert edit(header, "/*", NewAttribute("id", "2")) == xml.replace("'1'", "'2'")
    assert edit(header, "/*/@id", REMOVED) == xml.replace(" id='1'", "")
    for change in (NewText("x"), REMOVED, NewElement(b"<a/>")):
        with pytest.raises(EditError, match="has not ended yet"):
            edit(header, "/*", change)
    with pytest.raises(EditError, match="not be well-formed"):
        edit(header, "/*", NewAttribute("y:id", "2"))


# --- against lxml ---------------------------------------------------------------------------------

_NAMES = st.sampled_from(["a", "b", "p:a", "q:b"])
_KEYS = st.sampled_from(["id", "to", "p:id", "xml:lang"])
_TEXTS = st.sampled_from(
    ["", " ", "x", "&lt;", "&#x41;", "<![CDATA[<a>]]>", "<!-- <a/> -->", "<?p <a/> ?>", "é\n"]
)
_TAILS = st.sampled_from(["", " ", "\n  "])


@st.composite
def _attributes(draw: st.DrawFn) -> str:
    written = ""
    for key in draw(st.lists(_KEYS, max_size=3, unique=True)):
        mark = draw(st.sampled_from("\"'"))
        value = draw(st.sampled_from(["", "1", "a b='2'", "&lt;>", "/"])).replace(mark, "")
        written += (
            f"{draw(st.sampled_from([' ', '  ', chr(10)]))}{key}{draw(_TAILS)}={mark}{value}{mark}"
        )
    return written


def _elements(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, attributes, inner, space: (
            f"<{name}{attributes}{space}>{''.join(inner)}</{name}{space}>"
            if inner else f"<{name}{attributes}{space}/>"
        ),
        _NAMES, _attributes(), st.lists(st.one_of(_TEXTS, content), max_size=4), _TAILS,
    )  # fmt: skip


_CONTEXT = StreamContext(prefixes=MappingProxyType({"stream": ns.STREAMS, "q": "urn:q"}))
_STANZAS = st.builds(
    lambda inner: record(f"<message xmlns:p='urn:p'>{''.join(inner)}</message>", context=_CONTEXT),
    st.lists(st.recursive(_elements(_TEXTS), _elements, max_leaves=6), min_size=1, max_size=3),
)
_PATHS = st.sampled_from(
    ["//*[local-name() = 'a']", "//c:b", "/*/*[1]", "//*[@to]", "//@id", "//@*", "//@xml:lang",
     "//*[not(*)]", "/*/*/*", "//c:a | //@to", "//*[local-name() = 'b']/@*[. = '1']"]
)  # fmt: skip
_CHANGES = st.one_of(
    VALUES.map(NewText),
    st.builds(NewAttribute, st.sampled_from(["id", "to", "new", "xml:lang"]), VALUES),
    st.sampled_from([NoAttribute("id"), NoAttribute("xml:lang"), REMOVED, NewElement(b"<n>1</n>")]),
)


def _by_lxml(frame: FrameRecord, path: str, change: Change) -> bytes | None:
    """What lxml makes of the tree, in canonical form; None where the change cannot be."""
    tree = deepcopy(Stanza(frame).tree)
    assert tree is not None
    found: Any = etree.XPath(path, namespaces={"c": ns.CLIENT})(tree)
    for place in found:
        if not etree.iselement(place):
            if not isinstance(change, NewText) and change is not REMOVED:
                return None
            owner, key = place.getparent(), place.attrname
            if isinstance(change, NewText):
                owner.set(key, change.text)
            else:
                del owner.attrib[key]
        else:
            _change(place, change)
    return etree.tostring(tree, method="c14n", exclusive=True)


def _change(place: Any, change: Change) -> None:
    if isinstance(change, NewText):
        for child in list(place):
            place.remove(child)
        place.text = change.text
    elif isinstance(change, NewAttribute):
        place.set(change.name.replace("xml:", f"{{{ns.XML}}}"), change.value)
    elif isinstance(change, NoAttribute):
        place.attrib.pop(change.name.replace("xml:", f"{{{ns.XML}}}"), None)
    else:
        stand_in = etree.SubElement(place.getparent(), f"{{{ns.CLIENT}}}n")
        stand_in.text, stand_in.tail = "1", place.tail
        place.tail = None
        place.getparent().replace(place, stand_in)
        if change is REMOVED:
            tail = stand_in.tail or ""
            before: Any = stand_in.getprevious()
            parent: Any = stand_in.getparent()
            parent.remove(stand_in)
            if before is None:
                parent.text = (parent.text or "") + tail
            else:
                before.tail = (before.tail or "") + tail


@given(_STANZAS, _PATHS, _CHANGES)
@example(
    record("<message xmlns:p='urn:p'><a><q:b/></a></message>", context=_CONTEXT),
    "//*[local-name() = 'a']",
    NewText(""),
)
def test_an_edit_is_the_tree_s_edit(frame: FrameRecord, path: str, change: Change) -> None:
    """The edited bytes parse to the tree that lxml's own edit makes of the tree."""
    expected = _by_lxml(frame, path, change)
    try:
        data = edited(frame, Selector([path]), change)
    except EditError:
        assert expected is None
        return
    parsed = Stanza(record(data.decode(), context=_CONTEXT)).tree

    assert parsed is not None
    assert etree.tostring(parsed, method="c14n", exclusive=True) == expected


@given(
    _STANZAS,
    st.sampled_from(["//@*", "//@id", "//*[node()][. != '']", "//c:b[node()]", "//text()"]),
    VALUES,
)
def test_an_edit_leaves_all_other_bytes(frame: FrameRecord, path: str, value: str) -> None:
    """What is not between the ends of a new text stands in the old bytes, in the same order."""
    value = f"\u2603{value.replace(chr(0x2603), '')}\u2603"
    changed = edited(frame, Selector([path]), NewText(value)).decode()
    kept = ".*".join(map(re.escape, re.split("\u2603[^\u2603]*\u2603", changed)))

    assert re.fullmatch(kept, frame.data.decode(), re.DOTALL)
