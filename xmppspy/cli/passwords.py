"""Passwords and SCRAM keys as they are given to commands: in files, in the environment.

A file that others can read is refused, as ssh refuses a key; what comes through a pipe is not a
file that stays, and is taken. No error tells a value.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.bridge.credentials import Accounts, Credentials, ScramKeys

VARIABLE: Final = "XMPPSPY_PASSWORD"
"""The environment variable with the password for accounts that no table names."""

_EXAMPLE: Final = '[accounts] and below it "juliet@example.org" = "secret"'
_FIELDS: Final = ("mechanism", "salt", "iterations", "stored-key", "server-key")
_OPTIONAL: Final = "client-key"


class _Wrong(Exception):  # noqa: N818
    """What is wrong with one account of a table."""


def read_passwords(accounts: Path | None, password_file: Path | None) -> Accounts:
    """What `--accounts`, `--password-file` and the environment tell. Raises UsageError.

    They are to be passwords: who plays a server or a client needs no less.
    """
    from xmppspy.bridge.credentials import Accounts

    table = {} if accounts is None else read_accounts(accounts)
    keyed = next((jid for jid, each in table.items() if each.password is None), None)
    if keyed is not None:
        raise UsageError(f"{accounts}: {keyed} has SCRAM keys; a replay needs its password")
    return Accounts(table, read_password(password_file))


def read_password(file: Path | None) -> str | None:
    """The first line of the file, or what the environment tells. Raises UsageError."""
    if file is None:
        return os.environ.get(VARIABLE) or None
    password = _text(file, is_table=False).split("\n", 1)[0].rstrip("\r")
    if not password:
        raise UsageError(f"{file}: its first line is to be the password")
    return password


def ask_password(jid: str) -> str:
    """Have a person type it, unseen. Raises UsageError where there is no terminal."""
    if not sys.stdin.isatty():
        raise UsageError(f"no password for {jid}: give --password-file FILE, or set {VARIABLE}")
    return str(click.prompt(f"password of {jid}", hide_input=True, err=True))


def environment_without_password() -> dict[str, str]:
    """For programs that are started from here, and need not know it."""
    return {name: value for name, value in os.environ.items() if name != VARIABLE}


def forbid_core_dumps() -> None:
    """Have no crash of this process write its memory to a file: passwords are in it."""
    if os.name != "posix":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    # Linux hands a dump to a collecting program at any limit but 1.
    limit = 0 if most == 0 else 1
    resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))


def read_accounts(path: Path) -> dict[str, Credentials]:
    """The table `[accounts]` of a TOML file that is private to the user. Raises UsageError.

    An account has a password, or a table of SCRAM keys, or an array of them.
    """
    import tomllib

    try:
        table = tomllib.loads(_text(path, is_table=True)).get("accounts")
    except ValueError as error:  # the root of tomllib's; it tells a place, never a value
        raise UsageError(f"{path} is not TOML: {error}") from None
    if not isinstance(table, dict):
        raise UsageError(f"{path}: no table of accounts; write {_EXAMPLE}")
    return {jid: _credentials(path, number, jid, table[jid]) for number, jid in enumerate(table, 1)}


def _credentials(path: Path, number: int, jid: str, value: object) -> Credentials:
    from xmppspy.bridge.credentials import Credentials
    from xmppspy.protocol.jid import flaw

    if flaw(jid) is not None or "/" in jid:
        # It is not shown: it may be a password that stands on the wrong side.
        raise UsageError(f"{path}: account {number} is no bare JID; write {_EXAMPLE}")
    try:
        if isinstance(value, str) and value:
            return Credentials(value)
        tables = [value] if isinstance(value, dict) else value
        if not isinstance(tables, list) or not tables:
            raise _Wrong("neither a password nor SCRAM keys")
        return Credentials(keys=[_keys(each) for each in tables])
    except _Wrong as error:
        raise UsageError(f"{path}: {jid}: {error}") from None


def _keys(table: Any) -> ScramKeys:
    """SCRAM keys, checked: a wrong one would look like a wrong password."""
    import hashlib

    from xmppspy.bridge.credentials import ScramKeys
    from xmppspy.bridge.scram import MAX_ITERATIONS, hash_of

    if not isinstance(table, dict):
        raise _Wrong("neither a password nor SCRAM keys")
    if strange := sorted(set(table) - {*_FIELDS, _OPTIONAL}):
        raise _Wrong(f"{strange[0]} is not known; SCRAM keys have {', '.join(_FIELDS)}")
    if missing := [name for name in _FIELDS if name not in table]:
        raise _Wrong(f"{missing[0]} is missing")
    mechanism, iterations = table["mechanism"], table["iterations"]
    name = hash_of(mechanism) if isinstance(mechanism, str) else None
    if name is None:
        raise _Wrong("mechanism is none of SCRAM, such as SCRAM-SHA-256")
    if type(iterations) is not int or not 0 < iterations <= MAX_ITERATIONS:
        raise _Wrong(f"iterations is no number from 1 to {MAX_ITERATIONS}")
    size = hashlib.new(name).digest_size
    stored, server = _octets(table, "stored-key", size), _octets(table, "server-key", size)
    client = _octets(table, _OPTIONAL, size) if _OPTIONAL in table else None
    if client is not None and hashlib.new(name, client).digest() != stored:
        raise _Wrong(f"{_OPTIONAL} is not the one that stored-key is the hash of")
    return ScramKeys(
        mechanism.removesuffix("-PLUS"), _octets(table, "salt"), iterations, stored, server, client
    )


def _octets(table: dict[str, Any], name: str, size: int | None = None) -> bytes:
    from base64 import b64decode

    try:
        octets = b64decode(table[name], validate=True)
    except (ValueError, TypeError):
        raise _Wrong(f"{name} is not base64") from None
    if not octets or len(octets) != (size or len(octets)):
        raise _Wrong(f"{name} is {len(octets)} bytes long, not {size or 'some'}")
    return octets


def _text(path: Path, *, is_table: bool) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            if os.name == "posix":
                _refuse_public(path, file, is_table=is_table)
            return file.read()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError:
        # Not chained: the error holds the bytes.
        raise UsageError(f"{path}: not a text in UTF-8") from None


def _refuse_public(path: Path, file: IO[str], *, is_table: bool) -> None:
    """The rule of ssh for keys: who owns the file has to keep it private.

    A table of accounts has to be the user's own besides. The file of a single password may be
    somebody else's, who decides on who reads it: a service manager's, a container's.
    """
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode):
        return
    is_own = found.st_uid == os.getuid()
    if is_own and found.st_mode & 0o077:
        kind = "these passwords" if is_table else "this password"
        raise UsageError(f"{path}: others can read {kind}; chmod 600 {path}")
    if is_table and not is_own:
        raise UsageError(f"{path}: it belongs to another user; make a copy of your own")
