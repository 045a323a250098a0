import pytest

from tests.analysis.scenes import JULIET, Scene
from xmppspy.analysis.identity import Identity
from xmppspy.analysis.lint.connection import Connection
from xmppspy.analysis.lint.keeping import Memories
from xmppspy.analysis.lint.sight import Sight, named, owns
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.stanza import read

ME = Identity().named(JULIET)
MESSAGE = (
    "<message to='romeo@montague.example'><body>Hist!</body><!-- aside -->"
    "<active xmlns='http://jabber.org/protocol/chatstates'/><body xml:lang='it'>Ehi!</body></message>"
)


def sight_of(record: FrameRecord) -> Sight:
    """A frame as a check sees it."""
    return Sight(record, Connection(1), ME, Memories(), read(record).tree, None)


def test_children_are_at_hand() -> None:
    """All of them, those of the stanza itself by name, those of extensions by namespace."""
    sight = sight_of(Scene().client(MESSAGE))

    assert [each.tag.rpartition("}")[2] for each in sight.children] == ["body", "active", "body"]
    assert [each.text for each in sight.own("body")] == ["Hist!", "Ehi!"]
    assert list(sight.content) == ["body"]
    assert sight.child("http://jabber.org/protocol/chatstates", "active") is sight.children[1]
    assert sight.child("http://jabber.org/protocol/chatstates", "gone") is None
    assert list(sight.own("thread")) == []


def test_peer_is_the_other_side() -> None:
    """Of what a client sends, and of what it gets."""
    scene = Scene()
    sent = sight_of(scene.client("<message to='a@b.example' from='c@d.example'/>"))
    got = sight_of(scene.server("<message to='a@b.example' from='c@d.example'/>"))

    assert (sent.up, sent.peer) == (True, "a@b.example")
    assert (got.up, got.peer) == (False, "c@d.example")


def test_headers_are_taken_apart_once() -> None:
    """Several rules look at them."""
    record = Scene().client(
        "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' to='a'>"
    )
    sight = sight_of(record)

    assert sight.header is sight.header
    assert sight.header.attributes["to"] == "a"


@pytest.mark.parametrize(
    ("jid", "is_own"),
    [
        (JULIET, True),
        ("Juliet@capulet.example", True),
        ("juliet@capulet.example/other", True),
        ("capulet.example", False),
        ("nurse@capulet.example", False),
    ],
)
def test_own_addresses(jid: str, is_own: bool) -> None:
    """The account with any resource."""
    assert owns(ME, jid) is is_own
    assert not owns(Identity(), jid)


@pytest.mark.parametrize(
    ("xml", "name"),
    [
        ("<iq type='get' id='1'/>", "an iq"),
        ("<presence/>", "a presence"),
        ("<r xmlns='urn:xmpp:sm:3'/>", "<r>"),
        ("<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>", "a header"),
        ("</stream:stream>", "</stream:stream>"),
        ("text", "4 bytes"),
        ("<!-- aside -->", "14 bytes"),
    ],
)
def test_frames_have_names(xml: str, name: str) -> None:
    """For sentences."""
    assert named(Scene().client(xml)) == name
