import subprocess
import sys

import click
import pytest

from xmppspy.cli.replay import Speed


@pytest.mark.parametrize(
    ("written", "meant"), [("2", 2.0), ("0.5", 0.5), ("max", float("inf")), ("1e3", 1000.0)]
)
def test_speed(written: str, meant: float) -> None:
    """A factor, or as fast as it goes."""
    assert Speed().convert(written, None, None) == meant


@pytest.mark.parametrize("written", ["0", "-1", "fast", "nan", ""])
def test_what_is_no_speed(written: str) -> None:
    """The error says what to write."""
    with pytest.raises(click.BadParameter, match="write a number above 0, or max"):
        Speed().convert(written, None, None)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("x", "--as", "nobody"), "'nobody' is not one of 'server', 'client'"),
        (("x", "--as", "client"), "--to UPSTREAM"),
        (("x", "--as", "server", "message"), "plays whole captures"),
        (("x", "--as", "server", "--wait", "-1"), "-1"),
        (("missing.xmpp.jsonl",), "No such file"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], complaint: str) -> None:
    """One line, exit code 2."""
    command = [sys.executable, "-m", "xmppspy", "replay", *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )

    assert done.returncode == 2
    assert complaint in done.stderr
    assert len(done.stderr.splitlines()) == 1
