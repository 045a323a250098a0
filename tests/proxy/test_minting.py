import subprocess
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from xmppspy.proxy.minting import (
    LEAF_LIFETIME,
    SRV_NAME,
    XMPP_ADDR,
    leaf_names,
    make_authority,
    mint_leaf,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
AUTHORITY = make_authority(KEY, "juliet@balcony", NOW)


def other_name(kind: x509.ObjectIdentifier, tag: int, text: str) -> x509.OtherName:
    """An otherName that holds one string."""
    data = text.encode()
    return x509.OtherName(kind, bytes([tag, len(data)]) + data)


SERVER_NAMES = [
    x509.DNSName("example.org"),
    x509.DNSName("*.example.org"),
    other_name(SRV_NAME, 0x16, "_xmpp-client.example.org"),
    other_name(XMPP_ADDR, 0x0C, "bücher.example"),
]


def server_certificate(names: list[x509.GeneralName]) -> bytes:
    """A self-signed certificate of a real server, as DER."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "real")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(Encoding.DER)


def mint(*names: str, peer: bytes | None = None) -> x509.Certificate:
    """A leaf of the test's CA."""
    return mint_leaf(leaf_names(names, peer), KEY.public_key(), AUTHORITY, KEY, NOW)


def openssl(*arguments: str) -> str:
    """What the openssl command prints; it is part of what the tests need."""
    command = ["openssl", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_wanted_names_come_first() -> None:
    """The most wanted name is the subject, domains are A-labels, addresses IP SANs."""
    names = leaf_names(["Bücher.Example.", "127.0.0.1", "[::1]", "fe80::1%eth0"], None)

    assert names.common_name == "xn--bcher-kva.example"
    assert names.alternatives == (
        x509.DNSName("xn--bcher-kva.example"),
        x509.IPAddress(ip_address("127.0.0.1")),
        x509.IPAddress(ip_address("::1")),
        x509.IPAddress(ip_address("fe80::1")),
    )


def test_names_of_the_real_certificate_are_added_once() -> None:
    """DNS names, SRVName and xmppAddr are copied as they are; other kinds are not."""
    uri = x509.UniformResourceIdentifier("https://example.org/")
    names = leaf_names(["example.org"], server_certificate([*SERVER_NAMES, uri]))

    assert names.alternatives == tuple(SERVER_NAMES)


@pytest.mark.parametrize(
    "junk",
    ["", " ", "_under.score", "a..b", "a" * 5000, "♥.example", "two words", "nul\0", "\ud800", "[", "*"],
)  # fmt: skip
def test_a_leaf_is_minted_for_any_name(junk: str) -> None:
    """No name makes minting fail, and a good one beside it is served all the same."""
    leaf = mint(junk, "example.org")
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert "example.org" in names.get_values_for_type(x509.DNSName)


def test_names_that_are_no_hosts_stand_in_the_subject_only() -> None:
    """What cannot be a DNS name leaves a certificate without alternatives, cut to what fits."""
    leaf = mint("♥" * 100)
    (name,) = leaf.subject

    assert name.value == "♥" * 21
    assert leaf_names(["♥"], None).alternatives == ()


@pytest.mark.parametrize(
    "peer", [b"", b"\x30\x03junk", server_certificate([])], ids=["empty", "junk", "nameless"]
)
def test_an_unreadable_peer_lends_no_names(peer: bytes) -> None:
    """A real certificate that cannot be read, or names nobody, does no harm."""
    names = leaf_names(["example.org"], peer)

    assert names.alternatives == (x509.DNSName("example.org"),)


def test_lifetime_is_backdated_and_within_what_platforms_accept() -> None:
    """A leaf begins a day ago and lasts 197 days in all."""
    leaf = mint("example.org")

    assert leaf.not_valid_before_utc == NOW - timedelta(days=1)
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc == LEAF_LIFETIME
    assert timedelta(days=197) == LEAF_LIFETIME


def test_a_leaf_never_outlives_its_authority() -> None:
    """Near the CA's end leaves end with it; those of a young CA do not begin before it."""
    late = AUTHORITY.not_valid_after_utc - timedelta(days=3)
    leaf = mint_leaf(leaf_names(["a.example"], None), KEY.public_key(), AUTHORITY, KEY, late)

    assert leaf.not_valid_after_utc == AUTHORITY.not_valid_after_utc
    assert mint("a.example").not_valid_before_utc >= AUTHORITY.not_valid_before_utc


def test_the_authority_signs_leaves_and_nothing_else() -> None:
    """The CA's certificate allows one level below it, and is recognised by its subject."""
    constraints = AUTHORITY.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = AUTHORITY.extensions.get_extension_for_class(x509.KeyUsage)
    lifetime = AUTHORITY.not_valid_after_utc - AUTHORITY.not_valid_before_utc

    assert AUTHORITY.subject.rfc4514_string() == "CN=xmppspy CA (juliet@balcony)"
    assert constraints.critical
    assert constraints.value == x509.BasicConstraints(ca=True, path_length=0)
    assert usage.value.key_cert_sign
    assert not usage.value.digital_signature
    assert lifetime <= timedelta(days=3653)


def test_openssl_verifies_a_leaf(tmp_path: Path) -> None:
    """An independent implementation accepts the chain by the strictest reading of RFC 5280."""
    authority, leaf = tmp_path / "ca.pem", tmp_path / "leaf.pem"
    authority.write_bytes(AUTHORITY.public_bytes(Encoding.PEM))
    leaf.write_bytes(mint("example.org").public_bytes(Encoding.PEM))
    at = str(int(NOW.timestamp()))
    how = ["-x509_strict", "-check_ss_sig", "-purpose", "sslserver", "-attime", at]
    name = ["-verify_hostname", "example.org"]
    said = openssl("verify", *how, *name, "-CAfile", str(authority), str(leaf))

    assert said == f"{leaf}: OK\n"


def test_openssl_reads_the_names_of_xmpp(tmp_path: Path) -> None:
    """SRVName and xmppAddr come out as an independent implementation reads them."""
    path = tmp_path / "leaf.pem"
    leaf = mint("example.org", "127.0.0.1", peer=server_certificate(SERVER_NAMES))
    path.write_bytes(leaf.public_bytes(Encoding.PEM))
    said = openssl("x509", "-in", str(path), "-noout", "-ext", "subjectAltName")
    names = said.replace("::", ":").splitlines()[1].strip().split(", ")

    assert names == [
        "DNS:example.org",
        "IP Address:127.0.0.1",
        "DNS:*.example.org",
        "othername: SRVName:_xmpp-client.example.org",
        "othername: XmppAddr:bücher.example",
    ]
