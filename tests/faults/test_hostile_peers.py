"""Peers that send what is made to hurt: it passes as it is, is recorded, and the next one is served."""

import asyncio
import json
from pathlib import Path
from typing import Final

import pytest

from tests.conversation import ANSWER, HEADER, OFFER, PROCEED, STARTTLS
from tests.faults.hostile import SAYINGS, TRICKS
from tests.proxy.stage import LIMIT, stage
from xmppspy.capture.format import encode
from xmppspy.protocol.events import FrameRecord

AUTH: Final = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>"
MORE: Final[dict[str, str]] = {
    "logins": AUTH * 500,
    "tricks in a name": f"<{TRICKS}:{TRICKS} {TRICKS}='{TRICKS}'/>",
    "declarations": "<?xml version='1.0'?><?xml version='1.0'?>" * 50,
    "headers": HEADER.decode() * 50,
    "ends": "</stream:stream>" * 50,
    "a byte order mark": "\ufeff<presence/>",
    "wide characters": "<presence/>".encode("utf-16").decode("latin-1"),
}


@pytest.mark.parametrize("name", [*SAYINGS, *MORE])
def test_hostile_clients(tmp_path: Path, name: str) -> None:
    """Whatever a client says reaches the server byte for byte, and stands in the capture."""
    text = MORE[name] if name in MORE else "".join(SAYINGS[name]())
    data = text.encode(errors="surrogatepass")

    async def scene() -> None:
        async with stage(tmp_path) as on:
            client, server = await on.both()
            client.writer.write(data)
            client.writer.write_eof()
            assert await server.rest() == data
            server.writer.close()
            await client.rest()
            client.writer.close()
            assert on.frames("c2s") == HEADER + data
            lines = [json.loads(encode(event)) for event in on.events]
            assert not any(b"\x1b" in encode(event) for event in on.events)
            assert lines[-1]["event"] == "close"
            client, server = await on.both()
            client.writer.close()
            server.writer.close()

    asyncio.run(asyncio.wait_for(scene(), 2 * LIMIT))


@pytest.mark.parametrize("split", [False, True], ids=["in one segment", "in two"])
@pytest.mark.parametrize("smuggled", [b"<presence/>", b"\x17\x03\x03", b"<", b"</stream:stream>"])
def test_words_behind_starttls_do_not_get_into_tls(
    tmp_path: Path, smuggled: bytes, split: bool
) -> None:
    """What stands in clear behind `<starttls/>` reaches nobody; the connection ends, and it is told."""

    async def scene() -> None:
        async with stage(tmp_path) as on:
            client, server = await on.both()
            await server.send(OFFER)
            await client.receive(OFFER)
            if split:
                await client.send(STARTTLS)
                await server.receive(STARTTLS)
                await client.send(smuggled)
            else:
                await client.send(STARTTLS + smuggled)
            got = await server.rest()
            assert smuggled not in got.removeprefix(STARTTLS)
            await client.rest()
            server.writer.close()
            client.writer.close()
            records = [event for event in on.events if isinstance(event, FrameRecord)]

            assert on.faults() == ["starttls-injection"]
            assert records[-1].data == smuggled
            assert records[-1].sent is None

    asyncio.run(asyncio.wait_for(scene(), LIMIT))


@pytest.mark.parametrize("split", [False, True], ids=["in one segment", "in two"])
def test_words_behind_proceed_do_not_get_into_tls(tmp_path: Path, split: bool) -> None:
    """Likewise what a server, or somebody before it, says in clear behind `<proceed/>`."""
    smuggled = b"<message><body>You are logged in.</body></message>"

    async def scene() -> None:
        async with stage(tmp_path, trusts_server=True) as on:
            client, server = await on.both()
            await server.send(OFFER)
            await client.receive(OFFER)
            await client.send(STARTTLS)
            await server.receive(STARTTLS)
            if split:
                await server.send(PROCEED)
                assert await server.reader.readexactly(1) == b"\x16"
                await server.send(smuggled)
            else:
                await server.send(PROCEED + smuggled)
            assert smuggled not in await client.rest()
            server.writer.close()
            client.writer.close()

            assert len(on.faults()) == 1

    asyncio.run(asyncio.wait_for(scene(), LIMIT))


def test_proceed_unasked(tmp_path: Path) -> None:
    """A server that says it by itself begins no TLS; it passes as what it is."""

    async def scene() -> None:
        async with stage(tmp_path) as on:
            client, server = await on.both()
            await server.send(PROCEED + b"<message/>")
            await client.receive(PROCEED + b"<message/>")
            client.writer.close()
            await server.rest()
            server.writer.close()
            assert on.frames("s2c") == ANSWER + PROCEED + b"<message/>"

    asyncio.run(asyncio.wait_for(scene(), LIMIT))
