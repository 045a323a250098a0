"""Passwords as they are given to commands: in a file, in a table, in the environment."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.replay.passwords import Passwords

VARIABLE: Final = "XMPPSPY_PASSWORD"
"""The environment variable with the password for accounts that no table names."""

_EXAMPLE: Final = '[accounts] and below it "juliet@example.org" = "secret"'


def read_passwords(accounts: Path | None, password_file: Path | None) -> Passwords:
    """What `--accounts`, `--password-file` and the environment tell. Raises UsageError."""
    from xmppspy.replay.passwords import Passwords

    table = {} if accounts is None else read_accounts(accounts)
    default = os.environ.get(VARIABLE) or None
    if password_file is not None:
        default = _text(password_file).split("\n", 1)[0].rstrip("\r")
        if not default:
            raise UsageError(f"{password_file}: its first line is to be the password")
    return Passwords(table, default)


def read_accounts(path: Path) -> dict[str, str]:
    """The table `[accounts]` of a TOML file that nobody else can read. Raises UsageError."""
    text = _text(path)
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UsageError(f"{path}: others can read these passwords; chmod 600 {path}")
    try:
        table = tomllib.loads(text).get("accounts")
    except tomllib.TOMLDecodeError as error:
        # Its message tells a place, never a value.
        raise UsageError(f"{path} is not TOML: {error}") from error
    if not isinstance(table, dict) or not all(isinstance(each, str) for each in table.values()):
        raise UsageError(f"{path}: no table of accounts; write {_EXAMPLE}")
    return table


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not a text in UTF-8") from error
