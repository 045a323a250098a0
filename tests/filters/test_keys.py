from dataclasses import replace
from typing import get_args

import pytest

from tests.filters.samples import CAPTURE, EVENTS, SPOKEN, frame
from xmppspy.capture.format import EVENTS as CAPTURE_EVENTS
from xmppspy.errors import FilterError
from xmppspy.filters import Filter
from xmppspy.filters.keys import EVENT_NAMES
from xmppspy.protocol.events import Event, FrameRecord


def _matches(text: str, xml: str) -> bool:
    return Filter(text).match(frame(xml))


def _hints(text: str) -> str:
    return " ".join(Filter(text).hints)


@pytest.mark.parametrize("field", ["kind", "type", "id"])
def test_equality_is_exact(field: str) -> None:
    """`field:value` is the whole value, as written."""
    record = replace(SPOKEN[3], kind="Some-Value", type="Some-Value", id="Some-Value")

    assert Filter(f"{field}:Some-Value").match(record)
    assert Filter(f"{field}=Some-Value").match(record)
    assert Filter(f"{field}~me-V").match(record)
    assert not Filter(f"{field}:some-value or {field}:Some or {field}~me-v").match(record)


@pytest.mark.parametrize("field", ["type", "id", "from", "to", "jid"])
def test_a_missing_attribute_never_matches(field: str) -> None:
    """Neither by equality, nor by an expression that matches the empty text."""
    record = frame("<message/>")

    assert not Filter(f"{field}~^ or {field}=''").match(record)
    assert Filter(f"{field}=''").match(frame("<message type='' id='' from='' to=''/>"))


@pytest.mark.parametrize("field", ["from", "to"])
@pytest.mark.parametrize(
    ("value", "written", "others"),
    [
        ("juliet@example.org", ["juliet@example.org", "Juliet@EXAMPLE.org./x"], ["example.org"]),
        ("example.org", ["example.org", "a@Example.ORG/y"], ["a@conference.example.org"]),
        ("JULIET@example.org/Phone", ["juliet@example.org/Phone"], ["juliet@example.org/phone"]),
        ("bücher.example", ["a@xn--bcher-kva.example"], ["bucher.example"]),
    ],
)
def test_addresses_are_compared_as_addresses(
    field: str, value: str, written: list[str], others: list[str]
) -> None:
    """By RFC 7622: a bare JID means all its resources, a bare domain all of it."""
    for address in written:
        assert _matches(f"{field}:{value}", f"<iq {field}='{address}'/>")
        assert _matches(f"jid:{value}", f"<iq {field}='{address}'/>")
    for address in others:
        assert not _matches(f"{field}:{value}", f"<iq {field}='{address}'/>")


def test_jid_is_either_side() -> None:
    """`from` is not `to`; `jid` is both."""
    xml = "<iq from='a@b.c/x' to='d@e.f'/>"

    assert _matches("jid:a@b.c jid:e.f from:b.c to:d@e.f jid~^a jid=d@e.f", xml)
    assert not _matches("from:e.f or to:b.c or jid:x.y or jid=a@b.c", xml)


def test_an_exact_address_is_exact() -> None:
    """`from=` compares the attribute as it was written, `from~` searches it."""
    xml = "<iq from='Juliet@example.org/x'/>"

    assert _matches("from=Juliet@example.org/x from~^Jul", xml)
    assert not _matches("from=juliet@example.org/x or from=Juliet@example.org or from~^jul", xml)


def test_addresses_in_traffic_may_be_broken() -> None:
    """What is no address equals none."""
    for address in ("@", "a@", "@b.c", "", "a@b@c", "//", "\u2028"):
        assert not _matches("from:a@b.c", f"<iq from='{address}'/>")


def test_a_resource_with_spaces_is_quoted() -> None:
    """As any value with spaces."""
    assert _matches('from:"a@b.c/My Phone"', "<iq from='a@b.c/My Phone'/>")


@pytest.mark.parametrize("value", ["@b.c", "a@", "a@b.c/", "a@b@c", "'a b@c'", "a..b", "''"])
def test_what_is_no_address_is_refused(value: str) -> None:
    """With the reason, whichever field it is."""
    for field in ("from", "to", "jid"):
        with pytest.raises(FilterError, match="not a JID: "):
            Filter(f"{field}:{value}")
        assert Filter(f"{field}={value} {field}~x")


def test_events_by_name() -> None:
    """Each kind of event has the name that it has in a capture; frames have none."""
    for event in EVENTS:
        name = EVENT_NAMES[type(event)]

        assert [found for found in CAPTURE if Filter(f"event:{name}").match(found)] == [event]
    assert not any(map(Filter("event~^").match, SPOKEN))


def test_all_events_have_the_names_of_the_capture_format() -> None:
    """A new kind of event is not forgotten here."""
    assert set(EVENT_NAMES) == set(get_args(Event)) - {FrameRecord}
    assert {name: kind for kind, name in EVENT_NAMES.items()} == dict(CAPTURE_EVENTS)


def test_directions_are_of_errors_too() -> None:
    """An `error` event says in which direction something was wrong."""
    assert [event for event in EVENTS if Filter("dir:c2s").match(event)] == [EVENTS[2]]


def test_hints_for_values_that_never_match() -> None:
    """A slip of the hand that is a valid filter is pointed at."""
    assert (
        _hints("kind:stanza") == "no frame has the kind stanza; the class is the bare word stanza"
    )
    assert _hints("dir:c2x") == "dir is never c2x, only c2s s2c"
    assert _hints("event=closed").startswith("event is never closed, only open tls close")
    assert _hints("type:error|presence") == (
        "| is a part of the value in type:error|presence; write a space and or"
    )
    assert _hints("kind:iq&c2s").endswith("write a space and and")
    assert _hints("name:a|b").startswith("| is a part")


def test_no_hint_for_what_is_meant() -> None:
    """Neither for usual values, nor where the signs have a meaning."""
    for text in ("kind:r", "kind:error", "kind:stream", "dir:c2s", "event:tls", "type~a|b",
                 "kind~a|b", "dir~x", "event~x", "id:a|b", "body:a|b", "kind=a|b", "name~a|b"):  # fmt: skip
        assert not _hints(text)
