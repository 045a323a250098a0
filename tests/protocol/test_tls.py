import ssl
from collections.abc import Callable

import pytest
import trustme

from tests.authority import PROXY_CA, UPSTREAM_CA
from xmppspy.errors import TLSError
from xmppspy.protocol.tls import ALERT_BAD_CERTIFICATE, TLSPipe

NAME = "capulet.example"
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]
both_versions = pytest.mark.parametrize("version", VERSIONS, ids=["1.2", "1.3"])


def client_context(ca: trustme.CA = UPSTREAM_CA) -> ssl.SSLContext:
    """A client's context that trusts one CA."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ca.configure_trust(context)
    return context


def server_context(name: str = NAME, ca: trustme.CA = UPSTREAM_CA) -> ssl.SSLContext:
    """A server's context with a certificate for `name`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(name).configure_cert(context)
    return context


class Pair:
    """A TLS client and a TLS server, and the wire between them."""

    def __init__(
        self, client: ssl.SSLContext, server: ssl.SSLContext, *, name: str | None = NAME
    ) -> None:
        self.server = TLSPipe(server, server_side=True)
        self.client = TLSPipe(client, server_side=False, server_hostname=name)
        self.failures: dict[TLSPipe, TLSError] = {}

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


def connected(version: ssl.TLSVersion = VERSIONS[1]) -> Pair:
    """A pair after its handshake."""
    client = client_context()
    client.maximum_version = version
    pair = Pair(client, server_context())
    pair.settle()
    return pair


# --- the usual way


@both_versions
@pytest.mark.parametrize("size", [1, 1 << 20], ids=["byte by byte", "whole"])
def test_handshake_and_data(version: ssl.TLSVersion, size: int) -> None:
    """Both sides get up and read what the other said, however the bytes arrive."""
    client = client_context()
    client.maximum_version = version
    pair = Pair(client, server_context())
    pair.settle(size)
    pair.client.send(b"to the server")
    pair.server.send(b"to the client")
    pair.settle(size)

    assert pair.client.established
    assert pair.server.established
    assert (pair.server.read(), pair.client.read()) == (b"to the server", b"to the client")
    assert (pair.server.read(), pair.client.read()) == (b"", b"")
    assert pair.failures == {}


@both_versions
def test_what_is_told_of_a_connection(version: ssl.TLSVersion) -> None:
    """Version, cipher, names and certificate are known after the handshake."""
    pair = connected(version)

    assert pair.client.version == {771: "TLSv1.2", 772: "TLSv1.3"}[version]
    assert pair.client.cipher == pair.server.cipher != ""
    assert pair.client.server_name == pair.server.server_name == NAME
    assert pair.client.peer_der is not None
    assert len(pair.client.peer_sha256 or "") == 64
    assert (pair.client.verified, pair.server.verified) == (True, None)
    assert (pair.server.peer_der, pair.server.peer_sha256) == (None, None)


def test_nothing_is_known_before_the_handshake() -> None:
    """What is not agreed on yet is empty."""
    pipe = TLSPipe(server_context(), server_side=True)

    assert (pipe.version, pipe.cipher, pipe.alpn, pipe.server_name) != ("", "", None, "")
    assert (pipe.cipher, pipe.alpn, pipe.server_name) == ("", None, None)


def test_alpn() -> None:
    """The protocol is the one that both name (XEP-0368)."""
    client, server = client_context(), server_context()
    client.set_alpn_protocols(["xmpp-client", "http/1.1"])
    server.set_alpn_protocols(["xmpp-client"])
    pair = Pair(client, server)
    pair.settle()

    assert pair.client.alpn == pair.server.alpn == "xmpp-client"


def test_client_without_a_name() -> None:
    """A client that names nobody leaves the SNI empty."""
    client = client_context()
    client.check_hostname = False
    pair = Pair(client, server_context(), name=None)
    pair.settle()

    assert pair.server.established
    assert pair.server.server_name is None


def test_much_data() -> None:
    """Data of many TLS records comes out as it went in."""
    pair = connected()
    data = bytes(range(256)) * 4096
    pair.server.send(data)
    pair.settle(1448)

    assert pair.client.read() == data


def test_unverified_server() -> None:
    """A client that does not verify says so, and lets every name pass."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_mode = ssl.CERT_NONE
    pair = Pair(client, server_context("other.example"))
    pair.settle()

    assert pair.client.verified is False
    assert pair.client.serves("anything.example")


def test_serves() -> None:
    """A verified certificate is good for the names in it."""
    pair = connected()

    assert pair.client.serves(NAME)
    assert not pair.client.serves("montague.example")


# --- ends


@both_versions
def test_close_notify(version: ssl.TLSVersion) -> None:
    """It ends one direction; the other one goes on."""
    pair = connected(version)
    pair.client.send(b"last words")
    pair.client.close()
    pair.client.close()
    pair.client.send(b"too late")
    pair.settle()
    pair.server.send(b"still")
    pair.settle()

    assert pair.server.read() == b"last words"
    assert (pair.server.ended, pair.client.ended) == (True, False)
    assert pair.client.read() == b"still"


def test_close_notify_of_both_sides() -> None:
    """Each side learns that the other one has ended, too."""
    pair = connected()
    pair.client.close()
    pair.server.close()
    pair.settle()

    assert pair.failures == {}
    assert (pair.server.ended, pair.client.ended) == (True, True)


@both_versions
def test_close_in_the_middle_of_a_record(version: ssl.TLSVersion) -> None:
    """Closing does not lose a record that is half here."""
    pair = connected(version)
    pair.server.send(b"in two parts")
    data = pair.server.data_to_send()
    pair.client.receive_data(data[:9])
    pair.client.close()
    pair.client.receive_data(data[9:])

    assert pair.client.read() == b"in two parts"


def test_no_close_notify() -> None:
    """Without close_notify nothing says that the direction has ended."""
    pair = connected()
    pair.client.send(b"last words")
    pair.settle()

    assert pair.server.read() == b"last words"
    assert not pair.server.ended


# --- failures


def refused_by(failing: str) -> Callable[[Pair], tuple[TLSError, TLSError]]:
    """The error at the side that refuses, and the one at the side that is refused."""

    def of(pair: Pair) -> tuple[TLSError, TLSError]:
        pair.settle()
        first, second = pair.client, pair.server
        if failing == "server":
            first, second = second, first
        return pair.failures[first], pair.failures[second]

    return of


@both_versions
def test_unknown_ca_of_the_server(version: ssl.TLSVersion) -> None:
    """The client's verification fails; the server learns that it is not trusted."""
    client = client_context(PROXY_CA)
    client.maximum_version = version
    refusing, refused = refused_by("client")(Pair(client, server_context()))

    assert refusing.kind == "verify"
    assert "issuer" in str(refusing)
    assert refused.kind == "refusal"
    assert str(refused).startswith("it does not know the certificate's issuer (")


@both_versions
def test_unknown_ca_of_the_client(version: ssl.TLSVersion) -> None:
    """A server that verifies client certificates refuses one in the same way."""
    client, server = client_context(), server_context()
    client.maximum_version = version
    PROXY_CA.issue_cert("juliet@capulet.example").configure_cert(client)
    server.verify_mode = ssl.CERT_REQUIRED
    UPSTREAM_CA.configure_trust(server)
    refusing, refused = refused_by("server")(Pair(client, server))

    assert refusing.kind == "verify"
    assert refused.kind == "refusal"


@both_versions
def test_missing_client_certificate(version: ssl.TLSVersion) -> None:
    """A server that wants a client certificate and gets none says so; that is no refusal of ours."""
    client, server = client_context(), server_context()
    client.maximum_version = version
    server.verify_mode = ssl.CERT_REQUIRED
    _, refused = refused_by("server")(Pair(client, server))

    assert refused.kind == "alert"


@both_versions
def test_certificate_for_another_name(version: ssl.TLSVersion) -> None:
    """The name is verified, not only the chain."""
    client = client_context()
    client.maximum_version = version
    refusing, refused = refused_by("client")(Pair(client, server_context("montague.example")))

    assert refusing.kind == "verify"
    assert "capulet.example" in str(refusing)
    assert refused.kind == "refusal"


def test_alert_before_any_engine() -> None:
    """A ClientHello may be answered by an alert in the clear."""
    pipe = TLSPipe(client_context(), server_side=False, server_hostname=NAME)
    with pytest.raises(TLSError) as caught:
        pipe.receive_data(ALERT_BAD_CERTIFICATE)

    assert caught.value.kind == "refusal"


def test_no_version_in_common() -> None:
    """The reason is in plain words, on both sides."""
    client, server = client_context(), server_context()
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    server.minimum_version = ssl.TLSVersion.TLSv1_3
    refusing, refused = refused_by("server")(Pair(client, server))

    assert (refusing.kind, refused.kind) == ("protocol", "alert")
    assert "no TLS version in common" in str(refusing)
    assert "no TLS version in common" in str(refused)


def test_close_notify_instead_of_a_handshake() -> None:
    """A peer that ends its direction before the handshake is done gets no connection."""
    pipe = TLSPipe(server_context(), server_side=True)
    with pytest.raises(TLSError) as caught:
        pipe.receive_data(b"\x15\x03\x03\x00\x02\x01\x00")

    assert caught.value.kind == "protocol"
    assert not pipe.established


def test_data_before_the_handshake_is_refused() -> None:
    """Nobody's data is lost in silence because it came too early."""
    pipe = TLSPipe(server_context(), server_side=True)
    with pytest.raises(TLSError) as caught:
        pipe.send(b"too early")

    assert caught.value.kind == "protocol"


@pytest.mark.parametrize("server_side", [True, False])
def test_what_is_no_tls(server_side: bool) -> None:
    """Garbage instead of TLS is told as such; nothing can be sent any more."""
    context = server_context() if server_side else client_context()
    pipe = TLSPipe(context, server_side=server_side, server_hostname=None if server_side else NAME)
    pipe.data_to_send()
    with pytest.raises(TLSError) as caught:
        pipe.receive_data(b"<stream:stream xmlns='jabber:client'>")
    pipe.send(b"anything")
    pipe.close()

    assert caught.value.kind == "protocol"
    assert not pipe.established
    assert b"anything" not in pipe.data_to_send()


def test_broken_record() -> None:
    """A record that was tampered with ends the connection; what came before it can be read."""
    pair = connected()
    pair.client.send(b"before")
    data = pair.client.data_to_send()
    pair.client.send(b"broken")
    broken = bytearray(pair.client.data_to_send())
    broken[-1] ^= 1
    with pytest.raises(TLSError) as caught:
        pair.server.receive_data(data + broken)
    pair.server.send(b"anything")

    assert caught.value.kind == "protocol"
    assert pair.server.read() == b"before"
    assert pair.server.data_to_send() != b""


@pytest.mark.parametrize("name", ["a..b", ".capulet.example", "", "x" * 64 + ".example", "a\x00b"])
def test_names_that_no_host_can_have(name: str) -> None:
    """A name that cannot be looked for in a certificate is an error, not a crash."""
    with pytest.raises(TLSError) as caught:
        TLSPipe(client_context(), server_side=False, server_hostname=name)

    assert caught.value.kind == "local"
    assert "cannot be the name of a host" in str(caught.value)
