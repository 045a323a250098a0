"""The interactive view in tmux, between a real client and a real server."""

from pathlib import Path

import pytest

from tests.real.clients import Endpoint, result_of, slixmpp
from tests.real.conftest import Authority
from tests.real.interception import XMPPSPY, events, read_lines, upstream_of, xmppspy
from tests.real.programs import free_port
from tests.real.scram_client import Login, logged_in
from tests.real.servers import DOMAIN, Server
from tests.real.tmux import terminal

SAID = "Romeo, come forth; come forth, thou fearful man"
HEARD = "Romeo, stay where thou art"
JULIET = f"juliet@{DOMAIN}/slixmpp"


@pytest.mark.parametrize("server", ["prosody"], indirect=True)
def test_message_is_held_edited_and_forwarded(
    server: Server, authority: Authority, folder: Path
) -> None:
    """By keys, in the view that shows the session; it arrives as it was edited."""
    trusted, port, capture = authority.certificate, free_port(), folder / "live.xmpp.jsonl"
    ca = Path(xmppspy("ca", "path", "--ca-dir", folder / "ca").decode().strip())
    command = [
        XMPPSPY, "proxy", upstream_of(server.port("starttls"), "starttls"), "--tui",
        "-l", f"127.0.0.1:{port}", "-w", capture, "--ca-dir", folder / "ca",
        "--upstream-ca", trusted, "--control", folder / "ctl",
    ]  # fmt: skip
    environment = {"XDG_DATA_HOME": str(folder / "data"), "TERM": "xterm-256color"}
    with terminal(command, 250, 40, environment) as screen:
        screen.wait_for("nothing yet: point a client at")
        with slixmpp("listen", Endpoint(port, "starttls", ca), folder, words=HEARD) as juliet:
            juliet.wait_for_line("^ready$")
            screen.wait_for(r"SCRAM-SHA-\d+.* user=juliet")
            screen.press("f")
            screen.type("stanza")
            screen.press("Enter")
            screen.wait_for(r"filter stanza .* of \d+")
            screen.press("i")
            screen.type("message s2c")
            screen.press("Enter")
            screen.wait_for("holding message s2c")
            with logged_in(
                Endpoint(server.port("starttls"), "starttls", trusted),
                "1.3",
                Login("SCRAM-SHA-1", user="romeo"),
            ) as romeo:
                romeo.send(f"<message to='{JULIET}' type='chat'><body>{SAID}</body></message>")
            screen.wait_for(
                r"held 1 .*\n▸ .*then forward #1 S→C message chat romeo.* \"Romeo, come"
            )
            screen.press("e")
            screen.wait_for("the original")
            screen.wait_for(
                f"<body>{SAID}</body>.*<body>{SAID}</body>|<body>{SAID}</body>(.*\n)+.*<body>{SAID}</body>"
            )
            screen.press("Down", "End", *["Left"] * len("</body>"), "C-u")
            screen.type(f"  <body>{HEARD}")
            screen.wait_for(f"  <body>{HEARD}</body>")
            screen.wait_for("✓ well-formed")
            screen.press("C-s")
            told = result_of(juliet)
        screen.wait_for(r"✎ .* message chat")
        screen.press("q")
        screen.wait_for("ended with 0")
    lines = read_lines(capture)

    assert told == {"heard": [f"romeo@{DOMAIN}", HEARD]}
    assert [fate["action"] for fate in events(lines, "fate")] == ["replace"]
    assert not [line for line in lines if line.get("event") == "error"]
