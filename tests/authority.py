"""A CA for tests, and TLS contexts of both roles made from it."""

import ssl
from functools import cache

import trustme

UPSTREAM_CA = trustme.CA()
"""Signs the certificate of the server in tests."""

PROXY_CA = trustme.CA()
"""Stands in for xmppspy's own."""


@cache
def server_context(
    name: str, *, of_proxy: bool = False, newest: str | None = None, alpn: tuple[str, ...] = ()
) -> ssl.SSLContext:
    """A server's context with a certificate for `name`, up to a TLS version."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (PROXY_CA if of_proxy else UPSTREAM_CA).issue_cert(name).configure_cert(context)
    return _limited(context, newest, alpn)


@cache
def client_context(
    *,
    trusts_proxy: bool = False,
    names_server: bool = True,
    newest: str | None = None,
    alpn: tuple[str, ...] = (),
) -> ssl.SSLContext:
    """A client's context that trusts one of the two CAs, and checks the server's name or not."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = names_server
    (PROXY_CA if trusts_proxy else UPSTREAM_CA).configure_trust(context)
    return _limited(context, newest, alpn)


def _limited(context: ssl.SSLContext, newest: str | None, alpn: tuple[str, ...]) -> ssl.SSLContext:
    if newest is not None:
        context.maximum_version = ssl.TLSVersion[newest.replace(".", "_")]
    context.set_alpn_protocols(list(alpn))
    return context
