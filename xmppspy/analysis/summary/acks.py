"""Stream management (XEP-0198): requests, acknowledgements, resumption."""

from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.errors import failure
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Table, said
from xmppspy.analysis.words import duration, joined, named, word
from xmppspy.protocol.readable import Element

_TRUE: Final = ("true", "1")


def _ack(element: Element, _setting: Setting) -> str:
    return f"h={word(element.get('h')) or '?'}"


def _enable(element: Element, _setting: Setting) -> str:
    most = element.get("max")
    can_resume = element.get("resume") in _TRUE
    return joined(["resume" if can_resume else "", f"max={duration(most)}" if most else ""])


def enabled(element: Element) -> str:
    """What was granted: for how long the session can be resumed, by which id, and where."""
    most = element.get("max")
    resumable = element.get("resume") in _TRUE
    resume = f"resume={duration(most) if most else 'yes'}" if resumable else "without resumption"
    return joined([resume, named(id=element.get("id"), location=element.get("location"))])


def _enabled(element: Element, _setting: Setting) -> str:
    return enabled(element)


def _resume(element: Element, _setting: Setting) -> str:
    return joined([f"h={word(element.get('h')) or '?'}", named(session=element.get("previd"))])


def _failed(element: Element, _setting: Setting) -> str:
    condition = failure(element) if tree.child(element) is not None else ""
    return joined([condition, named(h=element.get("h"))])


TABLE: Final[Table] = {
    "{urn:xmpp:sm}r": said("ack-request"),
    "{urn:xmpp:sm}a": Entry("ack", _ack),
    "{urn:xmpp:sm}enable": Entry("sm enable", _enable),
    "{urn:xmpp:sm}enabled": Entry("sm enabled", _enabled),
    "{urn:xmpp:sm}resume": Entry("sm resume", _resume),
    "{urn:xmpp:sm}resumed": Entry("sm resumed", _resume),
    "{urn:xmpp:sm}failed": Entry("sm failed", _failed),
}
