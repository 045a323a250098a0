"""Setting: what a payload's description may know besides the payload itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from xmppspy.analysis.identity import Identity
from xmppspy.analysis.responders import same
from xmppspy.analysis.words import quoted, word
from xmppspy.protocol.readable import Element

if TYPE_CHECKING:
    from xmppspy.analysis.sasl import SaslStep

ROOM: Final = 120
"""Characters of what a person wrote before it is folded."""


class Teller(Protocol):
    """Who can describe everything: for payloads that carry other ones."""

    def stanza(self, stanza: Element, setting: Setting) -> str:
        """What a stanza is, its kind left out; `setting` is that of what carries it."""

    def payload(self, element: Element, setting: Setting) -> str:
        """What a payload is."""


class Setting(NamedTuple):
    """The stanza a payload stands in, and whose connection that is on.

    One is made for each frame: a named tuple is made three times as fast as a frozen dataclass.
    """

    stanza: Element
    kind: str
    """Local name of the stanza."""
    type: str
    """Its `type` attribute, empty when there is none."""
    outgoing: bool
    """Whether it is on its way from the connection's initiator."""
    identity: Identity
    teller: Teller
    room: int = ROOM
    sasl: SaslStep | None = None
    """What a SASL element says."""
    depth: int = 0
    """How many wrappers it stands in (XEP-0297)."""

    def who(self, jid: str | None) -> str:
        """An address, the account's own ones shortened; empty for None."""
        return word(self.identity.shorten(jid)) if jid else ""

    def tell(self, element: Element) -> str:
        """What another payload is, carried by the one that is described."""
        return self.teller.payload(element, self)

    def quote(self, text: str) -> str:
        """What a person wrote."""
        return quoted(text, self.room)

    @property
    def other(self) -> str:
        """The address at the other end of the connection; empty when it is not named."""
        return self.who(self.stanza.get("to" if self.outgoing else "from"))

    @property
    def forged(self) -> str:
        """`[from mallory@evil.test: forged?]`, for what only the own account may send.

        Empty where it did, or its address is not known. Without a `from` the account is meant
        (RFC 6120 §8.1.2.1).
        """
        sender, me = self.stanza.get("from"), self.identity
        if sender is None or me.bare is None or self.outgoing or self.depth:
            return ""
        own = me.kind != "client" or same(sender, me.bare)
        return "" if own else f"[from {self.who(sender) or '?'}: forged?]"

    def inside(self, stanza: Element, kind: str) -> Setting:
        """The setting of what is in a stanza that this one carries."""
        return Setting(
            stanza, kind, stanza.get("type") or "", self.outgoing, self.identity, self.teller,
            self.room, self.sasl, self.depth + 1,
        )  # fmt: skip
