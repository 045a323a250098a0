import asyncio
import ssl
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.replay.talks import CHAT, ROSTER, capture, login, starttls
from xmppspy.demo.client import Client
from xmppspy.testing import RecorderFactory, ReplayServerFactory, assert_alike

pytest_plugins = ["xmppspy.testing"]  # for those who have not installed the package anew

ACCOUNT = "romeo@capulet.example"
PASSWORD = 'neither "fair" saint'
ANSWER = "Call me but love."


@dataclass(frozen=True)
class Place:
    """Where a client connects, and whom it trusts."""

    host: str
    port: int
    ca_file: Path


async def visit(host: str, port: int, ca_file: Path, answer: str = ANSWER) -> str:
    """The client under test: logs in, hears Juliet, answers her; gives her last word."""
    client = await Client.connect(ACCOUNT, host, port)
    await client.log_in(PASSWORD, "garden", ssl.create_default_context(cafile=ca_file))
    await client.request("get", "<query xmlns='jabber:iq:roster'/>")
    await client.send("<presence><show>chat</show></presence>")
    heard = await client.expect("message", holds="Wherefore")
    juliet = f"to='{heard.from_}'"
    await client.send(f"<message {juliet} id='a1' type='chat'><body>{answer}</body></message>")
    receipt = f"<received xmlns='urn:xmpp:receipts' id='{heard.id}'/>"
    await client.send(f"<message {juliet} id='a2'>{receipt}</message>")
    last = await client.expect("message", holds="Romeo!")
    await client.leave()
    return last.data.decode()


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A capture written by hand."""
    path = tmp_path / "talk.xmpp.jsonl"
    path.write_bytes(capture([*starttls(), *login(mechanism="SCRAM-SHA-256"), *ROSTER, *CHAT]))
    return path


@pytest.fixture
def recorded(
    talk: Path, xmpp_replay_server: ReplayServerFactory, xmpp_recorder: RecorderFactory
) -> Path:
    """What the client does, recorded with a server."""
    server = xmpp_replay_server(talk, password=PASSWORD)
    upstream = f"{server.host}:{server.port}"
    recorder = xmpp_recorder(upstream, upstream_ca=server.ca_file)
    asyncio.run(visit(recorder.host, recorder.port, recorder.ca_file))

    return recorder.stop()


def test_a_capture_is_served(talk: Path, xmpp_replay_server: ReplayServerFactory) -> None:
    """The client meets the recorded server, and what happens is told."""
    server = xmpp_replay_server(talk, password=PASSWORD)
    heard = asyncio.run(visit(server.host, server.port, server.ca_file))
    server.wait_until_played()

    assert "Romeo!" in heard
    assert any(line.startswith(f"{ACCOUNT}/garden is played") for line in server.notes)


def test_a_recorded_client_plays_its_scene_again(
    recorded: Path, xmpp_replay_server: ReplayServerFactory
) -> None:
    """The client that was recorded says and hears the same; passwords may be those of accounts."""
    server = xmpp_replay_server(recorded, accounts={ACCOUNT: PASSWORD}, strict=True)
    asyncio.run(visit(server.host, server.port, server.ca_file))
    server.wait_until_played()

    server.assert_same()


def test_a_client_that_has_changed_is_found(
    recorded: Path, xmpp_replay_server: ReplayServerFactory
) -> None:
    """What it says otherwise stands in the message of the failed assertion."""
    server = xmpp_replay_server(recorded, password=PASSWORD)
    asyncio.run(visit(server.host, server.port, server.ca_file, "Call me Paris."))
    with pytest.raises(AssertionError) as caught:
        server.assert_same()

    assert "-   <body>Call me but love.</body>" in str(caught.value)
    assert "+   <body>Call me Paris.</body>" in str(caught.value)
    server.assert_same(ignore=("//c:body",))


def test_several_captures_are_served_at_once(
    talk: Path, xmpp_replay_server: ReplayServerFactory
) -> None:
    """Each on a port of its own, all with the same CA."""
    servers = [xmpp_replay_server(talk) for _ in range(2)]

    assert servers[0].port != servers[1].port
    assert servers[0].ca_file == servers[1].ca_file


def test_waiting_ends_when_time_is_up(talk: Path, xmpp_replay_server: ReplayServerFactory) -> None:
    """A client that does not come is told in a sentence, with what the server said."""
    server = xmpp_replay_server(talk)
    with pytest.raises(
        AssertionError, match=r"(?s)not all was played.* in 0\.1 seconds\n.*listening"
    ):
        server.wait_until_played(timeout=0.1)


def test_waiting_ends_when_the_client_leaves(
    talk: Path, xmpp_replay_server: ReplayServerFactory
) -> None:
    """There is no use in waiting for the rest."""

    async def come_and_go(place: Place) -> None:
        client = await Client.connect(ACCOUNT, place.host, place.port)
        context = ssl.create_default_context(cafile=place.ca_file)
        await client.log_in(PASSWORD, "garden", context)
        await client.leave()

    server = xmpp_replay_server(talk, password=PASSWORD)
    asyncio.run(come_and_go(Place(server.host, server.port, server.ca_file)))
    with pytest.raises(AssertionError, match="recorded stanzas were not played"):
        server.wait_until_played()


def test_waiting_ends_when_the_replay_does(
    talk: Path, xmpp_replay_server: ReplayServerFactory
) -> None:
    """Nothing more is to be expected then."""
    server = xmpp_replay_server(talk)
    server.stop()
    with pytest.raises(AssertionError, match="xmppspy ended"):
        server.wait_until_played()


def test_what_cannot_be_served_is_told(
    tmp_path: Path, xmpp_replay_server: ReplayServerFactory
) -> None:
    """With xmppspy's own words."""
    with pytest.raises(AssertionError, match=r"missing\.xmpp\.jsonl: cannot be read"):
        xmpp_replay_server(tmp_path / "missing.xmpp.jsonl")


def test_recordings_go_where_they_are_wanted(
    tmp_path: Path, xmpp_recorder: RecorderFactory
) -> None:
    """The file may be named; its options are those of the proxy."""
    path = tmp_path / "new.xmpp.jsonl"
    recorder = xmpp_recorder("127.0.0.1:1", capture=path, options=("--insecure",))

    assert recorder.stop() == path
    assert path.read_text().startswith('{"format":"xmppspy-capture"')
    assert recorder.notes[-1].startswith("listening on 127.0.0.1:")


def test_alike_is_what_compare_says(talk: Path, tmp_path: Path) -> None:
    """Filters limit what is compared."""
    other = tmp_path / "other.xmpp.jsonl"
    other.write_bytes(talk.read_bytes().replace(b"Wherefore", b"Why"))

    assert_alike(talk, talk)
    assert_alike(talk, other, "iq")
    with pytest.raises(AssertionError, match="1 difference: 1 changed"):
        assert_alike(talk, other, "message")


def test_the_plugin_is_cheap() -> None:
    """Projects that do not use it do not pay for it: it brings nothing that pytest has not."""
    heavy = "{'lxml', 'rich', 'msgspec', 'zstandard', 'cryptography', 'click', 'scramp'}"
    program = f"import sys, xmppspy.testing; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert result.stdout == b"[]\n"
