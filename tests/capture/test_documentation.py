import io
import json
import re
from pathlib import Path

import pytest

from xmppspy.capture.decoder import Decoder
from xmppspy.capture.format import EVENTS, FrameLine, encode, encode_header
from xmppspy.capture.reader import Reader
from xmppspy.protocol.events import FrameRecord, Mark

PAGE = (Path(__file__).parents[2] / "docs" / "capture-format.md").read_text(encoding="utf-8")
EXAMPLE, BY_HAND = re.findall(r"```jsonl\n(.*?)```", PAGE, re.DOTALL)
DERIVED = ("n", "kind", "xmlns", "type", "id", "from", "to", "ns")
ROWS = re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)


def reader(text: str) -> Reader:
    """A capture that stands on the page."""
    return Reader(io.BytesIO(text.encode()))


def test_the_example_is_what_the_writer_writes() -> None:
    """Every line of the example comes out again as it stands there."""
    example = reader(EXAMPLE)
    assert example.header is not None
    events = list(example)
    again = encode_header(example.header) + b"".join(map(encode, events))

    assert again.decode() == EXAMPLE
    assert len(events) > 20


def test_the_keys_of_the_example_are_what_its_bytes_say() -> None:
    """A reader that derives all keys of the example's frames comes to the same ones."""
    decoder = Decoder("docs/capture-format.md")
    for line in EXAMPLE.splitlines():
        told = json.loads(line)
        if "dir" not in told or "event" in told:
            continue
        bare = {key: value for key, value in told.items() if key not in DERIVED}
        event = decoder.decode(json.dumps(bare).encode())
        assert isinstance(event, FrameRecord)
        derived = json.loads(encode(event))

        assert derived == told


def test_the_example_shows_what_matters() -> None:
    """Each kind of event that a plain session has occurs, and so do masking and change."""
    names = set(re.findall(r'"event":"(\w+)"', EXAMPLE))

    assert names == {"open", "tls", "mark", "error", "fate", "close"}
    assert '"redacted"' in EXAMPLE
    assert '"sent"' in EXAMPLE


def test_a_capture_may_be_written_like_the_one_by_hand() -> None:
    """The short example means what the page says."""
    ping, answer, mark = list(reader(BY_HAND))
    assert isinstance(ping, FrameRecord)
    assert isinstance(answer, FrameRecord)

    assert (ping.n, ping.t, ping.conn, ping.kind, ping.ns) == (1, 0, 1, "iq", ("urn:xmpp:ping",))
    assert (answer.n, answer.t, answer.type, answer.from_) == (2, 0.5, "result", "example.org")
    assert mark == Mark(t=0.5, text="alive")


@pytest.mark.parametrize("key", FrameLine.__struct_encode_fields__)
def test_every_key_of_a_frame_is_documented(key: str) -> None:
    """A key that is written stands in the table."""
    assert any(f"`{key}`" in row for row in ROWS)


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_is_documented_with_its_keys(name: str) -> None:
    """An event that is written stands in the table, with all that it may say."""
    [keys] = re.findall(rf"^\| `{name}` \| (.*?) \|", PAGE, re.MULTILINE)
    fields = set(EVENTS[name].__dataclass_fields__) - {"t", "conn"}

    assert fields <= set(re.findall(r"`(\w+)`", keys))
