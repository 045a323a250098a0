"""Examples judged: what the linter says of the packaged ones."""

import io

from xmppspy.analysis.lint import Finding, Linter, Severity
from xmppspy.analysis.lint.examples import Example, examples
from xmppspy.capture.reader import read


def judge(lines: list[str], *select: str) -> list[Finding]:
    """What the selected rules, or all, say of the lines of a capture."""
    linter = Linter(select)
    source = io.BytesIO("".join(f"{line}\n" for line in lines).encode())
    found = [finding for event in read(source) for finding in linter.see(event)]
    return [*found, *linter.finish()]


def broken(family: str) -> list[Example]:
    """The examples of a family that break their rules."""
    return [example for example in examples(family) if not example.clean]


def kept(family: str) -> list[Example]:
    """The examples of a family that keep their rules."""
    return [example for example in examples(family) if example.clean]


def assert_noticed(example: Example) -> None:
    """Check that the rule's breaches are noticed where the example marks them."""
    found = judge(example.capture(), example.rule)
    placed = sorted({finding.n for finding in found if finding.n is not None})

    assert placed == example.marked
    assert any(finding.n is None for finding in found) is example.unplaced
    assert all(finding.message and finding.rule == example.rule for finding in found)


def assert_kept(example: Example) -> None:
    """Check that the rule says nothing, and that no other rule says that there is an error."""
    of_the_rule = judge(example.capture(), example.rule)
    errors = [each for each in judge(example.capture()) if each.severity is Severity.ERROR]

    assert of_the_rule == []
    assert errors == []
