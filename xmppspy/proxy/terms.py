"""What the contexts of both engines are made by, and the words for files they cannot use."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xmppspy.errors import UsageError

ALPN: Final = ("xmpp-client",)
"""What XEP-0368 names the protocol."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What may be agreed on in a handshake. Versions are named as OpenSSL does, and sort so."""

    oldest: str = "TLSv1.2"
    """Before 1.2: whatever the engine still knows, with ciphers of old."""
    newest: str | None = None
    alpn: tuple[str, ...] = ()

    @property
    def modern(self) -> bool:
        """Whether nothing from before TLS 1.2 is taken."""
        return self.oldest >= "TLSv1.2"


@dataclass(frozen=True, slots=True)
class Trust:
    """Who vouches for a server: the default trust store, and the certificates of a file."""

    ca_file: Path | None = None
    """PEM or DER; the server's own certificate will do."""
    insecure: bool = False
    """Nobody has to."""
    check_name: bool = True
    """Whether the certificate has to be for the server's name."""


def prepare_keylog(path: Path) -> None:
    """Make the file that takes TLS secrets, for its owner only. Raises UsageError."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600))
    except OSError as error:
        raise UsageError(f"--keylog {path}: {error.strerror or error}") from error


def read_ca_file(path: Path) -> bytes:
    """What is in the file of a CA. Raises UsageError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"--upstream-ca {path}: {error.strerror or error}") from error


def no_certificate(path: Path) -> UsageError:
    """The file of a CA holds none."""
    return UsageError(f"--upstream-ca {path}: no certificate in it; give a PEM or DER file")
