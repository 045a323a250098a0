"""What stands in the certificates: the CA's own and those shown to clients.

No files and no clock here: keys and `now` come in, certificates go out.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from xmppspy.protocol.hosts import a_label

AuthorityKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
"""What a CA may sign with; one made here has an EC P-256 key, one brought along may have RSA."""

AUTHORITY_LIFETIME: Final = timedelta(days=3650)
LEAF_LIFETIME: Final = timedelta(days=197)
"""From the first valid moment to the last; longer ones are refused by some platforms."""
BACKDATED: Final = timedelta(days=1)
"""How long before it was made a certificate is valid: clocks differ."""

SRV_NAME: Final = x509.ObjectIdentifier("1.3.6.1.5.5.7.8.7")
"""id-on-dnsSRV (RFC 4985): `_xmpp-client.example.org`."""
XMPP_ADDR: Final = x509.ObjectIdentifier("1.3.6.1.5.5.7.8.5")
"""id-on-xmppAddr (RFC 6120 §13.7.1.4)."""

_LONGEST_COMMON_NAME: Final = 64  # bytes, as cryptography counts what RFC 5280 leaves open
_HOST: Final = re.compile(r"[!-~]{1,1023}")


@dataclass(frozen=True, slots=True)
class LeafNames:
    """Whom a leaf names: the subject's common name and the subjectAltNames."""

    common_name: str
    alternatives: tuple[x509.GeneralName, ...]


def leaf_names(names: Sequence[str], peer_der: bytes | None) -> LeafNames:
    """Whom the leaf for a client that wants `names` must name, the most wanted first.

    Domains become A-labels, addresses IP SANs, and the names of the real certificate `peer_der`
    (dNSName, SRVName, xmppAddr) are added. A name that fits no kind of SAN stands at most in the
    subject; nothing fails on one.
    """
    wanted = [name for name in map(_plain, names) if name]
    alternatives = [_alternative(name) for name in wanted]
    found = [*(name for name in alternatives if name is not None), *_names_of(peer_der)]
    common_name = _common_name(wanted[0] if wanted else "")
    return LeafNames(common_name or "xmppspy", tuple(dict.fromkeys(found)))


def make_authority(key: AuthorityKey, owner: str, now: datetime) -> x509.Certificate:
    """The certificate of a CA that signs leaves and nothing else; `owner` is told in its name."""
    title = _common_name(f"xmppspy CA ({owner})")
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now - BACKDATED + AUTHORITY_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )


def mint_leaf(
    names: LeafNames,
    public_key: ec.EllipticCurvePublicKey,
    issuer: x509.Certificate,
    issuer_key: AuthorityKey,
    now: datetime,
) -> x509.Certificate:
    """A server certificate for `names`, signed by the CA, never valid for longer than the CA."""
    begin = now - BACKDATED
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names.common_name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(max(begin, issuer.not_valid_before_utc))
        .not_valid_after(min(begin + LEAF_LIFETIME, issuer.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(_authority_key_identifier(issuer), critical=False)
    )
    if names.alternatives:
        builder = builder.add_extension(
            x509.SubjectAlternativeName(names.alternatives), critical=False
        )
    return builder.sign(issuer_key, hashes.SHA256())


def _plain(name: str) -> str:
    """A domain as an A-label where it can be one, an IP address without brackets and zone."""
    return a_label(name.strip().removeprefix("[").removesuffix("]").partition("%")[0])


def _alternative(name: str) -> x509.GeneralName | None:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name) if _HOST.fullmatch(name) else None


def _names_of(peer_der: bytes | None) -> Iterable[x509.GeneralName]:
    """The names of the real certificate that mean something to an XMPP client."""
    if peer_der is None:
        return ()
    try:
        extensions = x509.load_der_x509_certificate(peer_der).extensions
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return [name for name in names if _is_copied(name)]
    except (ValueError, x509.ExtensionNotFound, x509.UnsupportedGeneralNameType):
        return ()  # whoever serves such a certificate is judged by the other leg


def _is_copied(name: x509.GeneralName) -> bool:
    if isinstance(name, x509.OtherName):
        return name.type_id in (SRV_NAME, XMPP_ADDR)
    return isinstance(name, x509.DNSName)


def _common_name(text: str) -> str:
    """What of a text fits into a subject."""
    printable = "".join(letter for letter in text if letter.isprintable())
    return printable.encode()[:_LONGEST_COMMON_NAME].decode(errors="ignore")


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_key_identifier(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    try:
        identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    except x509.ExtensionNotFound:
        public = issuer.public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey)  # noqa: S101
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(public)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
