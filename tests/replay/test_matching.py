import pytest

from tests.demo.backstage import frame
from xmppspy.replay.matching import Matcher, Meaning, fingerprint, meaning

OWN = "romeo@montague.example"


def _meaning(xml: str) -> Meaning:
    stanza = frame(xml)
    return meaning(stanza, stanza.type, stanza.to, OWN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>",
         f"<iq id='2' to='{OWN}' type='get'><query xmlns='jabber:iq:roster' ver='3'/></iq>"),
        ("<message to='a@b'><body>one</body></message>",
         "<message to='a@b'><body>two</body><hint xmlns='urn:xmpp:hints'/></message>"),
        ("<presence><show>away</show></presence>", "<presence/>"),
    ],
)  # fmt: skip
def test_same_meaning(one: str, other: str) -> None:
    """Ids, words, and what stands beside the point do not count."""
    assert _meaning(one) == _meaning(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>",
         "<iq type='set'><query xmlns='jabber:iq:roster'/></iq>"),
        ("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>",
         "<iq type='get'><query xmlns='jabber:iq:version'/></iq>"),
        ("<iq type='get' to='a'><ping xmlns='urn:xmpp:ping'/></iq>",
         "<iq type='get' to='b'><ping xmlns='urn:xmpp:ping'/></iq>"),
        ("<message to='a@b'><body>one</body></message>",
         "<message to='a@b'><paused xmlns='http://jabber.org/protocol/chatstates'/></message>"),
        ("<presence/>", "<presence type='unavailable'/>"),
    ],
)  # fmt: skip
def test_different_meaning(one: str, other: str) -> None:
    """Type, payload and address count."""
    assert _meaning(one) != _meaning(other)


def test_fingerprint_leaves_out_what_is_new_each_time() -> None:
    """Ids differ from run to run, the question does not."""
    one = frame("<iq id='1'><query xmlns='urn:xmpp:mam:2' queryid='a'><x>1</x></query></iq>")
    same = frame("<iq id='2'><query xmlns='urn:xmpp:mam:2' queryid='b'><x>1</x></query></iq>")
    other = frame("<iq id='1'><query xmlns='urn:xmpp:mam:2' queryid='a'><x>2</x></query></iq>")

    assert fingerprint(one) == fingerprint(same) != fingerprint(other)


def test_what_says_the_same_comes_before_what_comes_first() -> None:
    """Questions of one kind that come in another order find their own answers."""
    matcher = Matcher()
    what = Meaning("iq", "get", ("{disco}query",), "x.example")
    for index, says in enumerate(["a", "b", "c"]):
        matcher.expect(index, what, says)

    assert [matcher.match(what, says) for says in ("b", "new", "c", "b")] == [1, 0, 2, None]


def test_order_decides_where_nothing_else_does() -> None:
    """Equal stanzas are matched in their order, each once; then they are repetitions."""
    matcher = Matcher()
    what = Meaning("iq", "get", (), "")
    for index in (3, 5):
        matcher.expect(index, what, "")

    assert [matcher.match(what, "") for _ in range(3)] == [3, 5, None]
    assert matcher.repeated(what, "") == 5


def test_nickname_may_be_another() -> None:
    """Where no address is the same, the same one without its resource will do."""
    matcher = Matcher()
    matcher.expect(0, Meaning("presence", "available", (), "room@x.example/romeo"), "")
    matcher.expect(1, Meaning("presence", "available", (), "room@x.example/julia"), "")

    assert matcher.match(Meaning("presence", "available", (), "room@x.example/julia"), "") == 1
    assert matcher.match(Meaning("presence", "available", (), "room@x.example/tester"), "") == 0
    assert matcher.match(Meaning("presence", "available", (), "hall@x.example/tester"), "") is None
