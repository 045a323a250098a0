"""The demo's server: two domains on one port of the loopback, no storage, no other servers."""

import asyncio
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from xmppspy.demo import stanzas as xml
from xmppspy.demo.accounts import Account
from xmppspy.demo.negotiation import StreamRefusedError, negotiate, refuse_flawed
from xmppspy.demo.services import answer, refusal
from xmppspy.errors import PeerError
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.framing import Frame
from xmppspy.replay.peer import Peer


@dataclass(slots=True, eq=False)
class Resource:
    """A connected resource: a client that has logged in."""

    peer: Peer
    account: Account
    jid: str
    """Full."""
    presence: Frame | None = None
    """Its last broadcast, while it is available."""
    handled: int | None = field(default=None, init=False)
    """Stanzas received since stream management was enabled (XEP-0198); None before."""


class Server:
    """Serves `accounts` inside `async with`, on a port of its own choice.

    `context` holds a certificate for every domain of the accounts.
    """

    def __init__(self, context: ssl.SSLContext, accounts: Iterable[Account]) -> None:
        self._context = context
        self._accounts = {account.jid: account for account in accounts}
        self._domains = {xml.domain(jid) for jid in self._accounts}
        self._serving: dict[Peer, asyncio.Task[None] | None] = {}
        self._resources: dict[str, Resource] = {}
        self._listener: asyncio.Server | None = None
        self.port = 0
        self.troubles: list[str] = []
        """What went wrong with a client, in one sentence each."""

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        assert self._listener is not None  # noqa: S101 - entered before it is left
        self._listener.close()
        for peer in self._serving:
            peer.abort()
        await asyncio.gather(*filter(None, self._serving.values()), return_exceptions=True)
        await self._listener.wait_closed()

    # --- one connection

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Peer(reader, writer)
        self._serving[peer] = asyncio.current_task()
        try:
            await self._converse(peer)
            await peer.send(xml.STREAM_END)
            await peer.close()
        except PeerError as error:
            self.troubles.append(error.reason)
        finally:
            peer.abort()
            del self._serving[peer]

    async def _converse(self, peer: Peer) -> None:
        """Everything up to the end of the client's stream; stream errors are said to it."""
        try:
            account, jid = await negotiate(peer, self._context, self._accounts)
            await self._attend(Resource(peer, account, jid))
        except StreamRefusedError as error:
            self.troubles.append(f"a stream was refused: {error.condition}")
            refused = xml.element(error.condition, xmlns=ns.STREAM_ERRORS)
            await peer.send(xml.element("stream:error", refused))

    async def _attend(self, resource: Resource) -> None:
        self._resources[resource.jid] = resource
        try:
            what = f"the end of the stream of {resource.jid}"
            while (frame := await resource.peer.require(what)).kind != "/stream":
                await self._take(resource, frame)
        finally:
            del self._resources[resource.jid]
            await self._withdraw(resource)

    async def _take(self, resource: Resource, frame: Frame) -> None:
        refuse_flawed(frame)
        if frame.from_ not in (None, resource.jid):
            raise StreamRefusedError("invalid-from")
        if frame.xmlns == ns.SM:
            await self._manage(resource, frame)
        elif frame.kind in xml.STANZAS and frame.xmlns is None:
            if resource.handled is not None:
                resource.handled += 1
            await self._route(resource, frame)
        else:
            raise StreamRefusedError("unsupported-stanza-type")

    async def _manage(self, resource: Resource, frame: Frame) -> None:
        """Stream management without resumption (XEP-0198 §3, §4)."""
        if frame.kind == "enable" and resource.handled is None:
            resource.handled = 0
            await resource.peer.send(xml.element("enabled", xmlns=ns.SM))
        elif frame.kind == "r" and resource.handled is not None:
            await resource.peer.send(xml.element("a", xmlns=ns.SM, h=str(resource.handled)))
        elif frame.kind != "a":
            raise StreamRefusedError("unsupported-stanza-type")

    # --- between connections

    async def _route(self, sender: Resource, frame: Frame) -> None:
        """Bring a stanza to where it shall go (RFC 6120 §10, RFC 6121 §8)."""
        if frame.kind == "presence" and frame.to is None:
            await self._broadcast(sender, frame)
        elif frame.to is None or frame.to in self._domains or frame.to == sender.account.jid:
            await _tell(sender, answer(frame, sender.account, sender.jid))
        elif xml.domain(frame.to) not in self._domains:
            words = "This server speaks to no other."
            await _tell(sender, refusal(frame, sender.jid, "remote-server-not-found", words))
        else:
            await self._deliver(sender, frame, frame.to)

    async def _deliver(self, sender: Resource, frame: Frame, to: str) -> None:
        receivers = self._receivers(frame, to)
        for receiver in receivers:
            await _tell(receiver, xml.stamped(frame, sender=sender.jid, to=to))
        if not receivers:
            words = f"Nobody is here by the name of {to}."
            await _tell(sender, refusal(frame, sender.jid, "service-unavailable", words))

    def _receivers(self, frame: Frame, to: str) -> list[Resource]:
        """The resource that is meant; for an account, all that are available (RFC 6121 §8.5.2)."""
        if to in self._resources:
            return [self._resources[to]]
        if frame.kind == "iq" or to != xml.bare(to):
            return []
        return [found for found in self._of(to) if found.presence is not None]

    def _of(self, account: str) -> list[Resource]:
        return [found for found in self._resources.values() if found.account.jid == account]

    # --- presence

    async def _broadcast(self, sender: Resource, frame: Frame) -> None:
        """Tell a presence to everyone who may know, the sender included (RFC 6121 §4.2.2)."""
        newly = sender.presence is None
        sender.presence = frame if frame.type is None else None
        for account in (sender.account.jid, *_contacts(sender.account)):
            for receiver in self._of(account):
                if receiver is sender or receiver.presence is not None:
                    stanza = xml.stamped(frame, sender=sender.jid, to=account)
                    await _tell(receiver, stanza)
        if newly and sender.presence is not None:
            await self._show_contacts(sender)

    async def _show_contacts(self, newcomer: Resource) -> None:
        """The presence of those who were there before, as their answers to a probe."""
        for account in _contacts(newcomer.account):
            for present in self._of(account):
                if present.presence is not None:
                    told = xml.stamped(
                        present.presence, sender=present.jid, to=newcomer.account.jid
                    )
                    await _tell(newcomer, told)

    async def _withdraw(self, gone: Resource) -> None:
        """Say for a resource that went without a word that it is unavailable (RFC 6121 §4.5)."""
        if gone.presence is None:
            return
        for account in _contacts(gone.account):
            for receiver in self._of(account):
                stanza = xml.element("presence", type="unavailable", from_=gone.jid, to=account)
                await _tell(receiver, stanza)


async def _tell(resource: Resource, stanza: str | None) -> None:
    """Send a stanza, if there is one; what is wrong with a receiver is no fault of the sender."""
    if stanza is not None:
        with suppress(PeerError):
            await resource.peer.send(stanza)


def _contacts(account: Account) -> tuple[str, ...]:
    return tuple(contact.jid for contact in account.contacts)
