"""What only the exporting engine's contexts have; `test_contexts` holds both engines together."""

import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from tests.proxy.handshake import shake_hands
from tests.proxy.test_identity import self_signed
from xmppspy.protocol.channelbinding import TLS_SERVER_END_POINT
from xmppspy.proxy.certs import Authority
from xmppspy.proxy.exportingtls import client_context, server_context
from xmppspy.proxy.identity import Identity
from xmppspy.proxy.issuing import Issuer
from xmppspy.proxy.terms import Terms, Trust


def test_no_file_takes_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key goes from memory to memory: no temporary folder is needed."""
    authority = Authority.open(tmp_path / "ca")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    context = server_context(Issuer(authority).identity(["example.org"]), Terms())
    client = client_context(Trust(authority.certificate_path), Terms())

    assert shake_hands(client, context, "example.org")[0].verified


def test_ciphers_are_those_of_the_standard_library() -> None:
    """Nothing is agreed on that the other engine would not take, whatever the kind of key."""
    key = ed25519.Ed25519PrivateKey.generate()
    context = server_context(Identity(key, (self_signed(key),)), Terms(newest="TLSv1.2"))
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    one, other = shake_hands(client, context, "example.org")
    usual = {each["name"] for each in client.get_ciphers()}

    assert one.cipher in usual
    assert other.channel_binding(TLS_SERVER_END_POINT) is None


def test_the_proxy_does_without_pyopenssl_until_it_is_asked() -> None:
    """What is slow to import is imported where keying material has to be exported."""
    script = "import sys, xmppspy.proxy.server; print('OpenSSL' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"
