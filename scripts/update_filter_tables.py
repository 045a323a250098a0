"""Renews the tables in docs/filters.md from the atoms of the filter language."""

from pathlib import Path

from xmppspy.filters import reference

MANUAL = Path(__file__).parents[1] / "docs" / "filters.md"

if __name__ == "__main__":
    MANUAL.write_text(reference.updated(MANUAL.read_text(encoding="utf-8")), encoding="utf-8")
