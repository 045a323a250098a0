import io

import msgspec
import pytest

from tests.view.samples import CREATED, frame
from xmppspy.capture.format import Header
from xmppspy.cli.sheet import Sheet
from xmppspy.cli.styles import Styles
from xmppspy.protocol.events import Event, Fault, Mark
from xmppspy.view.look import StyleName
from xmppspy.view.selection import Shown

FRAME, MARK, FAULT = frame("<r/>"), Mark(t=0, text="m"), Fault(t=0, error="e", detail="d\x1b")


class Unbuffered(io.BytesIO):
    """A stream that counts how often it is flushed."""

    flushes = 0

    def flush(self) -> None:
        """Count."""
        self.flushes += 1


def sheet(
    style: StyleName, *, header: Header | None = None, separated: bool = False, live: bool = False
) -> tuple[Sheet, Unbuffered]:
    """A sheet of a style, and what it prints on."""
    output = Unbuffered()
    return Sheet(output, Styles(style), header, separated=separated, live=live), output


def test_events_are_printed_in_their_style() -> None:
    """One after the other."""
    paper, output = sheet("brief")
    paper.show([Shown(1, FRAME), Shown(2, MARK)])

    assert output.getvalue().decode() == "0.000 #1 C→S r\n0.000 mark: m\n"


def test_json_begins_with_the_header() -> None:
    """What is printed is a capture again."""
    _, output = sheet("json", header=Header(CREATED, "xmppspy 0.1.0"))

    assert msgspec.json.decode(output.getvalue())["format"] == "xmppspy-capture"


@pytest.mark.parametrize(
    ("style", "separator"), [("pretty", "<!-- … -->\n"), ("brief", "…\n"), ("raw", "")]
)
def test_gaps_are_marked(style: StyleName, separator: str) -> None:
    """Between events that do not follow one another, if that was asked for."""
    apart, with_gaps = sheet(style, separated=True)
    together, without = sheet(style)
    events = [Shown(2, FRAME), Shown(3, FRAME), Shown(7, FRAME)]
    apart.show(events)
    together.show(events)

    lines = without.getvalue().decode()
    once = len(lines) // 3
    assert with_gaps.getvalue().decode() == lines[: 2 * once] + separator + lines[2 * once :]


def test_live_output_leaves_at_once() -> None:
    """Each event by itself; otherwise it may wait."""
    live, flushed = sheet("brief", live=True)
    later, kept = sheet("brief")
    for paper in (live, later):
        paper.show([Shown(1, FRAME), Shown(2, FRAME)])

    assert (flushed.flushes, kept.flushes) == (2, 0)


@pytest.mark.parametrize(
    ("style", "event", "expected"),
    [
        ("raw", FRAME, True),
        ("raw", MARK, False),
        ("bytes", FAULT, False),
        ("json", MARK, True),
        ("pretty", FAULT, True),
    ],
)
def test_what_a_style_has_a_place_for(style: StyleName, event: Event, expected: bool) -> None:
    """Events are no traffic."""
    assert sheet(style)[0].has_place_for(event) is expected


def test_errors_without_a_place_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    """They are never lost, and harmless."""
    sheet("raw")[0].warn(FAULT)
    sheet("raw")[0].warn(MARK)
    sheet("brief")[0].warn(FAULT)

    assert capsys.readouterr().err == "0.000 error e: d\\x1b\n"


def test_findings_stand_under_what_they_are_about() -> None:
    """In the style of the rest; infos are left out."""
    output = Unbuffered()
    paper = Sheet(output, Styles("brief"), None, separated=False, live=False, lint=True)
    wrong = frame("<iq/>")
    found = paper.judge(wrong)
    paper.show([Shown(1, wrong, remarks=found), Shown(2, MARK, remarks=paper.judge(MARK))])

    assert output.getvalue().decode() == (
        "0.000 #1 C→S iq (no payload)\n"
        "  lint: error A01: the iq has no id (RFC 6120 §8.2.3 rule 1)\n"
        "  lint: error A02: the iq has no type (RFC 6120 §8.2.3 rule 2)\n"
        "0.000 mark: m\n"
    )


def test_nothing_is_judged_unasked() -> None:
    """That would cost time."""
    paper, _ = sheet("brief")

    assert paper.judge(frame("<iq/>")) == ()
