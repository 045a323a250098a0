"""How fast `replay --as server --speed max` sends."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from benchmarks.cases.relaying import load
from benchmarks.harness.case import Case, Contenders, Figures
from benchmarks.harness.setting import Setting

_RATE: Final = "stanzas/s"
_BARE: Final = "bare sender"
_WAYS: Final[Mapping[str, str]] = {
    _BARE: "bare",
    "replay": "replay",
    "replay to another address": "other",
}


def contenders(setting: Setting) -> Contenders:
    """The bare sender, and replays."""
    count = setting.count(100_000, 10_000)
    return {name: partial(_measure, way, count) for name, way in _WAYS.items()}


def _measure(way: str, count: int) -> Figures:
    told = load("replay", way, count)
    return {_RATE: count / told["seconds"], "MB/s": told["size"] / told["seconds"] / 1e6}


CASE: Final = Case(
    name="replay",
    title="Sending a replay",
    text="""
A replay as server sends messages to a client as fast as it takes them, in the clear, beside a sender
that knows nothing but the bytes. In the third row every stanza is changed to the client's address.
""",
    contenders=contenders,
)
