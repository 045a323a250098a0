import json
from typing import Any

import pytest

from tests.capture.samples import HEADER, frame
from xmppspy.capture.decoder import Decoder
from xmppspy.capture.format import FrameLine, encode, encode_header
from xmppspy.errors import CaptureError, NotACapture, UnsupportedVersion
from xmppspy.protocol.events import (
    ConnectionClosed,
    Event,
    FateDecided,
    Fault,
    FrameRecord,
    Mark,
    Side,
)

CLIENT = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
SERVER = "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>"


def line(**keys: Any) -> bytes:
    """A line as a person may write it; `from_` stands for `from`."""
    return json.dumps({key.rstrip("_"): value for key, value in keys.items()}).encode() + b"\n"


def decode(*lines: bytes) -> list[Event]:
    """The events of a capture without a header."""
    decoder = Decoder("x.jsonl")
    return [event for event in map(decoder.decode, lines) if event is not None]


def decode_frames(*lines: bytes) -> list[FrameRecord]:
    """Its frames."""
    return [event for event in decode(*lines) if isinstance(event, FrameRecord)]


def complaint(*lines: bytes) -> CaptureError:
    """The error that the last line draws."""
    decoder = Decoder("x.jsonl")
    for before in lines[:-1]:
        decoder.decode(before)
    with pytest.raises(CaptureError) as raised:
        decoder.decode(lines[-1])
    return raised.value


# --- written by hand


def test_direction_and_xml_are_enough() -> None:
    """A person who writes a capture leaves the rest to the reader."""
    [header, iq] = decode_frames(
        line(dir="c2s", xml=CLIENT),
        line(dir="c2s", xml="<iq type='get' id='1'><x:q xmlns:x='u:q'/></iq>"),
    )
    told = (iq.n, iq.t, iq.conn, iq.kind, iq.type, iq.id, iq.ns)

    assert header.kind == "stream"
    assert told == (2, 0.0, 1, "iq", "get", "1", ("u:q",))


def test_numbers_times_and_connections_go_on() -> None:
    """What is left out follows from the line before."""
    [_, second] = decode_frames(
        line(dir="c2s", xml="<a/>", n=7, t=1.5, conn=3), line(dir="s2c", xml="<b/>")
    )

    assert (second.n, second.t, second.conn) == (8, 1.5, 3)


def test_what_is_written_is_not_derived() -> None:
    """A line with number, time, connection and kind says itself what it says."""
    [told] = decode_frames(line(n=1, t=0, conn=1, dir="c2s", kind="odd", xml="<iq type='get'/>"))

    assert (told.kind, told.type) == ("odd", None)


def test_keys_are_derived_in_their_stream() -> None:
    """Each direction of each connection has its own namespaces."""
    frames = decode_frames(
        line(dir="c2s", conn=1, xml=SERVER),
        line(dir="s2c", conn=1, xml=CLIENT),
        line(dir="c2s", conn=1, xml="<message xmlns='jabber:server'/>"),
        line(dir="s2c", conn=1, xml="<message xmlns='jabber:server'/>"),
    )

    assert [frame.xmlns for frame in frames[2:]] == [None, "jabber:server"]


def test_an_event_needs_its_own_keys_only() -> None:
    """A bookmark put into a file by hand stands where its line stands."""
    events = decode(
        line(dir="c2s", xml="<a/>", t=2.5, conn=4),
        line(event="mark", text="here"),
        line(event="close", by="client", reason="done"),
    )

    assert events[1:] == [
        Mark(t=2.5, text="here"),
        ConnectionClosed(t=2.5, conn=4, by="client", reason="done"),
    ]


# --- context


def test_frames_know_their_stream() -> None:
    """The context is that of the latest header of the same connection and direction."""
    stream = frame(1, SERVER.encode())
    lines = [
        encode(frame(1)),
        line(**{**json.loads(encode(stream)), "kind": "stream"}),
        encode(frame(2)),
        encode(frame(3, direction="s2c")),
    ]

    contents = [frame.context.content for frame in decode_frames(*lines)]

    assert contents == ["jabber:client", "jabber:server", "jabber:server", "jabber:client"]


def test_a_closed_connection_is_forgotten() -> None:
    """What a reader remembers does not grow with the number of connections."""
    decoder = Decoder("x")
    for conn in range(1, 100):
        decoder.decode(line(dir="c2s", conn=conn, xml=CLIENT))
        decoder.decode(line(event="close", conn=conn, by="client", reason="done"))

    assert not decoder._contexts
    assert not decoder._headers


# --- what is passed over


@pytest.mark.parametrize(
    "aside",
    [
        b"\n",
        b"  \r\n",
        b"# a comment\n",
        b'{"event":"news","t":[],"conn":"x"}\n',
        b'{"event":{}}\n',
    ],
)
def test_lines_without_a_known_event_are_passed_over(aside: bytes) -> None:
    """Comments, blank lines and events of later versions say nothing."""
    assert decode(encode(frame(1)), aside, encode(frame(2))) == [frame(1), frame(2)]


def test_unknown_keys_are_passed_over() -> None:
    """Other people's keys, and those of later versions, are no error."""
    more = [
        encode(told).replace(b'"t":', b'"news":{"n":1},"t":')
        for told in (frame(1), Fault(t=0.5, error="x", leg=Side.CLIENT))
    ]

    assert decode(*more) == [frame(1), Fault(t=0.5, error="x", leg=Side.CLIENT)]


def test_a_carriage_return_does_no_harm() -> None:
    """A capture that went through an editor of another system can be read."""
    assert decode(encode(frame(1))[:-1] + b"\r\n") == [frame(1)]


# --- the first line


def test_a_header_of_a_newer_version_is_refused() -> None:
    """What a newer xmppspy wrote is not guessed at."""
    error = complaint(b'{"format":"xmppspy-capture","version":2,"created":7}\n')

    assert isinstance(error, UnsupportedVersion)
    assert str(error) == (
        "x.jsonl, line 1: capture format 2, and this xmppspy reads up to 1; upgrade xmppspy"
    )


def test_a_short_header_is_enough() -> None:
    """A person who writes a capture need not say when."""
    decoder = Decoder("x")

    decoder.decode(b'{"format":"xmppspy-capture","version":1}\n')

    assert decoder.header is not None
    assert (decoder.header.created.timestamp(), decoder.header.secrets) == (0, "kept")


def test_a_time_of_creation_without_zone_is_utc() -> None:
    """Times are never those of the machine that reads."""
    decoder = Decoder("x")

    decoder.decode(line(format="xmppspy-capture", version=1, created="1970-01-01T00:00:01"))

    assert decoder.header is not None
    assert decoder.header.created.timestamp() == 1


def test_a_wrong_time_of_creation_is_named() -> None:
    """The mistake in a header written by hand is shown."""
    error = complaint(line(format="xmppspy-capture", version=1, created="yesterday"))

    assert str(error) == "x.jsonl, line 1: created is no ISO 8601 time: 'yesterday'"


@pytest.mark.parametrize("created", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_of_creation_outside_of_all_years_is_named(created: str) -> None:
    """What is no time in UTC is a mistake in the header, like any."""
    error = complaint(line(format="xmppspy-capture", version=1, created=created))

    assert str(error) == f"x.jsonl, line 1: created is no ISO 8601 time: {created!r}"


@pytest.mark.parametrize(
    ("first", "guess"),
    [
        (b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00", "this is a pcap file, no capture"),
        (b"\x4c\x00\x00\x00\x4d\x3c\x2b\x1a", "this is a pcapng file, no capture"),
        (b"\x1f\x8b\x08", "this is a gzip file, which must be unpacked first, no capture"),
        (b"PK\x03\x04", "this is a zip file, no capture"),
        (b"<?xml version='1.0'?>\n", "this is XML, no capture"),
        (b'{"log":{"version":"1.2"}}\n', "this is other JSON, no capture"),
        (b'{"event":"login","t":1}\n', "this is other JSON, no capture"),
        (b"[1, 2]\n", "this is other JSON, no capture"),
        (b"{\n", "this is no capture"),
        (b"\x00\x00\xff\n", "this is no capture"),
        (b"[" * 100_000, "this is no capture"),
    ],
)
def test_other_files_are_told_by_their_first_line(first: bytes, guess: str) -> None:
    """A file that is no capture is refused, with what it may be and where captures come from."""
    error = complaint(b"# comment\n", b"\n", first)

    assert isinstance(error, NotACapture)
    assert str(error).startswith(f"x.jsonl: {guess}; captures are made by `xmppspy proxy`")


# --- the other lines


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (b'{"n":1,\n', "no valid JSON (Input data was truncated); mend the line or delete it"),
        (b"\xff\n", "no valid JSON ("),
        (b"7\n", "Expected `object`, got `int`; docs/capture-format.md says what belongs there"),
        (b'{"dir":"up","xml":""}\n', "Invalid enum value 'up' - at `$.dir`; docs/"),
        (b'{"dir":"c2s"}\n', "neither an event nor a frame, which needs dir and xml (or b64)"),
        (b'{"xml":"<a/>"}\n', "neither an event nor a frame, which needs dir and xml (or b64)"),
        (b'{"dir":"c2s","b64":"?"}\n', "Invalid base64 encoded string - at `$.b64`; docs/"),
        (b'{"event":"mark","text":1}\n', "Expected `str`, got `int` - at `$.text`; docs/"),
        (encode_header(HEADER), "a second header; read captures one by one, not joined"),
    ],
)
def test_a_wrong_line_is_named(wrong: bytes, reason: str) -> None:
    """The error names file and line and says what is wrong there."""
    error = complaint(encode_header(HEADER), b"# comment\n", wrong)

    assert str(error).startswith(f"x.jsonl, line 3: {reason}")


@pytest.mark.parametrize("conn", [[], {}, "1"])
def test_a_number_that_is_none_is_refused_in_what_is_repeated(conn: object) -> None:
    """What a part repeats is looked up by its connection only if it names one."""
    error = complaint(line(event="close", conn=conn, by="client", reason="", context=True))

    assert "Expected `int`" in str(error)


@pytest.mark.parametrize(
    "wrong",
    [
        line(format="xmppspy-capture", version=1, created="9" * 5000),
        line(dir="x" * 5000, xml="<a/>"),
        line(event="fate", conn=1, n=1, action="x" * 5000),
    ],
)
def test_what_is_quoted_is_short(wrong: bytes) -> None:
    """A line of any length draws a sentence that can be read."""
    error = str(complaint(wrong))

    assert "…" in error
    assert len(error) < 400


@pytest.mark.parametrize(
    ("keys", "sent"),
    [
        ({}, None),
        ({"sent": None}, None),
        ({"sent": "<b/>"}, b"<b/>"),
        ({"sent_b64": "/w=="}, b"\xff"),
    ],
)
def test_the_text_of_a_fate_is_bytes(keys: dict[str, str | None], sent: bytes | None) -> None:
    """What left instead of a held frame is read from text or base64."""
    [fate] = decode(line(event="fate", t=1, conn=1, n=1, action="replace", **keys))

    assert fate == FateDecided(t=1.0, conn=1, n=1, action="replace", sent=sent)


# --- torn lines


@pytest.mark.parametrize("length", range(1, len(encode_header(HEADER)) - 1))
def test_a_torn_header_is_told_from_other_files(length: int) -> None:
    """A capture that was cut off in its header is still recognised."""
    assert Decoder("x").is_torn(encode_header(HEADER)[:length])


@pytest.mark.parametrize("last", [b"", b"# com", b'{"dir":"c2s","xml":""}', b" "])
def test_whole_last_lines_are_not_torn(last: bytes) -> None:
    """A last line may lack its line feed."""
    decoder = Decoder("x")
    decoder.decode(encode_header(HEADER))

    assert not decoder.is_torn(last)


def test_a_foreign_first_line_is_not_torn() -> None:
    """What is not the beginning of a header is no capture."""
    assert not Decoder("x").is_torn(b'{"log":')


@pytest.mark.parametrize("t", ["-1", "1e300", "1e11"])
def test_what_is_no_time_is_an_error(t: str) -> None:
    """Seconds since the capture began are neither negative nor those of centuries."""
    frame = b'{"t":%s,"dir":"c2s","xml":"<a/>"}' % t.encode()

    assert "t is no time" in str(complaint(frame))
    assert "t is no time" in str(complaint(b'{"t":%s,"event":"gap","lost":1}' % t.encode()))


@pytest.mark.parametrize(
    "line",
    [
        b'{"n":1,"t":1,"conn":3,"dir":"s2c","kind":"stream","xml":"<a>","context":true}',
        b'{"t":1,"conn":3,"event":"open","client":"a","server":"b","context":true}',
        encode_header(HEADER._replace(part=2)),
        b'{"t":1,"conn":3,"event":"tls","leg":"client","version":"1","cipher":"a","context":true}',
    ],
)
def test_what_a_part_repeats_is_an_event_by_itself(line: bytes) -> None:
    """Only who reads all lines has read it before."""
    decoder = Decoder.amid("x", n=6, t=2.5, conn=3, headers={"s2c": SERVER.encode()})

    assert decoder.decode(line) is not None


def test_line_out_of_the_middle_is_read_as_in_its_place() -> None:
    """What the lines before told is told instead."""
    header = (
        b"<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>"
    )
    decoder = Decoder.amid("x", n=6, t=2.5, conn=3, headers={"s2c": header})
    frame = decoder.decode(b'{"dir":"s2c","xml":"<iq/>"}')

    assert isinstance(frame, FrameRecord)
    assert (frame.n, frame.t, frame.conn) == (7, 2.5, 3)
    assert frame.context.content == "jabber:server"


@pytest.mark.parametrize(
    "line",
    [
        b'{"n":7,"t":1,"conn":1,"dir":"c2s","kind":"iq","type":"get","xml":"<iq/>"}',
        b'{"n":7,"t":1,"conn":1,"dir":"c2s","kind":"opaque","b64":"AAA="}',
    ],
)
def test_keys_of_a_frame_are_read_alone(line: bytes) -> None:
    """If none is missing; the bytes can be had, too."""
    decoder = Decoder("x")
    decoder.started = True
    keys, frame = decoder.keys(line), decoder.decode(line)

    assert isinstance(keys, FrameLine)
    assert isinstance(frame, FrameRecord)
    assert (keys.n, keys.kind, keys.type, keys.data) == (7, frame.kind, frame.type, frame.data)


@pytest.mark.parametrize(
    "line",
    [
        b'{"n":7,"t":1,"conn":1,"dir":"c2s","xml":"<iq/>"}',
        b'{"dir":"c2s","xml":"<iq/>"}',
        b'{"t":1,"event":"note","text":"x"}',
        b'{"n":7,"event":"note","text":"x"}',
    ],
)
def test_other_lines_are_read_whole(line: bytes) -> None:
    """What is missing has to be derived, and events are what they are."""
    assert Decoder("x").keys(line) == Decoder("x").decode(line)


def test_keys_of_a_broken_line_are_an_error() -> None:
    """As with the whole line."""
    decoder = Decoder("x")
    decoder.started = True

    with pytest.raises(CaptureError, match="no valid JSON"):
        decoder.keys(b'{"n":7,"t":')
