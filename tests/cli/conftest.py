"""A proxy that holds frames, for the tests of the commands that decide about them."""

import socket
from collections.abc import Iterator

import pytest

from tests.cli.commanding import ctl
from tests.cli.running import Running, proxy


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A proxy that holds what clients say."""
    with proxy(tmp_path_factory.mktemp("ctl"), "-q", "--hold", "message c2s") as running:
        yield running


@pytest.fixture
def client(running: Running) -> Iterator[socket.socket]:
    """A client; the server echoes what it says."""
    with running.client() as sock:
        yield sock
        ctl(running, "release", "all")
