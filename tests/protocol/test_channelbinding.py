import contextlib
import hashlib
import socket
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

from tests.authority import UPSTREAM_CA
from tests.protocol.engines import NAME, Wire, client_context, server_context, show
from xmppspy.protocol.channelbinding import (
    EXPORTER_LABEL,
    TLS_EXPORTER,
    TLS_SERVER_END_POINT,
    TLS_UNIQUE,
    TYPES,
    end_point,
)
from xmppspy.protocol.guard import Channel
from xmppspy.protocol.tls import TLSPipe

REQUEST = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-subj", f"/CN={NAME}"]
both_versions = pytest.mark.parametrize("version", ["1.2", "1.3"])


def certificate(key: Any, algorithm: Any, **more: Any) -> x509.Certificate:
    """A certificate that is signed like that."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
    )
    return builder.sign(key, algorithm, **more)


# --- tls-server-end-point


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        (hashes.SHA256(), "sha256"),
        (hashes.SHA384(), "sha384"),
        (hashes.SHA512(), "sha512"),
        (hashes.SHA224(), "sha224"),
        (hashes.SHA3_256(), "sha3_256"),
    ],
)
@pytest.mark.parametrize("kind", ["ec", "rsa", "pss"])
def test_end_point_by_the_hash_of_the_signature(
    algorithm: hashes.HashAlgorithm, expected: str, kind: str
) -> None:
    """The certificate is hashed as its signature is (RFC 5929 §4.1)."""
    key: Any = ec.generate_private_key(ec.SECP256R1())
    more = {}
    if kind != "ec":
        key = rsa.generate_private_key(65537, 2048)
    if kind == "pss":
        salt = padding.PSS.DIGEST_LENGTH
        more["rsa_padding"] = padding.PSS(mgf=padding.MGF1(algorithm), salt_length=salt)
    der = certificate(key, algorithm, **more).public_bytes(Encoding.DER)

    assert end_point(der) == hashlib.new(expected, der).digest()


@pytest.mark.parametrize("digest", ["md5", "sha1"])
def test_end_point_of_a_weak_signature(digest: str, tmp_path: Path) -> None:
    """MD5 and SHA-1 are replaced by SHA-256; what OpenSSL calls that fingerprint is the same."""
    path = tmp_path / "leaf.pem"
    subprocess.run(
        [*REQUEST, f"-{digest}", "-keyout", tmp_path / "key.pem", "-out", path],
        check=True,
        capture_output=True,
    )
    told = subprocess.run(
        ["openssl", "x509", "-in", path, "-noout", "-fingerprint", "-sha256"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    der = x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)

    assert end_point(der) == bytes.fromhex(told.partition("=")[2].strip().replace(":", ""))


def test_end_point_where_it_is_not_defined() -> None:
    """Ed25519 has no hash of its own; what is no certificate has no signature."""
    der = certificate(ed25519.Ed25519PrivateKey.generate(), None).public_bytes(Encoding.DER)

    assert end_point(der) is None
    assert end_point(b"no certificate") is None


# --- over a connection


@both_versions
@pytest.mark.parametrize("kind", TYPES)
def test_both_ends_have_the_same(version: str, kind: str) -> None:
    """What binds to a channel is the same on both ends, and another one on the next channel."""
    contexts = client_context(version=version), server_context()
    wire, next_wire = Wire(*contexts), Wire(*contexts)
    channel: Channel = wire.client
    data = channel.channel_binding(kind)

    assert data
    assert data == wire.server.channel_binding(kind)
    if kind != TLS_SERVER_END_POINT:
        assert data != next_wire.client.channel_binding(kind)


@both_versions
def test_unique_is_what_the_standard_library_has(version: str) -> None:
    """The client's Finished, whichever side and engine gives it, on TLS 1.3 too."""
    for exporting in (True, False):
        wire = Wire(
            client_context(exporting=exporting, version=version),
            server_context(exporting=not exporting),
        )
        standard = (wire.server if exporting else wire.client)._object
        assert isinstance(standard, ssl.SSLObject)

        assert wire.client.channel_binding(TLS_UNIQUE) == standard.get_channel_binding(TLS_UNIQUE)
        assert wire.server.channel_binding(TLS_UNIQUE) == wire.client.channel_binding(TLS_UNIQUE)


def test_what_the_standard_library_gives() -> None:
    """It cannot export, and does not know the certificate it shows."""
    wire = Wire(client_context(exporting=False), server_context(exporting=False))
    der = wire.client.peer_der

    assert der
    assert wire.client.channel_binding(TLS_SERVER_END_POINT) == hashlib.sha256(der).digest()
    assert wire.server.channel_binding(TLS_SERVER_END_POINT) is None
    assert wire.client.channel_binding(TLS_EXPORTER) is None
    assert wire.client.channel_binding("tls-unheard-of") is None


def test_there_is_nothing_before_the_handshake() -> None:
    """A channel that is not there yet binds nothing; nor does a type nobody knows."""
    pipe = TLSPipe(server_context(), server_side=True)
    wire = Wire(client_context(), server_context())

    assert [pipe.channel_binding(kind) for kind in TYPES] == [None, None, None]
    assert wire.client.channel_binding("tls-unheard-of") is None


@both_versions
def test_exporter_is_what_another_library_exports(version: str) -> None:
    """The label and the empty context are those of RFC 9266 §2, by the bare pyOpenSSL."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    show(context, UPSTREAM_CA.issue_cert(NAME))
    server = SSL.Connection(context, None)
    server.set_accept_state()
    client = TLSPipe(client_context(version=version), server_side=False, server_hostname=NAME)
    while not client.established or server.get_peer_finished() is None:
        server.bio_write(client.data_to_send())
        with contextlib.suppress(SSL.WantReadError):
            server.do_handshake()
        client.receive_data(server.bio_read(1 << 16))

    exported = server.export_keying_material(b"EXPORTER-Channel-Binding", 32, b"")
    assert client.channel_binding(TLS_EXPORTER) == exported


def test_exporter_is_what_openssl_tells(tmp_path: Path) -> None:
    """OpenSSL's own server, which passes no context, prints the same on TLS 1.3 (RFC 8446 §7.5)."""
    UPSTREAM_CA.issue_cert(NAME).private_key_and_cert_chain_pem.write_to_path(tmp_path / "s.pem")
    material = ["-keymatexport", EXPORTER_LABEL.decode(), "-keymatexportlen", "32"]
    command = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", *material]
    with subprocess.Popen(
        [*command, "-cert", tmp_path / "s.pem"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        listening = next(line for line in server.stdout if line.startswith("ACCEPT"))
        port = int(listening.rpartition(":")[2])
        client = TLSPipe(client_context(), server_side=False, server_hostname=NAME)
        with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
            while not client.established:
                sock.sendall(client.data_to_send())
                client.receive_data(sock.recv(65536))
            client.close()
            sock.sendall(client.data_to_send())
            told = server.stdout.read()

    assert (client.channel_binding(TLS_EXPORTER) or b"").hex().upper() in told
