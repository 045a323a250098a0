"""Captures of real servers, played as the server to the clients that were recorded."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.real.clients import CONVERSING, Conversation, Endpoint, converse, expected_story
from tests.real.conftest import Authority
from tests.real.interception import XMPPSPY, proxy, show, upstream_of, xmppspy
from tests.real.programs import Program
from tests.real.servers import DOMAIN, PASSWORD, USERS, Server


@dataclass(frozen=True, slots=True)
class Recorded:
    """A conversation of a client with a server, and the capture of it."""

    client: str
    conversation: Conversation
    capture: Path


@pytest.fixture(scope="module", params=CONVERSING)
def recorded(
    request: pytest.FixtureRequest, server: Server, authority: Authority, workplace: Path
) -> Recorded:
    """A conversation through xmppspy, recorded."""
    folder = Path(mkdtemp(dir=workplace))
    upstream = upstream_of(server.port("starttls"), "starttls")
    with proxy(upstream, authority.certificate, folder) as spy:
        conversation = converse(request.param, Endpoint(spy.port, "starttls", spy.ca), folder)
    return Recorded(request.param, conversation, spy.capture)


@contextmanager
def replay(capture: Path, folder: Path, *options: object) -> Iterator[tuple[int, Path, Program]]:
    """Run `xmppspy replay CAPTURE --as server`; gives port, CA and program. Ctrl-C ends it well."""
    ca_folder = folder / "ca"
    arguments = [XMPPSPY, "replay", capture, "--as", "server", "-l", "127.0.0.1:0", *options]
    with Program([*arguments, "--ca-dir", ca_folder], folder / "replay.log") as program:
        port = program.wait_for_line(r"^listening on 127\.0\.0\.1:(\d+)$")[1]
        yield int(port), next(ca_folder.glob("*.pem")), program
        assert program.stop(signal.SIGINT) == 0, program.output()


@pytest.fixture
def accounts(folder: Path) -> Path:
    """A table of the passwords."""
    path = folder / "accounts.toml"
    lines = [f'"{user}@{DOMAIN}" = "{PASSWORD}"' for user in USERS]
    path.write_text("\n".join(["[accounts]", *lines]))
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("tls", ["starttls", "direct"])
def test_unchanged_clients_see_the_same(
    recorded: Recorded, tls: str, folder: Path, accounts: Path
) -> None:
    """Roster, presences, messages, ping and archive are what the real server gave, by SCRAM."""
    with replay(recorded.capture, folder, "--accounts", accounts, "--strict") as (port, ca, _):
        conversation = converse(recorded.client, Endpoint(port, tls, ca), folder)

    assert conversation.story == recorded.conversation.story == expected_story(recorded.client)


def test_without_passwords_and_pauses(recorded: Recorded, folder: Path) -> None:
    """With nothing but the capture, and as fast as it goes, it is the same conversation."""
    with replay(recorded.capture, folder, "--speed", "max") as (port, ca, program):
        conversation = converse(recorded.client, Endpoint(port, "starttls", ca), folder)
        said = program.output()

    assert conversation.story == expected_story(recorded.client)
    assert "no password is known" in said
    for user in USERS:
        assert f"{user}@{DOMAIN}/{recorded.client} has been played all that was recorded" in said


def test_recorded_replay_is_equal(recorded: Recorded, folder: Path, accounts: Path) -> None:
    """To `compare`, the capture of the replay is the first one again; nothing is wrong in it."""
    again = folder / "again.xmpp.jsonl"
    options = ("--accounts", accounts, "-w", again)
    with replay(recorded.capture, folder, *options) as (port, ca, _):
        converse(recorded.client, Endpoint(port, "starttls", ca), folder)

    assert xmppspy("compare", recorded.capture, again).decode().startswith("equal")
    assert int(show(again, "--count", "event:error")) == 0
