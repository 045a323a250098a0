import json
import re
import socket
from collections.abc import Iterator

import pytest

from tests.cli.commanding import ctl
from tests.cli.running import Running, proxy, read_exactly
from xmppspy.errors import RequestRefused, UsageError

HIST = "<message><body>Hist!</body></message>"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A proxy."""
    with proxy(tmp_path_factory.mktemp("ctl"), "-q") as running:
        yield running


@pytest.fixture
def client(running: Running) -> Iterator[socket.socket]:
    """A client; the server echoes what it is told."""
    with running.client() as sock:
        yield sock
    ctl(running, "kill", "all")


def test_stanza_is_put_in(running: Running, client: socket.socket) -> None:
    """Into the stream of the only connection, towards either side; also from standard input."""
    said = ctl(running, "inject", "--to", "client", HIST).output
    ctl(running, "inject", "--to", "server", "-", stdin=f"{HIST}\n")
    read_exactly(client, HIST.encode() * 2)

    assert re.fullmatch(
        r"<!-- sent to the client on connection \d+ -->\n"
        r"<message>\n  <body>Hist!</body>\n</message>\n",
        said,
    )


def test_template_is_filled(running: Running, client: socket.socket) -> None:
    """With fields of the command line; a reply is waited for, and its lack is exit code 1."""
    done = ctl(
        running, "inject", "--to", "client", "--template", "ping", "to=a@b/c=d", "--wait", "0.01"
    )

    assert done.exit_code == 1
    assert '<iq to="a@b/c=d" type="get" id="xmppspy-' in done.output
    assert done.output.splitlines()[-1].startswith("no answer to xmppspy-")


def test_answer_is_shown(running: Running, client: socket.socket) -> None:
    """As what it is, after how long; exit code 0."""
    ping = "<iq type='get' id='p1'/>"
    pong = b"<iq type='result' id='p1'/>"
    client.sendall(pong[:10])
    client.sendall(b"")
    with pytest.raises(RequestRefused, match="no open connection 99"):
        ctl(running, "inject", "--conn", "99", "--to", "client", ping)
    client.sendall(pong[10:])
    read_exactly(client, pong)

    assert ctl(running, "inject", "--to", "client", ping).exit_code == 0


def test_which_connection(running: Running, client: socket.socket) -> None:
    """Where there are several, it has to be said; those that are open are named."""
    conns = [
        each["conn"]
        for each in json.loads(ctl(running, "connections", "--json").output)["connections"]
    ]
    with running.client() as other:
        with pytest.raises(UsageError, match=rf"--conn N which connection; open: {conns[0]} \("):
            ctl(running, "inject", "--to", "client", HIST)
        ctl(running, "inject", "--conn", str(conns[0] + 1), "--to", "client", HIST)
        read_exactly(other, HIST.encode())


def test_no_connection(running: Running) -> None:
    """Is told as that."""
    with pytest.raises(UsageError, match="no client is connected"):
        ctl(running, "inject", "--to", "client", HIST)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "as one argument"),
        ((HIST, HIST), "as one argument"),
        (("--template", "ping", "to"), "NAME=VALUE"),
    ],
)
def test_wrong_usage(running: Running, arguments: tuple[str, ...], words: str) -> None:
    """Is told with what would be right."""
    with pytest.raises(UsageError, match=words):
        ctl(running, "inject", "--to", "client", *arguments)


def test_malformed_xml(running: Running, client: socket.socket) -> None:
    """Is shown with the place, and not sent unless forced."""
    with pytest.raises(RequestRefused, match=r"<message>\n +\^"):
        ctl(running, "inject", "--to", "client", "<message>")
    ctl(running, "inject", "--to", "client", "--force", "<message>")
    read_exactly(client, b"<message>")


def test_templates(running: Running) -> None:
    """All of them, or one with all that there is to know of it."""
    lines = ctl(running, "templates").output.splitlines()
    one = ctl(running, "templates", "iq-get").output.splitlines()
    told = json.loads(ctl(running, "templates", "ping", "--json").output)

    assert "ping         whether it is there (XEP-0199)" in lines
    assert one[0] == "iq-get: any question"
    assert one[-1].split()[0] == "payload"
    assert one[-1].split()[-1] == "needed"
    assert told["name"] == "ping"
    with pytest.raises(UsageError, match="there are message, "):
        ctl(running, "templates", "pong")
