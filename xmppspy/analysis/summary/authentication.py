"""SASL (RFC 6120 §6) and SASL2 (XEP-0388) with what goes inside: Bind 2, FAST, upgrades."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.acks import enabled
from xmppspy.analysis.summary.errors import failure, problem
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Table, family, said
from xmppspy.analysis.words import MASK, joined, listed, moment, named, quoted, word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.readable import Element

_SASL: Final = f"{{{ns.SASL}}}"
_SASL2: Final = "{urn:xmpp:sasl}"
_TEXT_ROOM: Final = 60
_OWN: Final = frozenset(
    {
        "initial-response", "additional-data", "text", "tasks", "user-agent",
        "authorization-identifier", "authorization-identity",
    }
)  # fmt: skip
"""Children of SASL2's elements that are told as the step itself."""

_Teller: TypeAlias = Callable[[Element], str]


def _step(_element: Element, setting: Setting) -> str:
    """What the payload says: mechanism, user, flags, counts; never a secret."""
    return "" if setting.sasl is None else setting.sasl.text


def _start(element: Element, setting: Setting) -> str:
    """The beginning; the mechanism is told also where nothing could be decoded."""
    return _step(element, setting) or word(element.get("mechanism")) or "(no mechanism)"


def _failure(element: Element, setting: Setting) -> str:
    """The condition, and what that means; what the server says besides."""
    fields = () if setting.sasl is None else setting.sasl.fields
    meaning = next((each.meaning for each in fields if each.name == "condition"), "")
    return joined(
        [problem(element) or "(no condition)", f"({meaning})" if meaning else "", _text(element)]
    )


def _text(element: Element) -> str:
    said = tree.child_text(element, "text")
    return quoted(said, _TEXT_ROOM) if said else ""


# --- SASL2


def _with_parts(element: Element, setting: Setting) -> str:
    """A step, and what goes inside."""
    if setting.sasl is None:
        return joined([word(element.get("mechanism")), *_parts(element)], " + ")
    fields = " ".join(map(str, setting.sasl.fields))
    starts = tree.local(element) == "authenticate"
    start = setting.sasl.start or ("(no mechanism)" if starts else "")
    told = joined([start, fields])
    warnings = [f"warning: {warning}" for warning in setting.sasl.warnings]
    return joined([joined([told, *_parts(element)], " + "), *warnings], "; ")


def _continue(element: Element, setting: Setting) -> str:
    return joined([_step(element, setting), _text(element)]) or "(no tasks)"


def _task(element: Element, _setting: Setting) -> str:
    """A step of a task, of which only is told what it holds."""
    names = [word(tree.local(each)) for each in tree.children(element)]
    return joined([word(element.get("task")), f"[{listed(names)}]" if names else ""])


def _parts(element: Element) -> list[str]:
    return [_part(each) for each in tree.children(element) if tree.local(each) not in _OWN]


def _part(element: Element) -> str:
    tell = _PARTS.get(family(element.tag))
    return tell(element) if tell else word(tree.local(element))


def _bind(element: Element) -> str:
    """Bind 2 (XEP-0386): the wish, with the features to be switched on."""
    tag = tree.child_text(element, "tag")
    others = [_part(each) for each in tree.children(element) if tree.local(each) != "tag"]
    return joined(
        ["bind", f"tag={word(tag)}" if tag else "", f"({listed(others, 6)})" if others else ""]
    )


def _bound(element: Element) -> str:
    others = [_part(each) for each in tree.children(element)]
    return joined(["bound", f"({listed(others, 6)})" if others else ""])


def _sm_enable(element: Element) -> str:
    return "sm with resumption" if element.get("resume") in ("true", "1") else "sm"


def _sm_enabled(element: Element) -> str:
    return f"sm on {enabled(element)}"


def _sm_resume(element: Element) -> str:
    resumed = tree.local(element)
    return joined([f"sm {word(resumed)}", named(h=element.get("h"), session=element.get("previd"))])


def _sm_failed(element: Element) -> str:
    return joined(
        ["sm failed", failure(element) if len(element) else "", named(h=element.get("h"))]
    )


def _archive(element: Element) -> str:
    return "archive metadata" if tree.child(element) is not None else "archive empty"


def _token(element: Element) -> str:
    """A token of FAST (XEP-0484); it is never told."""
    expiry = element.get("expiry")
    return joined([f"fast token {MASK}", f"until {moment(expiry)}" if expiry else ""])


def _fast(element: Element) -> str:
    ends = element.get("invalidate") in ("true", "1")
    return joined(
        ["by fast token", named(count=element.get("count")), "to be invalidated" if ends else ""]
    )


def _wanted_token(element: Element) -> str:
    return joined(["wants a fast token", named(mechanism=element.get("mechanism"))])


def _upgrade(element: Element) -> str:
    return f"wants {word(tree.text(element)) or 'an upgrade'}"


_PARTS: Final[Mapping[str, _Teller]] = {
    "{urn:xmpp:bind}bind": _bind,
    "{urn:xmpp:bind2}bind": _bind,
    "{urn:xmpp:bind}bound": _bound,
    "{urn:xmpp:bind2}bound": _bound,
    "{urn:xmpp:sm}enable": _sm_enable,
    "{urn:xmpp:sm}enabled": _sm_enabled,
    "{urn:xmpp:sm}resume": _sm_resume,
    "{urn:xmpp:sm}resumed": _sm_resume,
    "{urn:xmpp:sm}failed": _sm_failed,
    "{urn:xmpp:carbons}enable": lambda _element: "carbons",
    "{urn:xmpp:csi}inactive": lambda _element: "client inactive",
    "{urn:xmpp:csi}active": lambda _element: "client active",
    "{urn:xmpp:mam}metadata": _archive,
    "{urn:xmpp:fast}fast": _fast,
    "{urn:xmpp:fast}request-token": _wanted_token,
    "{urn:xmpp:fast}token": _token,
    "{urn:xmpp:sasl:upgrade}upgrade": _upgrade,
    "{urn:xmpp:iap}config-version": lambda _element: "config version",
}

TABLE: Final[Table] = {
    f"{_SASL}auth": Entry("auth", _start),
    f"{_SASL}challenge": Entry("challenge", _step),
    f"{_SASL}response": Entry("response", _step),
    f"{_SASL}success": Entry("success", _step),
    f"{_SASL}failure": Entry("failure", _failure),
    f"{_SASL}abort": said("abort"),
    f"{_SASL2}authenticate": Entry("authenticate", _with_parts),
    f"{_SASL2}challenge": Entry("challenge", _step),
    f"{_SASL2}response": Entry("response", _step),
    f"{_SASL2}success": Entry("success", _with_parts),
    f"{_SASL2}failure": Entry("failure", _failure),
    f"{_SASL2}continue": Entry("continue", _continue),
    f"{_SASL2}next": Entry("next", _task),
    f"{_SASL2}task-data": Entry("task-data", _task),
    f"{_SASL2}abort": said("abort"),
}
