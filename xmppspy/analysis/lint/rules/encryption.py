"""End-to-end encryption, as far as it shows from outside (XEP-0384, XEP-0373, XEP-0380)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.keeping import Kept
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.sight import MASK, Sight
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import word

EME: Final = "urn:xmpp:eme:0"
OMEMO: Final = (
    "eu.siacs.conversations.axolotl", "urn:xmpp:omemo:0", "urn:xmpp:omemo:1", "urn:xmpp:omemo:2",
)  # fmt: skip
OPENPGP: Final = ("urn:xmpp:openpgp:0", "jabber:x:encrypted")
ENCRYPTED: Final = (*OMEMO, *OPENPGP)
_ENCRYPTED: Final = frozenset(ENCRYPTED)
FALLBACK: Final = "urn:xmpp:fallback:0"
_HINT: Final = re.compile(
    r"OMEMO|PGP|crypt|encipher|verschl|chiffr|cifrad|cifrat|szyfr|шифр|暗号|加密|\[ERROR",
    re.IGNORECASE,
)
"""Words by which a body is recognised that only says that there is something encrypted."""
_HABIT: Final = 2
"""Encrypted messages in a row that make a conversation an encrypted one."""
_KEPT: Final = 2000
"""Conversations that are remembered."""


def _is_encrypted(sight: Sight) -> bool:
    """Whether the message has encrypted content; key exchanges without any do not count."""
    for each in sight.children:
        namespace = tree.namespace(each)
        if namespace in OMEMO:
            return tree.child(each, "payload") is not None
        if namespace in OPENPGP:
            return True
    return False


X16 = Rule(
    "X16", Severity.WARNING, "XEP-0380 §3, XEP-0384 §5",
    "an encrypted message that does not say so to other clients, or with plain text beside it",
)  # fmt: skip


@X16.on(stanza("message", holding=ENCRYPTED))
def unexplained(sight: Sight) -> Iterator[Said]:
    """A client that cannot decrypt it shows nothing, or not that it is encrypted."""
    if not _is_encrypted(sight) or sight.record.type == "error":
        return
    bodies = [tree.text(each) for each in sight.own("body")]
    if EME not in sight.record.ns:
        nothing = "" if bodies else " and no body as a fallback"
        yield f"the message is encrypted, but has no <encryption/> (XEP-0380){nothing}"
    plain = [text for text in bodies if text and not _HINT.search(text) and MASK not in text]
    if plain and FALLBACK not in sight.record.ns:
        yield f"a body of {len(plain[0]):,} characters in the clear, beside encrypted content"


X17 = Rule(
    "X17", Severity.WARNING, "heuristic", "an unencrypted message in an encrypted conversation"
)


@dataclass(slots=True)
class _Habit:
    """How one side of a conversation has been speaking."""

    encrypted: int = 0
    """Messages in a row."""
    n: int = 0
    """The last of them."""


class _Conversations:
    """By connection, direction and address."""

    def __init__(self) -> None:
        self.habits: Kept[tuple[int, str, str], _Habit] = Kept(_KEPT)


MESSAGE: Final = stanza("message", types=[None, "chat", "normal", "groupchat"])


def _key(sight: Sight) -> tuple[int, str, str]:
    address = sight.peer or ""
    if sight.record.type != "groupchat":
        address = address.partition("/")[0]
    return sight.record.conn, sight.record.dir, address


@X17.on(MESSAGE)
def fell_out_of_habit(sight: Sight) -> Iterator[Said]:
    """Told once, until the next encrypted one."""
    habits = sight.capture.of(_Conversations).habits
    habit = habits.get(_key(sight)) if len(habits) else None
    if habit is None or habit.encrypted < _HABIT or _is_encrypted(sight):
        return
    if any(tree.text(each) for each in sight.own("body")):
        who = word(sight.peer) or "the account"
        yield f"not encrypted; {habit.encrypted} messages before it were, up to frame {habit.n} ({who})"


@follows(MESSAGE)
def keep_habit(sight: Sight) -> None:
    """Count encrypted messages in a row."""
    habits = sight.capture.of(_Conversations).habits
    if not len(habits) and _ENCRYPTED.isdisjoint(sight.record.ns):
        return
    key = _key(sight)
    habit = habits.get(key)
    if _is_encrypted(sight):
        if habit is None:
            habits.put(key, habit := _Habit())
        habit.encrypted += 1
        habit.n = sight.record.n
    elif habit is not None and sight.own("body"):
        habit.encrypted = 0
