import pytest

from xmppspy.analysis.lint.examples import Example, Line, examples
from xmppspy.analysis.lint.rules import FAMILIES

NAMES = [module.__name__.rpartition(".")[2] for module in FAMILIES]


def test_examples_are_captures() -> None:
    """As a person would write them: events, and frames with direction and XML."""
    example = next(each for each in examples("iqs") if each.rule == "A06" and not each.clean)
    frames = [line for line in example.lines if "xml" in line.record]

    assert example.lines[0].record["event"] == "open"
    assert all(line.record["dir"] in ("c2s", "s2c") for line in frames)
    assert example.capture()[-1].startswith('{"t": 60.0, "event": "close"')
    assert [frames[number - 1].marked for number in example.marked] == [True]


def test_scenes_are_lent() -> None:
    """What an example only needs is told apart from what it is about."""
    example = next(each for each in examples("iqs") if each.rule == "A10" and not each.clean)
    own = [line for line in example.lines if not line.lent]

    assert len(own) == 2
    assert len(example.lines) > 10


def test_examples_say_where_the_breach_is() -> None:
    """At frames, or at none."""
    frame = Line({"dir": "c2s", "xml": "<r/>"})
    marked = Line({"dir": "c2s", "xml": "<a/>"}, marked=True)
    example = Example("Z01", clean=False, lines=(Line({"event": "open"}), frame, marked))

    assert example.marked == [2]
    assert str(example) == "Z01"


@pytest.mark.parametrize("family", [name for name in NAMES if name != "unseen"])
def test_each_family_has_examples(family: str) -> None:
    """A file of its own."""
    assert len(examples(family)) > 1
