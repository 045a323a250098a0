"""Identity: a private key with the certificates that vouch for it, minted or from files."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from xmppspy.errors import UsageError
from xmppspy.protocol.certificates import alternative_names
from xmppspy.protocol.hosts import certificate_serves

_PRIVATE_KEY: Final = re.compile(
    rb"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL
)

PrivateKey: TypeAlias = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
)
"""What TLS signs with."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What one side of TLS shows, and proves to own."""

    key: PrivateKey
    chain: tuple[x509.Certificate, ...]
    """The certificate of the key, and those that vouch for it."""

    @property
    def leaf(self) -> x509.Certificate:
        """The certificate of the key."""
        return self.chain[0]

    @property
    def der(self) -> bytes:
        """The certificate of the key, in bytes."""
        return self.leaf.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        """The key, then the chain. Keep it to yourself."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + b"".join(each.public_bytes(Encoding.PEM) for each in self.chain)

    def serves(self, domain: str) -> bool:
        """Whether the certificate is good for a domain or an address."""
        return certificate_serves({"subjectAltName": alternative_names(self.leaf)}, domain)


def read_identity(cert: Path, key: Path | None, option: str) -> Identity:
    """A chain and a key from PEM files; without `key`, `cert` has to hold both.

    `option` is what named `cert` (`--cert`), for the words of an error. Raises UsageError.
    """
    data = _read(option, cert)
    key_option = option.replace("cert", "key")
    key_data = data if key is None else _read(key_option, key)
    chain = _chain(f"{option} {cert}", data)
    if key is None and not _PRIVATE_KEY.search(data):
        raise UsageError(f"{option} {cert}: no key in it; name the key's file with {key_option}")
    identity = Identity(
        _key(f"{option if key is None else key_option} {key or cert}", key_data), chain
    )
    if identity.leaf.public_key() != identity.key.public_key():
        raise UsageError(
            f"{option} {cert}: its first certificate does not belong to the key"
            f"{f' in {key}' if key else ''}"
        )
    return identity


def _read(option: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{option} {path}: {error.strerror or error}") from error


def _chain(where: str, data: bytes) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(data))
    except ValueError as error:
        raise UsageError(f"{where}: no certificate in it; give a PEM file") from error


def _key(where: str, data: bytes) -> PrivateKey:
    found = _PRIVATE_KEY.search(data)
    try:
        key = load_pem_private_key(found[0] if found else data, password=None)
    except TypeError as error:
        remedy = "give a file without, as `openssl pkey -in KEY -out PLAIN` makes one"
        raise UsageError(f"{where}: the key needs a passphrase; {remedy}") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError(f"{where}: no private key in it; give a PEM file") from error
    if not isinstance(key, PrivateKey):
        raise UsageError(f"{where}: TLS has no use for this kind of key")
    return key
