"""TLS by pyOpenSSL, in the clothes of the standard library's: it can export keying material."""

# Theory of operation
#
# A login can be bound to its TLS by keying material that both ends export (RFC 9266), which the
# standard library cannot do. pyOpenSSL can. `ExportingContext.wrap_bio` is that of
# `ssl.SSLContext`, and what it gives is used like an `ssl.SSLObject`: the same bytes through the
# same `ssl.MemoryBIO`s, the same exceptions with the same `reason`s, so that a `TLSPipe` does not
# know the difference.
#
# pyOpenSSL does not check the name in a certificate. OpenSSL itself can, and then fails in the
# handshake, so that the peer gets the alert it would get from the standard library. What that
# takes is in pyOpenSSL's bindings, but not in its classes.
#
# The two libraries may bring an OpenSSL each, of different age. The names of errors are those of
# the symbols in its source, which do not change; pyOpenSSL gives their text, which does.

import ipaddress
import re
import ssl
from collections.abc import Callable
from typing import Any, Final, TypeVar

from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL
from OpenSSL._util import ffi, lib  # the bindings themselves; see above

from xmppspy.protocol.certificates import alternative_names
from xmppspy.protocol.channelbinding import (
    EXPORTER_LABEL,
    EXPORTER_LENGTH,
    TLS_EXPORTER,
    TLS_UNIQUE,
)

_RECORD: Final = 16 * 1024
_OUTGOING: Final = 64 * 1024
_NO_PARTIAL_WILDCARDS: Final = 0x4  # X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, as in CPython
_ALERT: Final = re.compile("^(ssl/)?tls alert")  # what 3.2 and 4.0 call an SSLV3_ALERT
_NAME_MISMATCH: Final = {62: "Hostname", 64: "IP address"}  # X509_V_ERR_…_MISMATCH

_Result = TypeVar("_Result")


class ExportingContext:
    """What `ssl.SSLContext` is to the standard library, for TLS that exports keying material.

    `context` says everything, but for `check_hostname`: whether the name is verified as well. It
    has to be ready: nothing in it may change after the first connection.
    """

    def __init__(self, context: SSL.Context, *, check_hostname: bool = False) -> None:
        self.context = context
        self.check_hostname = check_hostname

    @property
    def verify_mode(self) -> ssl.VerifyMode:
        """Whether the peer has to be vouched for."""
        mode = self.context.get_verify_mode()
        if mode & SSL.VERIFY_FAIL_IF_NO_PEER_CERT:
            return ssl.CERT_REQUIRED
        return ssl.CERT_OPTIONAL if mode & SSL.VERIFY_PEER else ssl.CERT_NONE

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        *,
        server_side: bool = False,
        server_hostname: str | None = None,
    ) -> "ExportingObject":
        """One side of a connection. Raises ValueError when the name cannot be a host's."""
        name = None if server_hostname is None else _encoded(server_hostname)
        if self.check_hostname and not server_side and name is None:
            raise ValueError("check_hostname requires server_hostname")
        connection = SSL.Connection(self.context, None)
        if server_side:
            connection.set_accept_state()
        else:
            connection.set_connect_state()
            self._name(connection, name)
        return ExportingObject(
            connection, incoming, outgoing, server_side=server_side, name=name or ""
        )

    def _name(self, connection: SSL.Connection, name: str | None) -> None:
        if name is None:
            return
        address = _packed(name)
        if address is None:
            connection.set_tlsext_host_name(name.encode())
        if not self.check_hostname:
            return
        wanted = lib.SSL_get0_param(connection._ssl)  # noqa: SLF001 - it has no other handle
        lib.X509_VERIFY_PARAM_set_hostflags(wanted, _NO_PARTIAL_WILDCARDS)
        if address is None:
            done = lib.X509_VERIFY_PARAM_set1_host(wanted, name.encode(), len(name))
        else:
            done = lib.X509_VERIFY_PARAM_set1_ip(wanted, address, len(address))
        if done != 1:
            raise ValueError(f"{name!r} cannot be verified")


class ExportingObject:
    """What `ssl.SSLObject` is to the standard library, as far as a `TLSPipe` uses it."""

    def __init__(
        self,
        connection: SSL.Connection,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        *,
        server_side: bool,
        name: str,
    ) -> None:
        self._connection = connection
        self._incoming, self._outgoing = incoming, outgoing
        self._server_side = server_side
        self._name = name

    def do_handshake(self) -> None:
        """Advance the handshake. Raises what `ssl.SSLObject.do_handshake` raises."""
        self._work(self._connection.do_handshake)
        self._collect()

    def read(self, size: int) -> bytes:
        """At most `size` clear bytes. Raises what `ssl.SSLObject.read` raises.

        What reading has to answer is there to be sent once nothing more can be read.
        """
        return self._work(self._connection.recv, min(size, _RECORD))

    def write(self, data: bytes) -> int:
        """Encrypt all of `data`. Raises what `ssl.SSLObject.write` raises."""
        self._work(self._connection.sendall, data)
        self._collect()
        return len(data)

    def unwrap(self) -> None:
        """Send close_notify. Raises SSLWantReadError when the peer has not sent its own."""
        done = self._work(self._connection.shutdown)
        self._collect()
        if not done:
            raise self._translated(SSL.WantReadError())

    def version(self) -> str | None:
        """`TLSv1.3`; None before it is agreed on."""
        agreed = self._connection.get_cipher_name() is not None
        return self._connection.get_protocol_version_name() if agreed else None

    def cipher(self) -> tuple[str, str, int] | None:
        """OpenSSL's name of the cipher suite, its version and bits; None before it is agreed on."""
        name = self._connection.get_cipher_name()
        if name is None:
            return None
        connection = self._connection
        return name, connection.get_cipher_version() or "", connection.get_cipher_bits() or 0

    def selected_alpn_protocol(self) -> str | None:
        """The protocol agreed on by ALPN."""
        return self._connection.get_alpn_proto_negotiated().decode("utf-8", "replace") or None

    def getpeercert(self, binary_form: bool = False) -> Any:
        """The peer's certificate (DER), or as a mapping with its `subjectAltName` only."""
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        if certificate is None:
            return None
        if binary_form:
            return certificate.public_bytes(Encoding.DER)
        return {"subjectAltName": alternative_names(certificate)}

    @property
    def own_der(self) -> bytes | None:
        """The certificate that this side shows."""
        certificate = self._connection.get_certificate(as_cryptography=True)
        return certificate.public_bytes(Encoding.DER) if certificate else None

    def get_channel_binding(self, cb_type: str) -> bytes | None:
        """The data of `tls-exporter` or `tls-unique`; None where there is none.

        `tls-exporter` is had on TLS 1.2 with extended master secret only (RFC 9266 §4.2).
        `tls-unique` is given on TLS 1.3 as well, where it is not defined, because CPython does so
        and clients use it there.
        """
        connection = self._connection
        if cb_type == TLS_UNIQUE:
            own, peers = connection.get_finished(), connection.get_peer_finished()
            return peers if self._server_side else own
        if cb_type != TLS_EXPORTER or not self._is_exportable:
            return None
        return connection.export_keying_material(EXPORTER_LABEL, EXPORTER_LENGTH, b"")

    @property
    def _is_exportable(self) -> bool:
        if self._connection.get_protocol_version() >= SSL.TLS1_3_VERSION:
            return True
        return bool(lib.SSL_get_extms_support(self._connection._ssl) == 1)  # noqa: SLF001

    def _work(self, step: Callable[..., _Result], *arguments: Any) -> _Result:
        """Let OpenSSL take a step with what has arrived."""
        arrived = self._incoming.read()
        if arrived:
            self._connection.bio_write(arrived)
        try:
            return step(*arguments)
        except SSL.Error as error:
            self._collect()
            raise self._translated(error) from error

    def _collect(self) -> None:
        """Take from OpenSSL what is to be sent."""
        try:
            while self._outgoing.write(self._connection.bio_read(_OUTGOING)) == _OUTGOING:
                pass
        except SSL.WantReadError:
            return

    def _translated(self, error: SSL.Error) -> ssl.SSLError:
        reason = _reason(error)
        failure: ssl.SSLError
        if isinstance(error, SSL.WantReadError):
            failure = ssl.SSLWantReadError(ssl.SSL_ERROR_WANT_READ, "more data is needed")
        elif isinstance(error, SSL.ZeroReturnError):
            failure = ssl.SSLZeroReturnError(ssl.SSL_ERROR_ZERO_RETURN, "close_notify was received")
        elif reason == "CERTIFICATE_VERIFY_FAILED":
            failure = self._unverified()
        else:
            failure = ssl.SSLError(ssl.SSL_ERROR_SSL, reason.lower().replace("_", " "))
        failure.reason = reason
        return failure

    def _unverified(self) -> ssl.SSLCertVerificationError:
        code = lib.SSL_get_verify_result(self._connection._ssl)  # noqa: SLF001
        words = ffi.string(lib.X509_verify_cert_error_string(code)).decode()
        if code in _NAME_MISMATCH:
            what = _NAME_MISMATCH[code]
            words = f"{what} mismatch, certificate is not valid for '{self._name}'."
        failure = ssl.SSLCertVerificationError(ssl.SSL_ERROR_SSL, words)
        failure.verify_code, failure.verify_message = code, words
        return failure


def _reason(error: SSL.Error) -> str:
    """The standard library's name for what went wrong, from OpenSSL's text."""
    stack = error.args[0] if error.args else None
    if not isinstance(stack, list) or not stack:
        return type(error).__name__
    text = _ALERT.sub("sslv3 alert", str(stack[-1][2]))
    return text.upper().replace(" ", "_") or "UNKNOWN"


def _encoded(name: str) -> str:
    """A host's name as TLS has it; raises ValueError as the standard library does."""
    if not name or name.startswith("."):
        raise ValueError("a host's name is not empty and begins with no dot")
    if "\x00" in name:
        raise ValueError("a host's name has no NUL in it")
    return name if _packed(name) else name.encode("idna").decode("ascii")


def _packed(name: str) -> bytes | None:
    try:
        return ipaddress.ip_address(name).packed
    except ValueError:
        return None
