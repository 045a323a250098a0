import random
import re
from dataclasses import replace
from typing import Final

import pytest

from tests.analysis.summary.samples import JULIET, asked, frame, got, outlined, sent
from xmppspy.analysis.exchanges import Request
from xmppspy.analysis.identity import UNKNOWN
from xmppspy.analysis.summary import overview, summarize
from xmppspy.protocol.events import Direction

STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
NOT_FOUND = f"<error type='cancel'><item-not-found xmlns='{STANZAS}'/></error>"
HARMFUL: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]"
)
TAGS: Final = sorted(overview.TABLE)


@pytest.mark.parametrize(
    ("request_", "summary"),
    [
        (None, "ok"),
        (asked("get", "ping", "urn:xmpp:ping"), "pong"),
        (asked("set", "enable", "urn:xmpp:carbons:2"), "ok: carbons on"),
        (asked("set", "query", "http://jabber.org/protocol/muc#owner"), "ok: muc#owner"),
        (asked("set", "thing", "urn:nobody:knows"), "ok: thing {urn:nobody:knows}"),
        (asked("set", "", ""), "ok: (no name)"),
    ],
)
def test_empty_results(request_: Request | None, summary: str) -> None:
    """They are known by what they answer."""
    assert got("<iq type='result' id='q1'/>", request=request_) == summary


@pytest.mark.parametrize(
    ("xml", "request_", "summary"),
    [
        (
            f"<iq type='error'>{NOT_FOUND}</iq>",
            asked("get", "query", "http://jabber.org/protocol/disco#info"),
            "error item-not-found (cancel) for get disco#info",
        ),
        (
            f"<iq type='error'><query xmlns='jabber:iq:version'/>{NOT_FOUND}</iq>",
            None,
            "error item-not-found (cancel) for version",
        ),
        (
            (
                "<iq type='error'><query xmlns='http://jabber.org/protocol/muc#admin'/>"
                f"{NOT_FOUND}</iq>"
            ),
            None,
            "error item-not-found (cancel) for muc#admin",
        ),
        (
            f"<message type='error'><body>Hi</body>{NOT_FOUND}</message>",
            None,
            'error item-not-found (cancel) for "Hi"',
        ),
        (f"<presence type='error'>{NOT_FOUND}</presence>", None, "error item-not-found (cancel)"),
        ("<iq type='error'/>", None, "error (no error element)"),
    ],
)
def test_errors_name_what_they_answer(xml: str, request_: Request | None, summary: str) -> None:
    """By the request, else by what they quote of it."""
    assert got(xml, request=request_) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        ("<iq type='get'/>", "(no payload)"),
        ("<iq/>", "(no payload)"),
        (
            "<iq type='get'><ping xmlns='urn:xmpp:ping'/><query xmlns='jabber:iq:last'/></iq>",
            "ping + last activity",
        ),
        ("<iq type='get'><query xmlns='urn:xmpp:mam:99'/></iq>", "archive fields?"),
        ("<jabber xmlns='jabber:client'/>", "jabber"),
        ("<!-- why? -->", '"<!-- why? -->"'),
        ("</stream:stream>", "stream closed"),
        ("<iq type='set'><a:b xmlns:a='urn:nobody:knows'/></iq>", "b {urn:nobody:knows}"),
    ],
)
def test_odd_frames(xml: str, summary: str) -> None:
    """Whatever comes has a summary."""
    assert sent(xml) == summary


def test_outlines_tell_where_payloads_come_from() -> None:
    """The namespace of what a frame is about, unless the topic tells that."""
    found = [
        outlined("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>"),
        outlined("<message><received xmlns='urn:xmpp:receipts' id='m1'/></message>"),
        outlined("<message><body>Hi</body></message>"),
        outlined("<iq type='get'><thing xmlns='urn:nobody:knows'/></iq>"),
    ]

    assert [outline.namespace for outline in found] == [
        "jabber:iq:roster",
        "urn:xmpp:receipts",
        "",
        "",
    ]


def test_summaries_are_short() -> None:
    """Unless more room is wanted."""
    xml = f"<message><body>{'x' * 1000}</body></message>"
    many = "".join(f"<x{n} xmlns='urn:nobody:knows'/>" for n in range(100))

    assert len(sent(xml)) < 150
    assert len(sent(xml, room=2000)) > 1000
    assert len(sent(f"<iq type='set'>{many}</iq>")) == 200


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("direction", ["c2s", "s2c"])
def test_nothing_is_taken_for_granted(tag: str, direction: Direction) -> None:
    """An empty element has a summary wherever it stands, and one full of the unexpected too."""
    namespace, _, name = tag[1:].partition("}")
    odd = "<item><value>\u202ex</value></item><x/><query/><text/><reason/><set/><jid>@</jid>"
    elements = [
        f"<{name} xmlns='{namespace}'/>",
        f"<{name} xmlns='{namespace}' id='&#10;' type='' node='\u202e' jid='/'>{odd}</{name}>",
    ]
    frames = [
        frame(f"<{stanza} type='{type_}'>{element}</{stanza}>", direction)
        for element in elements
        for stanza, type_ in (
            ("iq", "get"), ("iq", "set"), ("iq", "result"), ("iq", "error"),
            ("message", "chat"), ("presence", "unavailable"),
        )
    ]  # fmt: skip
    summaries = [summarize(record, JULIET) for record in frames]

    assert all(summary.strip() for summary in summaries)
    assert not [summary for summary in summaries if HARMFUL.search(summary)]


@pytest.mark.parametrize("seed", range(20))
def test_broken_frames_are_summarised(seed: int) -> None:
    """Bytes changed, cut out or cut off: there is always one harmless line."""
    dice = random.Random(seed)  # noqa: S311 - the same every time
    whole = (
        b"<message from='garden@rooms.example.org/Juliet' to='juliet@example.org' type='groupchat'>"
        b"<body>Soft!</body><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>"
        b"<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='n'><item id='1'>"
        b"<metadata xmlns='urn:xmpp:avatar:metadata'><info bytes='9' type='image/png'/></metadata>"
        b"</item></items></event></message>"
    )
    summaries = []
    for _ in range(100):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 5)):
            at = dice.randrange(len(data))
            data[at : at + dice.choice((1, 1, 20))] = dice.randbytes(dice.randint(0, 3))
        record = replace(frame(whole), data=bytes(data[: dice.randint(1, 2 * len(data))]))
        summaries.append(summarize(record, UNKNOWN))

    assert all(summary.strip() for summary in summaries)
    assert not [summary for summary in summaries if HARMFUL.search(summary)]
