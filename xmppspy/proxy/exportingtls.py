"""TLS contexts of the engine that exports keying material, for both legs.

They do what those of `standardtls` do. Importing this takes pyOpenSSL in, which costs time.
"""

import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography import x509
from OpenSSL import SSL, crypto

from xmppspy.protocol.exporting import ExportingContext
from xmppspy.proxy.identity import Identity
from xmppspy.proxy.terms import Terms, Trust, no_certificate, prepare_keylog, read_ca_file

_VERSIONS: Final = {
    "TLSv1": SSL.TLS1_VERSION,
    "TLSv1.1": SSL.TLS1_1_VERSION,
    "TLSv1.2": SSL.TLS1_2_VERSION,
    "TLSv1.3": SSL.TLS1_3_VERSION,
}
_OF_OLD: Final = b"DEFAULT:@SECLEVEL=0"
_WHATEVER: Final = 0  # the oldest version that the library knows


def server_context(
    identity: Identity, terms: Terms, keylog: Path | None = None
) -> ExportingContext:
    """The context for the handshake with a client, which is shown `identity`.

    No session is kept, so that every handshake shows its certificate. Raises UsageError when
    `keylog` cannot be written.
    """
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    # The number of tickets of TLS 1.3 cannot be set here. Those that are sent lead to no session.
    context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_RENEGOTIATION)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    _agree(context, terms, keylog)
    if terms.alpn:
        context.set_alpn_select_callback(_Selection(terms.alpn))
    _show(context, identity)
    return ExportingContext(context)


def client_context(
    trust: Trust, terms: Terms, identity: Identity | None = None, keylog: Path | None = None
) -> ExportingContext:
    """The context for the handshake with a server; make it once and keep it.

    The server may ask for `identity`. Raises UsageError when a file is unusable.
    """
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    _store(context).set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
    if trust.ca_file is not None:
        _trust(context, trust.ca_file)
    if trust.insecure:
        context.set_verify(SSL.VERIFY_NONE)
        context.set_options(SSL.OP_LEGACY_SERVER_CONNECT)
    else:
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT)
        _trust_the_default(context)
    _agree(context, terms, keylog)
    if terms.alpn:
        context.set_alpn_protos([protocol.encode() for protocol in terms.alpn])
    if identity is not None:
        _show(context, identity)
    return ExportingContext(context, check_hostname=trust.check_name and not trust.insecure)


def _agree(context: SSL.Context, terms: Terms, keylog: Path | None) -> None:
    context.set_min_proto_version(SSL.TLS1_2_VERSION if terms.modern else _WHATEVER)
    context.set_cipher_list(_usual_ciphers() if terms.modern else _OF_OLD)
    if terms.newest is not None:
        context.set_max_proto_version(_VERSIONS[terms.newest])
    if keylog is not None:
        prepare_keylog(keylog)
        context.set_keylog_callback(_Keylog(keylog))


def _usual_ciphers() -> bytes:
    """Those of the standard library, which TLS 1.3 does not take from a list."""
    usual = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).get_ciphers()
    names = [each["name"] for each in usual if each["protocol"] != "TLSv1.3"]
    return ":".join([*names, "@SECLEVEL=2"]).encode()


class _Selection:
    """Chooses a protocol as the standard library does: the first known one that is offered."""

    def __init__(self, known: Sequence[str]) -> None:
        self._known = [protocol.encode() for protocol in known]

    def __call__(
        self, _connection: SSL.Connection, offered: list[bytes]
    ) -> bytes | SSL._NoOverlappingProtocols:
        for protocol in self._known:
            if protocol in offered:
                return protocol
        return SSL.NO_OVERLAPPING_PROTOCOLS


class _Keylog:
    """Appends the lines of TLS secrets to a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, _connection: SSL.Connection, line: bytes) -> None:
        with self._path.open("ab") as file:
            file.write(line + b"\n")


def _store(context: SSL.Context) -> crypto.X509Store:
    store = context.get_cert_store()
    if store is None:
        raise AssertionError("a new context has a store")
    return store


def _trust(context: SSL.Context, path: Path) -> None:
    data = read_ca_file(path)
    try:
        if b"-----BEGIN" in data:
            context.load_verify_locations(path)
            return
        certificate = x509.load_der_x509_certificate(data)
    except (SSL.Error, ValueError) as error:
        raise no_certificate(path) from error
    _store(context).add_cert(crypto.X509.from_cryptography(certificate))


def _trust_the_default(context: SSL.Context) -> None:
    # Where this OpenSSL, which came in a wheel, looks for them is nobody's place for certificates.
    places = ssl.get_default_verify_paths()
    if places.cafile or places.capath:
        context.load_verify_locations(places.cafile, places.capath)


def _show(context: SSL.Context, identity: Identity) -> None:
    context.use_certificate(identity.leaf)
    context.use_privatekey(identity.key)
    for certificate in identity.chain[1:]:
        context.add_extra_chain_cert(certificate)
