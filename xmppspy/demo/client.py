"""The demo's client: logs in, talks, waits for what it is told, leaves in order."""

import asyncio
import ssl
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from typing import Self, TypeAlias

from scramp import ScramClient, ScramException

from xmppspy.demo import stanzas as xml
from xmppspy.demo.accounts import MECHANISM
from xmppspy.errors import DemoError
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.stanza import Stanza
from xmppspy.replay.peer import LIMIT, Peer

Pause: TypeAlias = Callable[[], Awaitable[None]]
"""Awaited before each step of a login, so that a person can follow."""


async def no_pause() -> None:
    """Go on at once."""


class Client:
    """One user at one server.

    Every method raises DemoError when the server does not do its part, PeerError when it cannot
    be talked to. What was sent and received
    of stanzas is in `sent` and `received`, byte for byte.
    """

    def __init__(self, jid: str, peer: Peer, pause: Pause = no_pause) -> None:
        self.jid = jid
        """Bare, and full once a resource is bound."""
        self.sent: list[bytes] = []
        self.received: list[bytes] = []
        self._peer = peer
        self._pause = pause
        self._named = 0
        self._unexpected: list[Frame] = []
        self._handled: int | None = None

    @classmethod
    async def connect(cls, jid: str, host: str, port: int, pause: Pause = no_pause) -> Self:
        """A client whose connection is up, and nothing said on it."""
        try:
            async with asyncio.timeout(LIMIT):
                reader, writer = await asyncio.open_connection(host, port)
        except OSError as error:
            raise DemoError(f"{jid} cannot connect to {host}:{port}: {error}") from error
        return cls(jid, Peer(reader, writer), pause)

    # --- login

    async def log_in(self, password: str, resource: str, context: ssl.SSLContext) -> None:
        """Everything up to a bound resource: STARTTLS, SCRAM, bind (RFC 6120 §5-7)."""
        await self._open_stream(ns.TLS)
        await self._say(xml.element("starttls", xmlns=ns.TLS))
        await self.expect("proceed")
        domain = xml.domain(self.jid)
        await self._peer.start_tls(context, server_side=False, server_hostname=domain)
        features = await self._open_stream(ns.SASL, from_=self.jid)
        if MECHANISM not in xml.texts(features, "mechanism"):
            raise DemoError(f"the server does not offer {MECHANISM}")
        await self._authenticate(password)
        await self._open_stream(xml.BIND, from_=self.jid)
        await self._bind(resource)

    async def _open_stream(self, feature: str, **attributes: str | None) -> Frame:
        """Send a header, return the features, among which `feature` must be."""
        await self._say(xml.header(to=xml.domain(self.jid), **attributes))
        await self.expect("stream")
        features = await self.expect("features")
        if feature not in features.ns:
            raise DemoError(f"the server does not offer {feature} to {self.jid}")
        return features

    async def _authenticate(self, password: str) -> None:
        scram = ScramClient([MECHANISM], self.jid.partition("@")[0], password)
        first = _encoded(scram.get_client_first())
        await self._say(xml.text("auth", first, xmlns=ns.SASL, mechanism=MECHANISM))
        try:
            scram.set_server_first(_decoded(await self.expect("challenge")))
            final = _encoded(scram.get_client_final())
            await self._say(xml.text("response", final, xmlns=ns.SASL))
            scram.set_server_final(_decoded(await self.expect("success")))
        except (ScramException, ValueError) as error:
            raise DemoError(f"the server does not know the password of {self.jid}") from error

    async def _bind(self, resource: str) -> None:
        wanted = xml.element("bind", xml.text("resource", resource), xmlns=xml.BIND)
        bound = await self.request("set", wanted)
        self.jid = next(iter(xml.texts(bound, "jid")), self.jid)

    async def manage_stream(self) -> None:
        """Have stanzas acknowledged (XEP-0198)."""
        await self._say(xml.element("enable", xmlns=ns.SM))
        await self.expect("enabled")
        self._handled = 0

    async def ask_acknowledgement(self) -> Frame:
        """Ask how many stanzas the server has got; return its answer."""
        await self._say(xml.element("r", xmlns=ns.SM))
        return await self.expect("a")

    # --- stanzas

    def next_id(self) -> str:
        """An id that no earlier stanza of this client has."""
        self._named += 1
        return f"{self.jid.partition('@')[0]}-{self._named}"

    async def send(self, stanza: str) -> None:
        """Send a stanza."""
        self.sent.append(stanza.encode())
        await self._peer.send(stanza)

    async def request(self, kind: str, payload: str, to: str | None = None) -> Frame:
        """Send an iq of type `kind`; return what answers it, an error too."""
        name = self.next_id()
        await self.send(xml.element("iq", payload, type=kind, id=name, to=to))
        return await self.expect("iq", id_=name)

    async def expect(
        self, kind: str, *, type_: str | None = None, id_: str | None = None, holds: str = ""
    ) -> Frame:
        """The next frame of this kind, with this type and id, and `holds` among its bytes.

        What comes before it is kept for a later call.
        """

        def fits(frame: Frame) -> bool:
            return (
                frame.kind == kind
                and type_ in (None, frame.type)
                and id_ in (None, frame.id)
                and holds.encode() in frame.data
            )

        for frame in self._unexpected:
            if fits(frame):
                self._unexpected.remove(frame)
                return frame
        while not fits(frame := await self._receive(kind)):
            self._unexpected.append(frame)
        return frame

    async def leave(self) -> None:
        """End the stream, wait for the server to end its own, close the connection."""
        if self._handled is not None:
            await self._say(xml.element("a", xmlns=ns.SM, h=str(self._handled)))
        await self._say(xml.STREAM_END)
        await self.expect("/stream")
        await self._peer.close()

    def abort(self) -> None:
        """Let go of the connection at once."""
        self._peer.abort()

    async def _say(self, text: str) -> None:
        """Send what is no stanza, in a person's time."""
        await self._pause()
        await self._peer.send(text)

    async def _receive(self, wanted: str) -> Frame:
        frame = await self._peer.require(f"<{wanted}/> for {self.jid}")
        if frame.kind in ("error", "failure"):
            said = next(iter(xml.children(frame)), frame.kind)
            raise DemoError(f"the server says {said} to {self.jid}")
        if frame.kind in xml.STANZAS:
            self.received.append(frame.data)
            if self._handled is not None:
                self._handled += 1
        return frame


def _encoded(message: str) -> str:
    return b64encode(message.encode()).decode()


def _decoded(frame: Frame) -> str:
    return b64decode(Stanza(frame).text).decode()
