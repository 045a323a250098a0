"""`xmppspy doctor` in front of real servers."""

import json
import subprocess
import sys
from typing import Any

from tests.real.conftest import Authority
from tests.real.servers import DOMAIN, Server

PLUS = {
    # What binds, with TLS 1.3 and with 1.2, as Debian packages the servers.
    "prosody": (False, True),
    "ejabberd": (True, True),
}


def doctor(server: Server, tls: str, *options: str) -> tuple[int, str]:
    """The exit code and the output of the command."""
    scheme = "xmpps" if tls == "direct" else "xmpp"
    place = f"{scheme}://127.0.0.1:{server.port(tls)}"
    command = [sys.executable, "-m", "xmppspy", "doctor", place, *options]
    run = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert run.stderr == b""
    return run.returncode, run.stdout.decode()


def test_server_is_examined(server: Server, tls: str, authority: Authority) -> None:
    """TLS is verified; what is offered with each of its versions is seen."""
    trust = ("--upstream-ca", str(authority.certificate))
    code, told = doctor(server, tls, "--domain", DOMAIN, "--json", *trust)
    found: dict[str, Any] = json.loads(told)
    visits = found["visits"]

    assert (code, found["verified"], found["trouble"]) == (0, True, "")
    assert [visit["tls"]["version"] for visit in visits] == ["TLSv1.3", "TLSv1.2"]
    assert [_binds(visit) for visit in visits] == list(PLUS[server.name])
    assert found["binds"] == PLUS[server.name][0]
    assert ("--account" in found["command"]) == PLUS[server.name][0]
    assert ["dNSName", DOMAIN] in visits[0]["tls"]["certificate"]["names"]


def _binds(visit: dict[str, Any]) -> bool:
    return any(name.endswith("-PLUS") for name in visit["after"]["sasl"]["mechanisms"])


def test_unknown_ca_is_told(server: Server, tls: str) -> None:
    """The server is looked at all the same, and the exit code is 1."""
    code, told = doctor(server, tls, "--domain", DOMAIN)

    assert code == 1
    assert "NOT VERIFIED: its CA is not known here; name the CA with --upstream-ca FILE" in told
    assert "SCRAM-SHA-1" in told


def test_unknown_domain_is_told(server: Server, tls: str, authority: Authority) -> None:
    """Servers refuse a stream to an address; the option is named."""
    code, told = doctor(server, tls, "--upstream-ca", str(authority.certificate))

    assert code == 1
    assert "--domain NAME" in told
