"""Stanza errors (RFC 6120 §8.3)."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.lint.finding import Breach, Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.rule import Rule
from xmppspy.analysis.lint.sight import Sight
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import listed, word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.readable import Element

ERROR: Final = stanza(types=["error"])
_LANG: Final = f"{{{ns.XML}}}lang"
_TYPES: Final = frozenset({"auth", "cancel", "continue", "modify", "wait"})
_ANY: Final = _TYPES
USUAL: Final[dict[str, frozenset[str]]] = {
    "bad-request": frozenset({"modify"}),
    "conflict": frozenset({"cancel"}),
    "feature-not-implemented": frozenset({"cancel", "modify"}),
    "forbidden": frozenset({"auth"}),
    "gone": frozenset({"cancel"}),
    "internal-server-error": frozenset({"cancel", "wait"}),
    "item-not-found": frozenset({"cancel"}),
    "jid-malformed": frozenset({"modify"}),
    "not-acceptable": frozenset({"modify"}),
    "not-allowed": frozenset({"cancel"}),
    "not-authorized": frozenset({"auth"}),
    "policy-violation": frozenset({"modify", "wait"}),
    "recipient-unavailable": frozenset({"wait"}),
    "redirect": frozenset({"modify"}),
    "registration-required": frozenset({"auth"}),
    "remote-server-not-found": frozenset({"cancel"}),
    "remote-server-timeout": frozenset({"wait"}),
    "resource-constraint": frozenset({"wait"}),
    "service-unavailable": frozenset({"cancel"}),
    "subscription-required": frozenset({"auth"}),
    "undefined-condition": _ANY,
    "unexpected-request": frozenset({"modify", "wait"}),
}
"""The conditions with the types that go with them (RFC 6120 §8.3.3)."""
_LEGACY: Final = frozenset({"payment-required"})
"""A condition of RFC 3920 that RFC 6120 has dropped."""


def _error(sight: Sight) -> Element | None:
    return next(iter(sight.own("error")), None)


def _conditions(error: Element) -> list[Element]:
    found = error.iterchildren(f"{{{ns.STANZA_ERRORS}}}*")
    return [each for each in found if tree.local(each) != "text"]


A11 = Rule(
    "A11", Severity.ERROR, "RFC 6120 §8.3.1 rules 4, 7",
    "<error/> in a stanza of another type, or none in one of type error",
)  # fmt: skip


@A11.on(stanza("message", "presence", types=["error"]))
def type_without_error(sight: Sight) -> Iterator[Said]:
    """A05 is about iqs."""
    if not sight.own("error"):
        yield f"the {sight.record.kind} is of type error, but has no <error/>"


def _is_no_error(record: FrameRecord) -> bool:
    return record.type != "error"


@A11.on(stanza(having=["error"], only=_is_no_error))
def error_without_type(sight: Sight) -> Iterator[Said]:
    """The child belongs to the type."""
    type_ = word(sight.record.type) or "none"
    yield f"the {sight.record.kind} has an <error/>, but is of type {type_}"


A12 = Rule(
    "A12", Severity.ERROR, "RFC 6120 §8.3.2-8.3.3",
    "an error without exactly one known condition, or without a proper type",
    lesser=Severity.INFO,
)  # fmt: skip


@A12.on(ERROR)
def wrong_condition(sight: Sight) -> Iterator[Said]:
    """Errors with a number only, as before RFC 3920, are A14's."""
    error = _error(sight)
    if error is None:
        return
    names = [tree.local(each) for each in _conditions(error)]
    if not names and not error.get("code"):
        yield "the error has no condition"
    elif len(names) > 1:
        yield f"the error has {len(names)} conditions: {listed(map(word, names))}"
    elif names and names[0] not in USUAL and names[0] not in _LEGACY:
        yield f"{word(names[0])!r} is no condition of stanza errors"


@A12.on(ERROR)
def wrong_type(sight: Sight) -> Iterator[Said]:
    """Which types are usual, RFC 6120 §8.3.3 only recommends."""
    error = _error(sight)
    conditions = [] if error is None else _conditions(error)
    if error is None or not (conditions or error.get("code") is None):
        return
    type_ = error.get("type")
    if type_ not in _TYPES:
        yield "the error has no type" if not type_ else f"{word(type_)!r} is no type of an error"
        return
    name = tree.local(conditions[0]) if len(conditions) == 1 else ""
    if type_ not in USUAL.get(name, _ANY):
        usual = listed(sorted(USUAL[name]), separator=" or ")
        yield Breach(f"{name} is usually of type {usual}, this is {type_}", Severity.INFO)


A13 = Rule(
    "A13", Severity.INFO, "RFC 6120 §8.3.3.5, §8.3.3.14", "gone or redirect without the new address"
)


@A13.on(ERROR)
def no_new_address(sight: Sight) -> Iterator[Said]:
    """It is a URI in the condition's text."""
    error = _error(sight)
    for each in () if error is None else _conditions(error):
        if tree.local(each) in ("gone", "redirect") and ":" not in tree.text(each):
            yield f"{tree.local(each)} does not say where to"


A14 = Rule("A14", Severity.WARNING, "XEP-0086", "an error with a number only, as before RFC 3920")


@A14.on(ERROR)
def only_a_number(sight: Sight) -> Iterator[Said]:
    """Such errors have been out of date since 2004."""
    error = _error(sight)
    if error is not None and error.get("code") and not _conditions(error):
        yield f"error {word(error.get('code'))} without a condition"


A15 = Rule(
    "A15", Severity.INFO, "RFC 6120 §8.3.2",
    "an error's text without language, or several in the same one",
)  # fmt: skip


@A15.on(ERROR)
def text_languages(sight: Sight) -> Iterator[Said]:
    """A language that the stanza or the stream names does not suffice."""
    error = _error(sight)
    found = [] if error is None else error.iterchildren(f"{{{ns.STANZA_ERRORS}}}text")
    languages = [each.get(_LANG) for each in found]
    if None in languages:
        yield "the error's text has no xml:lang"
    elif len(set(languages)) < len(languages):
        yield f"several error texts in {listed(sorted({word(each) for each in languages}))}"
