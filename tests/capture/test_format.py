import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.capture.samples import HEADER, bare, events, frame
from xmppspy.capture.decoder import Decoder
from xmppspy.capture.format import EVENTS, Header, encode, encode_header
from xmppspy.protocol.events import (
    ConnectionOpened,
    Event,
    FateDecided,
    Fault,
    FrameRecord,
    Note,
    Side,
)

OBEYED: Final = ("Cc", "Zl", "Zp")
"""Categories of characters that a terminal may obey; the bidirectional controls come besides."""

BIDIRECTIONAL: Final = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def decode(*lines: bytes) -> list[Event | None]:
    """What lines behind a header say."""
    decoder = Decoder("test")
    decoder.decode(encode_header(HEADER))
    return [decoder.decode(line) for line in lines]


def test_a_header_is_written_as_specified() -> None:
    """The first line names the format, its version, and when and how it was recorded."""
    expected = (
        b'{"format":"xmppspy-capture","version":1,"created":"2026-11-22T07:40:12.345678Z",'
        b'"tool":"xmppspy 0.1.0","secrets":"redacted"}\n'
    )

    assert encode_header(HEADER) == expected


@pytest.mark.parametrize(
    "created",
    [
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        datetime(2026, 1, 2, 3, 4, 5, 1, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_a_header_comes_back(created: datetime) -> None:
    """The moment of creation survives, whatever its time zone and its microseconds."""
    header = Header(created, "xmppspy 9", "kept")
    decoder = Decoder("test")

    decoder.decode(encode_header(header))

    assert decoder.header == header


def test_a_frame_is_written_as_specified() -> None:
    """The keys of a frame stand in the order of the specification, absent ones are left out."""
    iq = FrameRecord(
        n=7,
        t=0.104213,
        conn=1,
        dir="c2s",
        kind="iq",
        type="get",
        id="r1",
        from_="a@b/c",
        to="b",
        ns=("jabber:iq:roster",),
        data=b'<iq type="get"/>',
    )
    expected = (
        b'{"n":7,"t":0.104213,"conn":1,"dir":"c2s","kind":"iq","type":"get","id":"r1",'
        b'"from":"a@b/c","to":"b","ns":["jabber:iq:roster"],"xml":"<iq type=\\"get\\"/>"}\n'
    )

    assert encode(iq) == expected


def test_the_rarer_keys_stand_at_their_places() -> None:
    """`xmlns` stands behind the kind, what xmppspy did with the frame at the end."""
    odd = replace(
        frame(1), xmlns="u:x", sent=b"<x/>", injected=True, waits=True, redacted=("{u:x}x",)
    )
    expected = (
        b'{"n":1,"t":0.001,"conn":1,"dir":"c2s","kind":"presence","xmlns":"u:x",'
        b'"xml":"<presence/>","sent":"<x/>","injected":true,"waits":true,"redacted":["{u:x}x"]}\n'
    )

    assert encode(odd) == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [(None, b',"sent":null}\n'), (b"", b',"sent":""}\n'), (b"\xff", b',"sent_b64":"/w=="}\n')],
)
def test_what_was_sent_instead_is_written(sent: bytes | None, expected: bytes) -> None:
    """Nothing at all, empty text and bytes that are no text are told apart."""
    assert encode(replace(frame(1), sent=sent)).endswith(expected)


def test_bytes_that_are_not_utf8_are_written_as_base64() -> None:
    """Where `xml` cannot hold the bytes, `b64` does."""
    line = json.loads(encode(frame(1, b"<a>\xff</a>")))

    assert (line.get("xml"), line["b64"]) == (None, "PGE+/zwvYT4=")


def test_times_keep_microseconds() -> None:
    """A time is rounded to the microsecond, not cut."""
    assert json.loads(encode(Note(t=1.0000019, text="")))["t"] == 1.000002


def test_an_event_is_written_as_specified() -> None:
    """An event has its time and connection first, then its name."""
    opened = ConnectionOpened(t=0.5, conn=1, client="127.0.0.1:51234", server="127.0.0.1:5222")
    expected = (
        b'{"t":0.5,"conn":1,"event":"open","client":"127.0.0.1:51234",'
        b'"server":"127.0.0.1:5222","transport":"tcp"}\n'
    )

    assert encode(opened) == expected


def test_a_fate_says_what_left_and_when() -> None:
    """The text that left instead, and how long the frame waited."""
    fate = FateDecided(t=2.0, conn=1, n=3, action="replace", sent=b"<x/>", held=1.5000004)
    expected = (
        b'{"t":2.0,"conn":1,"event":"fate","n":3,"action":"replace","sent":"<x/>","held":1.5}\n'
    )

    assert encode(fate) == expected


def test_every_class_of_event_has_its_name() -> None:
    """What the core can say can be written."""
    named = {*EVENTS.values(), FrameRecord}

    assert named == set(Event.__args__)


@given(events)
def test_an_event_comes_back(event: Event) -> None:
    """Any event, whatever bytes and texts it holds, is read as it was written."""
    [back] = decode(encode(event))

    assert back is not None
    assert bare(back) == event


@given(events)
def test_a_line_is_json_for_others_too(event: Event) -> None:
    """The standard library reads the line, and it is one line."""
    line = encode(event)
    value = json.loads(line)

    assert isinstance(value, dict)
    assert line.count(b"\n") == 1


@given(st.text(st.characters(categories=OBEYED) | st.sampled_from(BIDIRECTIONAL), min_size=1))
def test_lines_are_safe_to_print(text: str) -> None:
    """No character that a terminal obeys stands in a line as itself."""
    line = encode(frame(1, f"<body>{text}</body>".encode())).decode()
    obeyed = [c for c in line[:-1] if unicodedata.category(c) in OBEYED or c in BIDIRECTIONAL]

    assert obeyed == []


def test_other_characters_stay_readable() -> None:
    """`grep` finds what a person sees."""
    assert "Grüße, 世界 🙂".encode() in encode(frame(1, "<body>Grüße, 世界 🙂</body>".encode()))


def test_half_a_surrogate_pair_is_shown_as_its_escape() -> None:
    """A text that cannot be UTF-8, such as an odd file name, does not stop the recording."""
    fault = Fault(t=0.0, error="x", detail="no \udce9t\udce9", leg=Side.CLIENT)

    assert json.loads(encode(fault))["detail"] == "no \\udce9t\\udce9"
