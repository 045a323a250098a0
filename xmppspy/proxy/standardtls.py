"""TLS contexts of the standard library's engine, for both legs."""

import ssl
import tempfile
from pathlib import Path
from typing import Final

from xmppspy.errors import AuthorityError
from xmppspy.proxy.identity import Identity
from xmppspy.proxy.terms import ALPN, Terms, Trust, no_certificate, prepare_keylog, read_ca_file

_OP_LEGACY_SERVER_CONNECT: Final = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT of Python 3.12
_OF_OLD: Final = "DEFAULT:@SECLEVEL=0"


def server_context(identity: Identity, terms: Terms, keylog: Path | None = None) -> ssl.SSLContext:
    """The context for the handshake with a client, which is shown `identity`.

    There are no session tickets, so that every handshake shows its certificate. Raises UsageError
    when `keylog` cannot be written, AuthorityError when the temporary folder cannot.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.options |= ssl.OP_NO_TICKET | ssl.OP_NO_RENEGOTIATION
    context.num_tickets = 0
    _agree(context, terms, keylog)
    _show(context, identity)
    return context


def client_context(
    trust: Trust, terms: Terms, identity: Identity | None = None, keylog: Path | None = None
) -> ssl.SSLContext:
    """The context for the handshake with a server; make it once and keep it.

    The server may ask for `identity`. Raises UsageError when a file is unusable, AuthorityError
    when the temporary folder cannot be written.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if trust.ca_file is not None:
        _trust(context, trust.ca_file)
    context.check_hostname = trust.check_name and not trust.insecure
    if trust.insecure:
        context.verify_mode = ssl.CERT_NONE
        context.options |= _OP_LEGACY_SERVER_CONNECT
    else:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    _agree(context, terms, keylog)
    if identity is not None:
        _show(context, identity)
    return context


def upstream_context(
    *, ca_file: Path | None, insecure: bool, direct: bool, keylog: Path | None
) -> ssl.SSLContext:
    """The context for the handshake with the real server, on the usual terms.

    The server must be vouched for by the default trust store or by the certificates in `ca_file`
    (PEM or DER; the server's own will do), and its certificate must name the domain. `insecure`
    drops all of that, and takes TLS versions and ciphers of old. `direct` says that the TLS layer
    comes first, where ALPN names the protocol (XEP-0368). Raises UsageError when a file is
    unusable.
    """
    terms = Terms("TLSv1" if insecure else "TLSv1.2", alpn=ALPN if direct else ())
    return client_context(Trust(ca_file, insecure), terms, keylog=keylog)


def _agree(context: ssl.SSLContext, terms: Terms, keylog: Path | None) -> None:
    if terms.modern:
        context.minimum_version = ssl.TLSVersion.TLSv1_2
    else:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers(_OF_OLD)
    if terms.newest is not None:
        context.maximum_version = ssl.TLSVersion[terms.newest.replace(".", "_")]
    if terms.alpn:
        context.set_alpn_protocols(list(terms.alpn))
    if keylog is not None:
        prepare_keylog(keylog)
        context.keylog_filename = str(keylog)


def _trust(context: ssl.SSLContext, path: Path) -> None:
    data = read_ca_file(path)
    try:
        if b"-----BEGIN" in data:
            context.load_verify_locations(cafile=path)
        else:
            context.load_verify_locations(cadata=data)
    except (ssl.SSLError, ValueError) as error:
        raise no_certificate(path) from error


def _show(context: ssl.SSLContext, identity: Identity) -> None:
    # ssl takes keys from files only. On disk, in a file nobody else can read, the key lives as
    # long as this block.
    try:
        with tempfile.NamedTemporaryFile(prefix="xmppspy-", suffix=".pem") as file:
            file.write(identity.pem)
            file.flush()
            context.load_cert_chain(file.name)
    except OSError as error:
        reason = f"a leaf could not be handed to TLS: {error.strerror or error}"
        raise AuthorityError(tempfile.gettempdir(), reason) from error
