from collections import Counter

import pytest

from tests.view.samples import frame
from xmppspy.analysis.lint import Finding, Severity
from xmppspy.protocol.events import ConnectionClosed
from xmppspy.view.findings import Findings
from xmppspy.view.ink import Ink, Palette
from xmppspy.view.look import Look

FOUND = Finding(
    rule="S16",
    severity=Severity.ERROR,
    conn=2,
    dir="c2s",
    n=1,
    t=1.5,
    ref="RFC 6120 §4.4",
    message="an iq after -- the end\x1b[2J",
)
WHOLE = Finding(
    rule="S17", severity=Severity.WARNING, conn=2, dir=None, n=None, t=2.0, ref="R", message="gone"
)


def test_a_finding_is_a_line() -> None:
    """When, where, how bad, what, and the section; nothing in it steers a terminal."""
    findings = Findings(Look())

    assert findings.line(FOUND) == (
        "1.500 #2 C→S n:1 error S16: an iq after -- the end\\x1b[2J (RFC 6120 §4.4)\n"
    )
    assert findings.line(WHOLE) == "2.000 #2 warning S17: gone (R)\n"


def test_a_remark_stands_under_its_frame() -> None:
    """As a comment where XML is shown."""
    findings, under = Findings(Look()), frame("<iq/>", n=1)

    assert findings.remark(FOUND, under, in_comment=False) == (
        "  lint: error S16: an iq after -- the end\\x1b[2J (RFC 6120 §4.4)\n"
    )
    assert findings.remark(FOUND, under, in_comment=True) == (
        "<!-- lint: error S16: an iq after - - the end\\x1b[2J (RFC 6120 §4.4) -->\n"
    )


def test_a_remark_elsewhere_names_its_frame() -> None:
    """Some things are known only later."""
    findings = Findings(Look())
    closing = ConnectionClosed(t=3.0, conn=2, by="client", reason="end of stream")

    assert findings.remark(FOUND, frame("<r/>", n=7), in_comment=False).startswith(
        "  lint: frame 1 error S16"
    )
    assert findings.remark(WHOLE, closing, in_comment=False).startswith("  lint: warning S17")


@pytest.mark.parametrize(
    ("severity", "ink"), [(Severity.ERROR, "E"), (Severity.WARNING, "W"), (Severity.INFO, "I")]
)
def test_severities_have_colours(severity: Severity, ink: str) -> None:
    """Their own ones."""
    palette = Palette(error=Ink("E", "e"), change=Ink("W", "w"), event=Ink("I", "i"))
    found = Finding(
        rule="S17", severity=severity, conn=2, dir=None, n=None, t=2.0, ref="R", message="gone"
    )

    assert f"{ink}{severity} S17{ink.lower()}:" in Findings(Look(palette=palette)).line(found)


@pytest.mark.parametrize(
    ("counts", "shown", "told"),
    [
        ({}, list(Severity), "nothing found"),
        ({"error": 1, "info": 2}, list(Severity), "1 error, 2 infos"),
        (
            {"warning": 3, "info": 1},
            [Severity.ERROR, Severity.WARNING],
            "3 warnings; 1 info not shown (see --severity)",
        ),
        (
            {"warning": 3, "info": 1},
            [Severity.ERROR],
            "nothing found; 3 warnings and 1 info not shown (see --severity)",
        ),
    ],
)
def test_a_summary_counts(counts: dict[str, int], shown: list[Severity], told: str) -> None:
    """What was shown, and what was not."""
    assert Findings(Look()).summary(Counter(counts), shown) == f"{told}\n"
