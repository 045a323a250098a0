import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from xmppspy.bridge.certificate import (
    SRV_NAME,
    XMPP_ADDR,
    Certificate,
    in_plain_words,
    read_certificate,
)

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SIGNER = ec.generate_private_key(ec.SECP256R1())


def other(kind: str, der: bytes) -> x509.OtherName:
    """A subjectAltName of a kind that XMPP has of its own."""
    return x509.OtherName(x509.ObjectIdentifier(kind), der)


def made(
    *names: x509.GeneralName,
    issuer: str = "A CA",
    key: CertificatePublicKeyTypes | None = None,
) -> bytes:
    """A certificate as DER."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "capulet.example")]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key or SIGNER.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=30, hours=1))
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(SIGNER, hashes.SHA256()).public_bytes(Encoding.DER)


def read(der: bytes) -> Certificate:
    """A certificate that can be read."""
    certificate = read_certificate(der)
    assert certificate is not None
    return certificate


def test_names_of_all_kinds_are_told() -> None:
    """Those of XMPP's own kinds as text, also where they are long."""
    long = "x" * 200
    der = made(
        x509.DNSName("capulet.example"),
        other(SRV_NAME, b"\x16\x08_x.c.exa"),
        other(XMPP_ADDR, b"\x0c\x81\xc8" + long.encode()),
        other(XMPP_ADDR, b"\x02\x01\x05"),
    )

    assert read(der).names == (
        ("dNSName", "capulet.example"),
        ("SRVName", "_x.c.exa"),
        ("xmppAddr", long),
        ("xmppAddr", "020105"),
    )


def test_what_else_it_says() -> None:
    """Subject, issuer, days, fingerprint."""
    der = made()
    certificate = read(der)

    assert (certificate.subject, certificate.issuer) == ("CN=capulet.example", "CN=A CA")
    assert certificate.names == ()
    assert certificate.days_left(NOW) == 30
    assert certificate.days_left(NOW + timedelta(days=31)) == -1
    assert certificate.sha256 == hashlib.sha256(der).hexdigest()
    assert not certificate.self_signed
    assert read(made(issuer="capulet.example")).self_signed


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (SIGNER.public_key(), "EC secp256r1"),
        (rsa.generate_private_key(65537, 2048).public_key(), "RSA 2048"),
        (ed25519.Ed25519PrivateKey.generate().public_key(), "Ed25519"),
        (ed448.Ed448PrivateKey.generate().public_key(), "Ed448"),
    ],
)
def test_keys_are_named(key: CertificatePublicKeyTypes, told: str) -> None:
    """By their kind and size."""
    assert read(made(key=key)).key == told


def test_garbage_is_no_certificate() -> None:
    """Nothing is raised."""
    assert read_certificate(b"\x30\x03abc") is None


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("unable to get local issuer certificate", "its CA is not known here"),
        ("self-signed certificate in certificate chain", "its CA is not known here"),
        ("self-signed certificate", "it has signed itself"),
        ("certificate has expired", "it has expired"),
        ("Hostname mismatch, certificate is not valid for 'c.example'", "does not name c.example"),
        ("something new", "something new"),
    ],
)
def test_reasons_are_in_plain_words(reason: str, words: str) -> None:
    """OpenSSL's messages become what is wrong and what to do; unknown ones stay."""
    assert words in in_plain_words(reason, "c.example")
