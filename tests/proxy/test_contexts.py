"""The contexts of both legs, by both engines: what they agree on, whom they trust, what they show."""

import contextlib
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import Encoding

from tests.proxy.handshake import shake_hands
from xmppspy.errors import TLSError, UsageError
from xmppspy.protocol.channelbinding import TLS_EXPORTER, TYPES
from xmppspy.protocol.exporting import ExportingContext
from xmppspy.protocol.tls import TLSContext, TLSPipe
from xmppspy.proxy.certs import Authority
from xmppspy.proxy.contexts import Contexts
from xmppspy.proxy.identity import Identity, read_identity

NAME = "example.org"
REAL_CA = trustme.CA()
"""Vouches for the real server."""

old_versions = pytest.mark.filterwarnings("ignore:ssl.TLSVersion")


@pytest.fixture(params=[False, True], ids=["standard", "exporting"])
def exporting(request: pytest.FixtureRequest) -> bool:
    """Whether the engine under test is the one that exports."""
    return bool(request.param)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A CA of its own, just made."""
    return Authority.open(tmp_path / "ca")


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    """The file of who vouches for the real server."""
    REAL_CA.cert_pem.write_to_path(tmp_path / "real-ca.pem")
    return tmp_path / "real-ca.pem"


def real_server(name: str = NAME, version: str | None = None) -> ssl.SSLContext:
    """The real server's context; `version` is the only one it knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["xmpp-client"])
    REAL_CA.issue_cert(name).configure_cert(context)
    if version is not None:
        only(context, version)
    return context


def trusting(
    authority: Authority, *, alpn: Sequence[str] = (), version: str | None = None
) -> ssl.SSLContext:
    """What a client has that trusts the CA and nobody else; `version` is the only one it knows."""
    context = ssl.create_default_context(cafile=authority.certificate_path)
    context.set_alpn_protocols(list(alpn))
    if version is not None:
        only(context, version)
    return context


def only(context: ssl.SSLContext, version: str) -> None:
    """Have a context know one version of TLS."""
    known = ssl.TLSVersion[version.replace(".", "_")]
    context.minimum_version = context.maximum_version = known
    if version < "TLSv1.2":
        context.set_ciphers("ALL:@SECLEVEL=0")


def identity(tmp_path: Path, *names: str) -> Identity:
    """A certificate of one's own, with its key."""
    path = tmp_path / "own.pem"
    REAL_CA.issue_cert(*names).private_key_and_cert_chain_pem.write_to_path(path)
    return read_identity(path, None, "--cert")


# --- the server's leg


def test_contexts_are_made_once(authority: Authority, exporting: bool) -> None:
    """The same context serves every handshake on the same terms."""
    contexts = Contexts(authority, exporting=exporting)
    first = contexts.for_client((NAME,), None)

    assert contexts.for_server(direct=True) is contexts.for_server(direct=True)
    assert contexts.for_server(direct=True) is not contexts.for_server(direct=False)
    assert contexts.for_client((NAME,), None) is first
    assert contexts.for_client(("montague.example",), None) is not first
    assert isinstance(first, ExportingContext) is exporting


@pytest.mark.parametrize("form", ["pem", "der"])
def test_a_server_is_verified_by_the_given_file(
    authority: Authority, exporting: bool, ca_file: Path, form: str
) -> None:
    """--upstream-ca takes PEM and DER; the name is checked besides, unless that is for later."""
    if form == "der":
        ca_file.write_bytes(ssl.PEM_cert_to_DER_cert(ca_file.read_text()))
    contexts = Contexts(authority, upstream_ca=ca_file, exporting=exporting)
    server = real_server()
    client, _ = shake_hands(contexts.for_server(direct=False), server, NAME)
    with pytest.raises(TLSError, match="Hostname mismatch") as caught:
        shake_hands(contexts.for_server(direct=False), server, "example.net")
    unnamed, _ = shake_hands(contexts.for_server(direct=True, named=False), server, "example.net")

    assert client.verified
    assert caught.value.kind == "verify"
    assert unnamed.verified
    assert not unnamed.serves("example.net")


def test_the_servers_own_certificate_may_be_given(
    authority: Authority, exporting: bool, tmp_path: Path
) -> None:
    """A certificate that is no CA's vouches for itself."""
    issued = trustme.CA().issue_cert(NAME)
    issued.cert_chain_pems[0].write_to_path(tmp_path / "server.pem")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(server)
    contexts = Contexts(authority, upstream_ca=tmp_path / "server.pem", exporting=exporting)
    client, _ = shake_hands(contexts.for_server(direct=False), server, NAME)

    assert client.verified


def test_an_unknown_server_is_refused(authority: Authority, exporting: bool) -> None:
    """Without the file the server is not trusted."""
    contexts = Contexts(authority, exporting=exporting)
    with pytest.raises(TLSError, match=r"certificate") as caught:
        shake_hands(contexts.for_server(direct=True), real_server(), NAME)

    assert caught.value.kind == "verify"


def test_the_default_trust_store_counts(
    authority: Authority, exporting: bool, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is trusted by the system is trusted; where that is can be told by SSL_CERT_FILE."""
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    contexts = Contexts(authority, exporting=exporting)
    client, _ = shake_hands(contexts.for_server(direct=True), real_server(), NAME)

    assert client.verified


def test_insecure_accepts_anything(authority: Authority, exporting: bool) -> None:
    """--insecure verifies neither issuer nor name, and does not claim to have verified."""
    contexts = Contexts(authority, insecure=True, exporting=exporting)
    client, _ = shake_hands(contexts.for_server(direct=True), real_server(), "example.net")

    assert client.verified is False


@old_versions
def test_insecure_reaches_old_servers(authority: Authority, exporting: bool, ca_file: Path) -> None:
    """--insecure talks to servers that know nothing newer than TLS 1.0; otherwise 1.2 is needed."""
    old = real_server(version="TLSv1")
    old.set_alpn_protocols([])
    lax = Contexts(authority, insecure=True, exporting=exporting)
    strict = Contexts(authority, upstream_ca=ca_file, exporting=exporting)
    client, _ = shake_hands(lax.for_server(direct=True), old, NAME)
    with pytest.raises(TLSError, match="no TLS version in common"):
        shake_hands(strict.for_server(direct=True), old, NAME)

    assert client.version == "TLSv1"


def test_alpn_is_for_direct_tls(authority: Authority, exporting: bool, ca_file: Path) -> None:
    """The protocol is named where TLS comes first (XEP-0368), not after STARTTLS."""
    contexts = Contexts(authority, upstream_ca=ca_file, exporting=exporting)
    agreed = [
        shake_hands(context, real_server(), NAME)[0].alpn
        for context in (
            contexts.for_server(direct=True),
            contexts.for_server(direct=False),
            contexts.for_server(direct=True, alpn=()),
            contexts.for_server(direct=True, alpn=("", "\ufffd", "x" * 256, "xmpp-client")),
        )
    ]

    assert agreed == ["xmpp-client", None, None, "xmpp-client"]


@pytest.mark.parametrize(
    ("limit", "version", "agreed"),
    [
        (None, None, "TLSv1.3"),
        (None, "TLSv1.3", "TLSv1.3"),
        (None, "TLSv1.2", "TLSv1.2"),
        (None, "TLSv1", "TLSv1.2"),
        ("TLSv1.2", None, "TLSv1.2"),
        ("TLSv1.2", "TLSv1.3", "TLSv1.2"),
        ("TLSv1.3", "TLSv1.2", "TLSv1.2"),
    ],
)
def test_no_newer_version_than_told(
    authority: Authority, exporting: bool, limit: str | None, version: str | None, agreed: str
) -> None:
    """Both legs keep to the limit, and to what the other leg has; nothing goes below 1.2 so."""
    contexts = Contexts(authority, insecure=True, exporting=exporting, newest=limit)
    up, _ = shake_hands(contexts.for_server(direct=True, version=version), real_server(), NAME)
    ours = contexts.for_client((NAME,), None, version=version)
    down, _ = shake_hands(trusting(authority), ours, NAME)

    assert (up.version, down.version) == (agreed, agreed)


@pytest.mark.parametrize("content", [None, b"", b"junk", b"-----BEGIN CERTIFICATE-----\njunk"])
def test_an_unusable_file_is_said(
    authority: Authority, exporting: bool, tmp_path: Path, content: bytes | None
) -> None:
    """A missing or garbage file is wrong usage, in one line that names it."""
    path = tmp_path / "real-ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        Contexts(authority, upstream_ca=path, exporting=exporting)
    reason = "No such file or directory" if content is None else "no certificate in it; give a PEM"

    assert str(caught.value).startswith(f"--upstream-ca {path}: {reason}")


def test_a_certificate_for_servers_that_ask(
    authority: Authority, exporting: bool, ca_file: Path, tmp_path: Path
) -> None:
    """The server sees the client's certificate, and the name in it (SASL EXTERNAL)."""
    mine = identity(tmp_path, "juliet@capulet.example")
    contexts = Contexts(authority, upstream_ca=ca_file, exporting=exporting, client=mine)
    server = real_server()
    server.verify_mode = ssl.CERT_REQUIRED
    REAL_CA.configure_trust(server)
    _, other = shake_hands(contexts.for_server(direct=True), server, NAME)

    assert other.peer_der == mine.der


# --- the client's leg


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_a_client_that_trusts_the_authority_shakes_hands(
    authority: Authority, exporting: bool, version: str
) -> None:
    """The leaf is verified for the wanted name by either version of TLS; ALPN is answered."""
    client = trusting(authority, alpn=["http/1.1", "xmpp-client"], version=version)
    context = Contexts(authority, exporting=exporting).for_client((NAME, "127.0.0.1"), None)
    by_name, server = shake_hands(client, context, NAME)
    by_address, _ = shake_hands(client, context, "127.0.0.1")

    assert by_name.verified
    assert by_address.verified
    assert by_name.version == version
    assert server.alpn == "xmpp-client"


@pytest.mark.parametrize(
    ("offered", "allowed", "agreed"),
    [
        (["http/1.1"], None, None),
        (["xmpp-client"], (), None),
        (["xmpp-client"], ("xmpp-client",), "xmpp-client"),
        ([], ("xmpp-client",), None),
    ],
)
def test_alpn_as_it_may_be_agreed_on(
    authority: Authority,
    exporting: bool,
    offered: list[str],
    allowed: tuple[str, ...] | None,
    agreed: str | None,
) -> None:
    """What is not in common, or was not agreed on with the server, is left unanswered."""
    context = Contexts(authority, exporting=exporting).for_client((NAME,), None, alpn=allowed)
    client, _ = shake_hands(trusting(authority, alpn=offered), context, NAME)

    assert client.alpn == agreed


@old_versions
def test_old_tls_is_for_clients_of_old_servers(authority: Authority, exporting: bool) -> None:
    """Clients must speak TLS 1.2 at least, unless the server itself does not."""
    contexts = Contexts(authority, exporting=exporting)
    old = trusting(authority, version="TLSv1.1")
    with pytest.raises(TLSError, match="no TLS version in common") as caught:
        shake_hands(old, contexts.for_client((NAME,), None, version="TLSv1.2"), NAME)
    as_old = contexts.for_client((NAME,), None, version="TLSv1.1")
    client, _ = shake_hands(old, as_old, NAME)
    newer, _ = shake_hands(trusting(authority), as_old, NAME)

    assert caught.value.kind == "protocol"
    assert (client.version, newer.version) == ("TLSv1.1", "TLSv1.2")


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_no_session_is_resumed(authority: Authority, exporting: bool, version: str) -> None:
    """Every handshake is a whole one, which shows its certificate."""
    context = Contexts(authority, exporting=exporting).for_client((NAME,), None)
    client = trusting(authority, version=version)
    first = TLSPipe(client, server_side=False, server_hostname=NAME)
    carry(first, TLSPipe(context, server_side=True))
    assert isinstance(first._object, ssl.SSLObject)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = first._object.session
    again = client.wrap_bio(incoming, outgoing, server_hostname=NAME, session=session)
    second = TLSPipe(context, server_side=True)
    while not second.established:
        with contextlib.suppress(ssl.SSLWantReadError):
            again.do_handshake()
        second.receive_data(outgoing.read())
        incoming.write(second.data_to_send())

    assert not again.session_reused


def carry(client: TLSPipe, server: TLSPipe) -> None:
    """Have two pipes finish their handshake, and the client read what came behind it."""
    while not (client.established and server.established):
        server.receive_data(client.data_to_send())
        client.receive_data(server.data_to_send())
    server.send(b"hello")
    client.receive_data(server.data_to_send())


def test_the_chain_carries_the_authority(authority: Authority, exporting: bool) -> None:
    """The CA's certificate is shown after the leaf, so that a person can look at it."""
    in_the_clear = trusting(authority, version="TLSv1.2")
    client = TLSPipe(in_the_clear, server_side=False, server_hostname=NAME)
    contexts = Contexts(authority, exporting=exporting)
    server = TLSPipe(contexts.for_client((NAME,), None), server_side=True)
    server.receive_data(client.data_to_send())
    shown = server.data_to_send()
    leaf = contexts._issuer.leaf([NAME]).public_bytes(Encoding.DER)

    assert 0 < shown.find(leaf) < shown.find(authority.certificate.public_bytes(Encoding.DER))


def test_a_certificate_of_ones_own_is_shown(
    authority: Authority, exporting: bool, ca_file: Path, tmp_path: Path
) -> None:
    """Where it is good for the wanted name; other names get a minted one, and a remark."""
    own = identity(tmp_path, NAME)
    contexts = Contexts(authority, exporting=exporting, own=own)
    plain = ssl.create_default_context(cafile=ca_file)
    shown, _ = shake_hands(plain, contexts.for_client((NAME, "127.0.0.1"), None), NAME)
    minted, _ = shake_hands(
        trusting(authority), contexts.for_client(("example.net",), None), "example.net"
    )

    assert shown.peer_der == own.der == contexts.own_der
    assert minted.peer_der != own.der
    assert contexts.remark((NAME,)) == ""
    assert "--cert is not for example.net" in contexts.remark(("example.net",))


def test_without_a_certificate_of_ones_own(authority: Authority) -> None:
    """There is nothing to remark on a minted one."""
    contexts = Contexts(authority)

    assert (contexts.own_der, contexts.remark((NAME,))) == (None, "")


# --- both


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_keys_are_logged_privately(
    authority: Authority, exporting: bool, ca_file: Path, tmp_path: Path, version: str
) -> None:
    """Both legs append to the key log, which only its owner can read."""
    log = tmp_path / "keys.log"
    contexts = Contexts(
        authority, upstream_ca=ca_file, exporting=exporting, keylog=log, newest=version
    )
    shake_hands(contexts.for_server(direct=True), real_server(), NAME)
    shake_hands(trusting(authority), contexts.for_client((NAME,), None), NAME)
    label = "CLIENT_RANDOM " if version == "TLSv1.2" else "CLIENT_TRAFFIC_SECRET_0 "
    lines = [line for line in log.read_text().splitlines() if line.startswith(label)]

    assert log.stat().st_mode & 0o777 == 0o600
    assert len(set(lines)) == 2
    assert {len(line.split()) for line in lines} == {3}


def test_an_unwritable_key_log_is_said(
    authority: Authority, exporting: bool, tmp_path: Path
) -> None:
    """A key log that cannot be written is told before anything listens."""
    with pytest.raises(UsageError, match=r"--keylog .*: Is a directory"):
        Contexts(authority, keylog=tmp_path, exporting=exporting)


def test_what_can_be_bound_to(authority: Authority, ca_file: Path) -> None:
    """Only the engine that exports gives every binding, on both legs."""

    def bindings(*, exporting: bool, kind: str) -> list[bool]:
        contexts = Contexts(authority, upstream_ca=ca_file, exporting=exporting)
        pairs: list[tuple[TLSContext, TLSContext]] = [
            (contexts.for_server(direct=True), real_server()),
            (trusting(authority), contexts.for_client((NAME,), None)),
        ]
        up, down = (shake_hands(*pair, NAME) for pair in pairs)
        return [pipe.channel_binding(kind) is not None for pipe in (up[0], down[1])]

    assert bindings(exporting=False, kind=TLS_EXPORTER) == [False, False]
    assert [bindings(exporting=True, kind=kind) for kind in TYPES] == [[True, True]] * 3
