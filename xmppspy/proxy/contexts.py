"""The TLS contexts of one run of the proxy."""

import ssl
from pathlib import Path

from xmppspy.proxy.certs import Authority, upstream_context


class Contexts:
    """Contexts for both legs, made once and kept.

    Raises UsageError when `upstream_ca` or `keylog` cannot be used.
    """

    def __init__(
        self,
        authority: Authority,
        *,
        upstream_ca: Path | None = None,
        insecure: bool = False,
        keylog: Path | None = None,
    ) -> None:
        self._authority = authority
        self._keylog = keylog
        self._direct, self._unnamed, self._starttls = (
            upstream_context(ca_file=upstream_ca, insecure=insecure, direct=direct, keylog=keylog)
            for direct in (True, True, False)
        )
        self._unnamed.check_hostname = False

    def for_client(self, names: tuple[str, ...], peer_der: bytes | None) -> ssl.SSLContext:
        """A context that shows a leaf for `names` and the names in the server's certificate."""
        return self._authority.server_context(names, peer_der, keylog=self._keylog)

    def for_server(self, *, direct: bool, named: bool = True) -> ssl.SSLContext:
        """A context for the handshake with the server, by direct TLS or STARTTLS.

        Unless `named`, it verifies the chain and leaves the name to the caller.
        """
        if not direct:
            return self._starttls
        return self._direct if named else self._unnamed
