import re
import shlex
from pathlib import Path

import pytest

from xmppspy.filters import Filter, reference
from xmppspy.filters.vocabulary import FIELDS, WORDS
from xmppspy.filters.xpath_syntax import PREFIXES

MANUAL = Path(__file__).parents[2] / "docs" / "filters.md"


def test_the_reference_fits_a_terminal() -> None:
    """80 columns, no trailing space, no control characters."""
    lines = reference.text().split("\n")

    assert max(map(len, lines)) <= 80
    assert all(line == line.rstrip() and line.isprintable() for line in lines)


@pytest.mark.parametrize("made", [reference.text, reference.markdown])
def test_the_reference_holds_everything(made: object) -> None:
    """Every word, field and prefix with its help, an example of each field."""
    assert callable(made)
    text = " ".join(made().replace("`", "").replace("|", " ").split())

    for word in WORDS.values():
        assert re.search(rf"(?<!\S){word.name}(?!\w)", text)
    for field in FIELDS.values():
        for operator in field.operators:
            assert f" {operator} " in text
        assert f"{field.name} {' '.join(field.operators)} {field.help} {field.example}" in text
    for prefix, namespace in PREFIXES.items():
        assert f"{prefix} {namespace}" in text


@pytest.mark.parametrize("example", [left for left, _ in reference.EXAMPLES])
def test_the_examples_are_filters_as_a_shell_reads_them(example: str) -> None:
    """Each works when pasted behind `xmppspy show FILE`, and at a prompt."""
    made = Filter.from_arguments(shlex.split(example))

    assert not made.hints
    assert made == Filter(example)


@pytest.mark.parametrize("example", [left for left, _ in reference.COMBINING + reference.OPERATORS])
def test_the_explanations_are_filters(example: str) -> None:
    """What shows how to write a filter is one."""
    assert str(Filter(example))


def test_the_manual_is_up_to_date() -> None:
    """Its tables are those made from the atoms; `scripts/update_filter_tables.py` renews them."""
    manual = MANUAL.read_text(encoding="utf-8")

    assert reference.updated(manual) == manual


def test_the_filters_in_the_manual_are_filters() -> None:
    """Every line of its console blocks parses as a shell would hand it over."""
    commands = re.findall(
        r"^xmppspy show FILE (.*?)(?: +#.*)?$", MANUAL.read_text("utf-8"), re.MULTILINE
    )

    assert len(commands) > 10
    for command in commands:
        Filter.from_arguments(shlex.split(command))


def test_updating_replaces_the_tables_only() -> None:
    """What was written by hand around them stays."""
    manual = f"before\n{reference.BEGIN}\nold\n{reference.END}\nafter\n"
    renewed = reference.updated(manual)

    assert renewed.startswith(f"before\n{reference.BEGIN}\n\n### Words\n")
    assert renewed.endswith(f"\n\n{reference.END}\nafter\n")
    assert "old" not in renewed
