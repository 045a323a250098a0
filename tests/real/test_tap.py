"""The witness itself is right: it agrees with what the clients saw of their own connections."""

from pathlib import Path

import pytest

from tests.real.clients import CONVERSING, Endpoint, converse, expected_story
from tests.real.conftest import Authority
from tests.real.servers import DOMAIN, USERS, Server
from tests.real.tap import Tap, difference


@pytest.mark.parametrize("client", CONVERSING)
def test_tap_agrees_with_the_clients(
    client: str, server: Server, tls: str, authority: Authority, folder: Path
) -> None:
    """Both ends of a connection tell the same, byte for byte."""
    certificate = authority.issue(DOMAIN, "127.0.0.1")
    with Tap(server.port(tls), tls, DOMAIN, certificate, authority.certificate) as tap:
        conversation = converse(client, Endpoint(tap.port, tls, authority.certificate), folder)
    assert conversation.story == expected_story(client)

    assert len(tap.connections) == len(USERS)
    for user, seen in zip(USERS, tap.connections, strict=True):
        assert difference(conversation.tapped(user, "sent"), bytes(seen.from_client)) == ""
        assert difference(conversation.tapped(user, "received"), bytes(seen.from_server)) == ""
