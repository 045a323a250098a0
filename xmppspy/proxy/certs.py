"""The private CA: its key and its certificate, as they are kept.

It is two files in a private folder. `xmppspy-ca-key.pem` (0600) holds the key *and* its
certificate, so that both appear in one step when several processes make the CA at once;
`xmppspy-ca.pem` holds the certificate alone, for clients. What is issued in its name is
`issuing`'s part.
"""

import getpass
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import platformdirs
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from xmppspy.errors import AuthorityError

if TYPE_CHECKING:
    from xmppspy.proxy.minting import AuthorityKey

KEY_FILE: Final = "xmppspy-ca-key.pem"
CERTIFICATE_FILE: Final = "xmppspy-ca.pem"
CertificateForm: TypeAlias = Literal["pem", "der", "p12"]


def default_folder() -> Path:
    """Where the CA lives unless told otherwise: in the platform's user data folder."""
    return platformdirs.user_data_path("xmppspy", appauthor=False) / "ca"


class Authority:
    """The private CA, made by `Authority.open`."""

    def __init__(
        self,
        folder: Path,
        key: "AuthorityKey",
        certificate: x509.Certificate,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.folder = folder
        self.certificate = certificate
        self.notes = notes
        """Sentences the person should be told, such as that the key was not private."""
        self.key = key
        """What it signs with. Keep it to yourself."""

    @classmethod
    def open(cls, folder: Path | None = None) -> "Authority":
        """Load the CA of `folder`, or make it where there is none.

        Processes that start at once end with the same CA. Raises AuthorityError when its files
        cannot be read, written, or do not fit together.
        """
        folder = default_folder() if folder is None else folder.absolute()
        try:
            _make_if_missing(folder)
            notes = _keep_private(folder / KEY_FILE)
            key, certificate = _load(folder / KEY_FILE)
            _publish_certificate(folder / CERTIFICATE_FILE, certificate)
        except OSError as error:
            reason = f"{error.strerror or error}; mend that, or choose a folder with --ca-dir"
            raise AuthorityError(str(folder), reason) from error
        return cls(folder, key, certificate, notes)

    @property
    def certificate_path(self) -> Path:
        """The file clients may be told to trust (PEM)."""
        return self.folder / CERTIFICATE_FILE

    @property
    def key_path(self) -> Path:
        """The file nobody else may have."""
        return self.folder / KEY_FILE

    @property
    def subject(self) -> str:
        """The name a trust store shows for the CA."""
        attributes = list(self.certificate.subject)
        return ", ".join(str(attribute.value) for attribute in attributes) or "(no name)"

    @property
    def fingerprint(self) -> str:
        """The certificate's SHA-256 as trust stores print it: `AB:CD:…`."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    def encoded(self, form: CertificateForm) -> bytes:
        """The CA's certificate, never its key, in a form that a trust store takes.

        `p12` is what Java takes as a trust store; its password is empty.
        """
        if form == "p12":
            entry = pkcs12.PKCS12Certificate(self.certificate, b"xmppspy")
            return pkcs12.serialize_java_truststore([entry], NoEncryption())
        return self.certificate.public_bytes(Encoding.PEM if form == "pem" else Encoding.DER)


# --- the CA's files -------------------------------------------------------------------------------


def _make_if_missing(folder: Path) -> None:
    # In this order: another process that makes the CA meanwhile writes the certificate last.
    published = (folder / CERTIFICATE_FILE).exists()
    if (folder / KEY_FILE).exists():
        return
    if published:
        reason = f"{KEY_FILE} is missing; put it back, or remove {CERTIFICATE_FILE} for a new CA"
        raise AuthorityError(str(folder), reason)
    from xmppspy.proxy.minting import make_authority  # noqa: PLC0415 - it is done once

    _make_folder(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = make_authority(key, _owner(), datetime.now(UTC))
    temporary = _write_aside(folder, _private_pem(key) + _pem(certificate))
    try:
        (folder / KEY_FILE).hardlink_to(temporary)
    except FileExistsError:
        return  # another process was quicker; its CA is the CA
    finally:
        temporary.unlink()


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        folder.chmod(0o700)


def _owner() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "user"
    return f"{user}@{platform.node().partition('.')[0] or 'host'}"


def _write_aside(folder: Path, data: bytes) -> Path:
    """Write a private file under a name of its own, whole and on disk."""
    import tempfile  # noqa: PLC0415 - as above

    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".xmppspy-")
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor has no Path
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _keep_private(path: Path) -> tuple[str, ...]:
    mode = path.stat().st_mode & 0o777
    if not mode & 0o077:
        return ()
    try:
        path.chmod(0o600)
    except OSError as error:
        reason = f"other users can read the key (mode {mode:04o}); chmod 600 {path}"
        raise AuthorityError(str(path.parent), reason) from error
    note = f"other users could read {path} (mode {mode:04o}); it is private now, but if one may"
    return (f"{note} have copied it, remove {path.parent} and trust the next CA instead",)


def _load(path: Path) -> "tuple[AuthorityKey, x509.Certificate]":
    data = path.read_bytes()
    try:
        key = load_pem_private_key(data, password=None)
        certificate = x509.load_pem_x509_certificate(data)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        reason = "is not a key with its certificate (PEM, without password)"
        raise _unusable(path, reason) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise _unusable(path, "holds a key that is neither EC nor RSA")
    if certificate.public_key() != key.public_key():
        raise _unusable(path, "holds a key and a certificate that do not belong together")
    _check_authority(path, certificate)
    return key, certificate


def _check_authority(path: Path, certificate: x509.Certificate) -> None:
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        signs = constraints.value.ca
    except (ValueError, x509.ExtensionNotFound):
        signs = False
    if not signs:
        raise _unusable(path, "holds a certificate that is not a CA's")
    end = certificate.not_valid_after_utc
    if end <= datetime.now(UTC):
        raise _unusable(path, f"expired on {end:%Y-%m-%d}")


def _unusable(path: Path, reason: str) -> AuthorityError:
    remedy = f"put the right one back, or remove it and {CERTIFICATE_FILE} for a new CA"
    return AuthorityError(str(path.parent), f"{path.name} {reason}; {remedy}")


def _publish_certificate(path: Path, certificate: x509.Certificate) -> None:
    try:
        published = x509.load_pem_x509_certificate(path.read_bytes())
    except FileNotFoundError:
        temporary = _write_aside(path.parent, _pem(certificate))
        temporary.chmod(0o644)
        temporary.replace(path)
        return
    except ValueError:
        published = None
    if published != certificate:
        reason = f"{path.name} is not the certificate of {KEY_FILE}; remove it, it is made again"
        raise AuthorityError(str(path.parent), reason)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
