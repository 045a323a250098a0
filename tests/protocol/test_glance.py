import pytest

from tests.protocol.differential import recorded_frame
from xmppspy.protocol import accelerator, glance
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.frames import Frame

ARCHIVED = (
    b"<message><result xmlns='urn:xmpp:mam:2'><forwarded xmlns='urn:xmpp:forward:0'>"
    b"<message xmlns='jabber:client'><body>O &lt;3</body><stream:x/></message></forwarded></result>"
    b"<body/></message>"
)


def record(data: bytes, context: StreamContext = DEFAULT_CONTEXT) -> FrameRecord:
    """A message as it is recorded."""
    return recorded_frame(Frame("message", data, 0, context))


def test_glances_at_a_plain_stanza() -> None:
    """With compiled code they tell what the tree would; without, they tell nothing."""
    namespaces = glance.namespaces(record(ARCHIVED))
    bodies = glance.bodies(record(ARCHIVED))
    if accelerator._Compiled.kind is None:
        assert (namespaces, bodies) == (None, None)
    else:
        expected = {ns.CLIENT, "urn:xmpp:mam:2", "urn:xmpp:forward:0", ns.STREAMS}

        assert {*(namespaces or ())} == expected
        assert bodies == ("O <3", "")


@pytest.mark.parametrize(
    "data",
    [
        b"<message><body>a<b/></body></message>",
        b"<message><body>&#65;</body></message>",
        b"<message><body xmlns='jabber:server'>a</body></message>",
        b"<message><body>a</body></message><presence/>",
        b"<message><body>a",
    ],
)
def test_bodies_that_take_a_tree(data: bytes) -> None:
    """Whatever could be read in two ways is left to the tree."""
    assert glance.bodies(record(data)) is None


def test_prefixes_of_other_streams_content() -> None:
    """A prefix of the header that stands for another content namespace hides bodies."""
    context = StreamContext(prefixes={"s": ns.SERVER})

    assert glance.bodies(record(b"<message><s:body>a</s:body></message>", context)) is None
