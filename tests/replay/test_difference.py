import pytest

from tests.replay.talks import parts
from xmppspy.analysis.identity import Identity
from xmppspy.filters.places import Selector
from xmppspy.protocol.events import FrameRecord
from xmppspy.replay.difference import Changed, Extra, Missing, difference
from xmppspy.replay.names import Names

ROMEO = Identity(domain="capulet.example", bare="romeo@capulet.example")


def frame(line: str) -> FrameRecord:
    """The frame on one line of a talk."""
    (part,) = parts([line])
    (turn,) = (*part.negotiation, *part.scene)
    return turn.record


PING = frame("C <iq type='get' id='p1' to='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>")
PONG = frame("S <iq type='result' id='p1' from='capulet.example'/>")
ERROR = frame("S <iq type='error' id='x' from='capulet.example'><error type='cancel'/></iq>")


def test_frames_that_say_the_same_do_not_differ() -> None:
    """Another id, other quotes: no difference."""
    again = frame('S <iq from="capulet.example" type="result" id="p2"/>')

    assert difference(PONG, again, identity=ROMEO) is None
    assert difference(None, None) is None


def test_a_changed_answer_is_told_with_its_request() -> None:
    """Both frames, both forms, and what they answer."""
    found = difference(PONG, ERROR, identity=ROMEO, request=PING)

    assert isinstance(found, Changed)
    assert (found.expected, found.got, found.request) == (PONG, ERROR, PING)
    assert found.before == ('<iq from="capulet.example" id="…" type="result"/>',)
    assert found.after[1] == '  <error type="cancel"/>'


@pytest.mark.parametrize(("expected", "got", "kind"), [(PONG, None, Missing), (None, PONG, Extra)])
def test_what_is_alone_is_missing_or_extra(
    expected: FrameRecord | None, got: FrameRecord | None, kind: type
) -> None:
    """Which of the two, the side tells on which it is."""
    found = difference(expected, got, request=PING)

    assert type(found) is kind


def test_names_are_used_and_learnt() -> None:
    """Addresses are those of the recording; the first unknown resource is taken for the recorded."""
    names = Names()
    names.learn("juliet@staging.example", "juliet@capulet.example")
    expected = frame("S <presence from='juliet@capulet.example/balcony'/>")
    got = frame("S <presence from='juliet@staging.example/window'/>")
    other = frame("S <presence from='juliet@staging.example/attic'/>")

    assert difference(expected, got, names=names) is None
    assert difference(expected, other, names=names) is not None


def test_what_is_ignored_does_not_differ() -> None:
    """What an XPath selects is left out on both sides; of a whole stanza nothing is left."""
    assert difference(PONG, ERROR, ignore=Selector(["/c:iq/@type", "//c:error"])) is None
    assert difference(PONG, None, ignore=Selector(["/c:iq"])) is None
