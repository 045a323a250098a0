"""Clients that meet a recording played as the server, over real sockets."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from scramp import ScramClient

from tests.demo.backstage import DOMAIN, contexts
from tests.replay.talks import recording
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.stanza import Stanza
from xmppspy.replay.as_server import AsServer
from xmppspy.replay.peer import Peer
from xmppspy.replay.scene import Pace

HEADER = (
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
    " xmlns:stream='http://etherx.jabber.org/streams' to='{}' version='1.0'>"
)
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
BIND = "urn:ietf:params:xml:ns:xmpp-bind"
SM = "urn:xmpp:sm:3"
ROMEO = "romeo@capulet.example"
SOON = 0.05
"""Seconds that tests let a trigger be late."""


class Stage:
    """A server that plays a recording, and what it told the person who started it."""

    def __init__(self, *connections: list[str], **options: Any) -> None:
        self.said: list[str] = []
        options.setdefault("pace", Pace(speed=float("inf"), patience=SOON))
        self.server = AsServer(
            recording(*connections), lambda _: contexts()[0], say=self.said.append, **options
        )
        self.port = 0

    async def __aenter__(self) -> Self:
        address = (await self.server.start("127.0.0.1", 0))[0]
        self.port = int(address.rpartition(":")[2])
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.server.stop()

    async def told(self, text: str) -> str:
        """The first line with this text, waited for."""
        async with asyncio.timeout(10):
            while True:
                for line in self.said:
                    if text in line:
                        return line
                await asyncio.sleep(0.001)


class Guest:
    """A client: says XML, hears frames."""

    def __init__(self, peer: Peer, domain: str) -> None:
        self.peer = peer
        self.domain = domain
        self.jid = ""
        self.heard: list[bytes] = []
        """All stanzas that came, as bytes."""

    async def say(self, xml: str) -> None:
        """Send XML."""
        await self.peer.send(xml)

    async def hear(self, kind: str = "", holds: str = "") -> Frame:
        """The next frame of this kind that holds a text; others are passed over."""
        while True:
            frame = await self.peer.require(kind or holds)
            if frame.kind in ("message", "presence", "iq"):
                self.heard.append(frame.data)
            if kind in ("", frame.kind) and holds.encode() in frame.data:
                return frame

    async def open(self) -> Frame:
        """Begin a stream; returns the features."""
        await self.say(HEADER.format(self.domain))
        await self.hear("stream")
        return await self.hear("features")

    async def start_tls(self) -> None:
        """Secure the stream, of which nothing was said yet."""
        await self.open()
        await self.say("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        await self.hear("proceed")
        await self.peer.start_tls(contexts()[1], server_side=False, server_hostname=DOMAIN)

    async def plain(self, user: str = "romeo", words: str = "any") -> Frame:
        """Try to log in with a password; returns success or failure."""
        payload = b64encode(f"\0{user}\0{words}".encode()).decode()
        await self.say(f"<auth xmlns='{SASL}' mechanism='PLAIN'>{payload}</auth>")
        return await self.hear()

    async def scram(self, mechanism: str, user: str, password: str) -> Frame:
        """Try to log in with a proof; returns success, of which the proof was checked, or failure."""
        client = ScramClient([mechanism], user, password)
        first = b64encode(client.get_client_first().encode()).decode()
        await self.say(f"<auth xmlns='{SASL}' mechanism='{mechanism}'>{first}</auth>")
        answer = await self.hear()
        if answer.kind != "challenge":
            return answer
        client.set_server_first(b64decode(Stanza(answer).text).decode())
        final = b64encode(client.get_client_final().encode()).decode()
        await self.say(f"<response xmlns='{SASL}'>{final}</response>")
        answer = await self.hear()
        if answer.kind == "success":
            client.set_server_final(b64decode(Stanza(answer).text).decode())
        return answer

    async def bind(self, resource: str = "") -> str:
        """Bind a resource; returns the full JID."""
        wanted = f"<resource>{resource}</resource>" if resource else ""
        await self.say(f"<iq type='set' id='bind'><bind xmlns='{BIND}'>{wanted}</bind></iq>")
        self.jid = Stanza(await self.hear("iq")).text
        return self.jid

    async def log_in(self, resource: str = "", user: str = "romeo") -> str:
        """Everything up to a session, with any password; returns the full JID."""
        await self.open()
        await self.plain(user)
        await self.open()
        return await self.bind(resource)

    async def leave(self) -> None:
        """End the stream in order."""
        await self.say("</stream:stream>")
        await self.hear("/stream")
        await self.peer.close()


@asynccontextmanager
async def guest(stage: Stage, domain: str = "capulet.example") -> AsyncIterator[Guest]:
    """A client that is connected and has said nothing."""
    peer = Peer(*await asyncio.open_connection("127.0.0.1", stage.port), limit=5)
    try:
        yield Guest(peer, domain)
    finally:
        peer.abort()
