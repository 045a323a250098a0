"""Mirror: what TLS with one peer is held to by TLS with the other."""

# What a server offers depends on its TLS: the channel bindings of SASL, and the version that it
# tells the client, which compares it with its own (XEP-0515). So both legs shall have the same
# version, and ALPN as the client and the server would agree on it without xmppspy. Whichever leg
# comes first says what the other may be.

from xmppspy.protocol.hello import ClientHello, read_client_hello
from xmppspy.protocol.tls import TLSPipe


def asked_for(hello: bytes | None, client: TLSPipe | None) -> tuple[str | None, ClientHello | None]:
    """The newest TLS version that the client may get from the server, and its hello.

    `hello` is what has been kept of it before there is TLS with the client. None is what is not
    known.
    """
    if client is not None and client.established:
        return client.version, None
    read = read_client_hello(hello) if hello else None
    return (read.newest, read) if read is not None else (None, None)


def answered(server: TLSPipe | None, *, direct: bool) -> tuple[str | None, tuple[str, ...] | None]:
    """The version that the server has agreed on, and by ALPN what; None is what does not matter.

    After STARTTLS there is no ALPN to go by.
    """
    if server is None or not server.established:
        return None, None
    agreed = (server.alpn,) if server.alpn else ()
    return server.version, agreed if direct else None


def difference(client: TLSPipe | None, server: TLSPipe | None) -> str:
    """What it means that the legs have different versions; empty when they have the same."""
    if client is None or server is None or not (client.established and server.established):
        return ""
    if client.version == server.version:
        return ""
    older = min(client.version, server.version)
    remedy = f"; --max-tls {older[4:]} makes both the same" if older >= "TLSv1.2" else ""
    return (
        f"TLS is {server.version} with the server, but {client.version} with the client: what the "
        "server offers and tells (XEP-0515) goes with its own, so that a bound login may "
        f"fail{remedy}"
    )
