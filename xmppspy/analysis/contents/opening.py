"""Opening: a frame's contents, one after the other."""

from collections.abc import Iterator

from xmppspy.analysis.contents.abilities import abilities
from xmppspy.analysis.contents.binaries import binaries
from xmppspy.analysis.contents.content import Content
from xmppspy.analysis.contents.forms import forms
from xmppspy.analysis.contents.problems import problems
from xmppspy.analysis.sasl import SaslStep, decode
from xmppspy.analysis.words import joined
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.stanza import read


def contents(record: FrameRecord, sasl: SaslStep | None = None) -> list[Content]:
    """What a frame carries; `sasl` is what it says as a step of SASL, where that is known."""
    root = read(record).element
    if root is None:
        return []
    step = sasl if sasl is not None or record.xmlns is None else decode(record)
    found = [] if step is None else list(_login(step))
    for opened in (problems, forms, abilities, binaries):
        found += opened(root)
    return found


def _login(step: SaslStep) -> Iterator[Content]:
    rows = tuple((each.name, _value(each.value, each.meaning)) for each in step.fields)
    if rows or step.warnings or step.bridged:
        title = joined([step.mechanism, step.message or step.kind])
        if step.bridged:
            rows = (*rows, ("on its way", step.bridged))
        yield Content(title, rows, step.warnings)


def _value(value: str, meaning: str) -> str:
    return f"{value} ({meaning})" if meaning else value
