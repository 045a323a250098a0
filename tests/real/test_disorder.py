"""A session with stream management on, in which nothing stays as it was (XEP-0198)."""

import re
from pathlib import Path

from tests.real.clients import Endpoint, result_of, slixmpp
from tests.real.conftest import Authority
from tests.real.interception import Line, events, lint, proxy, read_lines, upstream_of, xmppspy
from tests.real.servers import DOMAIN, Server

LINES = 300
"""Each way."""

RULES = """
[[rule]]
filter = "message body:line"
probability = 0.12
actions = ["drop"]

[[rule]]
filter = "message body:line"
probability = 0.12
actions = [{ replace = "//c:body", text = "edited" }]

[[rule]]
filter = "message body:line"
probability = 0.12
actions = ["duplicate"]

[[rule]]
filter = "message body:line"
probability = 0.12
actions = [{ hold = 0.02 }]

[[rule]]
filter = "message body:line"
probability = 0.06
actions = [{ hold = 0.02, otherwise = "drop" }]

[[rule]]
filter = "message body:line"
probability = 0.06
actions = ["reorder"]

[[rule]]
filter = "message s2c body:line"
probability = 0.12
actions = [{ inject = "<message from='ghost@DOMAIN' id='{unique}'><body>boo</body></message>" }]

[[rule]]
filter = "message c2s body:line"
probability = 0.12
actions = [{ inject = "<message to='juliet@DOMAIN/slixmpp' id='{unique}'><body>boo</body></message>" }]
"""


def test_a_session_endures(server: Server, tls: str, authority: Authority, folder: Path) -> None:
    """Neither side sees a mistake of the other's, and just what was let through arrives.

    In the midst of it all connections are reset, and romeo's stream is resumed.
    """
    trusted, port = authority.certificate, server.port(tls)
    rules, socket, both = folder / "rules.toml", folder / "control", folder / "both.pem"
    rules.write_text(RULES.replace("DOMAIN", DOMAIN))
    options = ("--control", socket, "--rules", rules, "--seed", 7)
    with proxy(upstream_of(port, tls), trusted, folder, *options) as spy:
        both.write_bytes(trusted.read_bytes() + spy.ca.read_bytes())
        endpoint = Endpoint(spy.port, tls, both)
        with slixmpp(
            "endure", endpoint, folder, lines=LINES, direct=port, words=f"{folder}"
        ) as players:
            players.wait_for_line("^half$")
            xmppspy("ctl", "--control", socket, "kill", "all", "--reset")
            told = result_of(players)
    lines = read_lines(spy.capture)
    messages = [line for line in lines if line.get("kind") == "message"]
    fates = {line["n"]: line for line in events(lines, "fate")}
    heard = {"c2s": told["heard"]["juliet"], "s2c": told["heard"]["romeo"]}
    left = {way: _left(messages, fates, way) for way in heard}
    lost = [(way, words) for way in heard for words in _due(left[way]) if words not in heard[way]]
    said = {way: {words for _, said in left[way] for words in said} for way in heard}
    # What earlier tests have left behind may be heard, too.
    ours = {way: [words for words in heard[way] if str(folder) in words] for way in heard}
    unsaid = [(way, words) for way in heard for words in ours[way] if words not in said[way]]

    assert (told["complaints"], told["unacknowledged"]) == ([], 0)
    assert (lost, unsaid) == ([], [])
    assert _interventions(messages, fates) >= 200
    assert {line.get("kind") for line in lines} >= {"resume", "resumed"}
    assert [line for line in lines if line.get("kind") in ("error", "failed")] == []
    assert events(lines, "error") == []
    assert lint(spy.capture, "--severity", "error") == set()
    assert {line["conn"] for line in events(lines, "open")} == {1, 2}


def _left(messages: list[Line], fates: dict[int, Line], way: str) -> list[tuple[str, list[str]]]:
    """Id and lines of what each message became on its way to the receiver, in their order."""
    frames = [line for line in messages if line["dir"] == way]
    became = [(line.get("id", ""), _outcome(line, fates.get(line["n"]))) for line in frames]
    return [(id_, re.findall("<body>([a-z].*?)</body>", xml)) for id_, xml in became]


def _due(left: list[tuple[str, list[str]]]) -> list[str]:
    """What has to have arrived.

    What is sent again after the resumption had not arrived: then it counts what became of it then.
    """
    return [words for said in dict(left).values() for words in said]


def _outcome(line: Line, fate: Line | None) -> str:
    """What left of a frame, by the rules of the capture format."""
    if fate is None:
        return str(line.get("sent", line["xml"]) or "")
    if fate["action"] == "drop":
        return ""
    return str(fate.get("sent") or line.get("sent") or line["xml"])


def _interventions(messages: list[Line], fates: dict[int, Line]) -> int:
    """How many messages were injected, changed, dropped, or held."""
    return sum(
        "sent" in line or line["n"] in fates or bool(line.get("injected")) for line in messages
    )
