import ssl
from pathlib import Path

import pytest

from xmppspy.errors import UsageError
from xmppspy.proxy.certs import Authority
from xmppspy.proxy.contexts import Contexts


def test_server_contexts_are_made_once(tmp_path: Path) -> None:
    """The same context serves every handshake with the server; direct TLS has its own."""
    contexts = Contexts(Authority.open(tmp_path))

    assert contexts.for_server(direct=True) is contexts.for_server(direct=True)
    assert contexts.for_server(direct=True) is not contexts.for_server(direct=False)


def test_server_is_verified_unless_told(tmp_path: Path) -> None:
    """Only `insecure` turns verification off."""
    strict = Contexts(Authority.open(tmp_path)).for_server(direct=False)
    lax = Contexts(Authority.open(tmp_path), insecure=True).for_server(direct=False)

    assert (strict.verify_mode, strict.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert (lax.verify_mode, lax.check_hostname) == (ssl.CERT_NONE, False)


def test_same_names_same_context(tmp_path: Path) -> None:
    """A client that comes again sees the same certificate."""
    contexts = Contexts(Authority.open(tmp_path))
    first = contexts.for_client(("capulet.example",), None)

    assert contexts.for_client(("capulet.example",), None) is first
    assert contexts.for_client(("montague.example",), None) is not first


def test_unusable_files_are_told(tmp_path: Path) -> None:
    """A missing CA file or a key log that cannot be written is told before anything listens."""
    authority = Authority.open(tmp_path)

    with pytest.raises(UsageError):
        Contexts(authority, upstream_ca=tmp_path / "missing.pem")
    with pytest.raises(UsageError):
        Contexts(authority, keylog=tmp_path / "missing" / "keys")
