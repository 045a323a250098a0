"""Renews the tables in docs/lint.md from the rules."""

from pathlib import Path

from xmppspy.analysis.lint import manual

PAGE = Path(__file__).parents[1] / "docs" / "lint.md"

if __name__ == "__main__":
    PAGE.write_text(manual.updated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
