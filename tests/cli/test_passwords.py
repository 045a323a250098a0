import os
import pty
import resource
import stat
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from xmppspy.bridge.credentials import Credentials
from xmppspy.bridge.scram import keys_of
from xmppspy.cli.passwords import (
    VARIABLE,
    ask_password,
    environment_without_password,
    read_accounts,
    read_password,
    read_passwords,
)
from xmppspy.errors import UsageError

ROMEO = "romeo@montague.example"
MADE = keys_of("sha1", "rose", b"salt", 4096)


@pytest.fixture(autouse=True)
def no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of these tests tells no password."""
    monkeypatch.delenv(VARIABLE, raising=False)


def _written(folder: Path, text: str, mode: int = 0o600, name: str = "accounts.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def _keys(**changed: str) -> str:
    """An inline table of right keys, but for what is changed or, with no text, left out."""
    fields = {
        "mechanism": '"SCRAM-SHA-1"',
        "salt": f'"{b64encode(b"salt").decode()}"',
        "iterations": "4096",
        "stored-key": f'"{b64encode(MADE.stored).decode()}"',
        "server-key": f'"{b64encode(MADE.server).decode()}"',
    }
    fields |= {name.replace("_", "-"): value for name, value in changed.items()}
    return "{" + ", ".join(f"{name} = {value}" for name, value in fields.items() if value) + "}"


def _only(path: Path) -> Credentials:
    return read_accounts(path)[ROMEO]


def test_table_of_accounts(tmp_path: Path) -> None:
    """Accounts are named in a table, with their passwords."""
    path = _written(tmp_path, f'[accounts]\n"{ROMEO}" = "ros\\u00e9"\n')

    assert _only(path).password == "rosé"
    assert read_passwords(path, None).password_of(ROMEO) == "rosé"


def test_table_of_keys(tmp_path: Path) -> None:
    """An account may have SCRAM keys instead: one table, or an array of them."""
    assert MADE.client is not None
    client = f'"{b64encode(MADE.client).decode()}"'
    one = _only(_written(tmp_path, f'[accounts]\n"{ROMEO}" = {_keys(client_key=client)}\n'))
    two = _only(
        _written(tmp_path, f'[accounts]\n"{ROMEO}" = [{_keys()}, {_keys(iterations="5000")}]\n')
    )

    assert (one.password, one.derive("sha1", b"salt", 4096)) == (None, MADE)
    assert [each.iterations for each in two.keys] == [4096, 5000]
    assert two.keys[0].client is None


def test_mechanism_without_its_suffix(tmp_path: Path) -> None:
    """The keys of `-PLUS` are those of the mechanism itself."""
    keys = _keys(mechanism='"SCRAM-SHA-1-PLUS"')
    found = _only(_written(tmp_path, f'[accounts]\n"{ROMEO}" = {keys}\n'))

    assert found.keys[0].mechanism == "SCRAM-SHA-1"


SECRET = b64encode(b"neither fair").decode()
QUOTED = f'"{SECRET}"'


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ('""', "neither a password nor SCRAM keys"),
        ("[]", "neither a password nor SCRAM keys"),
        (f"[{QUOTED}]", "neither a password nor SCRAM keys"),
        ("12345678", "neither a password nor SCRAM keys"),
        (_keys(password=QUOTED), "password is not known"),
        (_keys(salt=""), "salt is missing"),
        (_keys(mechanism=QUOTED), "mechanism is none of SCRAM"),
        (_keys(mechanism="1"), "mechanism is none of SCRAM"),
        (_keys(salt='"***"'), "salt is not base64"),
        (_keys(salt='""'), "salt is 0 bytes long"),
        (_keys(salt="1"), "salt is not base64"),
        (_keys(iterations="0"), "iterations is no number"),
        (_keys(iterations="true"), "iterations is no number"),
        (_keys(iterations=QUOTED), "iterations is no number"),
        (_keys(iterations="1000001"), "iterations is no number from 1 to 1000000"),
        (_keys(stored_key=QUOTED), "stored-key is 12 bytes long, not 20"),
        (_keys(server_key=f'"{SECRET}!"'), "server-key is not base64"),
        (
            _keys(client_key=f'"{b64encode(bytes(20)).decode()}"'),
            "client-key is not the one that stored-key is the hash of",
        ),
    ],
)
def test_wrong_keys(tmp_path: Path, value: str, told: str) -> None:
    """The error names the account and the field, and no value."""
    path = _written(tmp_path, f'[accounts]\n"{ROMEO}" = {value}\n')

    with pytest.raises(UsageError) as error:
        read_accounts(path)

    assert str(error.value).startswith(f"{path}: {ROMEO}: {told}")
    assert "\n" not in str(error.value)
    assert SECRET not in str(error.value)


def test_replay_needs_passwords(tmp_path: Path) -> None:
    """Keys are of no use to who plays a role."""
    path = _written(tmp_path, f'[accounts]\n"{ROMEO}" = {_keys()}\n')

    with pytest.raises(UsageError, match=f"{ROMEO} has SCRAM keys; a replay needs its password"):
        read_passwords(path, None)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o610])
def test_files_that_others_can_read_are_refused(tmp_path: Path, mode: int) -> None:
    """Passwords are to be private; what helps is said."""
    table = _written(tmp_path, f'[accounts]\n"{ROMEO}" = "secret"\n', mode)
    single = _written(tmp_path, "secret", mode, "password")

    with pytest.raises(UsageError, match=f"others can read these passwords; chmod 600 {table}"):
        read_accounts(table)
    with pytest.raises(UsageError, match=f"others can read this password; chmod 600 {single}"):
        read_password(single)


def test_files_of_another_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table has to be the user's own; who may read a single password its owner decides."""
    table = _written(tmp_path, f'[accounts]\n"{ROMEO}" = "secret"\n')
    single = _written(tmp_path, "secret", 0o644, "password")
    monkeypatch.setattr(os, "getuid", lambda: table.stat().st_uid + 1)

    with pytest.raises(UsageError, match="it belongs to another user"):
        read_accounts(table)
    assert read_password(single) == "secret"


def test_password_through_a_pipe(tmp_path: Path) -> None:
    """What is no file that stays is read whatever its mode."""
    reading, writing = os.pipe()
    try:
        os.write(writing, b"secret\n")
        os.close(writing)
        assert stat.S_ISFIFO(os.fstat(reading).st_mode)

        assert read_password(Path(f"/dev/fd/{reading}")) == "secret"
    finally:
        os.close(reading)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[accounts]\nsecret",
        "[accounts]\nx = secret",
        '[accounts]\nx = "secret',
        '[accounts]\nx = "secret"\nx = "secret"',
        '[accounts]\nx = "secret\\q"',
        '[accounts]\nx = {secret = "secret"',
        f"[accounts]\nx = {'9' * 5000}",
        '[other]\n"a" = "secret"',
        "[accounts]\na = 1",
        "accounts = 'secret'",
        '[accounts]\n"secret of mine" = "juliet@example.org"',
        '[accounts]\n"juliet@example.org/secret" = "x"',
    ],
)
def test_what_is_no_table_of_accounts(tmp_path: Path, text: str) -> None:
    """The error says what is wrong in one line, and no value."""
    with pytest.raises(UsageError, match=r"accounts\.toml") as error:
        read_accounts(_written(tmp_path, text))

    assert "secret" not in str(error.value).replace('"juliet@example.org" = "secret"', "")
    assert "\n" not in str(error.value)


def test_password_file(tmp_path: Path) -> None:
    """The first line is the password, whatever ends it."""
    path = _written(tmp_path, "")
    path.write_bytes("neither fair ♥\r\nnot this\n".encode())

    assert read_passwords(None, path).password_of(ROMEO) == "neither fair ♥"


def test_password_file_comes_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said on the command line wins."""
    monkeypatch.setenv(VARIABLE, "from the environment")
    path = _written(tmp_path, "from the file")

    assert read_passwords(None, None).password_of(ROMEO) == "from the environment"
    assert read_passwords(None, path).password_of(ROMEO) == "from the file"


@pytest.mark.parametrize("content", [b"", b"\nsecond", b"secret\xff"])
def test_password_file_without_a_password(tmp_path: Path, content: bytes) -> None:
    """An empty or unreadable password is a mistake, not an empty password."""
    path = _written(tmp_path, "")
    path.write_bytes(content)

    with pytest.raises(UsageError, match=str(path)) as error:
        read_passwords(None, path)

    assert error.value.__cause__ is None
    assert "secret" not in str(error.value)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    """The error names it."""
    with pytest.raises(UsageError, match="No such file"):
        read_passwords(tmp_path / "missing", None)


def test_other_programs_do_not_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the environment they do."""
    monkeypatch.setenv(VARIABLE, "balcony")
    monkeypatch.setenv("XMPPSPY_OTHER", "moon")
    environment = environment_without_password()

    assert VARIABLE not in environment
    assert environment["XMPPSPY_OTHER"] == "moon"


@pytest.mark.parametrize(("most", "expected"), [(resource.RLIM_INFINITY, 1), (4096, 1), (0, 0)])
def test_no_core_is_dumped(most: int, expected: int) -> None:
    """Nor handed to a program that collects them, which any other limit would allow."""
    program = (
        "import resource; from xmppspy.cli.passwords import forbid_core_dumps\n"
        f"resource.setrlimit(resource.RLIMIT_CORE, (0, {most})); forbid_core_dumps()\n"
        "print(*resource.getrlimit(resource.RLIMIT_CORE))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert run.stdout == f"{expected} {expected}\n"


def test_nothing_known() -> None:
    """Without any of the three there are no passwords."""
    assert not read_passwords(None, None)


def test_nobody_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal, the error says how else a password is given."""
    reading, writing = os.pipe()
    os.close(writing)
    with os.fdopen(reading) as nobody:
        monkeypatch.setattr("sys.stdin", nobody)

        with pytest.raises(UsageError, match=f"{ROMEO}: give --password-file FILE, or set"):
            ask_password(ROMEO)


def test_terminal_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal is asked, and click does it unseen."""
    asked: list[tuple[str, bool, bool]] = []

    def prompt(text: str, *, hide_input: bool, err: bool) -> str:
        asked.append((text, hide_input, err))
        return "rose"

    master, slave = pty.openpty()
    with os.fdopen(slave) as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        monkeypatch.setattr("click.prompt", prompt)

        assert ask_password(ROMEO) == "rose"
    os.close(master)
    assert asked == [(f"password of {ROMEO}", True, True)]
