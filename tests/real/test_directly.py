"""The scenarios without xmppspy: what each client does when nothing is in between.

The other test modules ask for the same through the proxy; when one of them fails and its
counterpart here does too, the fault is not xmppspy's.
"""

from pathlib import Path

import pytest

from tests.real.clients import (
    CONVERSING,
    Endpoint,
    converse,
    expected_story,
    go_sendxmpp,
    nbxmpp,
    result_of,
    slixmpp,
)
from tests.real.conftest import Authority
from tests.real.profanity import Profanity
from tests.real.servers import DOMAIN, Server


@pytest.fixture
def endpoint(server: Server, tls: str, authority: Authority) -> Endpoint:
    """The server itself."""
    return Endpoint(server.port(tls), tls, authority.certificate)


@pytest.mark.parametrize("client", CONVERSING)
def test_romeo_and_juliet_converse(client: str, endpoint: Endpoint, folder: Path) -> None:
    """Both slixmpp and xmpp.js log in, see each other, talk, ping, and read the archive."""
    conversation = converse(client, endpoint, folder)

    assert conversation.story == expected_story(client)


def test_go_sendxmpp_sends(endpoint: Endpoint, folder: Path) -> None:
    """A message of go-sendxmpp arrives."""
    words = f"Good night 🌙 {folder.name}"
    with slixmpp("listen", endpoint, folder, words=words) as juliet:
        juliet.wait_for_line("^ready$")
        with go_sendxmpp(endpoint, folder, words) as program:
            assert program.wait() == 0, program.output()
        heard = result_of(juliet)["heard"]

    assert heard == [f"romeo@{DOMAIN}", words]


def test_profanity_talks(endpoint: Endpoint, folder: Path) -> None:
    """In tmux, profanity logs in over verified TLS, sends a message and shows the answer."""
    words = f"Good night {folder.name}"
    with (
        slixmpp("answer", endpoint, folder, words=words) as juliet,
        Profanity(endpoint, folder) as profanity,
    ):
        juliet.wait_for_line("^ready$")
        profanity.talk(words)
        heard = result_of(juliet)["heard"]

    assert heard == [f"romeo@{DOMAIN}", words]


def test_nbxmpp_logs_in(endpoint: Endpoint, folder: Path) -> None:
    """Gajim's library, on GLib and GnuTLS, logs in and out."""
    with nbxmpp(endpoint, folder) as program:
        outcome = result_of(program)["outcome"]

    assert outcome == "session_start"
