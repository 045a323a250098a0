"""What it costs that somebody could intervene, or would, or does."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from benchmarks.cases.relaying import CPU, P50, ping_pong, serve
from benchmarks.harness.case import Bound, Case, Contenders
from benchmarks.harness.relays import Start, xmppspy
from benchmarks.harness.setting import Setting
from benchmarks.harness.traffic import CHAT

_ALONE: Final = "nobody can"
_IDLE: Final = "by the control socket"

_RULE: Final = """
[[rule]]
filter = "message from:nurse@capulet.example body:{}"
actions = ["drop"]
"""
_BODY: Final = CHAT.partition(b"<body>")[2].partition(b"</body>")[0]
"""Is replaced by as many bytes, because the load counts them."""

_SCRIPT: Final = """
def stanza(s, session):
    if s.match("message body:lark") and s.body.endswith("dove"):
        return s.drop()
"""
_EDIT: Final = """
[[rule]]
filter = "message c2s"
actions = [{{ replace = "//c:body", text = "{}" }}]
"""


def contenders(setting: Setting) -> Contenders:
    """The same proxy, told more and more."""
    upstream = serve(setting, "echo")
    times = setting.count(5000, 1000)
    return {
        name: partial(ping_pong, setting, start, upstream, times)
        for name, start in _starts(setting).items()
    }


def _starts(setting: Setting) -> Mapping[str, Start]:
    rules, edits, script = (setting.folder / name for name in ("ten.toml", "edit.toml", "look.py"))
    rules.write_text("".join(_RULE.format(number) for number in range(10)))
    edits.write_text(_EDIT.format("x" * len(_BODY)))
    script.write_text(_SCRIPT)
    return {
        _ALONE: xmppspy("--quiet", "--no-control"),
        _IDLE: xmppspy("--quiet"),
        "a breakpoint that nothing meets": xmppspy("--quiet", "--hold", "presence"),
        "ten rules that nothing meets": xmppspy("--quiet", "--rules", str(rules)),
        "a rule that edits every message": xmppspy("--quiet", "--rules", str(edits)),
        "a script that looks at each stanza": xmppspy("--quiet", "--script", str(script)),
    }


CASE: Final = Case(
    name="intervening",
    title="Who could intervene",
    text="""
The same exchange as above, recorded, with less and more that has a say in it. In the first row there
is no control socket, so that nobody can intervene; in the second nobody does.
""",
    contenders=contenders,
    bounds=(
        Bound(text="p50 with a control socket, beside without", figure=(_IDLE, P50), beside=(_ALONE, P50), must=1.05),
        Bound(text="CPU with a control socket, beside without", figure=(_IDLE, CPU), beside=(_ALONE, CPU), must=1.05),
    ),
    rounds=7,
)  # fmt: skip
