import re
from pathlib import Path

from scripts.cli_reference import PAGE, reference

ROOT = Path(__file__).parent.parent


def test_cli_reference_is_fresh() -> None:
    """docs/cli.md says what the commands say; mend it with scripts/cli_reference.py."""
    assert PAGE.read_text() == reference()


def test_links_lead_somewhere() -> None:
    """Every relative link in README and docs names a file that is there."""
    broken = [
        f"{page.name}: {target}"
        for page in [ROOT / "README.md", *ROOT.glob("docs/*.md")]
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_readme_lists_every_page() -> None:
    """A page of docs/ that nobody finds is not documentation."""
    readme = (ROOT / "README.md").read_text()
    unlisted = [page.name for page in ROOT.glob("docs/*.md") if f"docs/{page.name}" not in readme]

    assert unlisted == []
