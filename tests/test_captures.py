"""The sample captures are what the README says they are."""

from pathlib import Path

import pytest

from xmppspy import Filter, FrameRecord, Reader

CAPTURES = Path(__file__).parent.parent / "captures"
SAMPLES = ("errors", "group-chat", "login", "roster-and-presence")


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_is_whole_and_commented(name: str) -> None:
    """Each reads to its end, holds whole connections, and explains itself."""
    path = CAPTURES / f"{name}.xmpp.jsonl"
    with Reader(path) as reader:
        events = list(reader)
        header, torn = reader.header, reader.torn
    numbers = [event.n for event in events if isinstance(event, FrameRecord)]
    comments = [line for line in path.read_text().splitlines() if line.startswith("# ")]

    assert header is not None
    assert header.secrets == "redacted"
    assert torn is None
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(comments) > 5


@pytest.mark.parametrize(
    ("name", "terms", "count"),
    [
        ("login", "auth", 1),
        ("login", "presence c2s", 1),
        ("roster-and-presence", "message 'body~Romeo'", 2),
        ("roster-and-presence", "presence type:subscribe c2s", 3),
        ("group-chat", "message type:groupchat c2s body~.", 4),
        ("errors", "failure", 3),
        ("errors", "iq type:error", 3),
        ("errors", "event:error", 2),
    ],
)
def test_sample_holds_what_it_is_for(name: str, terms: str, count: int) -> None:
    """What a person would look for in it is there."""
    wanted = Filter(terms)
    with Reader(CAPTURES / f"{name}.xmpp.jsonl") as reader:
        found = [event for event in reader if wanted.match(event)]

    assert len(found) == count
