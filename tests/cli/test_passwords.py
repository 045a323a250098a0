from pathlib import Path

import pytest

from xmppspy.cli.passwords import VARIABLE, read_accounts, read_passwords
from xmppspy.errors import UsageError

ROMEO = "romeo@montague.example"


@pytest.fixture(autouse=True)
def no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of these tests tells no password."""
    monkeypatch.delenv(VARIABLE, raising=False)


def _written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "accounts.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_table_of_accounts(tmp_path: Path) -> None:
    """Accounts are named in a table, with their passwords."""
    path = _written(tmp_path, f'[accounts]\n"{ROMEO}" = "ros\\u00e9"\n')

    assert read_accounts(path) == {ROMEO: "rosé"}
    assert read_passwords(path, None).of(ROMEO) == "rosé"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_table_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """Passwords of several accounts are to be private; what helps is said."""
    path = _written(tmp_path, f'[accounts]\n"{ROMEO}" = "secret"\n', mode)

    with pytest.raises(UsageError, match=f"others can read these passwords; chmod 600 {path}"):
        read_accounts(path)


@pytest.mark.parametrize(
    "text",
    ["", "[accounts]\nx", '[other]\n"a" = "secret"', "[accounts]\na = 1", "accounts = 'secret'"],
)
def test_what_is_no_table_of_accounts(tmp_path: Path, text: str) -> None:
    """The error says what to write, and no value."""
    with pytest.raises(UsageError, match=r"accounts\.toml") as error:
        read_accounts(_written(tmp_path, text))

    assert "secret" not in str(error.value).replace('"juliet@example.org" = "secret"', "")


def test_password_file(tmp_path: Path) -> None:
    """The first line is the password, whatever ends it."""
    path = tmp_path / "password"
    path.write_bytes("neither fair ♥\r\nnot this\n".encode())

    assert read_passwords(None, path).of(ROMEO) == "neither fair ♥"


def test_password_file_comes_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said on the command line wins."""
    monkeypatch.setenv(VARIABLE, "from the environment")
    path = tmp_path / "password"
    path.write_text("from the file")

    assert read_passwords(None, None).of(ROMEO) == "from the environment"
    assert read_passwords(None, path).of(ROMEO) == "from the file"


@pytest.mark.parametrize("content", [b"", b"\nsecond", b"\xff"])
def test_password_file_without_a_password(tmp_path: Path, content: bytes) -> None:
    """An empty or unreadable password is a mistake, not an empty password."""
    path = tmp_path / "password"
    path.write_bytes(content)

    with pytest.raises(UsageError, match=str(path)):
        read_passwords(None, path)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    """The error names it."""
    with pytest.raises(UsageError, match="No such file"):
        read_passwords(tmp_path / "missing", None)


def test_nothing_known() -> None:
    """Without any of the three there are no passwords."""
    assert not read_passwords(None, None)
