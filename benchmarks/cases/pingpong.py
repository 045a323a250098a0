"""One stanza there and back, TLS on both legs."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from benchmarks.cases.relaying import P50, others, ping_pong, serve
from benchmarks.harness.case import Bound, Case, Contenders
from benchmarks.harness.relays import Start, xmppspy
from benchmarks.harness.setting import Setting

_SPY: Final = "xmppspy, recording, live view"
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
        name: partial(ping_pong, setting, start, upstream, times) for name, start in starts.items()
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
        Bound(text="p50 beside nginx", figure=(_SPY, P50), beside=("nginx", P50), must=1.4, aim=1.15),
        Bound(
            text="mitmdump's p50 beside xmppspy's",
            figure=("mitmdump", P50), beside=(_SPY, P50), must=5, aim=8, least=True,
        ),
    ),
)  # fmt: skip
