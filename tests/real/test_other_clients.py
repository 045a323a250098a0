"""go-sendxmpp and profanity through xmppspy, with the witness on either side of it.

Their own decrypted bytes cannot be had. So where the witness stands between the client and
xmppspy, it is the witness that trusts xmppspy's CA; where it stands at the server, the client.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.real.clients import Endpoint, go_sendxmpp, result_of, slixmpp
from tests.real.conftest import Authority
from tests.real.interception import (
    events,
    lint,
    proxy,
    read_lines,
    received,
    sent,
    show,
    upstream_of,
)
from tests.real.profanity import Profanity
from tests.real.servers import DOMAIN, Server
from tests.real.tap import Tap, difference

CLIENT, SERVER = "client", "server"


@dataclass(frozen=True, slots=True)
class Route:
    """A client's way to the server: where it begins, xmppspy's capture, and the witness."""

    endpoint: Endpoint
    capture: Path
    tap: Tap
    tap_side: str
    direct: Endpoint
    """The server itself, for the person at the other end."""


@contextmanager
def open_route(
    server: Server, tls: str, authority: Authority, folder: Path, tap_side: str
) -> Iterator[Route]:
    """Client, xmppspy, witness, server; or client, witness, xmppspy, server."""
    leaf, trusted = authority.issue(DOMAIN), authority.certificate
    direct = Endpoint(server.port(tls), tls, trusted)
    if tap_side == SERVER:
        tap = Tap(server.port(tls), tls, DOMAIN, leaf, trusted)
        with tap, proxy(upstream_of(tap.port, tls), trusted, folder) as spy:
            yield Route(Endpoint(spy.port, tls, spy.ca), spy.capture, tap, tap_side, direct)
    else:
        with (
            proxy(upstream_of(server.port(tls), tls), trusted, folder) as spy,
            Tap(spy.port, tls, DOMAIN, leaf, spy.ca) as tap,
        ):
            yield Route(Endpoint(tap.port, tls, trusted), spy.capture, tap, tap_side, direct)


def difference_in_requests(seen: bytes, told: bytes) -> str:
    """Where they part; what profanity sends after closing its stream need not be received."""
    return difference(seen, told[: len(seen)] if seen.endswith(b"</stream:stream>") else told)


def difference_in_answers(seen: bytes, told: bytes) -> str:
    """Where they part; go-sendxmpp goes without closing, so that the last answers can be lost."""
    if told.endswith(b"</stream:stream>"):
        return difference(seen, told)
    length = min(len(seen), len(told))
    return difference(seen[:length], told[:length])


def check_capture(route: Route, words: str) -> None:
    """The one connection is in the capture as the witness saw it, and the message is found."""
    lines = read_lines(route.capture)
    (seen,) = route.tap.connections
    if route.tap_side == SERVER:
        told = sent(lines, 1, "c2s"), received(lines, 1, "s2c")
    else:
        told = received(lines, 1, "c2s"), sent(lines, 1, "s2c")
    assert difference_in_requests(bytes(seen.from_client), told[0]) == ""
    assert difference_in_answers(bytes(seen.from_server), told[1]) == ""
    assert events(lines, "error") == []
    assert words in show(route.capture, "--brief", "message", "c2s").decode()
    assert int(show(route.capture, "--count", "message", "c2s", f'body="{words}"')) == 1


@pytest.mark.parametrize("tap_side", [SERVER, CLIENT])
def test_go_sendxmpp_sends(
    server: Server, tls: str, authority: Authority, folder: Path, tap_side: str
) -> None:
    """A message of go-sendxmpp arrives, and the capture holds its connection exactly."""
    words = f"Good night 🌙 {folder.name}"
    with (
        open_route(server, tls, authority, folder, tap_side) as route,
        slixmpp("listen", route.direct, folder, words=words) as juliet,
    ):
        juliet.wait_for_line("^ready$")
        with go_sendxmpp(route.endpoint, folder, words) as program:
            assert program.wait() == 0, program.output()
        heard = result_of(juliet)["heard"]

    assert heard == [f"romeo@{DOMAIN}", words]
    check_capture(route, words)
    # Line breaks between its elements, and an empty <show/>: docs/lint.md.
    assert lint(route.capture, "--severity", "error") == {"S30", "P02"}


@pytest.mark.parametrize("tap_side", [SERVER, CLIENT])
def test_profanity_talks(
    server: Server, tls: str, authority: Authority, folder: Path, tap_side: str
) -> None:
    """In tmux, profanity talks with Juliet, and the capture holds its connection exactly."""
    words = f"Good night {folder.name}"
    with (
        open_route(server, tls, authority, folder, tap_side) as route,
        slixmpp("answer", route.direct, folder, words=words) as juliet,
        Profanity(route.endpoint, folder) as profanity,
    ):
        juliet.wait_for_line("^ready$")
        profanity.talk(words)
        heard = result_of(juliet)["heard"]

    assert heard == [f"romeo@{DOMAIN}", words]
    check_capture(route, words)
    # An acknowledgement behind the end of its stream: docs/lint.md.
    assert lint(route.capture, "--severity", "error") <= {"S16"}
