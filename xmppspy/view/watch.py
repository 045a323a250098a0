"""What somebody reads who watches a proxy's held frames, and decides about them."""

from typing import Final

from xmppspy.control import news, replies
from xmppspy.view.control import breakpoint_, span
from xmppspy.view.escape import escape_line, unmarked
from xmppspy.view.fold import cut
from xmppspy.view.interventions import answered
from xmppspy.view.look import ARROWS

KEYS: Final = "f forward · d drop · e edit · 2 duplicate · space 30 s more · n next · q quit"

_DONE: Final[dict[replies.Action, str]] = {
    "forward": "forwarded",
    "drop": "dropped",
    "replace": "edited",
    "duplicate": "duplicated",
}


def title(frame: replies.HeldFrame) -> str:
    """The line above a frame that is shown."""
    changed = "" if frame.received is None else ", as a rule has changed it"
    if frame.xml is None and frame.b64 is None:
        changed = ", which a rule drops"
    return f"frame {frame.n} waits{changed}:"


def prompt(frame: replies.HeldFrame, left: float, more: int, columns: int) -> str:
    """The line that counts down: what is to be decided, how long it waits, by which keys."""
    clock = f"{max(left, 0):.0f} s"
    others = f" · {more} more" if more else ""
    said = f"frame {frame.n}: {clock}, then {frame.otherwise}{others} · "
    for keys in (KEYS, "f d e 2 space n q, ? help", "? help"):
        if len(said) + len(keys) < columns:
            return said + keys
    return cut(said, columns - 1)


def idle(breakpoint: replies.Breakpoint, columns: int) -> str:  # noqa: A002
    """The line while nothing is held."""
    holding = "no filter yet; xmppspy ctl hold FILTER"
    if breakpoint.filter is not None:
        holding = _harmless(breakpoint_(breakpoint))
    said = f"nothing is held · {holding} · q quit"
    return cut(said, columns - 1)


def line(told: news.News) -> str:
    """What has happened, for a line of its own; empty for what needs none."""
    match told:
        case news.Opened():
            return f"connection {told.conn} opened by {told.client}"
        case news.Closed():
            return f"connection {told.conn} closed by {told.by}: {_harmless(told.reason)}"
        case news.Breakpoint():
            return f"holding {_harmless(breakpoint_(told.breakpoint))}"
        case news.Rules():
            on = sum(rule.on for rule in told.rules.rules)
            return f"rules: {on} of {len(told.rules.rules)} on"
        case news.Trouble():
            return f"{told.about}: {told.detail}"
        case news.Injected():
            return f"injected on connection {told.conn}, {ARROWS[told.dir]}"
        case news.Answer():
            return _harmless(answered(told.answer))
        case news.Dropped():
            return told.detail
    return ""


def outcome(told: news.Released) -> str:
    """What has become of a frame that was held."""
    held = "" if told.held is None else f" after {span(told.held)}"
    why = "" if told.decided else ", nobody has decided"
    return f"frame {told.n} was {_DONE[told.action]}{held}{why}"


def _harmless(text: str) -> str:
    return unmarked(escape_line(text))
