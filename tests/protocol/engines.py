"""TLS contexts of both engines for tests, and the wire between two pipes."""

import ssl
from collections.abc import Sequence

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from OpenSSL import SSL, crypto

from tests.authority import UPSTREAM_CA
from xmppspy.errors import TLSError
from xmppspy.protocol.exporting import ExportingContext
from xmppspy.protocol.tls import TLSContext, TLSPipe

NAME = "capulet.example"
VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


def client_context(
    *,
    exporting: bool = True,
    ca: trustme.CA = UPSTREAM_CA,
    version: str = "1.3",
    alpn: Sequence[str] = (),
) -> TLSContext:
    """A client that trusts one CA, and knows no newer version than that."""
    if not exporting:
        standard = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        standard.maximum_version = VERSIONS[version]
        ca.configure_trust(standard)
        standard.set_alpn_protocols(list(alpn))
        return standard
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_max_proto_version(VERSIONS[version])
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT)
    trust(context, ca)
    if alpn:
        context.set_alpn_protos([protocol.encode() for protocol in alpn])
    return ExportingContext(context, check_hostname=True)


def server_context(
    name: str = NAME, *, exporting: bool = True, version: str = "1.3", alpn: Sequence[str] = ()
) -> TLSContext:
    """A server with a certificate for `name`, which knows no newer version than that."""
    leaf = UPSTREAM_CA.issue_cert(name)
    if not exporting:
        standard = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        standard.maximum_version = VERSIONS[version]
        standard.set_alpn_protocols(list(alpn))
        leaf.configure_cert(standard)
        return standard
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_max_proto_version(VERSIONS[version])
    if alpn:
        context.set_alpn_select_callback(lambda _, offered: offered[0])
    show(context, leaf)
    return ExportingContext(context)


def trust(context: SSL.Context, ca: trustme.CA) -> None:
    """Have a context of pyOpenSSL trust a CA."""
    store = context.get_cert_store()
    assert store is not None
    certificate = x509.load_pem_x509_certificate(ca.cert_pem.bytes())
    store.add_cert(crypto.X509.from_cryptography(certificate))


def show(context: SSL.Context, leaf: trustme.LeafCert) -> None:
    """Have a context of pyOpenSSL show a certificate."""
    key = load_pem_private_key(leaf.private_key_pem.bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    context.use_certificate(x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes()))
    context.use_privatekey(key)


class Wire:
    """A TLS client and a TLS server, and what is between them."""

    def __init__(self, client: TLSContext, server: TLSContext, *, name: str | None = NAME) -> None:
        self.server = TLSPipe(server, server_side=True)
        self.client = TLSPipe(client, server_side=False, server_hostname=name)
        self.failures: dict[TLSPipe, TLSError] = {}
        self.settle()

    def settle(self, size: int = 1 << 20) -> None:
        """Carry bytes, `size` at a time, until none are left."""
        while self._carry(self.client, self.server, size) or self._carry(
            self.server, self.client, size
        ):
            pass

    def _carry(self, source: TLSPipe, sink: TLSPipe, size: int) -> bool:
        data = source.data_to_send()
        for at in range(0, len(data), size):
            try:
                sink.receive_data(data[at : at + size])
            except TLSError as error:
                self.failures.setdefault(sink, error)
        return bool(data)
