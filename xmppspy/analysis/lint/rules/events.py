"""Events of pubsub nodes (XEP-0060, XEP-0163)."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.lint.finding import Said, Severity
from xmppspy.analysis.lint.frames import stanza
from xmppspy.analysis.lint.keeping import Kept
from xmppspy.analysis.lint.rule import Rule, follows
from xmppspy.analysis.lint.rules.iqs import ROSTER
from xmppspy.analysis.lint.sight import Sight
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import word
from xmppspy.protocol.jid import JID

PUBSUB: Final = "http://jabber.org/protocol/pubsub"
EVENT: Final = "http://jabber.org/protocol/pubsub#event"
_KEPT: Final = 10_000
"""Addresses of each connection that are remembered."""


class _Acquaintances:
    """Whose events a client may expect."""

    def __init__(self) -> None:
        self.has_roster = False
        self.addresses: Kept[str, bool] = Kept(_KEPT)

    def add(self, address: str | None) -> None:
        """Take in another one."""
        if address:
            self.addresses.put(_bare(address), True)

    def know(self, address: str) -> bool:
        """Whether it is one of them."""
        return self.addresses.get(_bare(address)) is True


def _bare(address: str) -> str:
    jid = JID.read(address)
    return jid.domain if jid.local is None else f"{jid.local}@{jid.domain}"


@follows(stanza("iq", types=["result", "set"], holding=[ROSTER], way="s2c"))
def keep_contacts(sight: Sight) -> None:
    """Contacts, from the roster and from pushes."""
    known, query = sight.conn.memory(_Acquaintances), sight.child(ROSTER, "query")
    if sight.record.type == "result":
        known.has_roster = True
    for item in () if query is None else tree.children(query, "item"):
        known.add(item.get("jid"))


@follows(stanza("presence", "iq", way="c2s"))
def keep_addressed(sight: Sight) -> None:
    """Whom a client has shown its presence, or asked about a node."""
    record = sight.record
    if record.to and (record.kind == "presence" or PUBSUB in record.ns):
        sight.conn.memory(_Acquaintances).add(record.to)


X13 = Rule(
    "X13", Severity.INFO, "XEP-0060 §7.1, XEP-0163 §4",
    "an event from an address that was not subscribed to, and is no contact",
)  # fmt: skip


@X13.on(stanza("message", holding=[EVENT], way="s2c"))
def unexpected_event(sight: Sight) -> Iterator[Said]:
    """Judged once the roster is known; other resources may have subscribed as well."""
    sender, me = sight.record.from_, sight.me
    known = sight.conn.memory(_Acquaintances)
    if sender is None or me.bare is None or not sight.conn.certain or not known.has_roster:
        return
    if sight.conn.login.resumed or _bare(sender) in (_bare(me.bare), me.domain):
        return
    if not known.know(sender):
        yield f"an event from {word(sender)}, who is neither subscribed to nor a contact"
