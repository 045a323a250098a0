import re
from pathlib import Path
from typing import get_args

from click.testing import CliRunner

from scripts import control_reference
from scripts.cli_reference import PAGE, reference
from xmppspy.cli import COMMANDS, cli
from xmppspy.protocol.events import ErrorName

ROOT = Path(__file__).parent.parent


def test_cli_reference_is_fresh() -> None:
    """docs/cli.md says what the commands say; mend it with scripts/cli_reference.py."""
    assert PAGE.read_text() == reference()


def test_control_reference_is_fresh() -> None:
    """docs/control.md tells all messages; mend it with scripts/control_reference.py."""
    page = control_reference.PAGE.read_text()

    assert page == control_reference.fresh(page)


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


def test_every_error_is_documented() -> None:
    """The capture format names all that xmppspy records, and no others; each one is used."""
    page = (ROOT / "docs/capture-format.md").read_text()
    table = page.partition("### Names of errors\n")[2].partition("\nReaders take")[0]
    cells = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
    documented = [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    code = "".join(
        path.read_text() for path in (ROOT / "xmppspy").rglob("*.py") if path.name != "events.py"
    )

    assert documented == list(get_args(ErrorName))
    assert [name for name in documented if f'"{name}"' not in code] == []


def test_help_lists_every_command() -> None:
    """What `--help` says of the commands, without importing them, is said of those there are."""
    found = {
        path.stem
        for path in (ROOT / "xmppspy" / "cli").glob("*.py")
        if re.search(r"^(def command\(|command = )", path.read_text(), re.MULTILINE)
    }
    shown = CliRunner().invoke(cli, ["--help"], terminal_width=100).output

    assert {*COMMANDS} == found - {"__init__"}
    assert all(f"{name:9}{line}" in " ".join(shown.split("\n")) for name, line in COMMANDS.items())
