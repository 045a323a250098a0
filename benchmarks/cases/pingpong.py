"""One stanza there and back, TLS on both legs."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from benchmarks.cases.relaying import load, others, serve
from benchmarks.harness.case import Bound, Case, Contenders, Figures
from benchmarks.harness.relays import Start, xmppspy
from benchmarks.harness.setting import Setting

_SPY: Final = "xmppspy, recording, live view"
_P50: Final = "p50 µs"
_P99: Final = "p99 µs"
_OURS: Final[Mapping[str, Start]] = {
    _SPY: xmppspy(),
    "xmppspy, recording": xmppspy("--quiet"),
}


def contenders(setting: Setting) -> Contenders:
    """All relays, to one server that echoes."""
    upstream = serve(setting, "echo")
    times = setting.count(5000, 1000)
    starts = {**others(writing=False), **_OURS}
    return {
        name: partial(_measure, setting, start, upstream, times) for name, start in starts.items()
    }


def _measure(setting: Setting, start: Start, upstream: int, times: int) -> Figures:
    with start(setting, upstream) as relay:
        before = relay.program.cpu if relay.program else 0.0
        told = load("pingpong", relay.port, times)
        after = relay.program.cpu if relay.program else 0.0
    return {
        _P50: told["p50"] * 1e6,
        _P99: told["p99"] * 1e6,
        "relay's CPU µs each": (after - before) / times * 1e6,
    }


CASE: Final = Case(
    name="pingpong",
    title="One stanza there and back",
    text="""
A message of 400 bytes goes through the relay to a server that sends it back, again and again, one
at a time, with TLS on both legs. xmppspy records, and its live view prints every stanza. The relay's
processor time is that of its process, without the view.
""",
    contenders=contenders,
    bounds=(
        Bound(text="p50 beside nginx", figure=(_SPY, _P50), beside=("nginx", _P50), must=1.4, aim=1.15),
        Bound(
            text="mitmdump's p50 beside xmppspy's",
            figure=("mitmdump", _P50), beside=(_SPY, _P50), must=5, aim=8, least=True,
        ),
    ),
)  # fmt: skip
