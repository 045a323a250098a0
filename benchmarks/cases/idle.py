"""Two thousand sessions that say nothing."""

import json
from functools import partial
from typing import Final

from benchmarks.cases.relaying import serve
from benchmarks.harness.case import Bound, Case, Contenders, Figures
from benchmarks.harness.program import python, started
from benchmarks.harness.relays import Start, at_hand, bare, direct, nginx, xmppspy
from benchmarks.harness.setting import Setting

_SPY: Final = "xmppspy"
_BARE: Final = "bare relay"
_MEMORY: Final = "KB each"
_TIME: Final = "ms to set one up"


def contenders(setting: Setting) -> Contenders:
    """All relays to which so many sessions mean something."""
    upstream = serve(setting, "echo")
    count = setting.count(2000, 200)
    starts = {
        "direct": direct,
        _BARE: bare,
        **at_hand("nginx", nginx),
        _SPY: xmppspy("--quiet"),
    }
    return {
        name: partial(_measure, setting, start, upstream, count) for name, start in starts.items()
    }


def _measure(setting: Setting, start: Start, upstream: int, count: int) -> Figures:
    with start(setting, upstream) as relay:
        before = relay.program.memory if relay.program else 0
        command = python("benchmarks.load.idle", relay.port, count)
        with started(command, setting.folder) as client:
            told = json.loads(client.first("seconds"))
            after = relay.program.memory if relay.program else 0
    return {_TIME: told["seconds"] / count * 1e3, _MEMORY: (after - before) / count / 1e3}


CASE: Final = Case(
    name="idle",
    title="Sessions that say nothing",
    text="""
Two thousand sessions, set up one after the other, with TLS on both legs and the headers of a
stream; then they are held. The memory is that of the relay's process, beside what it had before.
""",
    contenders=contenders,
    bounds=(
        Bound(text="time to set up beside the bare relay", figure=(_SPY, _TIME), beside=(_BARE, _TIME), must=1.3),
        Bound(text="memory of each, bare relay's included", figure=(_SPY, _MEMORY), must=220, unit="KB"),
    ),
)  # fmt: skip
