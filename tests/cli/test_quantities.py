import click
import pytest
from click.testing import CliRunner

from xmppspy.cli.quantities import SECONDS, OneOf


@click.command()
@click.option("--to", type=OneOf(["client", "server"]), required=True)
@click.option("--wait", type=SECONDS, default=1.0)
def _command(to: str, wait: float) -> None:
    click.echo(f"{to} {wait}")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--to client --wait 2.5", "client 2.5\n"),
        ("--to client --wait x", "'x' is not a valid number of seconds.\n"),
        ("--to client --wait -1", "-1.0 is not in the range x>=0.\n"),
        ("--to client --wait nan", "'nan' is not a valid number of seconds.\n"),
        ("--to client --wait inf", "'inf' is not a valid number of seconds.\n"),
        ("--wait 2", "Missing option '--to'. Give client or server.\n"),
        ("--to nobody", "'nobody' is not one of 'client', 'server'.\n"),
    ],
)
def test_what_is_said(arguments: str, said: str) -> None:
    """In plain words, on one line."""
    assert CliRunner().invoke(_command, arguments).output.endswith(said)
