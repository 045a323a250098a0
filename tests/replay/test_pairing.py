import pytest

from tests.replay.talks import CHAT, ROSTER, login, parts, with_change
from xmppspy.replay.difference import Difference, Judge
from xmppspy.replay.names import Names
from xmppspy.replay.pairing import Pairing
from xmppspy.replay.sides import sessions


def differences(expected: list[str], got: list[str]) -> list[Difference]:
    """The differences of two sessions that begin with the same login."""
    (ours,), (theirs,) = (sessions(parts([*login(), *lines])) for lines in (expected, got))
    return Pairing(Judge(Names()), ours, theirs).differences()


def words(expected: list[str], got: list[str]) -> list[str]:
    """What kind each difference is of."""
    return [each.word for each in differences(expected, got)]


def disco(number: int, node: str = "", to: str = "capulet.example") -> list[str]:
    """A request and an answer."""
    query = f"<query xmlns='http://jabber.org/protocol/disco#info' node='{node}'/>"
    return [
        f"C <iq type='get' id='d{number}' to='{to}'>{query}</iq>",
        f"S <iq type='result' id='d{number}' from='{to}'>{query}</iq>",
    ]


def message(text: str, sender: str = "juliet", more: str = "") -> str:
    """A message of the server."""
    return f"S <message from='{sender}@capulet.example/x'><body>{text}</body>{more}</message>"


def test_answers_may_come_in_another_order() -> None:
    """What counts is what they answer."""
    ping = disco(1, to="nurse@capulet.example")
    roster_first = [ROSTER[0], ping[0], ROSTER[1], ping[1]]
    ping_first = [ping[0], ROSTER[0], ping[1], ROSTER[1]]

    assert words(roster_first, ping_first) == []


def test_requests_may_be_made_in_another_order() -> None:
    """Two of the same kind are told apart by what else they say."""
    assert words([*disco(1, "a"), *disco(2, "b")], [*disco(1, "b"), *disco(2, "a")]) == []


def test_a_request_that_is_not_made_is_missing_with_its_answer() -> None:
    """It is one difference, not two."""
    (found,) = differences([*ROSTER, *disco(1)], ROSTER)

    assert found.word == "missing"
    assert found.expected is not None
    assert found.expected.type == "get"


def test_a_new_request_is_extra() -> None:
    """So it is with one more than was recorded, also of the same kind."""
    assert words(disco(1), [*disco(1), *disco(2)]) == ["extra"]


@pytest.mark.parametrize(
    ("expected", "got", "word"),
    [(ROSTER, ROSTER[:1], "missing"), (ROSTER[:1], ROSTER, "extra")],
)
def test_answers_are_told_with_their_requests(
    expected: list[str], got: list[str], word: str
) -> None:
    """Of an answer that does not come, or that did not, the question is known."""
    (found,) = differences(expected, got)

    assert found.word == word
    assert found.request is not None
    assert found.request.id == "r1"


def test_a_changed_request_is_told() -> None:
    """Its answers are compared all the same."""
    (found,) = differences(disco(1, "a")[:1], disco(1, "b")[:1])

    assert found.word == "changed"
    assert found.request is found.expected


def test_the_account_may_be_named_or_not() -> None:
    """A request to one's own account is the same with its address (RFC 6120 §10.3.3)."""
    named = with_change(ROSTER, "type='get'", "type='get' to='romeo@capulet.example'")

    assert words(ROSTER, named) == []


def test_senders_are_independent() -> None:
    """Whose message comes first is chance; in which order one person's come is not."""
    three = [message("1"), message("2"), message("3", "nurse")]

    assert words(three, [three[2], *three[:2]]) == []
    assert words(three, [three[1], three[0], three[2]]) != []


def test_a_missing_message_leaves_the_others_in_place() -> None:
    """The ones behind it are not compared with the wrong ones."""
    talk = [message(text) for text in "abcde"]
    (found,) = differences(talk, [*talk[:1], *talk[2:]])

    assert found.word == "missing"
    assert "  <body>b</body>" in found.before


def test_something_else_of_the_same_sender_is_a_change() -> None:
    """A receipt instead of a message is shown as one difference."""
    receipt = (
        "S <message from='juliet@capulet.example/x'><received xmlns='urn:xmpp:receipts'/></message>"
    )

    assert words([message("a")], [receipt]) == ["changed"]


def test_something_of_another_sender_is_none() -> None:
    """It is one missing and one extra."""
    assert sorted(words([message("a")], [message("a", "nurse")])) == ["extra", "missing"]


def test_a_message_of_an_archive_is_told_with_its_query() -> None:
    """Also one that was not expected: the request is the expected one."""
    mam = "xmlns='urn:xmpp:mam:2'"
    query = [
        f"C <iq type='set' id='q1'><query {mam} queryid='f27'/></iq>",
        f"S <iq type='result' id='q1'><fin {mam}/></iq>",
    ]
    result = f"S <message><result {mam} queryid='f27' id='1'/></message>"
    again = with_change([query[0], result, query[1]], "q1", "q2")
    found = [
        *differences([query[0], result, query[1]], query),
        *differences(query, with_change(again, "f27", "f28")),
    ]

    assert [(each.word, each.request and each.request.id) for each in found] == [
        ("missing", "q1"),
        ("extra", "q1"),
    ]


def test_differences_come_in_the_order_of_the_scene() -> None:
    """What was expected first is told first."""
    lines = [*ROSTER, *CHAT]
    changed = with_change(with_change(lines, "Romeo!", "Paris!"), "Angelica", "Susan")
    found = differences(lines, changed)

    assert [each.expected and each.expected.kind for each in found] == ["iq", "message"]


def test_of_equal_requests_the_answers_tell_which_is_missing() -> None:
    """A page that is asked for once less does not shift the others."""

    def asked(number: int) -> list[str]:
        answer = f"<query xmlns='jabber:iq:version'><version>{number}</version></query>"
        return [
            f"C <iq type='get' id='v{number}'><query xmlns='jabber:iq:version'/></iq>",
            f"S <iq type='result' id='v{number}'>{answer}</iq>",
        ]

    (found,) = differences([*asked(1), *asked(2), *asked(3)], [*asked(1), *asked(3)])

    assert found.word == "missing"
    assert found.expected is not None
    assert found.expected.id == "v2"
