"""A server's certificate, as a person wants to see it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

SRV_NAME: Final = "1.3.6.1.5.5.7.8.7"
"""id-on-dnsSRV (RFC 4985)."""
XMPP_ADDR: Final = "1.3.6.1.5.5.7.8.5"
"""id-on-xmppAddr (RFC 6120 §13.7.1.4)."""

_OTHER_NAMES: Final = {SRV_NAME: "SRVName", XMPP_ADDR: "xmppAddr"}
_STRINGS: Final = (0x0C, 0x16)  # UTF8String, IA5String
_LONG_FORM: Final = 0x80
_MOST: Final = 50
_PLAIN_WORDS: Final = {
    "issuer certificate": "its CA is not known here; name the CA with --upstream-ca FILE",
    "verify the first": "its CA is not known here; name the CA with --upstream-ca FILE",
    "in certificate chain": "its CA is not known here; name the CA with --upstream-ca FILE",
    "self-signed certificate": "it has signed itself; trust it with --upstream-ca FILE",
    "self signed certificate": "it has signed itself; trust it with --upstream-ca FILE",
    "has expired": "it has expired; the server needs a new one",
    "not yet valid": "it is not valid yet; is a clock wrong?",
}
"""By a part of OpenSSL's message, the most special first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What it says. Names are as they stand in it, whatever they are."""

    subject: str
    issuer: str
    names: tuple[tuple[str, str], ...]
    """The subjectAltNames: `("dNSName", "example.org")`, `SRVName`, `xmppAddr`, `iPAddress`."""
    not_before: datetime
    not_after: datetime
    key: str
    """`RSA 2048`, `EC secp256r1`, `Ed25519`."""
    sha256: str
    """In hex."""
    self_signed: bool

    def days_left(self, now: datetime) -> int:
        """Whole days until its end, negative after it."""
        return (self.not_after - now).days


def read_certificate(der: bytes) -> Certificate | None:
    """Read a certificate; None when it cannot be understood."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        return Certificate(
            subject=certificate.subject.rfc4514_string(),
            issuer=certificate.issuer.rfc4514_string(),
            names=tuple(_names(certificate))[:_MOST],
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            key=_key(certificate),
            sha256=hashlib.sha256(der).hexdigest(),
            self_signed=certificate.subject == certificate.issuer,
        )
    except ValueError:
        return None


def in_plain_words(reason: str, domain: str) -> str:
    """Why OpenSSL does not accept a certificate, and what to do about it."""
    if "mismatch" in reason:
        return f"it does not name {domain}; ask for a name that it has with --domain NAME"
    return next((words for trace, words in _PLAIN_WORDS.items() if trace in reason), reason)


def _names(certificate: x509.Certificate) -> Iterator[tuple[str, str]]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return
    for name in extension.value:
        if isinstance(name, x509.DNSName):
            yield "dNSName", name.value
        elif isinstance(name, x509.IPAddress):
            yield "iPAddress", str(name.value)
        elif isinstance(name, x509.OtherName):
            kind = _OTHER_NAMES.get(name.type_id.dotted_string)
            if kind is not None:
                yield kind, _string(name.value)


def _string(der: bytes) -> str:
    """The text of a DER string; names long enough for the long form are read too."""
    if len(der) < 2 or der[0] not in _STRINGS:
        return der.hex()
    skip = 2 + (der[1] & ~_LONG_FORM if der[1] & _LONG_FORM else 0)
    return der[skip:].decode(errors="backslashreplace")


def _key(certificate: x509.Certificate) -> str:
    try:
        key = certificate.public_key()
    except ValueError:
        return "unknown"
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    known = {ed25519.Ed25519PublicKey: "Ed25519", ed448.Ed448PublicKey: "Ed448"}
    return next((name for kind, name in known.items() if isinstance(key, kind)), "unknown")
