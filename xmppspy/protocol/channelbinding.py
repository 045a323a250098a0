"""Channel binding: what ties a login to the TLS it is made in (RFC 5056, RFC 5929, RFC 9266)."""

from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

TLS_EXPORTER: Final = "tls-exporter"
"""Keying material that both ends export (RFC 9266)."""

TLS_SERVER_END_POINT: Final = "tls-server-end-point"
"""A hash of the server's certificate (RFC 5929 §4)."""

TLS_UNIQUE: Final = "tls-unique"
"""The first Finished of the handshake (RFC 5929 §3); not defined for TLS 1.3."""

TYPES: Final = (TLS_EXPORTER, TLS_SERVER_END_POINT, TLS_UNIQUE)
"""The types that XMPP uses, the best first."""

EXPORTER_LABEL: Final = b"EXPORTER-Channel-Binding"
EXPORTER_LENGTH: Final = 32

_TOO_WEAK: Final = (hashes.MD5, hashes.SHA1)


def end_point(der: bytes) -> bytes | None:
    """The `tls-server-end-point` of a server's certificate (RFC 5929 §4.1).

    It is hashed as its signature is, but for MD5 and SHA-1, where SHA-256 is taken. None where that
    is not defined: the signature has no hash of its own (Ed25519), or is not known, or `der` is no
    certificate.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        algorithm = certificate.signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        return None
    if algorithm is None:
        return None
    digest = hashes.Hash(hashes.SHA256() if isinstance(algorithm, _TOO_WEAK) else algorithm)
    digest.update(der)
    return digest.finalize()
