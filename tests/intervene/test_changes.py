import pytest

from tests.intervene.frames import record
from xmppspy.intervene.changes import (
    REMOVED,
    Change,
    EditError,
    NewAttribute,
    NewElement,
    NewText,
    NoAttribute,
    Splice,
)
from xmppspy.intervene.spans import ElementSpan, element_spans
from xmppspy.protocol.stanza import Stanza


def body(xml: str) -> ElementSpan:
    """The one child of a message."""
    frame = record(f"<message>{xml}</message>")
    return list(element_spans(frame.data, Stanza(frame)).values())[1]


def changed(element: ElementSpan, splices: list[Splice]) -> str:
    """The element after one splice at most."""
    data = element.data
    for start, stop, new in splices:
        data = data[:start] + new + data[stop:]
    return data.decode()[9:-10]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (NewText("<"), "<body id='1'>&lt;</body>"),
        (NewAttribute("id", "<"), "<body id='&lt;'>Hi</body>"),
        (NewAttribute("to", "2"), "<body id='1' to=\"2\">Hi</body>"),
        (NoAttribute("id"), "<body>Hi</body>"),
        (NoAttribute("to"), "<body id='1'>Hi</body>"),
        (NewElement(b"<a/>"), "<a/>"),
        (REMOVED, ""),
    ],
)
def test_elements_change(change: Change, expected: str) -> None:
    """Each in its way, and at one place."""
    element = body("<body id='1'>Hi</body>")

    assert changed(element, list(change.of_element(element))) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (NewText("<"), "<body id='1'>&lt;</body>"),
        (NewElement(b"<a/>"), "<body id='1'><a/></body>"),
        (REMOVED, "<body id='1'></body>"),
        (NewAttribute("to", "2"), None),
        (NoAttribute("id"), None),
    ],
)
def test_texts_change(change: Change, expected: str | None) -> None:
    """What has no attributes gets and loses none."""
    element = body("<body id='1'>Hi</body>")
    if expected is None:
        with pytest.raises(EditError):
            list(change.of_text(element))
        return

    assert changed(element, list(change.of_text(element))) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (NewText('"'), "<body id='&quot;'/>"),
        (REMOVED, "<body/>"),
        (NewElement(b"<a/>"), None),
        (NewAttribute("to", "2"), None),
        (NoAttribute("id"), None),
    ],
)
def test_attributes_change(change: Change, expected: str | None) -> None:
    """An attribute holds a value and nothing else."""
    element = body("<body id='1'/>")
    (attribute,) = element.attributes
    if expected is None:
        with pytest.raises(EditError):
            change.of_attribute(attribute)
        return

    assert changed(element, [change.of_attribute(attribute)]) == expected
