"""The relays that are compared, each as its users would start it: TLS on both legs."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from benchmarks.harness.program import (
    Program,
    await_port,
    free_port,
    python,
    started,
)
from benchmarks.harness.setting import MITMDUMP, Setting, find


@dataclass(frozen=True, slots=True)
class Relay:
    """A relay that listens."""

    port: int
    program: Program
    capture: Path | None = None
    """What xmppspy records to."""


Start: TypeAlias = Callable[[Setting, int], contextlib.AbstractContextManager[Relay]]
"""Starts a relay to a port of this machine."""


@contextlib.contextmanager
def direct(_setting: Setting, upstream: int) -> Iterator[Relay]:
    """No relay at all: what the load by itself can do."""
    yield Relay(upstream, None)  # type: ignore[arg-type]


@contextlib.contextmanager
def nginx(setting: Setting, upstream: int) -> Iterator[Relay]:
    """Let nginx's stream module end TLS, and begin it again."""
    port = free_port()
    config = setting.folder / f"nginx-{port}.conf"
    config.write_text(_NGINX.format(folder=setting.folder, port=port, upstream=upstream))
    with started(["/usr/sbin/nginx", "-c", str(config)], setting.folder) as program:
        await_port(port)
        yield Relay(port, program)


_NGINX = """
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off; worker_processes 1; pid {folder}/nginx-{port}.pid; error_log stderr crit;
events {{ worker_connections 10000; }}
stream {{
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/leaf.pem; ssl_certificate_key {folder}/leaf.pem;
        ssl_protocols TLSv1.2 TLSv1.3;
        proxy_pass 127.0.0.1:{upstream}; proxy_timeout 1h;
        proxy_ssl on; proxy_ssl_protocols TLSv1.2 TLSv1.3; proxy_ssl_session_reuse off;
    }}
}}
"""


@contextlib.contextmanager
def sslsplit(setting: Setting, upstream: int) -> Iterator[Relay]:
    """Let sslsplit forge a certificate, and log what passes."""
    port = free_port()
    command = [
        "/usr/bin/sslsplit", "-k", str(setting.folder / "ca.key"), "-c", str(setting.ca),
        "-L", str(setting.folder / f"sslsplit-{port}.log"), "-u", "root", "-D",
        "ssl", "127.0.0.1", str(port), "127.0.0.1", str(upstream),
    ]  # fmt: skip
    with started(command, setting.folder) as program:
        await_port(port)
        yield Relay(port, program)


@contextlib.contextmanager
def socat(setting: Setting, upstream: int) -> Iterator[Relay]:
    """Let socat copy between two TLS connections."""
    port = free_port()
    command = [
        "/usr/bin/socat", "-b65536",
        f"OPENSSL-LISTEN:{port},bind=127.0.0.1,reuseaddr,fork,nodelay,verify=0,cert={setting.leaf}",
        f"OPENSSL:127.0.0.1:{upstream},nodelay,verify=0",
    ]  # fmt: skip
    with started(command, setting.folder) as program:
        await_port(port)
        yield Relay(port, program)


def mitmdump(*, writing: bool) -> Start:
    """Let mitmdump pass on TLS streams, and perhaps write them."""

    @contextlib.contextmanager
    def start(setting: Setting, upstream: int) -> Iterator[Relay]:
        port = free_port()
        command = [
            str(MITMDUMP), "-q", "--mode", f"reverse:tls://127.0.0.1:{upstream}@{port}",
            "--listen-host", "127.0.0.1", "--set", f"confdir={setting.folder / 'mitm'}",
            "--ssl-insecure",
        ]  # fmt: skip
        if writing:
            command += ["-w", str(setting.folder / f"mitmdump-{port}.flows")]
        with started(command, setting.folder) as program:
            await_port(port)
            yield Relay(port, program)

    return start


@contextlib.contextmanager
def bare(setting: Setting, upstream: int) -> Iterator[Relay]:
    """Run the bare relay of this folder: Python's limit."""
    command = python("benchmarks.bare_relay", setting.leaf, upstream)
    with started(command, setting.folder) as program:
        yield Relay(int(program.first("listening").rpartition(":")[2]), program)


def xmppspy(*options: str, recording: bool = True, suffix: str = "") -> Start:
    """Run xmppspy as a user does. Without `--quiet` a live view is attached."""

    @contextlib.contextmanager
    def start(setting: Setting, upstream: int) -> Iterator[Relay]:
        capture = setting.folder / f"xmppspy-{free_port()}.xmpp.jsonl{suffix}"
        record = ("--write", str(capture)) if recording else ("--no-record",)
        command = python(
            "xmppspy", "proxy", f"xmpps://localhost:{upstream}", "--listen", "0", *record,
            "--ca-dir", setting.folder / "ca", "--upstream-ca", setting.ca, *options,
        )  # fmt: skip
        with started(command, setting.folder, shows=True) as program:
            port = int(program.first("listening on").rpartition(":")[2])
            yield Relay(port, program, capture if recording else None)
        capture.unlink(missing_ok=True)

    return start


def at_hand(program: str, start: Start) -> dict[str, Start]:
    """A contender by its name, if it is installed."""
    return {program: start} if find(program.partition(" ")[0]) else {}
