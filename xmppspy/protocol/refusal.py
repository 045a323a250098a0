"""Telling the client, in the protocol it is in, that there is no way to the server."""

from xmppspy.errors import TLSError
from xmppspy.protocol import answers
from xmppspy.protocol.events import ErrorName, Side
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.link import HANDSHAKE_LIMIT, Link, Phase
from xmppspy.protocol.starttls import StartTLS
from xmppspy.protocol.tls import ALERT_BAD_CERTIFICATE


class Refusal:
    """Ends a connection politely.

    A client that waits for `<proceed/>` gets `<failure/>`; one that has sent a header gets a
    stream error (RFC 6120 §4.9.3); one in direct TLS gets that inside TLS, or an alert when it is
    TLS with the server that failed.
    """

    def __init__(self, link: Link, starttls: StartTLS) -> None:
        self._link = link
        self._starttls = starttls
        self._reason = ""
        self.header: Frame | None = None
        """The client's, when it has come inside TLS before the server was there."""

    def begin(self, reason: str, now: float) -> None:
        """There is no way to the server; `reason` is for the client's user to read."""
        link = self._link
        self._reason = reason
        if self._starttls.holds_proceed:
            self._starttls.fail(now)
        elif link.hello is None:
            self.tell(reason, link.early[-1] if link.early else self.header, now)
        elif link.phase is Phase.CONNECTING:
            link.phase = Phase.REFUSING
            link.deadline = now + HANDSHAKE_LIMIT
            link.request_leaf()
        else:
            link.client.send_raw(ALERT_BAD_CERTIFICATE)
            link.close("proxy", "no TLS with the server", now)

    def advance(self, now: float) -> None:
        """TLS with the client is up for nothing else: answer its header."""
        link = self._link
        while link.phase is Phase.REFUSING and (frame := link.up.pull(now)):
            link.up.swallow(frame, now)
            if frame.kind != "space":
                self.tell(self._reason, frame, now)

    def tell(self, reason: str, header: Frame | None, now: float) -> None:
        """Answer a header by a stream error, and close."""
        link = self._link
        if header is not None and header.kind == "stream":
            opening = answers.response_header(header.to, header.context, f"xmppspy-{link.conn}")
            error = answers.stream_error("remote-connection-failed", reason)
            link.down.inject(opening + error + b"</stream:stream>", now)
        link.close("proxy", "no way to the server", now)

    def tls_failed(self, side: Side, error: TLSError, now: float) -> None:
        """TLS with a peer has failed: say what is wrong and what helps."""
        link = self._link
        link.deadline = None
        if side is Side.CLIENT or side in link.secured:
            self._connection_failed(side, error, now)
            return
        name: ErrorName = "tls-failed"
        detail = f"TLS with the server failed: {error}"
        if error.kind == "verify":
            name = "certificate-invalid"
            detail = (
                f"the server's certificate is not good for {link.name}: {error.reason}; "
                f"{_advice(error.reason)}"
            )
        link.recorder.fault(now, name, detail, leg=side)
        self.begin(detail, now)

    def explain_leaving(self, side: Side, now: float) -> None:
        """Many clients that do not trust the CA go during the handshake without an alert."""
        client = self._link.client
        if side is Side.CLIENT and client.tls is not None and not client.secured:
            detail = (
                "the client left during its TLS handshake without saying why; if it does not trust "
                f"xmppspy's certificate, {self._link.options.trust_advice}"
            )
            self._link.recorder.fault(now, "tls-failed", detail, leg=side)

    def _connection_failed(self, side: Side, error: TLSError, now: float) -> None:
        link = self._link
        if side.other in link.eof and side in link.secured:
            # OpenSSL answers an end without close_notify, which we have passed on, by an alert.
            link.eof.add(side)
            link.pass_ends(now)
            return
        name: ErrorName = "tls-failed"
        detail = f"TLS with the {side} failed: {error}"
        if side is Side.CLIENT and error.kind == "refusal":
            name = "client-refused-certificate"
            detail = (
                f"the client does not trust xmppspy's certificate: {error}; "
                f"{link.options.trust_advice}"
            )
        link.recorder.fault(now, name, detail, leg=side)
        link.close(side.value, "TLS failed", now)


def _advice(reason: str) -> str:
    """What helps against a certificate that OpenSSL finds wrong."""
    if "mismatch" in reason:
        return "is that the right server? If so, do not verify with --insecure"
    if "expired" in reason or "not yet valid" in reason:
        return "renew it, or do not verify with --insecure"
    return "give its CA with --upstream-ca FILE, or do not verify with --insecure"
