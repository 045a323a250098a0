"""Identities from files: what is taken, and what is said of the rest."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from xmppspy.errors import UsageError
from xmppspy.proxy.identity import read_identity

CA = trustme.CA()


def self_signed(key: Any) -> x509.Certificate:
    """A certificate for example.org that its own key has signed."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "example.org")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return (
        builder.not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, algorithm)
    )


def private(key: Any, form: PrivateFormat = PrivateFormat.PKCS8, password: bytes = b"") -> bytes:
    """A private key in PEM."""
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    return bytes(key.private_bytes(Encoding.PEM, form, encryption))


def pem(certificate: x509.Certificate) -> bytes:
    """A certificate in PEM."""
    return certificate.public_bytes(Encoding.PEM)


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("order", ["apart", "key first", "key last", "with parameters"])
def test_chain_and_key(tmp_path: Path, form: PrivateFormat, order: str) -> None:
    """They are read from two files or one, in any order."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = self_signed(key)
    secret, chain = private(key, form), pem(certificate) + CA.cert_pem.bytes()
    parameters = b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
    files = {
        "apart": (chain, secret),
        "key first": (secret + chain, None),
        "key last": (chain + secret, None),
        "with parameters": (chain, parameters + secret),
    }[order]
    for name, content in zip(("cert", "key"), files, strict=True):
        (tmp_path / name).write_bytes(content or b"")
    identity = read_identity(tmp_path / "cert", tmp_path / "key" if files[1] else None, "--cert")

    assert identity.leaf == certificate
    assert len(identity.chain) == 2
    assert identity.der == certificate.public_bytes(Encoding.DER)
    assert identity.pem == private(key) + chain


def test_names_it_serves(tmp_path: Path) -> None:
    """Domains, with wildcards and as A-labels, and addresses; the common name is not looked at."""
    issued = CA.issue_cert("example.org", "*.example.net", "192.0.2.1", "bücher.example")
    issued.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    identity = read_identity(tmp_path / "both.pem", None, "--cert")
    (tmp_path / "bare.pem").write_bytes(private(key := ed25519.Ed25519PrivateKey.generate()))
    with (tmp_path / "bare.pem").open("ab") as file:
        file.write(pem(self_signed(key)))
    nameless = read_identity(tmp_path / "bare.pem", None, "--cert")

    assert all(map(identity.serves, ["example.org", "a.example.net", "192.0.2.1"]))
    assert identity.serves("bücher.example")
    assert not any(map(identity.serves, ["example.net", "192.0.2.2", ""]))
    assert not nameless.serves("example.org")


def broken() -> dict[str, tuple[bytes, bytes | None]]:
    """Files that cannot be used, by what is said of them."""
    key = ec.generate_private_key(ec.SECP256R1())
    chain = pem(self_signed(key))
    stranger = private(ec.generate_private_key(ec.SECP256R1()))
    return {
        "--client-cert {cert}: no certificate in it; give a PEM file": (b"junk", private(key)),
        "--client-key {key}: no private key in it; give a PEM file": (chain, b"junk"),
        "--client-key {key}: no private key in it; give a PEM file ": (chain, chain),
        "--client-cert {cert}: no key in it; name the key's file with --client-key": (chain, None),
        "--client-key {key}: the key needs a passphrase; give a file without, as `openssl pkey "
        "-in KEY -out PLAIN` makes one": (chain, private(key, password=b"secret")),
        "--client-cert {cert}: the key needs a passphrase": (
            chain + private(key, password=b"secret"),
            None,
        ),
        "--client-cert {cert}: its first certificate does not belong to the key in {key}": (
            chain,
            stranger,
        ),
        "--client-cert {cert}: its first certificate does not belong to the key": (
            chain + stranger,
            None,
        ),
        "--client-key {key}: TLS has no use for this kind of key": (
            chain,
            private(x25519.X25519PrivateKey.generate()),
        ),
    }


@pytest.mark.parametrize(("said", "files"), broken().items(), ids=range(len(broken())))
def test_unusable_files_are_said(
    tmp_path: Path, said: str, files: tuple[bytes, bytes | None]
) -> None:
    """The option, the file and the reason stand in one line; nothing of a key does."""
    for name, content in zip(("cert", "key"), files, strict=True):
        (tmp_path / name).write_bytes(content or b"")
    cert, key = tmp_path / "cert", tmp_path / "key"
    with pytest.raises(UsageError) as caught:
        read_identity(cert, None if files[1] is None else key, "--client-cert")

    assert str(caught.value).startswith(said.strip().format(cert=cert, key=key))
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    """A missing certificate and a missing key are told apart."""
    (tmp_path / "cert").touch()
    with pytest.raises(UsageError) as no_cert:
        read_identity(tmp_path / "gone", None, "--cert")
    with pytest.raises(UsageError) as no_key:
        read_identity(tmp_path / "cert", tmp_path / "gone", "--cert")

    assert str(no_cert.value) == f"--cert {tmp_path / 'gone'}: No such file or directory"
    assert str(no_key.value) == f"--key {tmp_path / 'gone'}: No such file or directory"
