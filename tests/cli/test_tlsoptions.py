import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import trustme
from click.testing import CliRunner

from tests.cli.running import LIMIT, Running, eventually, proxy
from xmppspy.cli.tlsoptions import TLSSettings, client_identity, own_identity, tls_options
from xmppspy.errors import UsageError

CA = trustme.CA()


def chosen(*arguments: str) -> TLSSettings:
    """What a command with the options is told."""
    found: list[TLSSettings] = []

    @click.command()
    @tls_options
    def command(tls: TLSSettings, **_more: Any) -> None:
        found.append(tls)

    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.output
    return found[0]


def files(folder: Path, *names: str) -> tuple[Path, Path]:
    """A certificate for those names, and its key."""
    issued = CA.issue_cert(*names)
    cert, key = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(b"".join(each.bytes() for each in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(key)
    return cert, key


def shake_hands(running: Running) -> ssl.SSLSocket:
    """A client that does TLS at once, and names and verifies nobody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    sock = socket.create_connection(("127.0.0.1", running.port), timeout=LIMIT)
    return context.wrap_socket(sock)


def test_nothing_is_the_default() -> None:
    """Without options there is no certificate and no limit."""
    settings = chosen()

    assert settings == TLSSettings()
    assert (own_identity(settings), client_identity(settings), settings.newest) == (None,) * 3


def test_what_is_given(tmp_path: Path) -> None:
    """Certificates come with their keys; the version is named as OpenSSL does."""
    cert, key = files(tmp_path, "capulet.example")
    own = own_identity(chosen("--cert", str(cert), "--key", str(key)))
    client = client_identity(chosen("--client-cert", str(cert), "--client-key", str(key)))

    assert own is not None
    assert own.serves("capulet.example")
    assert client is not None
    assert client.der == own.der
    assert chosen("--max-tls", "1.2").newest == "TLSv1.2"


def test_key_without_certificate() -> None:
    """A key alone proves nothing."""
    with pytest.raises(UsageError, match=r"--key is the key of --cert FILE; give that too"):
        own_identity(TLSSettings(key=Path("key.pem")))
    with pytest.raises(UsageError, match=r"--client-key is the key of --client-cert FILE"):
        client_identity(TLSSettings(client_key=Path("key.pem")))


@pytest.mark.parametrize("option", ["--cert", "--client-cert"])
def test_unusable_files_start_nothing(tmp_path: Path, option: str) -> None:
    """A file that cannot be used is one line on stderr and exit code 2."""
    command = [sys.executable, "-m", "xmppspy", "proxy", "localhost:1", "-q", "--no-record"]
    more = ["--ca-dir", str(tmp_path / "ca"), option, str(tmp_path / "missing.pem")]
    done = subprocess.run(command + more, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert (
        done.stderr == f"xmppspy: {option} {tmp_path / 'missing.pem'}: No such file or directory\n"
    )


def test_own_certificate_and_version(tmp_path: Path) -> None:
    """A client is shown the given certificate, by no newer TLS than that."""
    cert, key = files(tmp_path, "127.0.0.1")
    with proxy(tmp_path, "--cert", str(cert), "--key", str(key), "--max-tls", "1.2") as running:
        with shake_hands(running) as client:
            version, shown = client.version(), client.getpeercert(binary_form=True)

    assert version == "TLSv1.2"
    assert shown == ssl.PEM_cert_to_DER_cert(cert.read_text())
    assert running.said[2].startswith(f"it is shown {cert}, and for other names a certificate of ")


def test_client_that_does_not_trust_the_own_certificate(tmp_path: Path) -> None:
    """The CA of xmppspy would not help it."""
    cert, key = files(tmp_path, "127.0.0.1")
    context = ssl.create_default_context()
    with proxy(tmp_path, "--cert", str(cert), "--key", str(key)) as running:
        with socket.create_connection(("127.0.0.1", running.port), timeout=LIMIT) as sock:
            with pytest.raises(ssl.SSLCertVerificationError):
                context.wrap_socket(sock, server_hostname="127.0.0.1")
        eventually(lambda: any(line.get("event") == "error" for line in running.lines()))
        (error,) = [line for line in running.lines() if line.get("event") == "error"]

    assert error["error"] == "client-refused-certificate"
    assert "have it trust who has signed the one of --cert" in error["detail"]


def test_certificate_for_another_name(tmp_path: Path) -> None:
    """Where it is not good for the wanted name one is minted, and a note says so."""
    cert, key = files(tmp_path, "montague.example")

    def notes(running: Running) -> list[str]:
        return [line["text"] for line in running.lines() if line.get("event") == "note"]

    with proxy(tmp_path, "--cert", str(cert), "--key", str(key)) as running:
        with shake_hands(running) as client:
            shown = client.getpeercert(binary_form=True)
        eventually(lambda: bool(notes(running)))

    assert shown != ssl.PEM_cert_to_DER_cert(cert.read_text())
    assert notes(running)[0].startswith("--cert is not for 127.0.0.1: ")
