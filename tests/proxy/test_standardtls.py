"""What only the standard library's contexts have; `test_contexts` holds both engines together."""

import ssl
from pathlib import Path

import pytest
import trustme

from tests.proxy.handshake import shake_hands
from xmppspy.errors import AuthorityError
from xmppspy.proxy.certs import Authority
from xmppspy.proxy.issuing import Issuer
from xmppspy.proxy.standardtls import server_context, upstream_context
from xmppspy.proxy.terms import Terms


def test_the_usual_terms_for_a_server(tmp_path: Path) -> None:
    """The given file is trusted, the name is verified, ALPN is for direct TLS."""
    ca, path = trustme.CA(), tmp_path / "ca.pem"
    ca.cert_pem.write_to_path(path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.set_alpn_protocols(["xmpp-client"])
    ca.issue_cert("example.org").configure_cert(server)
    direct, starttls = (
        upstream_context(ca_file=path, insecure=False, direct=direct, keylog=None)
        for direct in (True, False)
    )
    lax = upstream_context(ca_file=None, insecure=True, direct=False, keylog=None)

    assert shake_hands(direct, server, "example.org")[0].alpn == "xmpp-client"
    assert shake_hands(starttls, server, "example.org")[0].alpn is None
    assert shake_hands(lax, server, "example.net")[0].verified is False
    assert (direct.check_hostname, direct.verify_mode) == (True, ssl.CERT_REQUIRED)


def test_no_key_is_left_lying_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file by which ssl gets a key is gone once the context is made, or could not be."""
    issuer = Issuer(Authority.open(tmp_path / "ca"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    server_context(issuer.identity(["example.org"]), Terms())
    left = list((tmp_path / "tmp").iterdir())
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(AuthorityError, match="could not be handed to TLS: No such file"):
        server_context(issuer.identity(["example.org"]), Terms())

    assert left == []
