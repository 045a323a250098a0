import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.analysis.lint.judging import judge
from tests.analysis.scenes import CLIENT_HEADER, SERVER_HEADER, Scene
from xmppspy.analysis.lint import Finding, Linter, Severity
from xmppspy.analysis.lint.examples import examples
from xmppspy.analysis.lint.linter import MAX_CONNECTIONS
from xmppspy.analysis.lint.rules import FAMILIES
from xmppspy.capture.reader import read
from xmppspy.errors import UsageError
from xmppspy.protocol.events import FrameRecord, Gap, Skipped

ROOT = Path(__file__).parents[3]
PING = "<iq type='get' id='p' to='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>"
PONG = "<iq type='result' id='p' from='capulet.example'/>"


def findings(scene: Scene, *select: str) -> list[Finding]:
    """What the selected rules say of a scene."""
    linter = Linter(select)
    found = [each for event in scene.events for each in linter.see(event)]
    return [*found, *linter.finish()]


def rules(scene: Scene, *select: str) -> list[str]:
    """The rules that are broken in a scene."""
    return [each.rule for each in findings(scene, *select)]


def test_a_finding_says_what_where_and_why() -> None:
    """Rule, severity, place, section, sentence."""
    scene = Scene()
    scene.client("<iq type='get' to='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>", t=1.5)
    (found,) = findings(scene, "A01")

    assert found == Finding(
        rule="A01", severity=Severity.ERROR, conn=1, dir="c2s", n=1, t=1.5,
        ref="RFC 6120 §8.2.3 rule 1", message="the iq has no id",
    )  # fmt: skip


def test_unknown_rules_are_wrong_usage() -> None:
    """Said at once."""
    with pytest.raises(UsageError):
        Linter(["nonsense"])


def test_lines_by_hand_are_enough() -> None:
    """Direction and XML, nothing else."""
    found = judge([json.dumps({"dir": "c2s", "xml": "<presence type='available'/>"})])

    assert [each.rule for each in found if each.severity is Severity.ERROR] == ["P01"]


def test_what_xmppspy_says_is_not_judged() -> None:
    """But it counts for what comes after."""
    scene = Scene()
    scene.opens()
    scene.client(CLIENT_HEADER)
    scene.server(SERVER_HEADER, injected=True)
    scene.server("<stream:features/>", injected=True)
    scene.server("<message type='odd'/>", injected=True)

    assert rules(scene, "S06", "S10", "M01") == []


def test_broken_xml_is_judged_by_its_bytes_only() -> None:
    """What would be read into it by recovery is not complained about."""
    scene = Scene()
    scene.client("<iq><x:ping/></iq>")

    assert {each.rule for each in findings(scene) if each.severity is Severity.ERROR} == {"S25"}


def test_forbidden_markup_does_not_hide_the_rest() -> None:
    """A comment is wrong; so is the stanza around it."""
    scene = Scene()
    scene.client("<iq type='odd' id='1'><!-- aside --></iq>")

    assert {"S22", "A02"} <= set(rules(scene))


@pytest.mark.parametrize("lost", [Gap(t=1.0, lost=3), Skipped(t=1.0, lost=3)])
def test_what_was_lost_is_not_missed(lost: Gap | Skipped) -> None:
    """The request may have been among it."""
    scene = Scene()
    scene.begins()
    scene.add(lost)
    scene.server(PONG)

    assert rules(scene, "A07") == []


def test_a_capture_from_the_middle_is_judged_mildly() -> None:
    """What it lacks may have been before."""
    whole, part = Scene(), Scene()
    whole.begins()
    for scene in (whole, part):
        scene.server(PONG)

    assert rules(whole, "A07") == ["A07"]
    assert rules(part, "A07") == []


def test_an_opening_with_a_gap_behind_it_is_no_beginning() -> None:
    """Somebody kept the events and some of the frames."""
    scene = Scene()
    scene.opens()
    first = scene.server(PONG)
    scene.events[-1] = replace(first, n=40)

    assert rules(scene, "A07") == []


def test_requests_are_given_up_at_the_end() -> None:
    """Of the connection at once, of the capture when they are old."""
    closed, young, old = Scene(), Scene(), Scene()
    for scene in (closed, young, old):
        scene.begins()
        scene.client(PING, t=10.0)
    closed.closes()
    young.server("<message/>", t=12.0)
    old.server("<message/>", t=20.0)

    assert rules(closed, "A06") == ["A06"]
    assert rules(young, "A06") == []
    assert rules(old, "A06") == ["A06"]


def test_connections_are_apart() -> None:
    """The same ids and features on another one are another matter."""
    scene = Scene()
    for conn in (1, 2):
        scene.begins(conn)
        scene.client(PING, conn)
    for conn in (1, 2):
        scene.server(PONG, conn)

    assert rules(scene, "A06", "A07", "A10") == []


def test_memory_is_bounded() -> None:
    """Connections that never end are forgotten."""
    linter, scene = Linter(), Scene()
    for conn in range(1, MAX_CONNECTIONS + 50):
        scene.opens(conn)
        scene.client("<presence/>", conn)
    for event in scene.events:
        list(linter.see(event))

    assert len(linter._connections) == MAX_CONNECTIONS


def test_selection_changes_nothing_else() -> None:
    """A rule finds the same alone and among all others."""
    scene = Scene()
    scene.logs_in()
    scene.client("<presence><show>online</show></presence>")
    scene.client("<message type='odd'/>")
    alone = [*findings(scene, "P02"), *findings(scene, "M01")]
    together = [each for each in findings(scene) if each.rule in ("P02", "M01")]

    assert len(alone) == 2
    assert together == alone


KNOWN = {
    "errors": {"S16", "S25"},
    "group-chat": set[str](),
    "login": set[str](),
    "roster-and-presence": set[str](),
}
"""The errors in the sample captures: slixmpp closes its stream twice, and XML broken on purpose."""


@pytest.mark.parametrize("name", KNOWN)
def test_real_sessions_have_true_errors_only(name: str) -> None:
    """Of slixmpp with Prosody; each was looked at."""
    linter = Linter()
    with (ROOT / "captures" / f"{name}.xmpp.jsonl").open("rb") as capture:
        found = [each for event in read(capture) for each in linter.see(event)]
    found += linter.finish()

    assert {each.rule for each in found if each.severity is Severity.ERROR} == KNOWN[name]


def test_elements_named_like_markup_are_elements() -> None:
    """`<text/>` is no text."""
    scene = Scene()
    record = scene.client("<text xmlns='urn:example:notes'/>")

    assert isinstance(record, FrameRecord)
    assert rules(scene, "S28", "S29") == ["S28"]


def test_nonsense_is_judged_too() -> None:
    """All examples in one capture, said by the wrong sides: whatever comes, nothing breaks."""
    families = [module.__name__.rpartition(".")[2] for module in FAMILIES]
    records = [
        line.record
        for family in families
        if family != "unseen"
        for example in examples(family)
        for line in example.lines
    ]
    swapped = {"c2s": "s2c", "s2c": "c2s"}
    turned = [{**each, "dir": swapped[each["dir"]]} if "dir" in each else each for each in records]
    found = judge([json.dumps(each) for each in turned])

    assert len({each.rule for each in found}) > 50
