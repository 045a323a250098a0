"""Makers: from what stands in a rules file to an action."""

from typing import Final

from xmppspy.errors import MalformedXML
from xmppspy.intervene import actions, fragments
from xmppspy.intervene.actions import Act
from xmppspy.intervene.changes import (
    REMOVED,
    Change,
    NewAttribute,
    NewElement,
    NewText,
    NoAttribute,
)
from xmppspy.intervene.kinds import Given, Make, Source
from xmppspy.intervene.patterns import Pattern
from xmppspy.intervene.values import BadValueError
from xmppspy.protocol.events import Side
from xmppspy.protocol.verdicts import Hold, Verdict

_CHANGES: Final = (
    "say by what: text, element, attribute with value, remove = true, or attribute with remove"
)


def plain(verdict: Verdict) -> Make:
    """An action that nothing is told."""
    return lambda _given, _source: actions.always(verdict)


def duplicate(given: Given, _: Source) -> Act:
    """The frame leaves several times."""
    return actions.always(Verdict(copies=given.get("copies", 2)))


def delay(given: Given, _: Source) -> Act:
    """It waits."""
    return actions.always(Verdict(delay=given["seconds"]))


def hold(given: Given, _: Source) -> Act:
    """It waits for a person."""
    seconds = given.get("seconds", Hold().seconds)
    return actions.always(Verdict(hold=Hold(seconds, given.get("otherwise") == "drop")))


def mark(given: Given, _: Source) -> Act:
    """A bookmark."""
    return actions.always(Verdict(marks=(given["text"],)))


def note(given: Given, _: Source) -> Act:
    """A note."""
    return actions.always(Verdict(notes=(given["text"],)))


def replace(given: Given, source: Source) -> Act:
    """Parts of the frame change."""
    from xmppspy.filters.places import Selector  # noqa: PLC0415 - lxml only when needed

    target = Selector([given["target"]])
    source.hints += target.hints
    return actions.replacement(target, _change(given))


def _change(given: Given) -> Change:
    said = {name for name in given if name != "target" and given[name] is not False}
    if said == {"text"}:
        return NewText(given["text"])
    if said == {"element"}:
        return NewElement(fragments.one_element(given["element"]))
    if said == {"remove"}:
        return REMOVED
    if said == {"attribute", "value"}:
        return NewAttribute(given["attribute"], given["value"])
    if said == {"attribute", "remove"}:
        return NoAttribute(given["attribute"])
    raise BadValueError(_CHANGES)


def answer(given: Given, _: Source) -> Act:
    """It does not go on, an answer goes back."""
    what = given["answer"]
    if what == "result":
        _only(given, "answer", "payload")
        fragments.elements(given.get("payload", "<x/>"))
        return actions.result(given.get("payload", ""))
    if what == "error":
        _only(given, "answer", "condition", "type", "text")
        condition = given.get("condition", "service-unavailable")
        return actions.error(condition, given.get("type", ""), given.get("text", ""))
    if not what.lstrip().startswith("<"):
        raise BadValueError(f'the answer is "result", "error" or an element, not "{what}"')
    _only(given, "answer")
    return actions.answer(Pattern(what))


def _only(given: Given, *names: str) -> None:
    for name in given:
        if name not in names:
            raise BadValueError(f"{name} does not go with this answer")


def inject(given: Given, source: Source) -> Act:
    """Elements of our own follow, or go back."""
    what = given["file"]
    to = Side(given["to"]) if "to" in given else None
    if what.lstrip().startswith("<"):
        return actions.injection(Pattern(what), to)
    text = source.text_of(what)
    try:
        return actions.injection(Pattern(text), to)
    except MalformedXML as error:
        raise MalformedXML(error.text, error.position, f"{what}: {error.reason}") from None


def refuse(_given: Given, _source: Source) -> Act:
    """STARTTLS is refused."""
    return actions.refusal
