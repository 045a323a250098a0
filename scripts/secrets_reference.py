"""Write the tables of docs/secrets.md from the rules: `python scripts/secrets_reference.py`."""

from collections.abc import Iterable
from pathlib import Path

from xmppspy.analysis.redaction.rules import (
    FIELDS,
    MESSAGES,
    NAMED,
    QUERY_PASSWORDS,
    QUERY_TOKENS,
    RECORDED,
    SHARED,
    FieldRule,
    How,
    Rule,
    When,
)

PAGE = Path(__file__).parent.parent / "docs" / "secrets.md"
BEGIN = "<!-- Made by scripts/secrets_reference.py from the rules. -->\n"
END = "<!-- The end of what is made. -->\n"


def fresh(page: str) -> str:
    """The page with its tables made anew."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + tables() + END + rest.partition(END)[2]


def tables() -> str:
    """All tables, under their headings."""
    private = [rule for rule in SHARED if rule.how not in NAMED]
    named = [rule for rule in SHARED if rule.how in NAMED]
    return "\n".join(
        [
            "\n### When recorded, and when shared\n",
            _table(_rows(RECORDED, When.RECORDED)),
            f"Besides, in any text or attribute, the parameters {_listed(QUERY_PASSWORDS)} (`*`) and",
            f"{_listed(QUERY_TOKENS)} (a pseudonym) of a URI.\n",
            "### When shared\n",
            _table(_rows(private, When.SHARED)),
            "### When shared, unless `--bodies`\n",
            _table(_rows(MESSAGES, None)),
            "### Named anew when shared\n",
            _table(_rows(named, None)),
        ]
    )


def _rows(rules: Iterable[Rule], when: When | None) -> list[tuple[str, str, str]]:
    rows = [(_place(rule), rule.what, rule.how.value) for rule in rules if rule.how is not How.KEEP]
    fields = [field for field in FIELDS if field.when is when]
    return rows + [(_field(field), field.what, field.how.value) for field in fields]


def _place(rule: Rule) -> str:
    only = f" where `{rule.only[0]}` matches `{_cell(rule.only[1])}`" if rule.only else ""
    return f"`{rule.where}`{only}"


def _field(field: FieldRule) -> str:
    return f"form field whose `{field.attribute}` matches `{_cell(field.pattern)}`"


def _cell(pattern: str) -> str:
    return pattern.replace("|", "\\|")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(rows: list[tuple[str, str, str]]) -> str:
    lines = ["| where | what | becomes |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows), ""])


if __name__ == "__main__":
    PAGE.write_text(fresh(PAGE.read_text()))
