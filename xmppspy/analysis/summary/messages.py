"""Messages (RFC 6121 §5): what was said, or what else they carry, and what goes along."""

from collections.abc import Mapping
from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.encryption import OTR_PREFIX
from xmppspy.analysis.summary.outline import Outline
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Role
from xmppspy.analysis.words import chars, joined, listed, named, quoted, word
from xmppspy.protocol.readable import Element

_KNOWN: Final = frozenset({"body", "subject", "thread", "error"})
_SUBJECT_ROOM: Final = 60
# It takes longer to find them in their class than to compare them.
_FLAG, _STATE, _BEFORE = Role.FLAG, Role.STATE, Role.BEFORE


class Payloads:
    """What the payloads of a stanza say, by their roles."""

    __slots__ = ("before", "flags", "instead", "leads", "states")

    def __init__(self) -> None:
        self.leads: list[Outline] = []
        self.before: list[str] = []
        self.states: list[str] = []
        self.flags: list[str] = []
        self.instead = False
        """Whether the text is but a fallback."""

    def add(self, role: Role, outline: Outline) -> None:
        """Take what a payload says."""
        if role is _FLAG:
            self.flags.append(outline.text)
        elif role is _STATE:
            self.states.append(outline.text)
        elif role is _BEFORE:
            self.before.append(outline.text)
        else:
            self.leads.append(outline)
            self.instead = self.instead or role is Role.INSTEAD

    @property
    def brackets(self) -> str:
        """What goes along: `[receipt? store]`."""
        flags = ", ".join(dict.fromkeys(filter(None, self.flags)))
        return f"[{flags}]" if flags else ""


def message(setting: Setting, content: Mapping[str, Element], payloads: Payloads) -> Outline:
    """What a message is; `content` holds its children of the content namespace."""
    said = _said(setting, content, payloads)
    if "thread" in content:
        payloads.flags.append(named(thread=tree.text(content["thread"])))
    if not payloads.leads:
        said = said or joined(payloads.states, ", ") or _unknown(content) or "(no body)"
        return Outline("", joined([said, payloads.brackets]))
    first, *others = payloads.leads
    rest = joined([first.details, *[f"+ {other.text}" for other in others]])
    return Outline(first.topic, joined([rest, said, payloads.brackets]), first.namespace)


def _unknown(content: Mapping[str, Element]) -> str:
    """What stands in a message's own namespace and is not of it."""
    names = [word(name) for name in content if name not in _KNOWN]
    return f"[{listed(names)}]" if names else ""


def _said(setting: Setting, content: Mapping[str, Element], payloads: Payloads) -> str:
    """The text, or the subject where there is no text."""
    subject, body = content.get("subject"), content.get("body")
    before = joined(payloads.before, ", ") if payloads.before else ""
    if body is None:
        return joined([before, _subject(subject, setting)])
    if subject is not None:
        payloads.flags.append(f"subject {quoted(tree.text(subject), _SUBJECT_ROOM)}")
    if payloads.instead:
        payloads.flags.append("fallback body")
        return before
    return f"{before}: {_body(body, setting)}" if before else _body(body, setting)


def _subject(subject: Element | None, setting: Setting) -> str:
    if subject is None:
        return ""
    what = "room subject" if setting.type == "groupchat" else "subject"
    return f"{what}: {quoted(tree.text(subject), _SUBJECT_ROOM)}"


def _body(body: Element, setting: Setting) -> str:
    text = tree.text(body)
    if text.startswith(OTR_PREFIX):
        return f"OTR message {chars(text)}"
    return f"{setting.quote(text)} {chars(text)}"
