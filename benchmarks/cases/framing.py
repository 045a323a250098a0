"""The framer by itself, beside XML parsers."""

from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.cases.relaying import load
from benchmarks.harness.captures import raw
from benchmarks.harness.case import Bound, Case, Contenders, Figures
from benchmarks.harness.program import ROOT
from benchmarks.harness.setting import Setting
from xmppspy.capture.reader import read
from xmppspy.protocol.events import FrameRecord

_SPY: Final = "xmppspy's framer"
_LXML: Final = "lxml, feed parser"
_RATE: Final = "MB/s, mix"
_RECORDED: Final = "MB/s, recorded sessions"
_PYTHON: Final = "the same without the accelerator"
_WAYS: Final = {_SPY: "framer", _PYTHON: "python", "expat, depth callbacks": "expat", _LXML: "lxml"}
_ELEMENTS: Final = frozenset({"message", "presence", "iq"})
_SESSIONS: Final = ("login", "roster-and-presence", "group-chat")


def contenders(setting: Setting) -> Contenders:
    """Each way, over both files."""
    mix = raw(setting.count(100_000, 20_000))
    recorded = setting.folder / "recorded.xml"
    recorded.write_bytes(_recorded() * setting.count(400, 50))
    return {name: partial(_measure, way, mix, recorded) for name, way in _WAYS.items()}


def _recorded() -> bytes:
    """The stanzas of captures that come with xmppspy: of those that an XML parser can take."""
    paths = (ROOT / "captures" / f"{name}.xmpp.jsonl" for name in _SESSIONS)
    events = (event for path in paths for event in read(path))
    return b"".join(
        event.data for event in events if isinstance(event, FrameRecord) and event.kind in _ELEMENTS
    )


def _measure(way: str, mix: Path, recorded: Path) -> Figures:
    told, other = load("frame", way, mix), load("frame", way, recorded)
    return {
        _RATE: told["size"] / told["seconds"] / 1e6,
        "stanzas/s, mix": told["stanzas"] / told["seconds"],
        _RECORDED: other["size"] / other["seconds"] / 1e6,
    }


CASE: Final = Case(
    name="framing",
    title="The framer by itself",
    text="""
The inside of a stream, in pieces of 64 KiB. The framer gives every stanza's bytes, kind, addresses
and the namespaces of its children. Expat calls back for each tag, to tell by the depth where a
stanza ends, and gives no bytes; lxml gives a tree of each.
""",
    contenders=contenders,
    bounds=(
        Bound(
            text="without the accelerator, mix, MB/s beside lxml",
            figure=(_PYTHON, _RATE), beside=(_LXML, _RATE), must=1, least=True,
        ),
        Bound(
            text="mix, MB/s beside lxml",
            figure=(_SPY, _RATE), beside=(_LXML, _RATE), must=5, aim=10, least=True,
        ),
        Bound(
            text="recorded, MB/s beside lxml",
            figure=(_SPY, _RECORDED), beside=(_LXML, _RECORDED), must=5, aim=10, least=True,
        ),
    ),
)  # fmt: skip
