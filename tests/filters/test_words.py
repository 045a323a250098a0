from dataclasses import replace
from typing import get_args

import pytest

from tests.filters.samples import CAPTURE, EVENTS, SPOKEN, frame
from xmppspy.filters import Filter
from xmppspy.filters.words import CLASSES, DIRECTIONS, KINDS, WORDS
from xmppspy.protocol.events import Direction, Event, FateDecided, FrameRecord

SASL2 = "urn:xmpp:sasl:2"


def _found(text: str) -> list[Event]:
    made = Filter(text)
    return [event for event in CAPTURE if made.match(event)]


def _numbers(text: str) -> list[int]:
    return [event.n for event in _found(text) if isinstance(event, FrameRecord)]


def test_the_words_are_those_of_the_manual() -> None:
    """Kinds, directions and classes; any other kind is asked for by `kind:`."""
    kinds = (
        "message presence iq features auth challenge response success failure starttls proceed"
        " r a enable enabled resume resumed"
    )
    classes = "stanza nonza stream sasl tls sm error injected changed held event"

    assert " ".join(word.name for word in KINDS) == kinds
    assert tuple(word.name for word in DIRECTIONS) == get_args(Direction)
    assert " ".join(word.name for word in CLASSES) == classes
    assert set(WORDS) == {*kinds.split(), *classes.split(), "c2s", "s2c"}


@pytest.mark.parametrize("name", [word.name for word in KINDS])
def test_a_kind_is_the_local_name(name: str) -> None:
    """In any namespace, and never of an event."""
    assert _found(name) == [event for event in SPOKEN if event.kind == name]
    assert Filter(name).match(frame(f"<{name} xmlns='urn:any'/>"))
    assert not Filter(name).match(frame(f"<{name}s/>"))


def test_directions() -> None:
    """Of frames, and of errors where one has a direction."""
    assert set(_numbers("c2s")) | set(_numbers("s2c")) == {event.n for event in SPOKEN}
    assert _found("c2s event") == [event for event in EVENTS if getattr(event, "dir", 0) == "c2s"]
    assert not _found("s2c event")


def test_stanzas_are_the_three() -> None:
    """`stanza` says message, presence or iq."""
    assert _found("stanza") == _found("message or presence or iq")


def test_nonzas_are_the_other_elements() -> None:
    """Not white space, headers, ends, or bytes that are no element."""
    assert _numbers("nonza") == [2, 3, 12, 13, 21, 22, 23, 24, 30, 41, 46, 51]
    assert not any(map(Filter("nonza").match, [frame("<!-- c -->"), frame("<?pi x?>"), frame("t")]))


def test_streams_begin_end_and_fail() -> None:
    """`stream` wins over the kind of the same name, which is `kind:stream`."""
    assert _numbers("stream") == [1, 14, 20, 30, 31, 40, 45, 50]
    assert _numbers("kind:stream") == [1, 20, 40, 45, 50]


def test_sasl_is_known_by_its_namespace() -> None:
    """Of both generations; a `failure` of another kind is not SASL."""
    assert _numbers("sasl") == [3, 23]
    assert Filter("sasl").match(frame(f"<continue xmlns='{SASL2}'/>"))
    assert not Filter("sasl").match(frame("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"))


def test_tls_is_elements_and_events() -> None:
    """STARTTLS, and the handshakes that follow it."""
    assert _numbers("tls") == [2, 22]
    assert [event for event in _found("tls") if event in EVENTS] == [EVENTS[1]]
    assert Filter("tls").match(frame("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"))


def test_stream_management_in_any_version() -> None:
    """`sm` goes by the namespace."""
    assert _numbers("sm") == [12, 13, 24]
    assert Filter("sm").match(frame("<enable xmlns='urn:xmpp:sm:2'/>"))
    assert not Filter("sm").match(frame("<r/>"))


def test_errors_of_all_layers() -> None:
    """Stanza, stream, SASL and SM errors, and `error` events."""
    assert _numbers("error") == [23, 24, 27, 30]
    assert [event for event in _found("error") if event in EVENTS] == [EVENTS[2]]


_PLAIN = frame("<message/>")
_FATE = FateDecided(t=1.0, conn=1, n=1, action="forward", held=0.5)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (_PLAIN, ""),
        (replace(_PLAIN, injected=True), "injected"),
        (replace(_PLAIN, sent=None), "changed"),
        (replace(_PLAIN, sent=b"<message id='x'/>"), "changed"),
        (replace(_PLAIN, waits=True), "held"),
        (_FATE, "held"),
        (replace(_FATE, action="drop"), "changed held"),
        (replace(_FATE, action="replace", held=None), "changed"),
    ],
)
def test_interventions_are_found(event: Event, words: str) -> None:
    """What was put in, what did not leave as it came, and what had to wait."""
    found = [word for word in ("injected", "changed", "held") if Filter(word).match(event)]

    assert " ".join(found) == words


@pytest.mark.parametrize(
    ("xml", "is_error"),
    [
        ("<message type='error'/>", True),
        ("<presence type='error'/>", True),
        (f"<failure xmlns='{SASL2}'/>", True),
        ("<failed xmlns='urn:xmpp:sm:2'/>", True),
        ("<x xmlns='urn:x' type='error'/>", False),
        ("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", False),
        ("<error/>", False),
        ("<message><error/></message>", False),
    ],
)
def test_what_an_error_is(xml: str, is_error: bool) -> None:
    """It goes by the type of a stanza and the namespace of everything else."""
    assert Filter("error").match(frame(xml)) is is_error


def test_events_are_lines_that_are_no_frames() -> None:
    """And no frame is an event."""
    assert _found("event") == list(EVENTS)


def test_kinds_and_attributes_never_match_events() -> None:
    """What is said of a frame is not said of an event, not even by a regular expression."""
    for text in ("kind~^", "type~^", "id~^", "from~^", "to~^", "jid~^", "size:0..", "raw:''",
                 "name~^", "ns~^", "body~^", "text~^", "xpath:1"):  # fmt: skip
        assert not any(map(Filter(text).match, EVENTS))
