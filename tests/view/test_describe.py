from dataclasses import replace

import pytest

from tests.view.samples import frame
from xmppspy.analysis.exchanges import Answer, State
from xmppspy.analysis.explainer import Explanation
from xmppspy.analysis.summary import Outline
from xmppspy.view.describe import (
    about,
    doubts,
    is_error,
    is_stanza,
    kind_of,
    latency_of,
    outline_of,
)

SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
ROSTER = "jabber:iq:roster"
DISCO = "http://jabber.org/protocol/disco#info"


def answer(latency: float | None, state: State = State.ANSWERED) -> Explanation:
    """An answer that took so long."""
    record = frame("<iq type='result' id='1'/>", "s2c")
    stands = Answer(
        n=1, t=0, conn=1, dir="s2c", type="result", state=state, request=None, latency=latency
    )
    return Explanation(record, answer=stands)


@pytest.mark.parametrize(
    ("xml", "kind"),
    [
        ("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>", "iq get"),
        ("<iq type='error'><error/></iq>", "iq error"),
        ("<presence type='error'/>", "presence error"),
        ("<message type='chat'><body>Hi</body></message>", "message chat"),
        ("<message><body>message</body></message>", "message"),
        ("<presence type='unavailable'/>", "presence"),
        ("<r xmlns='urn:xmpp:sm:3'/>", "r"),
        ("<enable xmlns='urn:xmpp:sm:3'/>", ""),
        ("<stream:features/>", ""),
        ("<stream:error/>", ""),
        ("</stream:stream>", ""),
        (" ", "space"),
    ],
)
def test_kinds(xml: str, kind: str) -> None:
    """Kind and type, as far as the summary does not say them."""
    told = Explanation(frame(xml))

    assert kind_of(told.record, outline_of(told, 80)) == kind


@pytest.mark.parametrize(
    ("outline", "long", "short"),
    [
        (Outline("roster", "", ROSTER), "roster (RFC 6121)", "roster (RFC 6121)"),
        (
            Outline("roster", "3 items", ROSTER),
            "roster (RFC 6121), 3 items",
            "roster (RFC 6121), 3 items",
        ),
        (
            Outline("disco#info", "1 feature", DISCO),
            "disco#info (XEP-0030 Service Discovery), 1 feature",
            "disco#info (XEP-0030), 1 feature",
        ),
        (
            Outline("", "takes it back", "urn:xmpp:message-retract:1"),
            "takes it back (XEP-0424 Message Retraction)",
            "takes it back (XEP-0424)",
        ),
        (Outline("features:", "bind", "http://etherx.jabber.org/streams"),)
        + ("features: bind",) * 2,
        (Outline("", '"Hi"'), '"Hi"', '"Hi"'),
    ],
)
def test_where_things_come_from(outline: Outline, long: str, short: str) -> None:
    """The specification stands behind what it is about."""
    assert (about(outline, titled=True), about(outline, titled=False)) == (long, short)


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<iq type='error'/>", True),
        ("<stream:error/>", True),
        (f"<failure xmlns='{SASL}'/>", True),
        ("<failed xmlns='urn:xmpp:sm:3'/>", True),
        ("<iq type='result'><error/></iq>", False),
        ("<message><body>error</body></message>", False),
    ],
)
def test_errors(xml: str, expected: bool) -> None:
    """Errors of stanzas, streams, SASL and stream management."""
    assert is_error(frame(xml)) is expected


def test_stanzas() -> None:
    """Their ids and addresses are told beside them."""
    assert [is_stanza(frame(f"<{name}/>")) for name in ("iq", "presence", "r")] == [
        True,
        True,
        False,
    ]


def test_errors_are_told_once() -> None:
    """The type of a stanza says that it is one."""
    told = Explanation(frame("<iq type='error'><error type='cancel'><gone/></error></iq>"))

    assert (told.outline().text, outline_of(told, 80).text) == (
        "error gone (cancel)",
        "gone (cancel)",
    )


def test_doubts() -> None:
    """What is odd about a frame, and what xmppspy did with it; nothing, as a rule."""
    plain = frame("<r/>")
    found = [
        doubts(Explanation(plain)),
        doubts(Explanation(replace(plain, sent=None))),
        doubts(Explanation(replace(plain, sent=b""))),
        doubts(Explanation(replace(plain, sent=b"<a/>"))),
        doubts(Explanation(replace(plain, injected=True, sent=None))),
        doubts(Explanation(replace(plain, waits=True))),
        doubts(answer(0.1)),
        doubts(answer(9.1, State.LATE)),
        doubts(answer(None, State.SPOOF_CANDIDATE)),
    ]

    assert found == [
        [],
        ["dropped"],
        ["dropped"],
        ["changed"],
        ["injected", "dropped"],
        ["waits"],
        [],
        ["late"],
        ["spoof candidate"],
    ]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.0004, "0.4 ms"), (0.0231, "23 ms"), (1.2, "1.20 s"), (None, "")],
)
def test_latencies(seconds: float | None, shown: str) -> None:
    """How long an answer took, in three digits or so."""
    assert latency_of(answer(seconds)) == shown
