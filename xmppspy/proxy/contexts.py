"""The TLS contexts of one run of the proxy."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeAlias

from xmppspy.protocol.tls import TLSContext
from xmppspy.proxy import standardtls
from xmppspy.proxy.certs import Authority
from xmppspy.proxy.identity import Identity
from xmppspy.proxy.issuing import Issuer
from xmppspy.proxy.terms import ALPN, Terms, Trust

_REMEMBERED: Final = 128

_Make: TypeAlias = Callable[..., TLSContext]


class Contexts:
    """Contexts for both legs, made once and kept.

    With `exporting`, both legs' engine can export keying material, which a login that is bound to
    its channel may need. `own` is shown to clients where it is good for the name they want, `client`
    to servers that ask for a certificate. `newest` is the newest TLS version on both legs. Raises
    UsageError when `upstream_ca` or `keylog` cannot be used.
    """

    def __init__(
        self,
        authority: Authority,
        *,
        upstream_ca: Path | None = None,
        insecure: bool = False,
        keylog: Path | None = None,
        exporting: bool = False,
        own: Identity | None = None,
        client: Identity | None = None,
        newest: str | None = None,
    ) -> None:
        self._issuer = Issuer(authority)
        self._keylog = keylog
        self._own, self._client = own, client
        self._newest = newest
        self._oldest = "TLSv1" if insecure else "TLSv1.2"
        self._strict = Trust(upstream_ca, insecure)
        self._unnamed = Trust(upstream_ca, insecure, check_name=False)
        server_context, client_context = _engine(exporting=exporting)
        self._server_context = lru_cache(_REMEMBERED)(server_context)
        self._client_context = lru_cache(_REMEMBERED)(client_context)
        self.for_server(direct=True)

    @property
    def own_der(self) -> bytes | None:
        """The certificate that is shown instead of a minted one; None where there is none."""
        return None if self._own is None else self._own.der

    def for_client(
        self,
        names: tuple[str, ...],
        peer_der: bytes | None,
        *,
        version: str | None = None,
        alpn: tuple[str, ...] | None = None,
    ) -> TLSContext:
        """A context that shows a leaf for `names` and the names in the server's certificate.

        `version` is that of TLS with the server: the client gets no newer one, and an older one
        than 1.2 only where the server has no better. `alpn` are the protocols that may be agreed
        on; None for the usual one.
        """
        terms = Terms(
            min(version or "TLSv1.2", "TLSv1.2"),
            self._at_most(version),
            ALPN if alpn is None else alpn,
        )
        return self._server_context(self._identity(names, peer_der), terms, self._keylog)

    def for_server(
        self,
        *,
        direct: bool,
        named: bool = True,
        version: str | None = None,
        alpn: tuple[str, ...] | None = None,
    ) -> TLSContext:
        """A context for the handshake with the server, by direct TLS or STARTTLS.

        Unless `named`, it verifies the chain and leaves the name to the caller. `version` is the
        newest that the client knows, `alpn` what it offers; None where that is not known.
        """
        offered = (ALPN if direct else ()) if alpn is None else tuple(filter(_is_protocol, alpn))
        terms = Terms(self._oldest, self._at_most(version), offered)
        trust = self._strict if named else self._unnamed
        return self._client_context(trust, terms, self._client, self._keylog)

    def remark(self, names: tuple[str, ...]) -> str:
        """What is to be said of the certificate for `names`: that it is not one's own, and why."""
        if self._own is None or self._is_own(names):
            return ""
        return f"--cert is not for {names[0]}: a certificate of the xmppspy CA is shown instead"

    def _identity(self, names: tuple[str, ...], peer_der: bytes | None) -> Identity:
        if self._own is not None and self._is_own(names):
            return self._own
        return self._issuer.identity(names, peer_der)

    def _is_own(self, names: tuple[str, ...]) -> bool:
        return self._own is not None and bool(names) and self._own.serves(names[0])

    def _at_most(self, version: str | None) -> str | None:
        known = [each for each in (version, self._newest) if each]
        return max(min(known), "TLSv1.2") if known else None


def _engine(*, exporting: bool) -> tuple[_Make, _Make]:
    """What makes the contexts towards clients and towards servers."""
    if exporting:
        from xmppspy.proxy import exportingtls  # noqa: PLC0415 - pyOpenSSL is slow to import

        return exportingtls.server_context, exportingtls.client_context
    return standardtls.server_context, standardtls.client_context


def _is_protocol(name: str) -> bool:
    """Whether ALPN can offer it: what a client has sent may be anything."""
    return 0 < len(name) < 256 and name.isascii()
