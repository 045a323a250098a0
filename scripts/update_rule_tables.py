"""Renews the tables in docs/rules.md from what rules can say."""

from pathlib import Path

from xmppspy.intervene import reference

MANUAL = Path(__file__).parents[1] / "docs" / "rules.md"

if __name__ == "__main__":
    MANUAL.write_text(reference.updated(MANUAL.read_text(encoding="utf-8")), encoding="utf-8")
