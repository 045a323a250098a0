"""`show --count FILTER` beside tshark on the same stanzas."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.harness.captures import capture, pcapng
from benchmarks.harness.case import Bound, Case, Contenders, Figures
from benchmarks.harness.program import python
from benchmarks.harness.setting import Setting, find
from benchmarks.harness.timing import run

_QUESTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "kind": ("iq", "xmpp.iq"),
    "from and type": (
        "from:romeo@montague.example type:chat",
        'xmpp.from matches "^romeo@montague.example" && xmpp.type == "chat"',
    ),
    "nested namespace": ("ns:urn:xmpp:delay", 'xmpp.xmlns == "urn:xmpp:delay"'),
    "body regex": ("body~pomegranate.*tree", 'xml.cdata matches "(?-i)pomegranate.*tree"'),
    "XPath": (
        "xpath:/c:message[c:body and @type='chat']",
        'xmpp.message.body && xmpp.type == "chat"',
    ),
}
_XPATH: Final = "XPath"


def contenders(setting: Setting) -> Contenders:
    """Both, over files with the same stanzas."""
    size = setting.count(1_000_000, 50_000)
    lines, packets = capture(size), pcapng(size)
    found: dict[str, partial[Figures]] = {"xmppspy": partial(_ours, lines)}
    if find("tshark"):
        found["tshark"] = partial(_theirs, packets)
    return found


def _ours(path: Path) -> Figures:
    figures = {}
    for name, (text, _) in _QUESTIONS.items():
        done = run(python("xmppspy", "show", path, "--count", text))
        figures[f"s, {name}"] = done.seconds
        figures[f"found, {name}"] = int(done.output)
    return figures


def _theirs(path: Path) -> Figures:
    figures = {}
    for name, (_, text) in _QUESTIONS.items():
        command = [
            "/usr/bin/tshark",
            "-r",
            str(path),
            "-Y",
            text,
            "-T",
            "fields",
            "-e",
            "frame.number",
        ]
        counted = f"{' '.join(map(_quoted, command))} 2>/dev/null | wc -l"
        done = run(["/bin/sh", "-c", counted])
        figures[f"s, {name}"] = done.seconds
        figures[f"found, {name}"] = int(done.output)
    return figures


def _quoted(word: str) -> str:
    return word if re.fullmatch(r"[\w./-]+", word) else f"'{word}'"


def _bound(name: str) -> Bound:
    figure = f"s, {name}"
    must, aim = (2, 5) if name == _XPATH else (10, 30)
    return Bound(
        text=f"{name}: tshark's seconds beside xmppspy's",
        figure=("tshark", figure), beside=("xmppspy", figure), must=must, aim=aim, least=True,
    )  # fmt: skip


CASE: Final = Case(
    name="filters",
    title="How many stanzas match",
    text="""
`xmppspy show --count FILTER` over a capture of a million stanzas, and `tshark -r … -Y` over a pcapng
file with the same stanzas, one a packet (linktype 252). Tshark has no XPath; beside that stands what
comes nearest. Where the numbers found differ, it is because tshark knows less of XMPP.
""",
    contenders=contenders,
    bounds=tuple(map(_bound, _QUESTIONS)),
    rounds=3,
)
