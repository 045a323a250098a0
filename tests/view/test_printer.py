import re

import msgspec
import pytest

from tests.view.samples import COLOURED, GOLDEN, NARROW, PLAIN, frame
from xmppspy.analysis.explainer import Explainer
from xmppspy.capture.reader import Reader
from xmppspy.protocol.events import Event, FrameRecord, Mark
from xmppspy.view.clock import Clock
from xmppspy.view.look import Look, StyleName
from xmppspy.view.printer import printer

CHAT, TROUBLE, BRIDGED = "chat.xmpp.jsonl", "trouble.xmpp.jsonl", "bridged.xmpp.jsonl"


def events(name: str) -> list[Event]:
    """The events of a golden capture."""
    return list(Reader(GOLDEN / name))


def printed(style: StyleName, look: Look, name: str) -> str:
    """What a style shows of a golden capture."""
    with Reader(GOLDEN / name) as reader:
        header = reader.header
        assert header is not None
        render = printer(style, look._replace(clock=Clock(header.created, utc=True)))
        explainer = Explainer()
        return b"".join(render(event, explainer.see(event)) for event in reader).decode()


@pytest.mark.parametrize(
    ("golden", "style", "look", "capture"),
    [
        ("chat.pretty.txt", "pretty", PLAIN, CHAT),
        ("chat.pretty.80.txt", "pretty", NARROW, CHAT),
        ("chat.brief.txt", "brief", PLAIN, CHAT),
        ("chat.brief.80.txt", "brief", NARROW, CHAT),
        ("chat.raw.txt", "raw", PLAIN, CHAT),
        ("trouble.pretty.txt", "pretty", PLAIN, TROUBLE),
        ("trouble.pretty.80.txt", "pretty", NARROW, TROUBLE),
        ("trouble.brief.txt", "brief", PLAIN, TROUBLE),
        ("trouble.raw.txt", "raw", PLAIN, TROUBLE),
        ("bridged.pretty.80.txt", "pretty", NARROW, BRIDGED),
        ("bridged.brief.txt", "brief", PLAIN, BRIDGED),
        ("bridged.brief.80.txt", "brief", NARROW, BRIDGED),
    ],
)
def test_golden_texts(golden: str, style: StyleName, look: Look, capture: str) -> None:
    """A whole session, all kinds of trouble, and changed logins, in every style for people."""
    assert printed(style, look, capture) == (GOLDEN / golden).read_bytes().decode()


@pytest.mark.parametrize("style", ["pretty", "brief"])
@pytest.mark.parametrize("name", [CHAT, TROUBLE])
def test_colours_change_no_text(style: StyleName, name: str) -> None:
    """Without its codes the coloured text is the plain one; all codes are colours."""
    coloured = printed(style, COLOURED, name)

    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == printed(style, PLAIN, name)


@pytest.mark.parametrize("style", ["pretty", "brief", "raw"])
def test_the_terminal_is_safe(style: StyleName) -> None:
    """No control character of the traffic is printed."""
    shown = printed(style, PLAIN, TROUBLE)

    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def test_raw_is_the_text_as_it_was_sent() -> None:
    """Nothing is inserted but a line break behind each frame."""
    frames = [event for event in events(CHAT) if isinstance(event, FrameRecord)]

    assert printed("raw", PLAIN, CHAT) == "".join(f"{record.xml}\n" for record in frames)


def test_bytes_are_exact() -> None:
    """Whatever they are; events leave nothing."""
    render = printer("bytes", PLAIN)

    assert render(frame(b"<a>\xe9\x1b</a>")) == b"<a>\xe9\x1b</a>"
    assert render(Mark(t=0, text="m")) == b""


def test_json_is_lines_of_a_capture() -> None:
    """Every event is a line that reads as what it was."""
    render = printer("json", PLAIN)
    lines = [render(event) for event in events(TROUBLE)]
    again = [msgspec.json.decode(line) for line in lines]

    assert [line.get("kind", line.get("event")) for line in again][:3] == [
        "message",
        "space",
        "message",
    ]
