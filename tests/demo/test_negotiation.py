import asyncio
from base64 import b64decode, b64encode

import pytest

from tests.demo.backstage import (
    DOMAIN,
    HOST,
    NURSE,
    arrive,
    contexts,
    hear,
    server,
    stranger,
)
from xmppspy.demo import stanzas as xml
from xmppspy.demo.client import Client
from xmppspy.errors import DemoError
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.framing import Frame
from xmppspy.replay.peer import Peer

_FIRST = b64encode(b"n,,n=nurse,r=nonce").decode()


async def _secure(peer: Peer) -> Frame:
    """Go as far as the features inside TLS, and return them."""
    await peer.send(xml.header(to=DOMAIN) + xml.element("starttls", xmlns=ns.TLS))
    await hear(peer, "proceed")
    await peer.start_tls(contexts()[1], server_side=False, server_hostname=DOMAIN)
    await peer.send(xml.header(to=DOMAIN))
    return await hear(peer, "features")


async def _condition(peer: Peer) -> str:
    """The condition of the stream error that comes, and the end of stream and connection."""
    error = await hear(peer, "error")
    assert (await peer.require("the stream's end")).kind == "/stream"
    await peer.close()
    return xml.children(error)[0]


def test_only_starttls_is_offered_in_the_clear() -> None:
    """Before TLS there is nothing to negotiate but TLS; inside it there is no PLAIN."""

    async def look() -> tuple[Frame, Frame]:
        async with server() as served, stranger(served) as peer:
            await peer.send(xml.header(to=DOMAIN))
            clear = await hear(peer, "features")
            async with stranger(served) as other:
                return clear, await _secure(other)

    clear, inside = asyncio.run(look())

    assert clear.ns == (ns.TLS,)
    assert inside.ns == (ns.SASL,)
    assert xml.texts(inside, "mechanism") == ["SCRAM-SHA-256"]


def test_every_stream_has_an_id_of_its_own() -> None:
    """The header's id is new after each restart."""

    async def look() -> tuple[str | None, str | None]:
        async with server() as served, stranger(served) as peer:
            await peer.send(xml.header(to=DOMAIN) + xml.element("starttls", xmlns=ns.TLS))
            first = await hear(peer, "stream")
            await hear(peer, "proceed")
            await peer.start_tls(contexts()[1], server_side=False, server_hostname=DOMAIN)
            await peer.send(xml.header(to=DOMAIN))
            return first.id, (await hear(peer, "stream")).id

    first, second = asyncio.run(look())

    assert first
    assert second
    assert first != second


def test_login_binds_the_wanted_resource() -> None:
    """A client that knows its password gets the full JID it asked for."""

    async def log_in() -> str:
        async with server() as served:
            client = await arrive(served, NURSE, "kitchen")
            await client.leave()
            return client.jid

    assert asyncio.run(log_in()) == f"{NURSE}/kitchen"


def test_resource_of_the_servers_choice() -> None:
    """A client that asks for no resource gets one."""

    async def log_in() -> str:
        async with server() as served:
            client = await arrive(served, NURSE, "")
            await client.leave()
            return client.jid

    assert len(asyncio.run(log_in())) > len(f"{NURSE}/")


@pytest.mark.parametrize(("jid", "password"), [(NURSE, "aqua fortis"), (f"cook@{DOMAIN}", "salt")])
def test_wrong_password_is_refused(jid: str, password: str) -> None:
    """A wrong password and an unknown user get the same refusal."""

    async def log_in() -> None:
        async with server() as served:
            client = await Client.connect(jid, HOST, served.port)
            try:
                await client.log_in(password, "hall", contexts()[1])
            finally:
                client.abort()

    with pytest.raises(DemoError, match=f"the server says not-authorized to {jid}"):
        asyncio.run(log_in())


def test_right_password_after_a_wrong_one() -> None:
    """A refused client may try again on the same stream, but not for ever."""

    async def try_thrice() -> tuple[list[str], str]:
        async with server() as served, stranger(served) as peer:
            await _secure(peer)
            refusals = []
            for _ in range(3):
                await peer.send(xml.element("auth", xmlns=ns.SASL, mechanism="PLAIN"))
                refusals.append((await hear(peer, "failure")).data.decode())
            return refusals, await _condition(peer)

    refusals, condition = asyncio.run(try_thrice())

    assert all("<invalid-mechanism/>" in refusal for refusal in refusals)
    assert condition == "policy-violation"


@pytest.mark.parametrize(
    ("payload", "condition"), [("!", "incorrect-encoding"), ("bm9uc2Vuc2U=", "not-authorized")]
)
def test_nonsense_in_place_of_scram(payload: str, condition: str) -> None:
    """What is not base64, or not SCRAM, is refused."""

    async def log_in() -> bytes:
        async with server() as served, stranger(served) as peer:
            await _secure(peer)
            await peer.send(xml.text("auth", payload, xmlns=ns.SASL, mechanism="SCRAM-SHA-256"))
            return (await hear(peer, "failure")).data

    assert f"<{condition}/>".encode() in asyncio.run(log_in())


def test_proof_of_another_password_is_refused() -> None:
    """The proof itself is checked, not only the exchange's form."""

    async def log_in() -> bytes:
        async with server() as served, stranger(served) as peer:
            await _secure(peer)
            await peer.send(xml.text("auth", _FIRST, xmlns=ns.SASL, mechanism="SCRAM-SHA-256"))
            challenge = xml.texts(await hear(peer, "challenge"), "challenge")[0]
            nonce = next(iter(_fields(challenge)))
            proof = b64encode(b"x" * 32).decode()
            final = b64encode(f"c=biws,{nonce},p={proof}".encode()).decode()
            await peer.send(xml.text("response", final, xmlns=ns.SASL))
            return (await hear(peer, "failure")).data

    assert b"<not-authorized/>" in asyncio.run(log_in())


def _fields(message: str) -> list[str]:
    return b64decode(message).decode().split(",")


def test_unknown_domain() -> None:
    """A client that asks for another domain gets host-unknown."""

    async def ask() -> str:
        async with server() as served, stranger(served) as peer:
            await peer.send(xml.header(to="mantua.example"))
            return await _condition(peer)

    assert asyncio.run(ask()) == "host-unknown"


@pytest.mark.parametrize(
    ("said", "condition"),
    [
        (xml.header(to=DOMAIN) + "<message/>", "not-authorized"),
        (xml.header(to=DOMAIN) + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
         "not-authorized"),
        ("<message/>", "invalid-xml"),
        ("GET / HTTP/1.1\r\n\r\n", "not-well-formed"),
    ],
)  # fmt: skip
def test_who_skips_a_step_is_sent_away(said: str, condition: str) -> None:
    """Nothing works before TLS but TLS, and nothing at all without a stream."""

    async def skip() -> str:
        async with server() as served, stranger(served) as peer:
            await peer.send(said)
            return await _condition(peer)

    assert asyncio.run(skip()) == condition


def test_stanza_before_login() -> None:
    """Inside TLS, too, nothing works before the login."""

    async def skip() -> str:
        async with server() as served, stranger(served) as peer:
            await _secure(peer)
            await peer.send("<message to='peter@verona.example'/>")
            return await _condition(peer)

    assert asyncio.run(skip()) == "not-authorized"
