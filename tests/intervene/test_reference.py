import re
from pathlib import Path

from tests.intervene.acting import load
from xmppspy.intervene import reference
from xmppspy.intervene.patterns import PLACES
from xmppspy.intervene.replies import CONDITIONS
from xmppspy.intervene.rulesfile import read_rules
from xmppspy.intervene.vocabulary import KINDS

MANUAL = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_tables_hold_everything() -> None:
    """Every action with its help, its parameters and an example; every place and condition."""
    made = reference.markdown()

    for kind in KINDS.values():
        assert f"| `{kind.name}` | {kind.help}" in made
        assert f"`{kind.example}` |" in made
        for parameter in kind.parameters:
            assert re.search(
                rf"\| `{kind.name}` \| (\*\*)?`{parameter.name}`(\*\*)? \| {parameter.help}", made
            )
    assert all(f"| `{{{name}}}` | {said} |" in made for name, said in PLACES.items())
    assert all(f"`{condition}` ({type_})" in made for condition, type_ in CONDITIONS.items())


def test_the_manual_is_up_to_date() -> None:
    """Its tables are those that are made; `scripts/update_rule_tables.py` renews them."""
    manual = MANUAL.read_text(encoding="utf-8")

    assert reference.updated(manual) == manual


def test_updating_replaces_the_tables_only() -> None:
    """What was written by hand around them stays."""
    renewed = reference.updated(f"before\n{reference.BEGIN}\nobsolete\n{reference.END}\nafter\n")

    assert renewed.startswith(f"before\n{reference.BEGIN}\n\n### Actions on frames\n")
    assert renewed.endswith(f"\n\n{reference.END}\nafter\n")
    assert "obsolete" not in renewed


def test_the_rules_in_the_manual_are_rules() -> None:
    """Every block of TOML can be read, without a hint that something is odd."""
    blocks = re.findall(r"```toml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    books = [read_rules(block, "docs/rules.md", load) for block in blocks]

    assert len(books) > 10
    assert all(book.rules and not book.hints for book in books)


def test_every_action_is_shown_at_work_or_explained() -> None:
    """Above the tables, in words or in an example."""
    manual = MANUAL.read_text(encoding="utf-8").partition(reference.BEGIN)[0]
    unsaid = [name for name in KINDS if not re.search(rf"\b{name}\b", manual)]

    assert unsaid == []
