"""Stream management (XEP-0198)."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.counting import Problem
from xmppspy.analysis.lint.finding import Breach, Place, Said, Severity, place_of
from xmppspy.analysis.lint.frames import Mood, element, stanza
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.sight import Ending, Sight
from xmppspy.analysis.sessions import local_name, sm_elements
from xmppspy.analysis.words import counted
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Direction

PATIENCE: Final = 30.0
"""Seconds after which a request for an acknowledgement counts as unanswered."""
_MAX_ID: Final = 4000
_SM: Final = (ns.SM, ns.SM_OLD)
_CARRIERS: Final = (*_SM, ns.SASL2)


M20 = Rule(
    "M20", Severity.ERROR, "XEP-0198 §3",
    "<enable/> before a resource is bound, twice, or without having been offered",
)  # fmt: skip


@M20.on(element(*_SM, names=["enable"], way="c2s"))
def untimely_enable(sight: Sight) -> Iterator[Said]:
    """A failed one may be repeated."""
    conn, offer = sight.conn, sight.conn.offer
    if conn.management:
        yield "stream management is enabled, or asked for, already"
    elif conn.kind == "client" and conn.awaits_binding:
        yield "<enable/> before a resource is bound"
    if offer is not None and conn.login.profile and f"{{{sight.record.xmlns}}}sm" not in offer.tags:
        yield "the server does not offer this version of stream management"


M21 = Rule(
    "M21", Severity.ERROR, "XEP-0198 §4, §6",
    "an acknowledgement whose h is missing, or cannot be",
)  # fmt: skip


@M21.on(element(*_SM, names=["a"]))
def wrong_count(sight: Sight) -> Iterator[Said]:
    """Counted along. What was missed of the session is not judged, nor who handles things late."""
    found = sight.acknowledged
    if found is None:
        return
    if found.problem is Problem.NO_NUMBER:
        yield "h is missing" if sight.tree.get("h") is None else "h is no number"
    elif found.problem in (Problem.TOO_HIGH, Problem.DECREASED):
        yield str(found)


M22 = Rule(
    "M22", Severity.WARNING, "XEP-0198 §4", "a request for an acknowledgement that is not answered"
)


class _Requests:
    """The oldest `<r/>` of each direction that has no answer."""

    def __init__(self) -> None:
        self.open: dict[Direction, Place] = {}


@follows(element(*_SM, names=["r", "a"]))
def keep_request(sight: Sight) -> None:
    """Any `<a/>` answers all requests."""
    record, requests = sight.record, sight.conn.memory(_Requests).open
    if record.kind == "r":
        requests.setdefault(record.dir, place_of(record))
    else:
        requests.pop("s2c" if record.dir == "c2s" else "c2s", None)


@M22.on(element(*_SM))
@M22.on(stanza(mood=Mood.MANAGED))
def overdue_acknowledgement(sight: Sight) -> Iterator[Said]:
    """Noticed when the one who should have answered says something else."""
    if not sight.conn.management:
        return
    way: Direction = "s2c" if sight.up else "c2s"
    asked = sight.conn.memory(_Requests).open.get(way)
    waited = 0.0 if asked is None else sight.record.t - asked.t
    if waited <= PATIENCE or asked is None or sight.record.kind == "a":
        return
    if sight.conn.once(("M22", asked.n)):
        yield Breach(f"no <a/> in {waited:.0f} s", place=asked)


@M22.at_end
def never_acknowledged(ending: Ending) -> Iterator[Said]:
    """Who is leaving need not answer any more."""
    for asked in ending.conn.memory(_Requests).open.values():
        waited = ending.t - asked.t
        if waited > PATIENCE and ending.conn.once(("M22", asked.n)):
            yield Breach(f"no <a/> in {waited:.0f} s, until the end", place=asked)


M23 = Rule("M23", Severity.ERROR, "XEP-0198 §4", "<r/> or <a/> before stream management is enabled")


@M23.on(element(*_SM, names=["r", "a"]))
def not_enabled(sight: Sight) -> Iterator[Said]:
    """The client may ask as soon as it has sent <enable/>."""
    if sight.conn.certain and not sight.conn.management and not sight.conn.resuming:
        yield f"<{sight.record.kind}/>, but stream management is not enabled"


M24 = Rule(
    "M24", Severity.ERROR, "XEP-0198 §5", "a session that can be resumed, without a proper id"
)


@M24.on(element(*_CARRIERS, names=["enabled", "success"], way="s2c"))
def no_session_id(sight: Sight) -> Iterator[Said]:
    """Nobody can name it."""
    for each in sm_elements(sight.record):
        if local_name(each) != "enabled" or each.get("resume") not in ("true", "1"):
            continue
        name = each.get("id") or ""
        if not name:
            yield "the session can be resumed, but has no id"
        elif len(name.encode(errors="replace")) > _MAX_ID:
            yield f"the session's id has {len(name):,} characters; {_MAX_ID:,} bytes are allowed"


M27 = Rule("M27", Severity.INFO, "XEP-0198 §4", "a stream that ends with stanzas not acknowledged")


@M27.at_end
def unconfirmed(ending: Ending) -> Iterator[Said]:
    """A session that can be resumed may still make up for it; one that was closed cannot."""
    conn = ending.conn
    if conn.resumable and conn.up.closed is None and conn.down.closed is None:
        return
    for who, frames in (("client", ending.unconfirmed_up), ("server", ending.unconfirmed_down)):
        if frames and (ending.closed is not None or conn.up.closed is not None):
            what = counted(len(frames), "stanza")
            yield f"{what} of the {who}, from frame {frames[0]} on, may be lost: no <a/> for them"
