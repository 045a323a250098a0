from pathlib import Path

from xmppspy.analysis.lint import RULES, manual, named

PAGE = Path(__file__).parents[3] / "docs" / "lint.md"


def test_the_page_is_up_to_date() -> None:
    """Its tables are those made from the rules; `scripts/lint_rules.py` renews them."""
    page = PAGE.read_text(encoding="utf-8")

    assert manual.updated(page) == page


def test_updating_replaces_the_tables_only() -> None:
    """What was written by hand around them stays."""
    renewed = manual.updated(f"before\n{manual.BEGIN}\nstale\n{manual.END}\nafter\n")

    assert renewed.startswith(f"before\n{manual.BEGIN}\n\n| rule | severity |")
    assert renewed.endswith(f"|\n\n{manual.END}\nafter\n")
    assert "stale" not in renewed


def test_every_rule_is_in_the_page() -> None:
    """Each in one row."""
    page = PAGE.read_text(encoding="utf-8")

    assert [name for name in RULES if page.count(f"\n| {name} | ") != 1] == []


def test_a_rule_is_explained_by_examples() -> None:
    """Wrong and right, without what only sets the scene."""
    told = manual.explanation(named("M23"))

    assert told == (
        "M23 (error): <r/> or <a/> before stream management is enabled\n"
        "    XEP-0198 §4\n"
        "\n"
        "Wrong:\n"
        "    C→S <r xmlns='urn:xmpp:sm:3'/>  ← here\n"
        "\n"
        "Right:\n"
        "    C→S <enable xmlns='urn:xmpp:sm:3'/>\n"
        "    C→S <r xmlns='urn:xmpp:sm:3'/>\n"
    )


def test_milder_breaches_are_told() -> None:
    """A rule may have two severities."""
    assert manual.severities(named("S06")) == "error, warning"
    assert manual.severities(named("S05")) == "warning"


def test_what_is_not_checked_is_told() -> None:
    """With the reason."""
    assert "\nNot checked: captures hold XMPP streams" in manual.explanation(named("W01"))


def test_events_and_other_connections_are_told() -> None:
    """As far as an example has them."""
    told = manual.explanation(named("S18"))
    two = manual.explanation(named("S07"))

    assert "    (close: by server, reason end of stream)\n" in told
    assert "    #2 C→S <stream:stream " in two


def test_white_space_is_seen() -> None:
    """A line of nothing would not be understood."""
    assert r"C→S '\n'  ← here" in manual.explanation(named("S30"))
