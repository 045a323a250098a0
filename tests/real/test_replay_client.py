"""Conversations of real clients with real servers, played again as the clients they were of."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.real.clients import ANSWER, CONVERSING, QUESTION, Endpoint, converse, result_of, slixmpp
from tests.real.conftest import Authority
from tests.real.interception import XMPPSPY, proxy, read_lines, upstream_of, xmppspy
from tests.real.servers import DOMAIN, PASSWORD, ROOMS, SERVERS, USERS, Server

SIZE_OF_ARCHIVE = ["--ignore", "//rsm:count"]
"""It has grown since."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A conversation that was recorded between a client and a server."""

    client: str
    capture: Path
    server: Server


@pytest.fixture(scope="module", params=CONVERSING)
def recorded(
    request: pytest.FixtureRequest, server: Server, authority: Authority, workplace: Path
) -> Recorded:
    """Romeo and Juliet talk through the proxy."""
    folder = workplace / f"replay-{server.name}-{request.param}"
    folder.mkdir()
    tidy_up(server, authority, folder)
    with proxy(
        upstream_of(server.port("starttls"), "starttls"), authority.certificate, folder
    ) as spy:
        converse(request.param, Endpoint(spy.port, "starttls", spy.ca), folder)
    return Recorded(request.param, spy.capture, server)


@pytest.fixture(scope="module")
def other_server(server: Server, authority: Authority, workplace: Path) -> Iterator[Server]:
    """A server that is not the one the conversation was recorded with."""
    name = next(name for name in SERVERS if name != server.name)
    folder = Path(mkdtemp(prefix=f"{name}-", dir=workplace))
    folder.chmod(0o755)
    with SERVERS[name](folder, authority.issue(DOMAIN, ROOMS, "127.0.0.1")) as other:
        endpoint = Endpoint(other.starttls_port, "starttls", authority.certificate)
        with slixmpp("befriend", endpoint, folder.parent) as program:
            result_of(program)
        yield other


@pytest.fixture(scope="session")
def accounts(workplace: Path) -> Path:
    """The passwords of both accounts."""
    path = workplace / "accounts.toml"
    path.touch(0o600)
    path.write_text(
        "[accounts]\n" + "".join(f'"{user}@{DOMAIN}" = "{PASSWORD}"\n' for user in USERS)
    )
    return path


def tidy_up(server: Server, authority: Authority, folder: Path) -> None:
    """Leave the server with an archive, and with no messages that are still to be delivered."""
    converse("slixmpp", Endpoint(server.starttls_port, "starttls", authority.certificate), folder)


def replay(
    recorded: Recorded, authority: Authority, *options: object
) -> subprocess.CompletedProcess[str]:
    """Run `xmppspy replay CAPTURE --as client`."""
    command = [
        XMPPSPY, "replay", recorded.capture, "--as", "client",
        "--upstream-ca", authority.certificate, *options,
    ]  # fmt: skip
    return subprocess.run(
        [str(argument) for argument in command],
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


@pytest.mark.parametrize("tls", ["starttls", "direct"])
def test_same_server_says_the_same(
    recorded: Recorded, tls: str, authority: Authority, accounts: Path, folder: Path
) -> None:
    """Both clients of a capture, played at once to its server, hear and record the same."""
    again = folder / "again.xmpp.jsonl"
    upstream = upstream_of(recorded.server.port(tls), tls)
    options = ["--to", upstream, "--accounts", accounts, *SIZE_OF_ARCHIVE, "-w", again]
    tidy_up(recorded.server, authority, folder)
    done = replay(recorded, authority, *options)

    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    assert xmppspy("compare", recorded.capture, again, *SIZE_OF_ARCHIVE).startswith(b"equal")


def test_other_server_is_told_apart(
    recorded: Recorded, other_server: Server, authority: Authority, accounts: Path, folder: Path
) -> None:
    """Against another server both talk to the end; what that one says in another way is shown."""
    again = folder / "again.xmpp.jsonl"
    upstream = upstream_of(other_server.port("starttls"), "starttls")
    done = replay(recorded, authority, "--to", upstream, "--accounts", accounts, "-w", again)
    heard = {each["xml"] for each in read_lines(again) if each.get("kind") == "message"}

    assert done.returncode == 1, done.stderr
    assert "goes on without message" not in done.stderr
    assert "changed" in done.stdout
    assert any(ANSWER[:16] in each for each in heard)
    assert any(QUESTION[-500:] in each for each in heard)
