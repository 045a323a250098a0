from tests.demo.backstage import frame
from xmppspy.replay.likeness import Likeness, keys, topic

ROMEO = "romeo@montague.example/orchard"


def _likeness(*awaited: int) -> Likeness:
    likeness = Likeness(lambda n: n in awaited)
    likeness.add(1, keys("message chat", ROMEO, "a", "body", "one"))
    likeness.add(2, keys("message chat", ROMEO, "b", "body", "two"))
    return likeness


def test_id_tells() -> None:
    """A stanza with a recorded id is that one, though it says something else now."""
    assert _likeness().find(keys("message chat", ROMEO, "b", "body", "one")) == 2


def test_words_tell_before_the_order() -> None:
    """Of two of the same sender, the one that says the same."""
    assert _likeness().find(keys("message chat", ROMEO, "x", "body", "two")) == 2


def test_order_tells_at_last() -> None:
    """What says something else stands for the first that has not come."""
    likeness = _likeness()
    found = [likeness.find(keys("message chat", ROMEO, "x", "body", "new")) for _ in range(3)]

    assert found == [1, 2, None]


def test_other_resource_is_alike() -> None:
    """The same account may have another resource today."""
    account = ROMEO.partition("/")[0]

    assert _likeness().find(keys("message chat", f"{account}/phone", "x", "body", "one")) == 1


def test_other_topic_is_alike_only_while_awaited() -> None:
    """A message about something else stands for one that is awaited, never for a later one."""
    other = keys("message chat", ROMEO, "x", "{urn:x}y", "new")

    assert _likeness().find(other) is None
    assert _likeness(1).find(other) == 1


def test_kind_and_sender_have_to_be_the_same() -> None:
    """An error, or somebody else's word, is not what was recorded."""
    assert _likeness(1, 2).find(keys("message error", ROMEO, "a", "body", "one")) is None
    assert _likeness(1, 2).find(keys("message chat", "mercutio@x", "a", "body", "one")) is None


def test_no_id_is_no_likeness() -> None:
    """Two stanzas without an id are not alike because of that."""
    likeness = Likeness(lambda _: False)
    likeness.add(1, keys("presence None", "x", "", "", "away"))
    likeness.add(2, keys("presence None", "x", "", "", "dnd"))

    assert likeness.find(keys("presence None", "x", "", "", "dnd")) == 2


def test_topic_is_the_body_or_the_first_that_matters() -> None:
    """Receipts, hints and the like stand beside the point, unless there is nothing else."""
    receipt = "<request xmlns='urn:xmpp:receipts'/>"

    assert topic(frame(f"<message>{receipt}<body>x</body></message>")) == "body"
    assert topic(frame(f"<message>{receipt}<x xmlns='y'/></message>")) == "{y}x"
    assert topic(frame(f"<message>{receipt}</message>")) == "{urn:xmpp:receipts}request"
    assert topic(frame("<presence><show>away</show></presence>")) == ""
    assert topic(frame("<message/>")) == ""
