"""`--any` and `--allow` of `proxy`: where clients are taken that want another domain."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli.running import LIMIT, proxy
from tests.conversation import HEADER
from xmppspy.cli import cli

WANTED = "montague.example"
HEADER_TO_OTHER = HEADER.replace(b"capulet.example", WANTED.encode())


@pytest.fixture
def resolver() -> Iterator[socket.socket]:
    """A DNS server that is asked, and does not answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(LIMIT)
        yield sock


def test_a_domain_alone_is_a_proxy_for_that_domain(tmp_path: Path) -> None:
    """A client that wants another one is told why it is not taken there; nobody is asked."""
    with proxy(tmp_path, "-q", upstream="capulet.example") as running:
        with socket.create_connection(("127.0.0.1", running.port), timeout=LIMIT) as client:
            client.sendall(HEADER_TO_OTHER)
            told = b""
            while data := client.recv(65536):
                told += data
        assert running.stop() == 0
    faults = [line["error"] for line in running.lines() if line.get("event") == "error"]

    assert b"capulet.example only" in told
    assert faults == ["upstream-unreachable"]


@pytest.mark.parametrize("options", [["--any"], ["--allow", WANTED], ["--allow", "*.example"]])
def test_others_are_looked_up_where_that_is_asked_for(
    tmp_path: Path, resolver: socket.socket, options: list[str]
) -> None:
    """The wanted domain is."""
    dns = f"127.0.0.1:{resolver.getsockname()[1]}"
    with proxy(tmp_path, "-q", "--dns", dns, *options, upstream="capulet.example") as running:
        with socket.create_connection(("127.0.0.1", running.port), timeout=LIMIT) as client:
            client.sendall(HEADER_TO_OTHER)
            question = resolver.recv(512)

    assert b"\x08montague\x07example" in question


def test_an_open_relay_is_warned_about(tmp_path: Path) -> None:
    """Where others than this machine may connect."""
    everywhere = ("--listen", "0.0.0.0:0")
    listed = ("--allow", WANTED)
    for options, is_open in ((everywhere, True), ((*everywhere, *listed), False), ((), False)):
        with proxy(tmp_path, "-q", "--no-record", "--any", *options, upstream=WANTED) as running:
            assert any("WARNING: --any" in line for line in running.said) is is_open


def test_a_fixed_place_is_for_all(tmp_path: Path) -> None:
    """There is nothing to be chosen."""
    for option in (["--any"], ["--allow", "a.example"], ["--allow", "a/b"]):
        done = CliRunner().invoke(cli, ["proxy", "localhost:1", "--ca-dir", str(tmp_path), *option])

        assert "--any" in str(done.exception)
