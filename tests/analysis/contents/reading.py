"""Elements for the tests of this room."""

from tests.view.samples import frame
from xmppspy.protocol.readable import Element
from xmppspy.protocol.stanza import read


def root(xml: str) -> Element:
    """The element of a stanza."""
    tree = read(frame(xml)).tree
    assert tree is not None
    return tree
