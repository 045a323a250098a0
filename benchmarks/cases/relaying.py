"""What the cases about relaying share: a load, run through one contender."""

import json
import subprocess
from collections.abc import Mapping
from typing import Final

from benchmarks.harness.case import Figures
from benchmarks.harness.program import ROOT, python, started
from benchmarks.harness.relays import Start, at_hand, bare, direct, mitmdump, nginx, socat, sslsplit
from benchmarks.harness.setting import Setting

P50: Final = "p50 µs"
P99: Final = "p99 µs"
CPU: Final = "relay's CPU µs each"

_LIMIT: Final = 300


def serve(setting: Setting, *what: object) -> int:
    """Start the server of `benchmarks.load`; returns its port. It ends with the setting."""
    command = python("benchmarks.load.server", setting.leaf, *what)
    program = setting.stack.enter_context(started(command, setting.folder))
    return int(program.first("listening").rpartition(":")[2])


def load(module: str, *arguments: object) -> dict[str, float]:
    """Run a load to its end; what it tells."""
    command = python(f"benchmarks.load.{module}", *arguments)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=_LIMIT, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stderr.decode()}")
    told: dict[str, float] = json.loads(done.stdout)
    return told


def ping_pong(setting: Setting, start: Start, upstream: int, times: int) -> Figures:
    """Send a stanza to a server that echoes, through a relay, again and again."""
    with start(setting, upstream) as relay:
        before = relay.program.cpu if relay.program else 0.0
        told = load("pingpong", relay.port, times)
        after = relay.program.cpu if relay.program else 0.0
    return {P50: told["p50"] * 1e6, P99: told["p99"] * 1e6, CPU: (after - before) / times * 1e6}


def others(*, writing: bool) -> Mapping[str, Start]:
    """All relays that are no xmppspy, as far as they are installed."""
    flag = " -w" if writing else ""
    return {
        "direct": direct,
        "bare relay": bare,
        **at_hand("nginx", nginx),
        **at_hand("socat", socat),
        **at_hand("sslsplit", sslsplit),
        **at_hand(f"mitmdump{flag}", mitmdump(writing=writing)),
    }
