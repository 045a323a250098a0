"""What the tests of the demo share: certificates, pairs of peers, clients that have logged in."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import trustme

from xmppspy.demo.accounts import Account, Contact
from xmppspy.demo.client import Client
from xmppspy.demo.server import Server
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.replay.peer import Peer

HOST = "127.0.0.1"
DOMAIN = "verona.example"
NURSE, PETER = f"nurse@{DOMAIN}", f"peter@{DOMAIN}"
PASSWORDS = {NURSE: "aqua vitae", PETER: "heart's ease"}


@cache
def contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's and the clients' side of one certificate authority."""
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(DOMAIN).configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return server, client


@cache
def accounts() -> tuple[Account, ...]:
    """Two accounts that know each other."""
    return (
        Account.create(NURSE, PASSWORDS[NURSE], Contact(PETER, "Peter", "Household")),
        Account.create(PETER, PASSWORDS[PETER], Contact(NURSE, "The Nurse", "Household")),
    )


def server() -> Server:
    """A server with these accounts."""
    return Server(contexts()[0], accounts())


async def arrive(served: Server, jid: str, resource: str = "hall") -> Client:
    """A client that has logged in, and said nothing else."""
    client = await Client.connect(jid, HOST, served.port)
    await client.log_in(PASSWORDS[jid], resource, contexts()[1])
    return client


async def appear(served: Server, jid: str, resource: str = "hall") -> Client:
    """A client that is available, and knows that the server knows it."""
    client = await arrive(served, jid, resource)
    await client.send("<presence/>")
    await client.expect("presence", holds=client.jid)
    return client


@asynccontextmanager
async def peers(limit: float = 10.0) -> AsyncIterator[tuple[Peer, Peer]]:
    """The two ends of one connection, the one that connected first."""
    accepted: asyncio.Queue[Peer] = asyncio.Queue()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await accepted.put(Peer(reader, writer, limit))

    listener = await asyncio.start_server(accept, HOST, 0)
    port = listener.sockets[0].getsockname()[1]
    near = Peer(*await asyncio.open_connection(HOST, port), limit)
    far = await accepted.get()
    try:
        yield near, far
    finally:
        near.abort()
        far.abort()
        listener.close()
        await listener.wait_closed()


@asynccontextmanager
async def stranger(served: Server) -> AsyncIterator[Peer]:
    """A peer connected to the server that has said nothing yet."""
    peer = Peer(*await asyncio.open_connection(HOST, served.port))
    try:
        yield peer
    finally:
        peer.abort()


def frame(text: str) -> Frame:
    """The one frame that `text` is, in a client's stream."""
    framer = Framer()
    framer.receive_data(b"<stream:stream xmlns='jabber:client' "
                        b"xmlns:stream='http://etherx.jabber.org/streams'>")  # fmt: skip
    framer.next_frame()
    framer.receive_data(text.encode())
    cut = framer.next_frame()
    assert cut is not None
    return cut


async def hear(peer: Peer, kind: str) -> Frame:
    """Receive frames up to the first of this kind."""
    while (heard := await peer.require(kind)).kind != kind:
        pass
    return heard
