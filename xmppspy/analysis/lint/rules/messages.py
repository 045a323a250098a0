"""Messages: type, body, subject, thread (RFC 6121 §5), chat states (XEP-0085)."""

from collections.abc import Iterator, Sequence
from typing import Final

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.rule import Rule
from xmppspy.analysis.lint.sight import Sight
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.readable import Element

STATES: Final = "http://jabber.org/protocol/chatstates"
MUC_USER: Final = "http://jabber.org/protocol/muc#user"
DELAY: Final = "urn:xmpp:delay"
_LANG: Final = f"{{{ns.XML}}}lang"
_TYPES: Final = frozenset({None, "chat", "error", "groupchat", "headline", "normal"})


M01 = Rule("M01", Severity.WARNING, "RFC 6121 §5.2.2", "a message of an unknown type")


def _is_unknown(record: FrameRecord) -> bool:
    return record.type not in _TYPES


@M01.on(stanza("message", only=_is_unknown))
def unknown_type(sight: Sight) -> Iterator[Said]:
    """It counts as normal."""
    yield f"{word(sight.record.type) or 'nothing'!r} is no type of a message"


M02 = Rule(
    "M02", Severity.ERROR, "RFC 6121 §5.2.3-5.2.4",
    "bodies or subjects in the same language, with attributes, or with elements inside",
)  # fmt: skip


@M02.on(stanza("message", having=["body", "subject"]))
def wrong_texts(sight: Sight) -> Iterator[Said]:
    """Of several with the same language nobody knows which one is meant."""
    for name in ("body", "subject"):
        found = sight.own(name)
        if len(found) > 1 and _share_a_language(sight, found):
            yield f"several <{name}> in the same language"
        for each in found:
            if any(not str(key).startswith("{") for key, _ in each.items()):
                yield f"<{name}> has attributes"
            if len(each) and tree.child(each) is not None:
                yield f"<{name}> has elements in it"


def _share_a_language(sight: Sight, texts: Sequence[Element]) -> bool:
    inherited = sight.tree.get(_LANG, sight.record.context.lang)
    return len({each.get(_LANG, inherited) for each in texts}) < len(texts)


M03 = Rule(
    "M03", Severity.ERROR, "RFC 6121 §5.2.5", "more than one thread, or one that is its own parent"
)


@M03.on(stanza("message", having=["thread"]))
def wrong_thread(sight: Sight) -> Iterator[Said]:
    """A message belongs to one conversation."""
    threads = sight.own("thread")
    if len(threads) > 1:
        yield f"the message has {len(threads)} threads"
    for thread in threads:
        if thread.get("parent") is not None and thread.get("parent") == tree.text(thread):
            yield "the thread is its own parent"


M04 = Rule(
    "M04", Severity.WARNING, "XEP-0045 §7.4",
    "a groupchat message to one occupant, or one with a body from the room itself",
)  # fmt: skip


@M04.on(stanza("message", types=["groupchat"]))
def misaddressed(sight: Sight) -> Iterator[Said]:
    """What all shall read goes to the room; what occupants say comes from them."""
    peer = sight.peer or ""
    if sight.up and "/" in peer:
        yield f"a groupchat message to {word(peer)}, who is one occupant: private ones are chat"
    elif not sight.up and peer and "/" not in peer and _says_something(sight):
        yield f"a groupchat message with a body from {word(peer)}, which is nobody in the room"


def _says_something(sight: Sight) -> bool:
    """A body that is neither a change of the subject nor a notice with a status code."""
    record = sight.record
    notice = MUC_USER in record.ns or DELAY in record.ns
    return bool(sight.own("body")) and not sight.own("subject") and not notice


M08 = Rule(
    "M08", Severity.WARNING, "XEP-0085 §5",
    "a body with another chat state than active, or more than one chat state",
)  # fmt: skip


@M08.on(stanza("message", holding=[STATES]))
def wrong_state(sight: Sight) -> Iterator[Said]:
    """Who has sent a message is no longer composing it."""
    states = [tree.local(each) for each in sight.children if tree.namespace(each) == STATES]
    if len(states) > 1:
        yield f"{len(states)} chat states in one message"
    elif states and states[0] != "active" and sight.own("body"):
        yield f"a body together with the chat state {word(states[0])}"
