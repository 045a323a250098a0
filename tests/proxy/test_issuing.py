import contextlib
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
)

from tests.proxy.handshake import shake_hands
from xmppspy.errors import AuthorityError, TLSError, UsageError
from xmppspy.protocol.tls import TLSPipe
from xmppspy.proxy.certs import (
    Authority,
)
from xmppspy.proxy.issuing import Issuer


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A CA of its own, just made."""
    return Authority.open(tmp_path / "ca")


@pytest.fixture
def issuer(authority: Authority) -> Issuer:
    """What issues in its name."""
    return Issuer(authority)


def client_context(authority: Authority) -> ssl.SSLContext:
    """What a client has that trusts the CA and nobody else."""
    return ssl.create_default_context(cafile=authority.certificate_path)


def dns_names(certificate: x509.Certificate) -> list[str]:
    """The dNSName SANs."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return names.get_values_for_type(x509.DNSName)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_that_trusts_the_authority_shakes_hands(
    authority: Authority, issuer: Issuer, version: ssl.TLSVersion
) -> None:
    """The leaf is verified for the wanted name by either version of TLS; ALPN is answered."""
    trusting = client_context(authority)
    trusting.minimum_version = trusting.maximum_version = version
    trusting.set_alpn_protocols(["http/1.1", "xmpp-client"])
    context = issuer.server_context(["example.org", "127.0.0.1"])
    client, server = shake_hands(trusting, context, "example.org")
    by_address, _ = shake_hands(trusting, context, "127.0.0.1")

    assert client.verified
    assert by_address.verified
    assert client.version == version.name.replace("_", ".")
    assert server.alpn == "xmpp-client"


def test_a_client_without_common_protocol_is_served(authority: Authority, issuer: Issuer) -> None:
    """ALPN that offers other protocols is left unanswered; no ALPN is no obstacle."""
    trusting = client_context(authority)
    trusting.set_alpn_protocols(["http/1.1"])
    client, _ = shake_hands(trusting, issuer.server_context(["example.org"]), "example.org")

    assert client.alpn is None


def test_an_idn_is_served(authority: Authority, issuer: Issuer) -> None:
    """A name in Unicode is verified by its A-label."""
    context = issuer.server_context(["bücher.example"])
    client, _ = shake_hands(client_context(authority), context, "xn--bcher-kva.example")

    assert client.verified


def test_no_session_is_resumed_by_ticket(authority: Authority, issuer: Issuer) -> None:
    """TLS 1.3 clients get no tickets: every handshake shows its certificate."""
    context = issuer.server_context(["example.org"])
    trusting = client_context(authority)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(incoming, outgoing, server_hostname="example.org")
    server = TLSPipe(context, server_side=True)
    while not server.established:
        with contextlib.suppress(ssl.SSLWantReadError):
            client.do_handshake()
        server.receive_data(outgoing.read())
        incoming.write(server.data_to_send())
    server.send(b"hello")
    incoming.write(server.data_to_send())

    assert client.read() == b"hello"
    assert client.session is None or not client.session.has_ticket


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_old_tls_is_refused(authority: Authority, issuer: Issuer) -> None:
    """Clients must speak TLS 1.2 at least."""
    old = client_context(authority)
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(TLSError, match="no TLS version in common") as caught:
        shake_hands(old, issuer.server_context(["example.org"]), "example.org")

    assert caught.value.kind == "protocol"


def test_the_chain_carries_the_authority(authority: Authority, issuer: Issuer) -> None:
    """The CA's certificate is shown after the leaf, so that a person can look at it."""
    trusting = client_context(authority)
    trusting.maximum_version = ssl.TLSVersion.TLSv1_2  # which shows certificates in the clear
    client = TLSPipe(trusting, server_side=False, server_hostname="example.org")
    server = TLSPipe(issuer.server_context(["example.org"]), server_side=True)
    server.receive_data(client.data_to_send())
    shown = server.data_to_send()
    leaf = issuer.leaf(["example.org"]).public_bytes(Encoding.DER)

    assert 0 < shown.find(leaf) < shown.find(authority.certificate.public_bytes(Encoding.DER))


def test_leaves_and_contexts_are_remembered(issuer: Issuer) -> None:
    """The same names are minted once, others anew, also those of another real certificate."""
    real = trustme.CA().issue_cert("example.org", "chat.example.org")
    der = ssl.PEM_cert_to_DER_cert(real.cert_chain_pems[0].bytes().decode())
    first = issuer.server_context(["example.org"], der)

    assert issuer.server_context(["example.org"], der) is first
    assert issuer.server_context(["example.org"]) is not first
    assert dns_names(issuer.leaf(["example.org"], der)) == ["example.org", "chat.example.org"]


def test_memory_is_bounded(issuer: Issuer) -> None:
    """A client that asks for ever new names does not fill the memory; recent ones are kept."""
    kept = issuer.leaf(["kept.example"])
    for number in range(300):
        issuer.leaf([f"n{number}.example"])
        assert issuer.leaf(["kept.example"]) is kept

    assert len(issuer._leaves) <= 128


def test_an_old_leaf_is_minted_anew(issuer: Issuer) -> None:
    """A proxy that runs for months does not show an expired certificate."""
    old = issuer.leaf(["example.org"])
    names = next(iter(issuer._leaves))
    builder = (
        x509.CertificateBuilder()
        .subject_name(old.subject)
        .issuer_name(old.issuer)
        .public_key(issuer._leaf_key.public_key())
        .serial_number(5)
        .not_valid_before(datetime.now(UTC) - timedelta(days=197))
        .not_valid_after(datetime.now(UTC) + timedelta(hours=1))
    )
    issuer._leaves[names] = builder.sign(issuer._leaf_key, hashes.SHA256())

    assert issuer.leaf(["example.org"]).serial_number != 5


def test_no_key_is_left_lying_about(
    issuer: Issuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file by which ssl gets the leaf's key is gone once the context is made."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    issuer.server_context(["example.org"])

    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_missing_temporary_folder_is_said(
    issuer: Issuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no temporary file can be made, one line says so."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(AuthorityError, match="could not be handed to TLS: No such file"):
        issuer.server_context(["example.org"])


def test_an_unwritable_key_log_is_said(issuer: Issuer, tmp_path: Path) -> None:
    """A key log that cannot be written is wrong usage."""
    with pytest.raises(UsageError, match=r"--keylog .*: Is a directory"):
        issuer.server_context(["example.org"], keylog=tmp_path)
