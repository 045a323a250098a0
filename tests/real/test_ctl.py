"""`xmppspy ctl` between a real client and a real server, with stream management on (XEP-0198)."""

import json
from pathlib import Path
from typing import Any

from tests.real.clients import Endpoint, result_of, slixmpp
from tests.real.conftest import Authority
from tests.real.interception import events, lint, proxy, read_lines, upstream_of, xmppspy
from tests.real.programs import eventually
from tests.real.scram_client import Login, logged_in
from tests.real.servers import DOMAIN, Server

SAID = "Romeo, come forth; come forth, thou fearful man"
HEARD = "Romeo, stay where thou art"
JULIET = f"juliet@{DOMAIN}/slixmpp"


def _romeo_says(endpoint: Endpoint, *words: str) -> None:
    with logged_in(endpoint, "1.3", Login("SCRAM-SHA-1", user="romeo")) as romeo:
        for each in words:
            romeo.send(f"<message to='{JULIET}' type='chat'><body>{each}</body></message>")


def test_stanzas_are_held_edited_dropped_and_injected(
    server: Server, authority: Authority, folder: Path
) -> None:
    """What is said is not what is heard, and neither side of the stream minds."""
    trusted = authority.certificate
    socket = folder / "control"
    # Not what the server has kept for juliet since earlier tests.
    held_back = f'message s2c (body:Hist! or body:"{SAID}")'
    options = ("--control", socket, "--hold", held_back)
    upstream = upstream_of(server.port("starttls"), "starttls")

    def ctl(*arguments: object) -> bytes:
        return xmppspy("ctl", "--control", socket, *arguments)

    def held() -> list[dict[str, Any]]:
        frames: list[dict[str, Any]] = json.loads(ctl("held", "--json"))["frames"]
        return frames

    with proxy(upstream, trusted, folder, *options) as spy:
        juliet = slixmpp("listen", Endpoint(spy.port, "starttls", spy.ca), folder, words=HEARD)
        with juliet:
            juliet.wait_for_line("^ready$")
            (connection,) = json.loads(ctl("connections", "--json"))["connections"]
            _romeo_says(Endpoint(server.port("starttls"), "starttls", trusted), "Hist!", SAID)
            eventually(lambda: len(held()) == 2, "two messages held", juliet.log)
            first, second = held()
            ctl("drop", first["n"])
            answered = json.loads(
                ctl(
                    *("inject", "--to", "server", "--template", "ping", f"to={DOMAIN}"),
                    *("--wait", 20, "--private", "--json"),
                )
            )
            ctl("edit", second["n"], second["xml"].replace(SAID, HEARD))
            told = result_of(juliet)
    lines = read_lines(spy.capture)

    assert (connection["jid"], connection["state"]) == (JULIET, "online")
    assert connection["sm"] in ("on", "resumable")
    assert told == {"heard": [f"romeo@{DOMAIN}", HEARD]}
    assert [answer["type"] for answer in answered["answers"]] == ["result"]
    # The last one is the answer, which came while the second message was held.
    assert [fate["action"] for fate in events(lines, "fate")] == ["drop", "replace", "drop"]
    assert not [line for line in lines if line.get("kind") == "error"]
    assert not [line for line in lines if line.get("event") == "error"]
    assert {"r", "a"} <= {line.get("kind") for line in lines}
    assert not {rule for rule in lint(spy.capture, "conn:1") if rule.startswith("A")}
