"""TLSPipe: one TLS connection as a pipe of bytes, without a socket."""

# Theory of operation
#
# OpenSSL can work on memory instead of a socket: what arrived is written into one `ssl.MemoryBIO`,
# what is to be sent is read from another. A `TLSPipe` hides that this needs several tries: it
# takes what arrived (`receive_data`), gives clear bytes (`read`), takes clear bytes (`send`), and
# gives what is to be sent (`data_to_send`), whatever the handshake is busy with.
#
# Why not the event loop's own TLS: STARTTLS (RFC 6120 §5) needs to know to the byte what was read
# before the handshake. `loop.start_tls` loses such bytes or takes them for TLS, depending on the
# version of Python. A pipe in memory is as fast, and a whole interception runs in one synchronous
# test.
#
# The ends need care. A peer ends its direction by `close_notify`; then, or without it, TCP ends.
# The difference is worth passing on, because a stream cut off without it may be an attack, or a
# phone in a tunnel whose session is to be resumed (XEP-0198). So `ended` tells that close_notify
# came, and `close` sends one; neither ends the other direction (RFC 8446 §6.1).
#
# After a failed handshake `data_to_send` holds the alert that explains it to the peer. Send it.

import hashlib
import ssl
from typing import TYPE_CHECKING, Final, TypeAlias

from xmppspy.errors import TLSError
from xmppspy.protocol.channelbinding import TLS_SERVER_END_POINT, TLS_UNIQUE, end_point
from xmppspy.protocol.hello import ClientHello, read_client_hello
from xmppspy.protocol.hosts import certificate_serves, is_address

if TYPE_CHECKING:
    from xmppspy.protocol.exporting import ExportingContext

TLSContext: TypeAlias = "ssl.SSLContext | ExportingContext"
"""What says everything about certificates, and makes the engine: of the standard library, or one
that exports keying material."""

_READ: Final = 16 * 1024
"""Bytes that are asked for at once: no record holds more, and for more room would be made."""

_PLAIN_WORDS: Final = {
    "TLSV1_ALERT_UNKNOWN_CA": "it does not know the certificate's issuer",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": "it does not accept the certificate",
    "SSLV3_ALERT_BAD_CERTIFICATE": "it does not accept the certificate",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": "it does not accept this kind of certificate",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": "it finds the certificate expired",
    "SSLV3_ALERT_CERTIFICATE_REVOKED": "it finds the certificate revoked",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "it wants a client certificate",
    "TLSV1_ALERT_PROTOCOL_VERSION": "there is no TLS version in common",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "there is no cipher or option in common",
    "TLSV1_UNRECOGNIZED_NAME": "it does not serve that name",
    "WRONG_VERSION_NUMBER": "what came is not TLS",
    "UNSUPPORTED_PROTOCOL": "there is no TLS version in common",
    "NO_SHARED_CIPHER": "there is no cipher in common",
}
REFUSALS: Final = frozenset({
    "TLSV1_ALERT_UNKNOWN_CA",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    "SSLV3_ALERT_BAD_CERTIFICATE",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED",
    "SSLV3_ALERT_CERTIFICATE_REVOKED",
})  # fmt: skip
"""OpenSSL's names for the alerts by which a peer refuses a certificate."""

ALERT_BAD_CERTIFICATE: Final = b"\x15\x03\x03\x00\x02\x02\x2a"
"""A fatal alert in the clear, as one may answer a ClientHello with (RFC 8446 §6.2)."""


class TLSPipe:
    """One side of a TLS connection.

    `context` says everything about certificates; `server_hostname` is what the peer's certificate
    is checked against, and the SNI. A client pipe has its ClientHello ready at once: after
    construction, and after every method, send what `data_to_send` gives. Raises TLSError when
    `server_hostname` cannot be a host's name.
    """

    def __init__(
        self, context: TLSContext, *, server_side: bool, server_hostname: str | None = None
    ) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        try:
            self._object = context.wrap_bio(
                self._incoming,
                self._outgoing,
                server_side=server_side,
                server_hostname=server_hostname,
            )
        except (TypeError, ValueError) as error:
            name = repr(server_hostname)[:100]
            raise TLSError("local", f"{name} cannot be the name of a host") from error
        self._verifies = not server_side and context.verify_mode == ssl.CERT_REQUIRED
        self._clear: list[bytes] = []
        self._beginning: bytes | None = b"" if server_side else None
        self.server_side = server_side
        self.server_name = None if is_address(server_hostname or "") else server_hostname
        """The SNI: asked for by this side, or by the client once its hello has been read."""
        self.established = False
        """Whether the handshake is complete."""
        self.ended = False
        """Whether the peer has sent close_notify."""
        self.closed = False
        """Whether nothing can be sent any more, after `close` or a failure."""
        if not server_side:
            self._advance()

    def receive_data(self, data: bytes) -> None:
        """Take what arrived. Raises TLSError when the handshake or the connection fails."""
        if self._beginning is not None:
            self._read_hello(data)
        self._incoming.write(data)
        self._advance()

    def read(self) -> bytes:
        """The clear bytes that have arrived since the last call."""
        clear = self._clear[0] if len(self._clear) == 1 else b"".join(self._clear)
        self._clear.clear()
        return clear

    def send(self, data: bytes) -> None:
        """Encrypt `data`, after the handshake. Raises TLSError.

        Nothing is sent after `close`, or after a failure.
        """
        if not data or self.closed:
            return
        try:
            self._object.write(data)
        except ssl.SSLError as error:
            raise _translated(error) from error

    def data_to_send(self) -> bytes:
        """What is to be sent to the peer now."""
        return self._outgoing.read() if self._outgoing.pending else b""

    def close(self) -> None:
        """Send close_notify; what the peer still sends can be read."""
        if self.closed:
            return
        self.closed = True
        try:
            self._object.unwrap()
        except ssl.SSLError:
            return  # it wants the peer's close_notify, which nobody here waits for

    @property
    def version(self) -> str:
        """`TLSv1.3`."""
        return self._object.version() or ""

    @property
    def cipher(self) -> str:
        """OpenSSL's name of the cipher suite."""
        cipher = self._object.cipher()
        return cipher[0] if cipher else ""

    @property
    def alpn(self) -> str | None:
        """The protocol agreed on by ALPN."""
        return self._object.selected_alpn_protocol()

    @property
    def peer_der(self) -> bytes | None:
        """The peer's certificate."""
        return self._object.getpeercert(binary_form=True)

    @property
    def peer_sha256(self) -> str | None:
        """The SHA-256 of the peer's certificate, in hex."""
        der = self.peer_der
        return hashlib.sha256(der).hexdigest() if der else None

    @property
    def verified(self) -> bool | None:
        """Whether the peer's certificate was verified; None where this side asks for none."""
        return None if self.server_side else self._verifies

    def serves(self, domain: str) -> bool:
        """Whether the peer's verified certificate is good for `domain` too."""
        return not self._verifies or certificate_serves(self._object.getpeercert() or {}, domain)

    def channel_binding(self, kind: str) -> bytes | None:
        """What a login can be bound to this connection by; None where that cannot be had.

        `kind` is one of `channelbinding.TYPES`. The standard library's engine gives `tls-unique`,
        and on the client's side `tls-server-end-point`; an `ExportingContext` gives all. As CPython
        does, `tls-unique` is given on TLS 1.3, too: the standard does not define it there, but
        clients use it.
        """
        if not self.established:
            return None
        engine = self._object
        if kind == TLS_SERVER_END_POINT:
            der = self._own_der if self.server_side else self.peer_der
            return end_point(der) if der else None
        if isinstance(engine, ssl.SSLObject) and kind != TLS_UNIQUE:
            return None
        return engine.get_channel_binding(kind)

    @property
    def _own_der(self) -> bytes | None:
        engine = self._object
        return None if isinstance(engine, ssl.SSLObject) else engine.own_der

    def _read_hello(self, data: bytes) -> None:
        self._beginning = (self._beginning or b"") + data
        hello: ClientHello | None = read_client_hello(self._beginning)
        if hello is not None:
            self._beginning = None
            self.server_name = hello.server_name

    def _advance(self) -> None:
        try:
            if not self.established:
                self._object.do_handshake()
                self.established = True
            self._decrypt()
        except ssl.SSLWantReadError:
            return
        except ssl.SSLZeroReturnError:
            self.ended = True
        except ssl.SSLCertVerificationError as error:
            self.closed = True
            raise TLSError("verify", error.verify_message.rstrip(".")) from error
        except ssl.SSLError as error:
            self.closed = True
            raise _translated(error) from error

    def _decrypt(self) -> None:
        engine, incoming = self._object, self._incoming
        while data := engine.read(_READ):
            self._clear.append(data)
            # To be told by an exception that there is no more takes as long as all the rest.
            if isinstance(engine, ssl.SSLObject) and not (incoming.pending or engine.pending()):
                return
        self.ended = True


def _translated(error: ssl.SSLError) -> TLSError:
    reason = error.reason or type(error).__name__
    kind = "protocol"
    if "ALERT" in reason or reason == "TLSV1_UNRECOGNIZED_NAME":
        kind = "refusal" if reason in REFUSALS else "alert"
    words = _PLAIN_WORDS.get(reason)
    openssl = reason.lower().replace("_", " ")
    return TLSError(kind, f"{words} ({openssl})" if words else openssl)
