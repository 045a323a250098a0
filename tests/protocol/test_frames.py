import pytest

from xmppspy.protocol import framing
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import DEFAULT_CONTEXT
from xmppspy.protocol.elements import Element
from xmppspy.protocol.frames import Flaw, Frame, frame_of


def test_frame_of_an_element() -> None:
    """A frame says what its start tag says, and the namespaces of the children it is given."""
    element = Element(
        b"x:iq", b" xmlns:x='urn:x' type='set' id='1' from='a' to='b'", DEFAULT_CONTEXT
    )
    frame = frame_of(element, b"<x:iq/>", 7, DEFAULT_CONTEXT, ["urn:y", ns.CLIENT, "urn:z"])

    assert frame == Frame(
        "iq", b"<x:iq/>", 7, DEFAULT_CONTEXT, xmlns="urn:x", type="set", id="1", from_="a", to="b",
        ns=("urn:y", "urn:z"),
    )  # fmt: skip


@pytest.mark.parametrize("name", [b"message", b"undeclared:message"])
def test_namespaces_that_are_not_told(name: bytes) -> None:
    """Neither the content namespace is told, nor one that is not known."""
    frame = frame_of(Element(name, b"", DEFAULT_CONTEXT), b"", 0, DEFAULT_CONTEXT, ())

    assert (frame.kind, frame.xmlns, frame.ns) == ("message", None, ())


def test_frames_and_flaws_cannot_be_changed() -> None:
    """Both are values; and both can be had from the framer's module."""
    flaw = Flaw("not-well-formed", "a broken tag", 3)
    with pytest.raises(AttributeError):
        flaw.offset = 4  # type: ignore[misc]

    assert (framing.Frame, framing.Flaw) == (Frame, Flaw)
