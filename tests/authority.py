"""A CA for tests, and TLS contexts of both roles made from it."""

import ssl
from functools import cache

import trustme

UPSTREAM_CA = trustme.CA()
"""Signs the certificate of the server in tests."""

PROXY_CA = trustme.CA()
"""Stands in for xmppspy's own."""


@cache
def server_context(name: str, *, of_proxy: bool = False) -> ssl.SSLContext:
    """A server's context with a certificate for `name`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (PROXY_CA if of_proxy else UPSTREAM_CA).issue_cert(name).configure_cert(context)
    return context


@cache
def client_context(*, trusts_proxy: bool = False, names_server: bool = True) -> ssl.SSLContext:
    """A client's context that trusts one of the two CAs, and checks the server's name or not."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = names_server
    (PROXY_CA if trusts_proxy else UPSTREAM_CA).configure_trust(context)
    return context
