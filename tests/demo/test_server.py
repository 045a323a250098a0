import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.demo.backstage import DOMAIN, NURSE, PETER, appear, arrive, server
from xmppspy.demo import stanzas as xml
from xmppspy.demo.client import Client
from xmppspy.demo.server import Server
from xmppspy.errors import DemoError, PeerError
from xmppspy.protocol import namespaces as ns


def _play(scene: Callable[[Server], Awaitable[None]]) -> list[str]:
    """Play with a server; what it says went wrong."""

    async def run() -> list[str]:
        async with server() as served:
            await scene(served)
        return served.troubles

    return asyncio.run(run())


async def _leave(*clients: Client) -> None:
    await asyncio.gather(*(client.leave() for client in clients))


@pytest.mark.parametrize("to", [PETER, f"{PETER}/hall"])
def test_message_is_brought_to_its_receiver(to: str) -> None:
    """By full and by bare JID a message arrives, with its true sender and otherwise unchanged."""

    async def scene(served: Server) -> None:
        nurse, peter = await appear(served, NURSE), await appear(served, PETER)
        await nurse.send(f"<message to='{to}'><body>My fan,  Peter.</body></message>")
        heard = await peer_message(peter)
        assert heard == (
            f"<message from=\"{NURSE}/hall\" to='{to}'><body>My fan,  Peter.</body></message>"
        )
        await _leave(nurse, peter)

    async def peer_message(peter: Client) -> str:
        return (await peter.expect("message")).data.decode()

    assert _play(scene) == []


def test_message_to_nobody_comes_back() -> None:
    """Unknown, unavailable and foreign receivers are answered for with the fitting error."""

    async def scene(served: Server) -> None:
        nurse, silent = await appear(served, NURSE), await arrive(served, PETER)
        for number, (to, condition) in enumerate(
            [
                (f"cook@{DOMAIN}", "service-unavailable"),
                (PETER, "service-unavailable"),
                (f"{PETER}/cellar", "service-unavailable"),
                ("romeo@mantua.example", "remote-server-not-found"),
            ]
        ):
            await nurse.send(f"<message id='{number}' to='{to}'><body>?</body></message>")
            answer = await nurse.expect("message", type_="error", id_=str(number))
            assert (answer.from_, f"<{condition} ".encode() in answer.data) == (to, True)
        await _leave(nurse, silent)

    assert _play(scene) == []


def test_request_between_clients() -> None:
    """An iq goes to a full JID, and its answer comes back from there."""

    async def scene(served: Server) -> None:
        nurse, peter = await appear(served, NURSE), await appear(served, PETER)
        ping = xml.element("ping", xmlns=xml.PING)
        asking = asyncio.gather(nurse.request("get", ping, to=peter.jid))
        asked = await peter.expect("iq", type_="get")
        await peter.send(xml.element("iq", type="result", id=asked.id, to=asked.from_))
        (answer,) = await asking
        assert (answer.type, answer.from_) == ("result", peter.jid)
        await _leave(nurse, peter)

    assert _play(scene) == []


def test_presence_is_told_to_contacts() -> None:
    """Who comes is told to who is there, and who is there to who comes; so is who goes."""

    async def scene(served: Server) -> None:
        nurse = await appear(served, NURSE)
        peter = await appear(served, PETER)
        there = await peter.expect("presence", holds=nurse.jid)
        came = await nurse.expect("presence", holds=peter.jid)
        assert (there.to, came.to) == (PETER, NURSE)
        await peter.send("<presence type='unavailable'/>")
        await nurse.expect("presence", type_="unavailable", holds=peter.jid)
        await _leave(nurse, peter)

    assert _play(scene) == []


def test_lost_connection_makes_unavailable() -> None:
    """Who vanishes without a word is unavailable to the others."""

    async def scene(served: Server) -> None:
        nurse, peter = await appear(served, NURSE), await appear(served, PETER)
        peter.abort()
        gone = await nurse.expect("presence", type_="unavailable")
        assert gone.from_ == peter.jid
        await _leave(nurse)

    (trouble,) = _play(scene)

    assert (
        trouble == f"the connection ended where the end of the stream of {PETER}/hall was to come"
    )


def test_acknowledgements_count_stanzas() -> None:
    """`h` counts the stanzas since stream management was enabled, and nothing else."""

    async def scene(served: Server) -> None:
        nurse = await arrive(served, NURSE)
        await nurse.send("<presence/>")
        await nurse.manage_stream()
        await nurse.send(f"<message to='{NURSE}'/>")
        await nurse.send("<presence><show>dnd</show></presence>")
        acknowledged = await nurse.ask_acknowledgement()
        assert xml.attribute(acknowledged, "h") == "2"
        await _leave(nurse)

    assert _play(scene) == []


@pytest.mark.parametrize(
    ("said", "condition"),
    [
        (f"<message from='{PETER}/hall' to='{NURSE}'/>", "invalid-from"),
        ("<juggle xmlns='urn:example'/>", "unsupported-stanza-type"),
        (f"<r xmlns='{ns.SM}'/>", "unsupported-stanza-type"),
        ("<presence></message>", "not-well-formed"),
        ("<presence>&nothing;</presence>", "not-well-formed"),
    ],
)
def test_stream_errors(said: str, condition: str) -> None:
    """Who says what no client may say gets a stream error, and is gone."""

    async def scene(served: Server) -> None:
        nurse = await appear(served, NURSE)
        await nurse.send(said)
        with pytest.raises(DemoError, match=f"the server says {condition} to"):
            await nurse.expect("message")
        nurse.abort()

    assert _play(scene)[0] == f"a stream was refused: {condition}"


def test_leaving_the_server_ends_its_connections() -> None:
    """Clients that are still there do not keep the server from ending."""

    async def within_seconds() -> None:
        async with asyncio.timeout(5), server() as served:
            clients = await appear(served, NURSE), await appear(served, PETER)
        for client in clients:
            with pytest.raises(PeerError):
                await client.expect("message")
            client.abort()

    asyncio.run(within_seconds())
