from click.testing import CliRunner

from xmppspy.cli import cli
from xmppspy.filters import reference


def test_the_command_prints_the_reference() -> None:
    """`xmppspy filters` prints what the atoms know of themselves, and nothing else."""
    result = CliRunner().invoke(cli, ["filters"])

    assert result.exit_code == 0
    assert result.output == reference.text()


def test_the_help_names_an_example() -> None:
    """`xmppspy filters --help` shows a filter at work."""
    result = CliRunner().invoke(cli, ["filters", "--help"])

    assert "xmppspy show FILE message from:juliet@example.org" in result.output
