"""The options that tell a proxy of accounts, so that it can bridge their logins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from xmppspy.cli.passwords import ask_password, read_accounts, read_password
from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.bridge.credentials import Accounts

_Command: TypeAlias = Callable[..., None]


def account_options(command: _Command) -> _Command:
    """Give a command the parameters `account`, `accounts` and `password_file`.

    They are what `known_accounts` takes.
    """
    options = (
        click.option(
            "--account", metavar="JID", multiple=True,
            help="Bridge the logins of this account; its password is that of --password-file, "
            "else XMPPSPY_PASSWORD, else asked for; repeatable.",
        ),
        click.option(
            "--accounts", metavar="FILE", type=click.Path(path_type=Path),
            help="Bridge the logins of these accounts: TOML, a table [accounts] of "
            '"juliet@example.org" = "secret", or of SCRAM keys; nobody else may read it.',
        ),
        click.option(
            "--password-file", metavar="FILE", type=click.Path(path_type=Path),
            help="Its first line is the password of every --account; nobody else may read it.",
        ),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def known_accounts(
    account: Sequence[str], accounts: Path | None, password_file: Path | None
) -> Accounts:
    """What the options tell; false when they tell nothing. Raises UsageError.

    The environment and the terminal are asked only for an `account` that the table `accounts` does
    not name. No account gets a password that was not given for it.
    """
    from xmppspy.bridge.credentials import Accounts

    if password_file is not None and not account:
        raise UsageError("--password-file is the password of --account JID; give that too")
    for jid in account:
        _check(jid)
    found = Accounts({} if accounts is None else read_accounts(accounts))
    unknown = [jid for jid in account if password_file is not None or found.of(jid) is None]
    if not unknown:
        return found
    password = read_password(password_file)
    for jid in dict.fromkeys(unknown):
        found = found.only(jid, password or ask_password(jid))
    return found


def _check(jid: str) -> None:
    from xmppspy.protocol.jid import flaw

    if "@" not in jid or "/" in jid or flaw(jid) is not None:
        raise UsageError(f"--account {jid!r} is no account; write it as user@example.org")
