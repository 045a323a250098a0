from dataclasses import replace

import pytest

from tests.analysis.scenes import Scene
from tests.view.stats.samples import PAPER, conversation, counted
from xmppspy.view.fold import width_of
from xmppspy.view.stats import Paper, statistics


def told(scene: Scene, paper: Paper = PAPER) -> str:
    """All that is printed about a scene."""
    report, stats = counted(scene)
    return statistics(report, stats.timeline, paper)


def test_sections_stand_below_each_other() -> None:
    """Each with a title and an empty line behind it; those without content are left out."""
    lines = told(conversation()).splitlines()
    titles = [line for line in lines if line and not line.startswith(" ")]

    assert titles == [
        "Capture", "Connections", "Kinds", "Stanzas", "Topics", "Addresses", "Requests",
        "Slowest answers", "Messages", "Overhead",
    ]  # fmt: skip
    assert all(not lines[lines.index(title) - 1] for title in titles[1:])
    assert lines[-1]


def test_nothing_is_an_empty_capture() -> None:
    """Rather than an error."""
    assert told(Scene()) == "Capture\n  0 frames, 0 B in 0.0 ms on 0 connections\n"


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_lines_fit(columns: int) -> None:
    """Nothing is wider than the paper."""
    scene = conversation()
    scene.client("<message to='tybalt@a-rather-long-domain.capulet.example' type='chat'/>")
    lines = told(scene, replace(PAPER, columns=columns)).splitlines()

    assert max(map(width_of, lines)) <= columns


def test_colours_are_a_choice() -> None:
    """Plain text holds no codes at all; colours change nothing else."""
    plain = told(conversation())
    coloured = told(conversation(), replace(PAPER, colours="256"))
    few = told(conversation(), replace(PAPER, colours="standard"))

    assert "\x1b" not in plain
    assert "\x1b[38;5;" in coloured
    assert "\x1b[" in few
    assert "\x1b[38;5;" not in few


def test_remarks_come_last() -> None:
    """What is not exact is said."""
    scene = conversation()
    for conn in range(2, 1100):
        scene.opens(conn)
    lines = told(scene).splitlines()

    assert lines[-2:] == ["Beware", "  Of the first 99 connections only the sums are told."]
