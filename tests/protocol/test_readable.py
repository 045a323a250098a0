from lxml import etree

from tests.protocol.differential import recorded_frame
from xmppspy.protocol import glance
from xmppspy.protocol.frames import Frame
from xmppspy.protocol.readable import Element, Readable

SAID = b"<message xmlns='jabber:client' id='1'>a<body>b</body>c</message>"


def told(element: Element) -> tuple[object, ...]:
    """What the Protocol says that an element tells."""
    (child,) = element
    assert child.getparent() == element
    tags = [each.tag for each in element.iter("*")]
    return (
        tags, element.text, child.tail, element.get("id"), element.get("to", "nobody"), len(element),
        list(element.items()), element[0].tag, [each.tag for each in element.iterchildren("{*}body")],
    )  # fmt: skip


def test_elements_of_lxml_and_of_a_glance_are_elements() -> None:
    """Both answer what the Protocol promises, and alike."""
    frame: Readable = recorded_frame(Frame("message", SAID, 0))
    seen = glance.tree(frame)
    expected = told(etree.fromstring(SAID))

    assert expected[0] == ["{jabber:client}message", "{jabber:client}body"]
    assert seen is None or told(seen) == expected
