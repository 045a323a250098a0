"""xmppspy started as a person starts it, and its captures read without any of its code."""

import json
import signal
import socket
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.real.programs import Program, eventually

XMPPSPY = Path(sys.executable).with_name("xmppspy")

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running `xmppspy proxy`: where it listens, whom clients must trust, what it writes."""

    port: int
    ca: Path
    capture: Path
    program: Program

    def write_out(self) -> None:
        """Have all in the capture that has happened until now: it has a mark behind it then."""
        path = self.program.wait_for_line(r"^control socket (.+)$")[1]
        text = f"mark {time.monotonic_ns()}"
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(path)
            control.sendall(json.dumps({"command": "mark", "text": text}).encode() + b"\n")
            eventually(lambda: text in self.capture.read_text(), "mark in the capture")


@contextmanager
def proxy(
    upstream: str,
    upstream_ca: Path,
    folder: Path,
    *more: object,
    keeps_secrets: bool = True,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Proxy]:
    """Run `xmppspy proxy UPSTREAM`; leaving ends it by Ctrl-C and checks that it ended well.

    `more` are further options.
    """
    ca_folder, capture = folder / "ca", folder / "capture.xmpp.jsonl"
    ca = Path(xmppspy("ca", "path", "--ca-dir", ca_folder).decode().strip())
    options = ["-l", "127.0.0.1:0", "-w", capture, "--ca-dir", ca_folder, "-q", *more]
    if keeps_secrets:
        options.append("--keep-secrets")
    arguments = [XMPPSPY, "proxy", upstream, *options, "--upstream-ca", upstream_ca]
    with Program(arguments, folder / "proxy.log", environment=environment) as program:
        port = program.wait_for_line(r"^listening on 127\.0\.0\.1:(\d+)$")[1]
        yield Proxy(int(port), ca, capture, program)
        assert program.stop(signal.SIGINT) == 0, program.output()


def upstream_of(port: int, tls: str) -> str:
    """The UPSTREAM argument for a server's port."""
    return f"xmpps://127.0.0.1:{port}" if tls == "direct" else f"127.0.0.1:{port}"


def xmppspy(*arguments: object) -> bytes:
    """What `xmppspy ARGUMENTS` prints; it must succeed."""
    command = [str(argument) for argument in (XMPPSPY, *arguments)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def show(capture: Path, *arguments: str) -> bytes:
    """What `xmppspy show CAPTURE ARGUMENTS` prints."""
    return xmppspy("show", capture, *arguments)


def lint(capture: Path, *arguments: str) -> set[str]:
    """The rules that `xmppspy lint CAPTURE ARGUMENTS` finds broken."""
    command = [str(argument) for argument in (XMPPSPY, "lint", capture, "--json", *arguments)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert done.returncode == (1 if done.stdout else 0), done.stderr.decode()
    return {json.loads(line)["rule"] for line in done.stdout.splitlines()}


def read_lines(capture: Path) -> list[Line]:
    """The frames and events of a capture, without its header; a line half written is left out."""
    whole, _, _ = capture.read_text(encoding="utf-8").rpartition("\n")
    lines = [json.loads(line) for line in whole.split("\n")]
    assert lines[0]["format"] == "xmppspy-capture"
    return lines[1:]


def newest_connection(spy: Proxy) -> list[Line]:
    """The lines of the connection that came last; its end is waited for."""
    spy.write_out()
    return eventually(lambda: _newest_connection(spy.capture), "end of the connection")


def _newest_connection(capture: Path) -> list[Line] | None:
    lines = read_lines(capture)
    newest = max(line["conn"] for line in lines if "conn" in line)
    of_it = [line for line in lines if line.get("conn") == newest]
    return of_it if events(of_it, "close") else None


def events(lines: list[Line], name: str) -> list[Line]:
    """The events called `name`."""
    return [line for line in lines if line.get("event") == name]


def received(lines: list[Line], conn: int, direction: str) -> bytes:
    """What came from one side, by the rule of the capture format."""
    return b"".join(
        _arrived(frame) for frame in _frames(lines, conn, direction) if not frame.get("injected")
    )


def sent(lines: list[Line], conn: int, direction: str) -> bytes:
    """What went to the other side, by the rule of the capture format."""
    return b"".join(_left(frame) for frame in _frames(lines, conn, direction))


def _frames(lines: list[Line], conn: int, direction: str) -> list[Line]:
    return [line for line in lines if line.get("conn") == conn and line.get("dir") == direction
            and "event" not in line]  # fmt: skip


def _arrived(frame: Line) -> bytes:
    return b64decode(frame["b64"]) if "b64" in frame else frame["xml"].encode()


def _left(frame: Line) -> bytes:
    if "sent" in frame:
        return (frame["sent"] or "").encode()
    return b64decode(frame["sent_b64"]) if "sent_b64" in frame else _arrived(frame)
