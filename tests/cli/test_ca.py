import os
import pty
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from xmppspy.cli.ca import command
from xmppspy.errors import AuthorityError, UsageError
from xmppspy.proxy.certs import Authority


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the CA of a test is kept; there is none yet."""
    return tmp_path / "ca"


def run(*arguments: str | Path) -> Result:
    """What the command does, in this process; its errors come through."""
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_path_prints_the_certificate_and_nothing_else(folder: Path) -> None:
    """One line, the path of a PEM file that was made if there was none."""
    said = run("path", "--ca-dir", folder).stdout
    certificate = x509.load_pem_x509_certificate(Path(said.strip()).read_bytes())

    assert said == f"{folder / 'xmppspy-ca.pem'}\n"
    assert certificate == Authority.open(folder).certificate


def test_show_tells_who_the_authority_is(folder: Path) -> None:
    """Its name, fingerprint, validity and place, and how to trust it."""
    said = run("show", "--ca-dir", folder).stdout
    authority = Authority.open(folder)

    assert said.startswith(f"{authority.subject}\n  SHA-256      {authority.fingerprint}\n")
    assert f"{authority.certificate.not_valid_after_utc:%Y-%m-%d}" in said
    assert f"SSL_CERT_FILE={authority.certificate_path} PROGRAM" in said
    assert "docs/trusting-the-ca.md" in said
    assert max(map(len, said.splitlines()[5:8])) <= 100


def test_show_quotes_paths_for_the_shell(tmp_path: Path) -> None:
    """Its lines can be copied when the folder's name has a space."""
    said = run("show", "--ca-dir", tmp_path / "my ca").stdout

    assert f"SSL_CERT_FILE='{tmp_path}/my ca/xmppspy-ca.pem' PROGRAM" in said


def test_a_repaired_key_is_said(folder: Path) -> None:
    """What happened to the key is said on stderr, where it does not disturb."""
    Authority.open(folder).key_path.chmod(0o644)
    result = run("path", "--ca-dir", folder)

    assert result.stdout == f"{folder / 'xmppspy-ca.pem'}\n"
    assert result.stderr.startswith("xmppspy: other users could read")


@pytest.mark.parametrize("form", ["pem", "der", "p12"])
def test_export_holds_the_certificate_and_no_key(folder: Path, form: str) -> None:
    """Every format gives back the same certificate, on standard output."""
    data = run("export", "--ca-dir", folder, "--format", form).stdout_bytes
    authority = Authority.open(folder)
    if form == "p12":
        key, certificate, others = pkcs12.load_key_and_certificates(data, b"")
        assert (key, certificate) == (None, None)
        (found,) = others
    elif form == "der":
        found = x509.load_der_x509_certificate(data)
    else:
        found = x509.load_pem_x509_certificate(data)
        assert data == authority.certificate_path.read_bytes()

    assert found == authority.certificate


def test_export_is_pem_by_default(folder: Path, tmp_path: Path) -> None:
    """Without a format it is PEM; -o writes to a file, and over an older one."""
    (tmp_path / "out.pem").write_text("older")
    result = run("export", "--ca-dir", folder, "-o", tmp_path / "out.pem")
    context = ssl.create_default_context(cafile=tmp_path / "out.pem")
    (trusted,) = context.get_ca_certs(binary_form=True)

    assert result.output == ""
    assert trusted == Authority.open(folder).certificate.public_bytes(Encoding.DER)


@pytest.mark.parametrize("name", ["xmppspy-ca.pem", "xmppspy-ca-key.pem"])
def test_export_never_overwrites_the_authority(folder: Path, name: str) -> None:
    """A slip of the hand does not destroy the key."""
    before = Authority.open(folder)
    with pytest.raises(UsageError, match="belongs to the CA; choose another name"):
        run("export", "--ca-dir", folder, "--format", "der", "-o", folder / name)

    assert Authority.open(folder).fingerprint == before.fingerprint


def test_an_unwritable_file_is_said(folder: Path, tmp_path: Path) -> None:
    """A missing folder is wrong usage."""
    with pytest.raises(UsageError, match=r"No such file or directory; choose another with -o"):
        run("export", "--ca-dir", folder, "-o", tmp_path / "missing" / "ca.pem")


def test_a_broken_authority_is_said(folder: Path) -> None:
    """Errors of the CA come through as they are."""
    Authority.open(folder).key_path.write_text("junk")
    with pytest.raises(AuthorityError):
        run("show", "--ca-dir", folder)

    assert AuthorityError("", "").exit_code == 2


@pytest.mark.parametrize(("form", "code"), [("pem", 0), ("der", 2), ("p12", 2)])
def test_binary_formats_are_not_for_terminals(folder: Path, form: str, code: int) -> None:
    """On a terminal a binary format is refused, with the option that helps."""
    terminal, its_end = pty.openpty()
    arguments = ["ca", "export", "--ca-dir", str(folder), "--format", form]
    done = subprocess.run(
        [sys.executable, "-m", "xmppspy", *arguments],
        stdout=its_end,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(its_end)
    os.close(terminal)
    expected = f"xmppspy: {form} is binary and not for a terminal; write it with -o FILE\n"

    assert done.returncode == code
    assert done.stderr == ("" if code == 0 else expected)
