import pytest

from xmppspy.errors import FilterError
from xmppspy.filters import Filter
from xmppspy.filters.completion import completions
from xmppspy.filters.vocabulary import FIELDS, KEYWORDS, WORDS


def _texts(typed: str) -> list[str]:
    return [found.text for found in completions(typed)]


def test_nothing_typed_may_become_anything() -> None:
    """Every word, field and keyword is offered, with its help."""
    found = completions("")

    assert [each.text for each in found] == [*WORDS, *(f"{name}:" for name in FIELDS), *KEYWORDS]
    assert all(each.help for each in found)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mess", ["message"]), ("no", ["nonza", "not"]), ("na", ["name:", "name=", "name~", "name:query"]),
        ("t", ["tls", "type:", "to:", "text:", "t:", "time:"]), ("xp", ["xpath:", "xpath://c:body"]),
        ("size", ["size:", "size=", "size:1000.."]), ("zzz", []), ("message ", []),
        ("dir:", ["dir:c2s", "dir:s2c"]), ("dir=c", ["dir=c2s"]), ("dir~", []), ("event:cl", ["event:close"]),
        ("kind:me", ["kind:message"]), ("kind:op", ["kind:opaque"]), ("type:un", ["type:unavailable",
         "type:unsubscribe", "type:unsubscribed"]), ("from:", []), ("zzz:", []), ("xep:031", [
         "xep:0310", "xep:0311", "xep:0312", "xep:0313", "xep:0314", "xep:0315", "xep:0317", "xep:0319"]),
        ("xep:RFC612", ["xep:RFC6120", "xep:RFC6121"]), ("xep=RFC6121", ["xep=RFC6121"]),
        ("ns:urn:xmpp:sm", ["ns:urn:xmpp:sm:2", "ns:urn:xmpp:sm:3"]), ("message:", []),
    ],
)  # fmt: skip
def test_terms_go_on_as_they_began(typed: str, expected: list[str]) -> None:
    """Words and fields by their beginning, one field with its operators, known values."""
    assert _texts(typed) == expected


def test_values_tell_what_they_are() -> None:
    """A number alone tells little."""
    assert completions("xep:0313")[0].help == "Message Archive Management"
    assert completions("ns:urn:xmpp:mam:0")[0].help == (
        "Message Archive Management (XEP-0313, old version)"
    )


@pytest.mark.parametrize("field", ["kind", "dir", "type", "event", "ns", "xep"])
def test_every_value_that_is_offered_is_a_filter(field: str) -> None:
    """What is completed is not refused, and draws no hint."""
    texts = _texts(f"{field}:")
    assert texts
    for text in texts:
        try:
            made = Filter(text)
        except FilterError as error:
            raise AssertionError(text) from error
        assert made.hints == (), text


def test_values_that_were_seen_come_first() -> None:
    """Each once, with what is known about it; quoted where they have to be."""
    seen = {"ns": ["urn:xmpp:ping", "urn:x"], "jid": ["a@b", "a@b/my phone"], "kind": ["iq", "odd"]}
    spaces = completions("ns:urn:x", seen)
    kinds = completions("kind:", seen)

    assert spaces[:2] == [("ns:urn:xmpp:ping", "XMPP Ping (XEP-0199)"), ("ns:urn:x", "seen here")]
    assert completions("jid:a", seen)[0] == ("jid:a@b", "seen here")
    assert completions('jid:"', seen) == [('jid:"a@b/my phone"', "seen here")]
    assert [each.text for each in kinds[:3]] == ["kind:iq", "kind:odd", "kind:message"]
    assert sum(each.text == "kind:iq" for each in kinds) == 1


def test_values_may_be_meant_by_any_part() -> None:
    """Behind those that begin so, for whoever can replace what was typed."""
    seen = {"jid": ["juliet@capulet.example", "capulet.example"]}
    found = completions("jid:cap", seen, anywhere=True)

    assert [each.text for each in found] == ["jid:capulet.example", "jid:juliet@capulet.example"]
    assert completions("jid:cap", seen) == found[:1]
