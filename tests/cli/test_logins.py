"""The options about logins, and what a proxy makes of them."""

import os
import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.cli.running import proxy
from xmppspy.bridge.house import House, Mode
from xmppspy.cli.logins import (
    LoginSettings,
    login_line,
    login_options,
    make_house,
    needs_exporting,
)
from xmppspy.cli.passwords import VARIABLE
from xmppspy.errors import UsageError
from xmppspy.proxy.identity import Identity

JULIET = "juliet@capulet.example"
ROMEO = "romeo@capulet.example"
PASSWORD = "by-yonder-blessed-moon"
MODES: Final[tuple[Mode, ...]] = ("auto", "keep", "strip", "bridge")


@pytest.fixture(autouse=True)
def one_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of these tests tells a password."""
    monkeypatch.setenv(VARIABLE, PASSWORD)


def chosen(*arguments: str) -> LoginSettings:
    """What a command with the options is told."""
    found: list[LoginSettings] = []

    @click.command()
    @login_options
    def command(logins: LoginSettings, **_more: Any) -> None:
        found.append(logins)

    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.output
    return found[0]


def house_of(*arguments: str, client: Identity | None = None) -> House:
    """What the guards share with these options."""
    return make_house(chosen(*arguments), client)


def identity(*accounts: str) -> Identity:
    """A client certificate that names these accounts."""
    key = ec.generate_private_key(ec.SECP256R1())
    kind = x509.ObjectIdentifier("1.3.6.1.5.5.7.8.5")
    names = [x509.OtherName(kind, bytes([12, len(jid)]) + jid.encode()) for jid in accounts]
    subject, now = x509.Name([]), datetime.now(UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1, now, now)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=True)
    return Identity(key, (builder.sign(key, hashes.SHA256()),))


def table(folder: Path) -> Path:
    """A file with romeo's account."""
    file = folder / "accounts.toml"
    file.touch(0o600)
    file.write_text(f'[accounts]\n"{ROMEO}" = "it-is-the-east"\n')
    return file


# --- what the options say


def test_nothing_is_the_default() -> None:
    """`auto`, no account, and no password from the environment unless an account is named."""
    settings, house = chosen(), house_of()

    assert settings == LoginSettings(
        channel_binding="auto", account=(), accounts=None, password_file=None, bridge_plain=False
    )
    assert (house.mode, bool(house.accounts)) == ("auto", False)
    assert (house.takes_plain, house.has_certificate) == (False, False)


def test_what_is_given(tmp_path: Path) -> None:
    """Every option comes into the house."""
    house = house_of(
        "--channel-binding", "bridge", "--account", JULIET, "--accounts", str(table(tmp_path)),
        "--bridge-plain", client=identity(ROMEO, JULIET),
    )  # fmt: skip

    assert house.mode == "bridge"
    assert house.accounts.password_of(JULIET) == PASSWORD
    assert house.accounts.password_of(ROMEO) == "it-is-the-east"
    assert house.accounts.of("nurse@capulet.example") is None
    assert (house.takes_plain, house.has_certificate) == (True, True)
    assert house.certified == (ROMEO, JULIET)


def test_client_certificate_without_names() -> None:
    """The server knows whose it is."""
    house = house_of(client=identity())

    assert (house.has_certificate, house.certified) == (True, ())


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_can_be_chosen(mode: Mode) -> None:
    """And no other."""
    assert chosen("--channel-binding", mode).channel_binding == mode


def test_other_modes_are_refused() -> None:
    """With those that there are."""

    @click.command()
    @login_options
    def command(**_given: Any) -> None:
        raise AssertionError

    result = CliRunner().invoke(command, ["--channel-binding", "off"])

    assert result.exit_code == 2
    assert "'auto', 'keep', 'strip', 'bridge'" in result.output


def test_docstring_of_the_command_is_kept() -> None:
    """It is what --help shows, above the options."""

    @click.command()
    @login_options
    def command(**_given: Any) -> None:
        """Relay what is said."""

    result = CliRunner().invoke(command, ["--help"])

    assert "Relay what is said." in result.output
    assert result.output.index("--channel-binding") < result.output.index("--account ")
    assert result.output.index("--account ") < result.output.index("--bridge-plain")


# --- what does not go together


def test_bridging_needs_passwords() -> None:
    """Given here, or shown by the client."""
    with pytest.raises(UsageError, match=r"needs passwords: give --account JID or --accounts FILE"):
        house_of("--channel-binding", "bridge")

    assert house_of("--channel-binding", "bridge", "--bridge-plain").takes_plain
    assert house_of("--channel-binding", "bridge", "--account", JULIET).accounts


def test_table_without_accounts(tmp_path: Path) -> None:
    """It gives nothing to bridge with."""
    file = table(tmp_path)
    file.write_text("[accounts]\n")

    with pytest.raises(UsageError, match=r"--channel-binding bridge needs passwords"):
        house_of("--channel-binding", "bridge", "--accounts", str(file))


@pytest.mark.parametrize("mode", ["keep", "strip"])
@pytest.mark.parametrize("option", [["--account", JULIET], ["--bridge-plain"]])
def test_passwords_need_bridging(mode: str, option: list[str]) -> None:
    """They would be of no use, which a person who gives them does not know."""
    with pytest.raises(UsageError, match=f"--channel-binding {mode} bridges nothing") as raised:
        house_of("--channel-binding", mode, *option)

    assert "take auto or bridge" in str(raised.value)
    assert PASSWORD not in str(raised.value)


def test_wrong_options_ask_for_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be is told before anybody types anything."""
    monkeypatch.delenv(VARIABLE)

    with pytest.raises(UsageError, match="--channel-binding keep bridges nothing"):
        house_of("--channel-binding", "keep", "--account", JULIET)


# --- which TLS it takes


@pytest.mark.parametrize(
    ("arguments", "own", "expected"),
    [
        ([], False, False),
        ([], True, True),
        (["--account", JULIET], False, True),
        (["--bridge-plain"], False, True),
        (["--channel-binding", "bridge", "--account", JULIET], False, True),
        (["--channel-binding", "keep"], True, False),
        (["--channel-binding", "strip"], True, False),
    ],
)
def test_who_needs_to_know_what_binds(arguments: list[str], *, own: bool, expected: bool) -> None:
    """Who bridges logins, or leaves one type of channel binding in the offer."""
    assert needs_exporting(house_of(*arguments), shows_own_certificate=own) is expected


# --- what is said of it


BOUND = "logins that are bound to TLS"
OTHERS = "clients of other accounts are offered PLAIN, to show their password"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ""),
        (["--channel-binding", "keep"], "channel binding: keep"),
        (["--channel-binding", "strip"], "channel binding: strip"),
        (
            ["--account", JULIET],
            f"channel binding: auto; {BOUND} of {JULIET} are bridged",
        ),
        (
            ["--channel-binding", "bridge", "--account", JULIET, "--account", ROMEO],
            f"channel binding: bridge; all logins of {JULIET}, {ROMEO} are bridged",
        ),
        (
            ["--bridge-plain"],
            "channel binding: auto; clients are offered PLAIN, to show their password",
        ),
        (
            ["--bridge-plain", "--account", JULIET],
            f"channel binding: auto; {BOUND} of {JULIET} are bridged; {OTHERS}",
        ),
    ],
)
def test_first_lines_of_a_proxy(arguments: list[str], expected: str) -> None:
    """What is usual is not said."""
    assert login_line(chosen(*arguments)) == expected


def test_accounts_of_a_file_are_told_by_its_name(tmp_path: Path) -> None:
    """There may be many."""
    file = table(tmp_path)
    arguments = ["--accounts", str(file), "--account", JULIET]
    line = login_line(chosen(*arguments))

    assert f"of {JULIET}, accounts in {file} are bridged" in line
    assert ROMEO not in line


def test_proxy_says_it_and_no_password(tmp_path: Path) -> None:
    """Nor does its command line tell one."""
    with proxy(tmp_path, "--account", JULIET) as running:
        arguments = Path(f"/proc/{running.process.pid}/cmdline").read_bytes()
    said = "\n".join(running.said)

    assert f"logins that are bound to TLS of {JULIET} are bridged" in said
    assert PASSWORD not in said
    assert PASSWORD.encode() not in arguments


def allow_core_dumps() -> None:
    """As a developer's machine is set up."""
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def test_password_stays_in_the_process(tmp_path: Path) -> None:
    """The view does not get it, and a crash leaves none of its memory behind."""
    with proxy(tmp_path, "--account", JULIET, prepare=allow_core_dumps) as running:
        pid = running.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        told = [Path(f"/proc/{child}/environ").read_bytes() for child in children]
        running.process.send_signal(signal.SIGABRT)
        _, status = os.waitpid(pid, 0)

    assert len(told) == 1
    assert PASSWORD.encode() not in told[0]
    assert (os.WTERMSIG(status), os.WCOREDUMP(status)) == (signal.SIGABRT, False)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--channel-binding", "bridge"], "--channel-binding bridge needs passwords"),
        (["--channel-binding", "keep", "--bridge-plain"], "--channel-binding keep bridges noth"),
        (["--accounts", "missing.toml"], "missing.toml: No such file or directory"),
    ],
)
def test_proxy_does_not_start_with_what_cannot_be(
    tmp_path: Path, options: list[str], told: str
) -> None:
    """One line on stderr, and exit code 2."""
    command = [sys.executable, "-m", "xmppspy", "proxy", "localhost:1", "-q", "--no-record"]
    more = ["--ca-dir", str(tmp_path / "ca"), *options]
    done = subprocess.run(command + more, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"xmppspy: {told}")
    assert done.stderr.count("\n") == 1
