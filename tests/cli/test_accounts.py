import os
import pty
import sys
import termios
import time
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Final

import click
import pytest
from click.testing import CliRunner, Result

from xmppspy.cli.accounts import account_options, known_accounts
from xmppspy.cli.passwords import VARIABLE
from xmppspy.errors import UsageError

JULIET = "juliet@capulet.example"
ROMEO = "romeo@montague.example"


@pytest.fixture(autouse=True)
def no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of these tests tells no password."""
    monkeypatch.delenv(VARIABLE, raising=False)


@click.command()
@account_options
def knowing(account: tuple[str, ...], accounts: Path | None, password_file: Path | None) -> None:
    """Tell what a proxy would know."""
    try:
        found = known_accounts(account, accounts, password_file)
    except UsageError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{found} {found.password_of(JULIET)} {found.password_of(ROMEO)}")


def _private(path: Path, text: str) -> str:
    path.touch(0o600)
    path.write_text(text)
    return str(path)


def _run(*arguments: str, password: str | None = None) -> Result:
    return CliRunner().invoke(knowing, arguments, env={VARIABLE: password})


def test_nothing_is_known_unless_it_is_said() -> None:
    """Without an option the environment is not looked at: nobody's login is bridged by accident."""
    run = _run(password="balcony")

    assert run.output == "<Accounts: 0 named, 0 learnt> None None\n"


def test_password_from_the_environment() -> None:
    """A named account has it, another has not."""
    run = _run("--account", JULIET, password="balcony")

    assert run.output == "<Accounts: 1 named, 0 learnt> balcony None\n"


def test_password_from_a_file(tmp_path: Path) -> None:
    """The file comes before the environment, and is for every account that is named."""
    file = _private(tmp_path / "password", "rose\n")
    run = _run("--account", JULIET, "--account", ROMEO, "--password-file", file, password="balcony")

    assert run.output == "<Accounts: 2 named, 0 learnt> rose rose\n"


def test_table_of_accounts(tmp_path: Path) -> None:
    """Only those of the table are known, whatever the environment holds."""
    table = _private(tmp_path / "accounts.toml", f'[accounts]\n"{JULIET}" = "balcony"\n')
    run = _run("--accounts", table, password="rose")

    assert run.output == "<Accounts: 1 named, 0 learnt> balcony None\n"


def test_account_that_the_table_names(tmp_path: Path) -> None:
    """It is not asked for; what the file says comes first."""
    table = _private(tmp_path / "accounts.toml", f'[accounts]\n"{JULIET}" = "balcony"\n')
    file = _private(tmp_path / "password", "newer")
    asked = _run("--accounts", table, "--account", JULIET, "--account", ROMEO, password="rose")
    said = _run("--accounts", table, "--account", JULIET, "--password-file", file)

    assert asked.output == "<Accounts: 2 named, 0 learnt> balcony rose\n"
    assert said.output == "<Accounts: 1 named, 0 learnt> newer None\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--account", JULIET], f"no password for {JULIET}: give --password-file FILE, or set"),
        (["--account", "capulet.example"], "write it as user@example.org"),
        (["--account", f"{JULIET}/garden"], "write it as user@example.org"),
        (["--account", "@capulet.example"], "write it as user@example.org"),
        (["--password-file", "password"], "give that too"),
        (["--accounts", "missing.toml"], "missing.toml: No such file"),
    ],
)
def test_what_cannot_be(arguments: list[str], told: str) -> None:
    """The error is one line that says what to do."""
    run = _run(*arguments)

    assert run.exit_code == 1
    assert told in run.output
    assert run.output.count("\n") == 1


PROGRAM: Final = (
    "from tests.cli.test_accounts import knowing\n"
    f"knowing(['--account', {JULIET!r}, '--account', {ROMEO!r}])\n"
)


def test_passwords_are_asked_for_unseen() -> None:
    """On a terminal each account's password is asked for, and not shown while it is typed."""
    terminal, slave = pty.openpty()
    child = Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=Path(__file__).parents[2],
        stdin=slave,
        stdout=PIPE,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    shown = b""
    for jid, password in ((JULIET, b"balcony"), (ROMEO, b"rose")):
        while f"password of {jid}:".encode() not in shown:
            shown += os.read(terminal, 1000)
        _wait_unseen(terminal)
        os.write(terminal, password + b"\n")
    output, _ = child.communicate()
    os.close(terminal)

    assert output == b"<Accounts: 2 named, 0 learnt> balcony rose\n"
    assert b"balcony" not in shown
    assert b"Warning" not in shown


def _wait_unseen(terminal: int) -> None:
    """Until the terminal echoes no more: what is typed earlier is seen, or thrown away."""
    while termios.tcgetattr(terminal)[3] & termios.ECHO:
        time.sleep(0.01)


def test_help_tells_where_passwords_come_from() -> None:
    """Each option says it."""
    run = _run("--help")

    assert "XMPPSPY_PASSWORD" in run.output
    assert run.output.count("nobody else may read it") == 2
