"""Recordings of the same client script, compared: with the same server, and with another one."""

import subprocess
from pathlib import Path

import pytest

from tests.real.clients import Endpoint, converse, result_of, slixmpp
from tests.real.conftest import Authority
from tests.real.interception import XMPPSPY, proxy, upstream_of
from tests.real.servers import DOMAIN, ROOMS, SERVERS, Server

STATE = ["--ignore=//rsm:count", "--ignore=//mam:fin/@complete"]
"""What the archive holds more the second time."""

Recordings = dict[str, list[Path]]
"""Two recordings by each server's name."""


@pytest.fixture(scope="module")
def recordings(workplace: Path, authority: Authority) -> Recordings:
    """The same script of slixmpp, twice with each server."""
    found: Recordings = {}
    for name in sorted(SERVERS):
        place = workplace / f"compared-{name}"
        place.mkdir()
        certificate = authority.issue(DOMAIN, ROOMS, "127.0.0.1")
        with SERVERS[name](place, certificate) as server:
            endpoint = Endpoint(server.starttls_port, "starttls", authority.certificate)
            with slixmpp("befriend", endpoint, place) as program:
                result_of(program)
            found[name] = [record(server, authority, place / take) for take in ("one", "two")]
    return found


def record(server: Server, authority: Authority, folder: Path) -> Path:
    """A capture of what slixmpp does with the server."""
    folder.mkdir()
    upstream = upstream_of(server.starttls_port, "starttls")
    with proxy(upstream, authority.certificate, folder) as running:
        converse("slixmpp", Endpoint(running.port, "starttls", running.ca), folder)
    return running.capture


def compare(*arguments: object) -> tuple[int, str]:
    """The exit code of `xmppspy compare`, and what it prints."""
    line = [str(argument) for argument in (XMPPSPY, "compare", *arguments)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("name", sorted(SERVERS))
def test_two_recordings_of_a_script_are_equal(recordings: Recordings, name: str) -> None:
    """Ids, times and everything else that changes by itself are no differences."""
    code, shown = compare(*recordings[name], *STATE)

    assert shown.startswith("equal: ")
    assert code == 0


def test_two_servers_differ_readably(recordings: Recordings) -> None:
    """The language that one of them says with its answers is seen where it stands."""
    code, shown = compare(recordings["prosody"][1], recordings["ejabberd"][1], *STATE)
    lines = shown.splitlines()
    roster = next(line for line in lines if "iq result roster" in line)

    assert code == 1
    assert "answers iq get roster" in roster
    assert '- <iq id="…" type="result">' in lines
    assert '+ <iq id="…" type="result" xml:lang="en">' in lines
    assert '      <item jid="juliet@capulet.example" subscription="both"/>' in lines
    assert "\x1b" not in shown


def test_filters_and_xpaths_narrow_it_down(recordings: Recordings) -> None:
    """What a person asks for, they get: here, whether both answer a ping."""
    both = recordings["prosody"][1], recordings["ejabberd"][1]

    assert compare(*both, "ns:urn:xmpp:ping")[0] == 1
    assert compare(*both, "ns:urn:xmpp:ping", "--ignore=//@xml:lang")[0] == 0
