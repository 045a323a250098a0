import ssl

import pytest
from OpenSSL import SSL

from tests.authority import PROXY_CA, UPSTREAM_CA
from tests.protocol.engines import NAME, Wire, client_context, server_context, show, trust
from xmppspy.errors import TLSError
from xmppspy.protocol.exporting import ExportingContext
from xmppspy.protocol.tls import ALERT_BAD_CERTIFICATE, TLSPipe

both_versions = pytest.mark.parametrize("version", ["1.2", "1.3"])
whichever_peer = pytest.mark.parametrize(
    ("ours", "theirs"), [(True, True), (True, False), (False, True)]
)


def verifying_server(*, version: str = "1.3") -> ExportingContext:
    """A server that wants certificates of clients."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_max_proto_version({"1.2": SSL.TLS1_2_VERSION, "1.3": SSL.TLS1_3_VERSION}[version])
    show(context, UPSTREAM_CA.issue_cert(NAME))
    trust(context, UPSTREAM_CA)
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT)
    return ExportingContext(context)


# --- the usual way


@both_versions
@whichever_peer
@pytest.mark.parametrize("size", [1, 1 << 20], ids=["byte by byte", "whole"])
def test_handshake_and_data(version: str, ours: bool, theirs: bool, size: int) -> None:
    """Either engine talks to either one, however the bytes arrive."""
    wire = Wire(client_context(exporting=ours, version=version), server_context(exporting=theirs))
    wire.client.send(b"to the server")
    wire.server.send(b"to the client")
    wire.settle(size)

    assert (wire.server.read(), wire.client.read()) == (b"to the server", b"to the client")
    assert wire.client.version == wire.server.version == f"TLSv{version}"
    assert wire.client.cipher == wire.server.cipher != ""
    assert wire.client.server_name == wire.server.server_name == NAME
    assert (wire.client.verified, wire.server.verified) == (True, None)
    assert wire.failures == {}


@whichever_peer
def test_much_data(ours: bool, theirs: bool) -> None:
    """Data of many TLS records comes out as it went in."""
    wire = Wire(client_context(exporting=ours), server_context(exporting=theirs))
    data = bytes(range(256)) * 4096
    wire.server.send(data)
    wire.settle(1448)

    assert wire.client.read() == data


def test_certificate_of_the_peer() -> None:
    """It is what the other engine sees, and what the peer itself shows."""
    server = server_context()
    ours, other = Wire(client_context(), server), Wire(client_context(exporting=False), server)

    assert ours.client.peer_der == other.client.peer_der != None  # noqa: E711
    assert ours.client.peer_sha256 == other.client.peer_sha256
    assert (ours.server.peer_der, ours.server.peer_sha256) == (None, None)
    assert ours.client.serves(NAME)
    assert not ours.client.serves("montague.example")


def test_nothing_is_known_before_the_handshake() -> None:
    """What is not agreed on yet is empty, as with the standard library."""
    ours = TLSPipe(server_context(), server_side=True)
    standard = TLSPipe(server_context(exporting=False), server_side=True)

    assert (ours.cipher, ours.alpn, ours.server_name) == ("", None, None)
    assert (ours.version, ours.peer_der) == (standard.version, None)


def test_alpn() -> None:
    """The protocol agreed on is told."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    show(context, UPSTREAM_CA.issue_cert(NAME))
    context.set_alpn_select_callback(lambda _, offered: offered[0])
    wire = Wire(client_context(alpn=["xmpp-client"]), ExportingContext(context))

    assert wire.client.alpn == wire.server.alpn == "xmpp-client"


def test_how_a_context_verifies() -> None:
    """It is told in the words of the standard library."""
    optional = SSL.Context(SSL.TLS_SERVER_METHOD)
    optional.set_verify(SSL.VERIFY_PEER)

    assert client_context().verify_mode == ssl.CERT_REQUIRED
    assert server_context().verify_mode == ssl.CERT_NONE
    assert ExportingContext(optional).verify_mode == ssl.CERT_OPTIONAL


def test_addresses_are_verified() -> None:
    """A server named by its address has to show a certificate for it; there is no SNI then."""
    server = server_context("192.0.2.1")
    good = Wire(client_context(), server, name="192.0.2.1")
    bad = Wire(client_context(), server, name="192.0.2.2")

    assert good.failures == {}
    assert good.server.server_name is None
    assert good.client.serves("192.0.2.1")
    assert "IP address mismatch" in str(bad.failures[bad.client])


@pytest.mark.parametrize(
    ("certificate", "name"),
    [
        ("*.capulet.example", "xmpp.capulet.example"),
        ("*.capulet.example", "capulet.example"),
        ("*.capulet.example", "a.b.capulet.example"),
        ("*.example", "capulet.example"),
        ("xn--bcher-kva.example", "bücher.example"),
        ("capulet.example", "CAPULET.example"),
        ("192.0.2.1", "capulet.example"),
        ("capulet.example", "192.0.2.1"),
        ("2001:db8::1", "2001:db8:0::1"),
    ],
)
def test_names_are_verified_as_by_the_standard_library(certificate: str, name: str) -> None:
    """Both engines accept and refuse the same, and say the same about it."""
    said = []
    for exporting in (True, False):
        server = server_context(certificate, exporting=False)
        wire = Wire(client_context(exporting=exporting), server, name=name)
        said.append([(error.kind, str(error)) for error in wire.failures.values()])

    assert said[0] == said[1]


@pytest.mark.parametrize("name", ["a..b", ".capulet.example", "", "x" * 64 + ".example", "a\x00b"])
def test_names_that_no_host_can_have(name: str) -> None:
    """A name that cannot be looked for in a certificate is an error, not a crash."""
    with pytest.raises(TLSError) as caught:
        TLSPipe(client_context(), server_side=False, server_hostname=name)

    assert caught.value.kind == "local"


def test_a_name_is_needed_where_it_is_verified() -> None:
    """Nobody is trusted for want of a name."""
    with pytest.raises(TLSError):
        TLSPipe(client_context(), server_side=False)


# --- ends


@both_versions
@whichever_peer
def test_close_notify(version: str, ours: bool, theirs: bool) -> None:
    """It ends one direction; the other one goes on."""
    wire = Wire(client_context(exporting=ours, version=version), server_context(exporting=theirs))
    wire.client.send(b"last words")
    wire.client.close()
    wire.client.close()
    wire.client.send(b"too late")
    wire.settle()
    wire.server.send(b"still")
    wire.settle()

    assert wire.server.read() == b"last words"
    assert (wire.server.ended, wire.client.ended) == (True, False)
    assert wire.client.read() == b"still"


@whichever_peer
def test_close_notify_of_both_sides(ours: bool, theirs: bool) -> None:
    """Each side learns that the other one has ended, too."""
    wire = Wire(client_context(exporting=ours), server_context(exporting=theirs))
    wire.client.close()
    wire.server.close()
    wire.settle()

    assert wire.failures == {}
    assert (wire.server.ended, wire.client.ended) == (True, True)


@both_versions
def test_close_in_the_middle_of_a_record(version: str) -> None:
    """Closing does not lose a record that is half here."""
    wire = Wire(client_context(version=version), server_context())
    wire.server.send(b"in two parts")
    data = wire.server.data_to_send()
    wire.client.receive_data(data[:9])
    wire.client.close()
    wire.client.receive_data(data[9:])

    assert wire.client.read() == b"in two parts"


# --- failures: what is said is what the standard library says


@both_versions
@whichever_peer
def test_unknown_ca(version: str, ours: bool, theirs: bool) -> None:
    """Verification fails on one side, and the other one learns why."""
    wire = Wire(
        client_context(exporting=ours, ca=PROXY_CA, version=version),
        server_context(exporting=theirs),
    )
    refusing, refused = wire.failures[wire.client], wire.failures[wire.server]

    assert (refusing.kind, refused.kind) == ("verify", "refusal")
    assert str(refusing) == "unable to get local issuer certificate"
    assert str(refused) == "it does not know the certificate's issuer (tlsv1 alert unknown ca)"


@both_versions
@whichever_peer
def test_certificate_for_another_name(version: str, ours: bool, theirs: bool) -> None:
    """The name is verified inside the handshake: the peer gets an alert."""
    wire = Wire(
        client_context(exporting=ours, version=version),
        server_context("montague.example", exporting=theirs),
    )
    refusing, refused = wire.failures[wire.client], wire.failures[wire.server]

    assert (refusing.kind, refused.kind) == ("verify", "refusal")
    assert str(refusing) == "Hostname mismatch, certificate is not valid for 'capulet.example'"
    assert str(refused) == "it does not accept the certificate (sslv3 alert bad certificate)"


@both_versions
def test_missing_client_certificate(version: str) -> None:
    """A server that wants a client certificate and gets none says so; that is no refusal of ours."""
    wire = Wire(client_context(version=version), verifying_server())

    assert wire.failures[wire.client].kind == "alert"
    assert wire.failures[wire.server].kind == "protocol"


def test_no_version_in_common() -> None:
    """The reason is in plain words, on both sides."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_3_VERSION)
    show(context, UPSTREAM_CA.issue_cert(NAME))
    wire = Wire(client_context(version="1.2"), ExportingContext(context))
    refusing, refused = wire.failures[wire.server], wire.failures[wire.client]

    assert (refusing.kind, refused.kind) == ("protocol", "alert")
    assert str(refusing).startswith("there is no TLS version in common (")
    assert str(refused).startswith("there is no TLS version in common (")


@pytest.mark.parametrize("server_side", [True, False])
@pytest.mark.parametrize(
    "data",
    [
        ALERT_BAD_CERTIFICATE,
        b"\x15\x03\x03\x00\x02\x01\x00",
        b"<stream:stream xmlns='jabber:client'>",
        b"GET / HTTP/1.1\r\n",
        b"\x16\x03\x01\xff\xff",
        b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00",
        b"\x00" * 100,
    ],
)
def test_what_is_no_handshake(server_side: bool, data: bytes) -> None:
    """What comes instead of a handshake has the same consequence with both engines."""
    seen = []
    for exporting in (True, False):
        make = server_context if server_side else client_context
        pipe = TLSPipe(
            make(exporting=exporting),
            server_side=server_side,
            server_hostname=None if server_side else NAME,
        )
        pipe.data_to_send()
        kind = ""
        try:
            pipe.receive_data(data)
        except TLSError as error:
            kind = error.kind
        seen.append((kind, pipe.established, pipe.ended, pipe.closed))

    assert seen[0] == seen[1]


def test_data_before_the_handshake_is_refused() -> None:
    """Nobody's data is lost in silence because it came too early."""
    pipe = TLSPipe(server_context(), server_side=True)
    with pytest.raises(TLSError) as caught:
        pipe.send(b"too early")

    assert caught.value.kind == "protocol"


def test_broken_record() -> None:
    """A record that was tampered with ends the connection; what came before it can be read."""
    wire = Wire(client_context(), server_context())
    wire.client.send(b"before")
    data = wire.client.data_to_send()
    wire.client.send(b"broken")
    broken = bytearray(wire.client.data_to_send())
    broken[-1] ^= 1
    with pytest.raises(TLSError) as caught:
        wire.server.receive_data(data + broken)

    assert caught.value.kind == "protocol"
    assert wire.server.read() == b"before"
    assert wire.server.data_to_send() != b""
