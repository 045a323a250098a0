"""What is issued in the name of the CA: certificates for clients of the proxy, and TLS with them.

The core gets contexts handed in: it knows nothing of files or of who is trusted.
"""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from xmppspy.proxy.certs import Authority
from xmppspy.proxy.identity import Identity
from xmppspy.proxy.minting import LeafNames, leaf_names, mint_leaf
from xmppspy.proxy.standardtls import server_context
from xmppspy.proxy.terms import ALPN, Terms

_REMEMBERED: Final = 128
_FRESH: Final = timedelta(days=1)

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Issuer:
    """Mints certificates that the CA signs. They and contexts are remembered, some hundred at most."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self._leaf_key = ec.generate_private_key(ec.SECP256R1())
        self._leaves: dict[LeafNames, x509.Certificate] = {}
        self._context = lru_cache(_REMEMBERED)(server_context)

    def leaf(self, names: Sequence[str], peer_der: bytes | None = None) -> x509.Certificate:
        """A certificate for `names` and the names of the real one, `peer_der`.

        Never fails on a name. The same names get the same certificate until it nears its end.
        """
        wanted, now = leaf_names(names, peer_der), datetime.now(UTC)
        known = self._leaves.get(wanted)
        if known is None or known.not_valid_after_utc - now < _FRESH:
            public = self._leaf_key.public_key()
            known = mint_leaf(wanted, public, self.authority.certificate, self.authority.key, now)
        return _remember(self._leaves, wanted, known)

    def identity(self, names: Sequence[str], peer_der: bytes | None = None) -> Identity:
        """What a client that wants to see `names` is shown: their leaf, and the CA behind it."""
        return Identity(self._leaf_key, (self.leaf(names, peer_der), self.authority.certificate))

    def server_context(
        self, names: Sequence[str], peer_der: bytes | None = None, *, keylog: Path | None = None
    ) -> ssl.SSLContext:
        """The context for the handshake with a client that wants to see `names`.

        It is of the standard library's engine, and on the usual terms: TLS 1.2 at least. Raises
        UsageError when `keylog` cannot be written, AuthorityError when the temporary folder cannot.
        """
        return self._context(self.identity(names, peer_der), Terms(alpn=ALPN), keylog)


def _remember(cache: dict[_Key, _Value], key: _Key, value: _Value) -> _Value:
    """Put `value` at the end of `cache`, and forget what was used longest ago."""
    cache.pop(key, None)
    cache[key] = value
    if len(cache) > _REMEMBERED:
        del cache[next(iter(cache))]
    return value
