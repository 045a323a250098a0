"""The scene that the demo plays: Act 2, Scene 2, as two clients would have it."""

import asyncio
import ssl
from dataclasses import dataclass
from typing import ClassVar, Final

from xmppspy.demo import stanzas as xml
from xmppspy.demo.accounts import Account, Contact
from xmppspy.demo.client import Client
from xmppspy.errors import DemoError

ROMEO: Final = "romeo@montague.example"
JULIET: Final = "juliet@capulet.example"
DOMAINS: Final = ("montague.example", "capulet.example")
_PASSWORDS: Final = {ROMEO: "rosemary-and-rue", JULIET: "parting-is-such-sweet-sorrow"}


def cast() -> tuple[Account, ...]:
    """The accounts that the scene needs."""
    nurse = Contact("nurse@capulet.example", "Nurse", "Household")
    mercutio = Contact("mercutio@montague.example", "Mercutio", "Friends")
    return (
        Account.create(ROMEO, _PASSWORDS[ROMEO], Contact(JULIET, "Juliet", "Stars"), mercutio),
        Account.create(JULIET, _PASSWORDS[JULIET], Contact(ROMEO, "Romeo", "Orchard"), nurse),
    )


@dataclass(frozen=True, slots=True)
class Tempo:
    """How fast the scene goes: at `speed` 1 a person can follow, at 2 it takes half the time."""

    STEP: ClassVar = 0.12
    BREATH: ClassVar = 0.42

    speed: float = 1.0

    async def step(self) -> None:
        """The pause between two steps of a login."""
        await asyncio.sleep(self.STEP / self.speed)

    async def breath(self) -> None:
        """The pause before something new is said."""
        await asyncio.sleep(self.BREATH / self.speed)


class Scene:
    """Two clients, and what they say to each other.

    `host` and `port` are where their server is, `context` says whom they trust.
    """

    def __init__(self, host: str, port: int, context: ssl.SSLContext, tempo: Tempo) -> None:
        self._host, self._port, self._context, self._tempo = host, port, context, tempo
        self._clients: list[Client] = []

    async def play(self) -> list[Client]:
        """Play it to its end; return the clients.

        Raises DemoError when something does not go as it is written, PeerError when a connection
        fails.
        """
        try:
            romeo = await self._enter(ROMEO, "orchard", "<show>chat</show>",
                                      "He jests at scars that never felt a wound.")  # fmt: skip
            juliet = await self._enter(JULIET, "balcony", "<show>away</show>", "Ay me!")
            await romeo.expect("presence", holds=juliet.jid)
            await juliet.expect("presence", holds=romeo.jid)
            await self._talk(romeo, juliet)
            await self._part(romeo, juliet)
        finally:
            for client in self._clients:
                client.abort()
        return self._clients

    async def _enter(self, jid: str, resource: str, show: str, status: str) -> Client:
        """Log in, fetch the roster, become available."""
        client = await Client.connect(jid, self._host, self._port, self._tempo.step)
        self._clients.append(client)
        await client.log_in(_PASSWORDS[jid], resource, self._context)
        if jid == JULIET:
            await client.manage_stream()
        await self._tempo.step()
        await client.request("get", xml.element("query", xmlns=xml.ROSTER))
        await self._tempo.step()
        await client.send(xml.element("presence", show, xml.text("status", status)))
        await client.expect("presence", holds=client.jid)
        return client

    async def _talk(self, romeo: Client, juliet: Client) -> None:
        await self._say(juliet, romeo, "O Romeo, Romeo! wherefore art thou Romeo? "
                        "Deny thy father and refuse thy name.")  # fmt: skip
        await self._type(romeo, juliet)
        await self._say(romeo, juliet, "Call me but love, and I'll be new baptized; "
                        "Henceforth I never will be Romeo.")  # fmt: skip
        await self._say(juliet, romeo, "Art thou not Romeo, and a Montague?", confirmed=True)
        await self._say(romeo, juliet, "Neither, fair saint, if either thee dislike.")
        await self._tempo.breath()
        await juliet.ask_acknowledgement()
        await self._tempo.breath()
        await romeo.request("get", xml.element("ping", xmlns=xml.PING), to=DOMAINS[0])
        await self._remember_rosaline(romeo)

    async def _remember_rosaline(self, romeo: Client) -> None:
        await self._tempo.breath()
        vcard = xml.element("vCard", xmlns=xml.VCARD)
        answer = await romeo.request("get", vcard, to="rosaline@capulet.example")
        if answer.type != "error":
            raise DemoError("the server knows Rosaline, whom nobody has met")

    async def _part(self, romeo: Client, juliet: Client) -> None:
        await self._tempo.breath()
        dnd = xml.text("status", "I hear some noise within; dear love, adieu!")
        await juliet.send(xml.element("presence", "<show>dnd</show>", dnd))
        await romeo.expect("presence", holds="<show>dnd</show>")
        await self._say(juliet, romeo, "Good night, good night! parting is such sweet sorrow, "
                        "That I shall say good night till it be morrow.")  # fmt: skip
        await self._go(juliet, "Anon, good nurse!")
        await romeo.expect("presence", type_="unavailable", holds=juliet.jid)
        await self._go(romeo, "Sleep dwell upon thine eyes, peace in thy breast!")

    async def _go(self, client: Client, status: str) -> None:
        await self._tempo.breath()
        words = xml.text("status", status)
        await client.send(xml.element("presence", words, type="unavailable"))
        await client.expect("presence", type_="unavailable", holds=client.jid)
        await client.leave()

    async def _type(self, writer: Client, reader: Client) -> None:
        """Let the other one know that something is being written (XEP-0085)."""
        await self._tempo.breath()
        await self._message(writer, reader, xml.element("composing", xmlns=xml.CHAT_STATES))
        await reader.expect("message", holds="<composing")

    async def _say(
        self, speaker: Client, listener: Client, words: str, *, confirmed: bool = False
    ) -> None:
        """A chat message; with the receipt that answers it, when that is asked for (XEP-0184)."""
        await self._tempo.breath()
        parts = [xml.text("body", words), xml.element("active", xmlns=xml.CHAT_STATES)]
        if confirmed:
            parts.append(xml.element("request", xmlns=xml.RECEIPTS))
        name = await self._message(speaker, listener, *parts)
        await listener.expect("message", id_=name)
        if confirmed:
            received = xml.element("received", xmlns=xml.RECEIPTS, id=name)
            receipt = await self._message(listener, speaker, received)
            await speaker.expect("message", id_=receipt)

    @staticmethod
    async def _message(speaker: Client, listener: Client, *parts: str) -> str:
        name = speaker.next_id()
        await speaker.send(xml.element("message", *parts, type="chat", id=name, to=listener.jid))
        return name
