"""Hand-written captures played as clients against the demo's server, over real sockets."""

import asyncio
import json
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from tests.demo.backstage import DOMAIN, HOST, NURSE, PASSWORDS, PETER, contexts, server
from xmppspy.bridge.credentials import Accounts
from xmppspy.capture.reader import read
from xmppspy.demo.server import Server
from xmppspy.protocol.events import Event
from xmppspy.replay.as_client import AsClient, Manner, Way
from xmppspy.replay.casting import Casting, Character
from xmppspy.replay.difference import Difference
from xmppspy.replay.recording import Recording
from xmppspy.replay.roles import Cast, assign
from xmppspy.replay.tape import Tape

STREAM = (
    f"<stream:stream to='{DOMAIN}' version='1.0' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams'>"
)
BIND = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
PING = "<ping xmlns='urn:xmpp:ping'/>"
END = "</stream:stream>"

Said = tuple[str, str]
"""`c2s` or `s2c`, and the XML."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection as the proxy's connector makes it."""

    sock: socket.socket
    direct_tls: bool = False


@dataclass
class Played:
    """What came of playing."""

    client: AsClient
    said: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    tape: list[Event] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    """The server's."""


def entering(jid: str = f"{NURSE}/hall") -> list[Said]:
    """How a recorded client comes to its session, without what nobody needs."""
    return [
        ("c2s", STREAM),
        ("c2s", f"<iq type='set' id='b'>{BIND}</bind></iq>"),
        ("s2c", f"<iq type='result' id='b'>{BIND}<jid>{jid}</jid></bind></iq>"),
    ]


def lines(*connections: Sequence[Said]) -> bytes:
    """A capture of connections, one after the other."""
    return b"".join(
        json.dumps({"conn": conn, "dir": direction, "xml": xml}).encode() + b"\n"
        for conn, said in enumerate(connections, 1)
        for direction, xml in said
    )


def characters(capture: bytes) -> list[Character]:
    """The sessions of a capture."""
    return Casting(Recording(read(BytesIO(capture)))).characters


def cast(
    capture: bytes,
    accounts: Iterable[str] = (NURSE, PETER),
    maps: Iterable[tuple[str, str]] = (),
) -> Cast:
    """The roles of a capture, for those accounts whose passwords are known."""
    known = Accounts({account: PASSWORDS[account] for account in accounts})
    return assign(characters(capture), known, maps)


def way(port: int) -> Way:
    """The way to a server on this machine."""

    async def connect(_: str | None) -> Connected:
        sock = socket.create_connection((HOST, port))
        sock.setblocking(False)
        return Connected(sock)

    return Way(connect=connect, context=lambda _: contexts()[1])


def play(given: bytes | Cast, manner: Manner | None = None, served: Server | None = None) -> Played:
    """Play a capture against the demo's server."""

    async def run() -> Played:
        async with served or server() as demo:
            told = Played(AsClient(Cast(), way(demo.port)))
            told.client = AsClient(
                cast(given) if isinstance(given, bytes) else given,
                way(demo.port),
                manner or Manner(patience=0.3),
                say=told.said.append,
                warn=told.said.append,
                differs=told.differences.append,
                tape=Tape(told.tape.append, asyncio.get_running_loop().time),
            )
            await told.client.run()
        told.troubles = demo.troubles
        return told

    return asyncio.run(run())
