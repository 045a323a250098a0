"""What stands in certificates, next to what the standard library reads there."""

import ssl

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.protocol.engines import Wire, client_context, server_context
from xmppspy.protocol.certificates import alternative_names


def test_names_as_the_standard_library_has_them() -> None:
    """Domains and addresses are those that `getpeercert` tells of the same certificate."""
    wire = Wire(client_context(exporting=False), server_context("192.0.2.1"), name="192.0.2.1")
    engine = wire.client._object
    assert isinstance(engine, ssl.SSLObject)
    told = engine.getpeercert()
    assert told is not None
    certificate = x509.load_der_x509_certificate(wire.client.peer_der or b"")

    assert alternative_names(certificate) == told["subjectAltName"]


def test_domains_and_addresses() -> None:
    """Each name has its kind; a mailbox is none of them."""
    issued = trustme.CA().issue_cert("*.example.org", "2001:db8::1", "romeo@example.org")
    certificate = x509.load_pem_x509_certificate(issued.cert_chain_pems[0].bytes())

    assert alternative_names(certificate) == (
        ("DNS", "*.example.org"),
        ("IP Address", "2001:db8::1"),
    )


def test_certificate_without_names() -> None:
    """There is nothing to be named by where no extension says it, or where it cannot be read."""
    ca = x509.load_pem_x509_certificate(trustme.CA().cert_pem.bytes())
    issued = trustme.CA().issue_cert("capulet.example")
    leaf = x509.load_pem_x509_certificate(issued.cert_chain_pems[0].bytes())
    der = leaf.public_bytes(Encoding.DER).replace(b"capulet.example", b"\xffapulet.example")

    assert alternative_names(ca) == ()
    assert alternative_names(x509.load_der_x509_certificate(der)) == ()
