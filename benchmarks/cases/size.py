"""How large a capture is."""

import time
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.cases.bulk import await_recorded
from benchmarks.cases.relaying import load, serve
from benchmarks.harness.captures import pcapng
from benchmarks.harness.case import Bound, Case, Contenders, Figures
from benchmarks.harness.relays import Start, at_hand, mitmdump, xmppspy
from benchmarks.harness.setting import Setting
from benchmarks.harness.traffic import some

_SIZE: Final = "bytes a stanza"
_RAW: Final = "the stanzas themselves"
_PLAIN: Final = "xmppspy"
_ZST: Final = "xmppspy, .zst"
_PCAPNG: Final = "pcapng, a packet a stanza"
_FLOWS: Final = "mitmdump"
_COUNT: Final = 20_000
_SETTLED: Final = 1.0


def contenders(setting: Setting) -> Contenders:
    """The same traffic, recorded by each."""
    block = setting.folder / "size.xml"
    block.write_bytes(b"".join(some(_COUNT)))
    upstream, size = serve(setting, block), block.stat().st_size
    measured: dict[str, partial[Figures]] = {
        _RAW: partial(_file, block),
        _PCAPNG: partial(_file, pcapng(_COUNT)),
        _PLAIN: partial(_spied, setting, xmppspy("--quiet"), upstream, size),
        _ZST: partial(_spied, setting, xmppspy("--quiet", suffix=".zst"), upstream, size),
    }
    for name, start in at_hand(_FLOWS, mitmdump(writing=True)).items():
        measured[name] = partial(_flows, setting, start, upstream, size)
    return measured


def _file(path: Path) -> Figures:
    return {_SIZE: path.stat().st_size / _COUNT}


def _spied(setting: Setting, start: Start, upstream: int, size: int) -> Figures:
    with start(setting, upstream) as relay:
        assert relay.capture is not None
        load("drain", relay.port, size)
        await_recorded(relay, _COUNT)
        _settle(relay.capture)
        return _file(relay.capture)


def _flows(setting: Setting, start: Start, upstream: int, size: int) -> Figures:
    with start(setting, upstream) as relay:
        load("drain", relay.port, size)
    return _file(setting.folder / f"mitmdump-{relay.port}.flows")


def _settle(path: Path) -> None:
    """Wait until a file has stopped growing."""
    before, size = -1, path.stat().st_size
    while size != before:
        time.sleep(_SETTLED)
        before, size = size, path.stat().st_size


def _bound(text: str, ours: str, beside: str, must: float) -> Bound:
    return Bound(text=text, figure=(ours, _SIZE), beside=(beside, _SIZE), must=must)


CASE: Final = Case(
    name="size",
    title="How large a capture is",
    text="""
The capture of 20,000 stanzas, beside their bytes alone, pcapng, and mitmproxy's own file.
""",
    contenders=contenders,
    bounds=(
        _bound("a capture beside the bytes", _PLAIN, _RAW, 1.6),
        _bound("a .zst capture beside pcapng", _ZST, _PCAPNG, 1),
        _bound("a .zst capture beside mitmproxy's file", _ZST, _FLOWS, 1),
    ),
    rounds=1,
)
