import asyncio
import ssl
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable

import pytest

from tests.demo.backstage import DOMAIN, NURSE, PASSWORDS, contexts, peers
from tests.replay.performing import STREAM, cast, entering, lines
from xmppspy.bridge.credentials import Accounts
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.stanza import read
from xmppspy.replay import mechanisms
from xmppspy.replay.client_sasl import NotAdmittedError
from xmppspy.replay.entrance import Admitted, Entrance
from xmppspy.replay.peer import Peer

HEADER = STREAM.replace("to=", "from=")
BIND = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
STARTTLS = f"<starttls xmlns='{ns.TLS}'/>"

Serve = Callable[[Peer], Awaitable[None]]


def _context(_: bool) -> ssl.SSLContext:
    return contexts()[1]


def _enter(serve: Serve, *, in_the_clear: bool = False, direct_tls: bool = False) -> Admitted:
    """Have a client enter where `serve` is the server."""

    async def run() -> Admitted:
        async with peers() as (near, far):
            role = cast(lines(entering())).roles[0]
            entrance = Entrance(near, role, cast(b"").remap, _context, in_the_clear=in_the_clear)
            serving = asyncio.ensure_future(serve(far))
            try:
                return await entrance.run(direct_tls=direct_tls)
            finally:
                near.abort()
                await asyncio.gather(serving, return_exceptions=True)

    return asyncio.run(run())


async def _offer(peer: Peer, *features: str) -> None:
    """Answer a header."""
    await peer.require("a header")
    await peer.send(f"{HEADER}<stream:features>{''.join(features)}</stream:features>")


async def _secure(peer: Peer) -> None:
    await _offer(peer, STARTTLS)
    await peer.require("starttls")
    await peer.send(f"<proceed xmlns='{ns.TLS}'/>")
    await peer.start_tls(contexts()[0], server_side=True)


async def _let_in(peer: Peer, namespace: str) -> None:
    """The server's side of SCRAM-SHA-256, in either version of SASL."""
    dialogue = mechanisms.begin("SCRAM-SHA-256", DOMAIN, Accounts(PASSWORDS))
    next(dialogue)
    while True:
        said = b64decode(read(await peer.require("a response")).text)
        try:
            challenge = b64encode(dialogue.send(said)).decode()
        except StopIteration as ended:
            login: mechanisms.Login = ended.value
            break
        await peer.send(f"<challenge xmlns='{namespace}'>{challenge}</challenge>")
    final = b64encode(login.final).decode()
    if namespace == ns.SASL2:
        final = f"<additional-data>{final}</additional-data>"
    await peer.send(f"<success xmlns='{namespace}'>{final}</success>")


async def _bind(peer: Peer, jid: str = f"{NURSE}/other") -> None:
    asked = await peer.require("a bind")
    bound = BIND.replace("/>", f"><jid>{jid}</jid></bind>")
    await peer.send(f"<iq type='result' id='{asked.id}'>{bound}</iq>")


def _mechanisms(*names: str) -> str:
    listed = "".join(f"<mechanism>{name}</mechanism>" for name in names)
    return f"<mechanisms xmlns='{ns.SASL}'>{listed}</mechanisms>"


def test_resource_is_the_servers_choice() -> None:
    """After STARTTLS, SCRAM and bind, the JID is what the server makes of it."""

    async def serve(peer: Peer) -> None:
        await _secure(peer)
        await _offer(peer, _mechanisms("PLAIN", "SCRAM-SHA-256"))
        await _let_in(peer, ns.SASL)
        await _offer(peer, BIND, f"<sm xmlns='{ns.SM}'/>")
        await _bind(peer)

    admitted = _enter(serve)

    assert admitted.jid == f"{NURSE}/other"
    assert ns.SM in admitted.offered
    assert admitted.end == b"</stream:stream>"


def test_direct_tls_comes_first() -> None:
    """With direct TLS the first header is inside it (XEP-0368)."""

    async def serve(peer: Peer) -> None:
        await peer.start_tls(contexts()[0], server_side=True)
        await _offer(peer, _mechanisms("SCRAM-SHA-256"))
        await _let_in(peer, ns.SASL)
        await _offer(peer, BIND)
        await _bind(peer)

    assert _enter(serve, direct_tls=True).jid == f"{NURSE}/other"


def test_sasl2_does_where_there_is_nothing_else() -> None:
    """After success on XEP-0388 the features follow at once, without another header."""
    offered = (
        f"<authentication xmlns='{ns.SASL2}'><mechanism>SCRAM-SHA-256</mechanism></authentication>"
    )

    async def serve(peer: Peer) -> None:
        await _secure(peer)
        await _offer(peer, offered)
        await _let_in(peer, ns.SASL2)
        await peer.send(f"<stream:features>{BIND}</stream:features>")
        await _bind(peer)

    assert _enter(serve).jid == f"{NURSE}/other"


def test_success_without_proof_is_refused() -> None:
    """A server that just says yes may be anybody."""

    async def serve(peer: Peer) -> None:
        await _secure(peer)
        await _offer(peer, _mechanisms("SCRAM-SHA-256"))
        await peer.require("auth")
        await peer.send(f"<success xmlns='{ns.SASL}'/>")

    with pytest.raises(NotAdmittedError, match="does not prove"):
        _enter(serve)


def test_without_tls_there_is_no_entrance_unless_allowed() -> None:
    """A server that offers no TLS is left, with a hint; PLAIN is never said to it."""

    async def serve(peer: Peer) -> None:
        await _offer(peer, _mechanisms("PLAIN"))

    with pytest.raises(NotAdmittedError, match="--insecure"):
        _enter(serve)
    with pytest.raises(NotAdmittedError, match="SCRAM-SHA-512"):
        _enter(serve, in_the_clear=True)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><account-disabled/></failure>",
         "refused: account-disabled"),
        ("<stream:error><host-gone xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
         "ends the stream: host-gone"),
        ("<message/>", "says <message/>"),
        ("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>&#64;!</success>", "base64|prove"),
    ],
)  # fmt: skip
def test_refusals_are_told(answer: str, reason: str) -> None:
    """Whatever the server says in place of success is told in one sentence."""

    async def serve(peer: Peer) -> None:
        await _secure(peer)
        await _offer(peer, _mechanisms("SCRAM-SHA-1"))
        await peer.require("auth")
        await peer.send(answer)

    with pytest.raises(NotAdmittedError, match=reason):
        _enter(serve)


def test_refused_resource_is_told() -> None:
    """An error in place of a resource names its condition and text."""
    error = (
        f"<error type='wait'><resource-constraint xmlns='{ns.STANZA_ERRORS}'/>"
        f"<text xmlns='{ns.STANZA_ERRORS}'>too many</text></error>"
    )

    async def serve(peer: Peer) -> None:
        await _secure(peer)
        await _offer(peer, _mechanisms("SCRAM-SHA-256"))
        await _let_in(peer, ns.SASL)
        await _offer(peer, BIND)
        asked = await peer.require("a bind")
        await peer.send(f"<iq type='error' id='{asked.id}'>{error}</iq>")

    with pytest.raises(NotAdmittedError, match=r"resource-constraint \(too many\)"):
        _enter(serve)


def test_server_that_is_not_trusted_gets_nothing() -> None:
    """A certificate of an unknown CA ends it, with the option that would help."""

    async def run() -> None:
        async with peers() as (near, far):
            role = cast(lines(entering())).roles[0]
            trusting_others = ssl.create_default_context()
            entrance = Entrance(
                near, role, cast(b"").remap, lambda _: trusting_others, in_the_clear=False
            )
            serving = asyncio.ensure_future(_secure(far))
            try:
                await entrance.run(direct_tls=False)
            finally:
                near.abort()
                await asyncio.gather(serving, return_exceptions=True)

    with pytest.raises(NotAdmittedError, match="--upstream-ca"):
        asyncio.run(run())
