"""Scene: what is known of one connection and of a login on it."""

from dataclasses import dataclass, field

from xmppspy.analysis.sasl.offers import Offer, Offers
from xmppspy.bridge.house import House
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Side
from xmppspy.protocol.guard import Channel


@dataclass(slots=True)
class Scene:
    """What the guard of a connection has seen of it."""

    house: House
    host: str
    """The client's address."""
    domain: str = ""
    channels: dict[Side, Channel] = field(default_factory=dict)
    offered: Offers = field(default_factory=Offers)
    """What the server offers."""
    shown: Offers = field(default_factory=Offers)
    """What the client sees of it."""
    stripped: bool = False
    """Whether the client sees no mechanism that binds, although there is one."""
    plain_only: bool = False
    """Whether it sees PLAIN in place of all others that a password serves for."""

    def bound(self, side: Side, kind: str) -> bytes | None:
        """The data that binds to the TLS of a leg; None where it cannot be had."""
        channel = self.channels.get(side)
        return None if channel is None or not kind else channel.channel_binding(kind)

    def is_equal(self, kind: str) -> bool:
        """Whether a type of channel binding gives the same on both legs, so that it may pass."""
        client = self.bound(Side.CLIENT, kind)
        return client is not None and client == self.bound(Side.SERVER, kind)

    @property
    def versions_differ(self) -> bool:
        """Whether the legs have different versions of TLS."""
        return len({channel.version for channel in self.channels.values()}) > 1


@dataclass(slots=True)
class Facts:
    """What is known of one login."""

    profile: str
    """The namespace of SASL or of SASL2."""
    mechanism: str
    """The client's choice."""
    account: str = ""
    """A bare JID, once it is known."""
    flag: str = ""
    """SCRAM's `n`, `y` or `p`; empty for other mechanisms."""
    binding: str = ""
    """The type of channel binding that the client uses."""
    bridged: str = ""
    """The mechanism towards the server, when the login ends at xmppspy."""
    bridged_binding: str = ""
    challenged: bool = False
    """Whether the server's first message has come."""
    protected: tuple[str, ...] = ()
    """Which of `h` and `t` the server added for the client to check (XEP-0474, XEP-0515)."""
    proof_fits: bool | None = None
    """Whether the client's proof fits what xmppspy knows; None: nobody has looked."""
    binding_fits: bool = True
    """Whether the client is bound to the TLS that it has with xmppspy."""
    hindrance: str = ""
    """Why xmppspy cannot do its part of it, a sentence."""

    @property
    def binds(self) -> bool:
        """Whether the client has bound this login to its TLS."""
        return bool(self.binding)

    def of(self, offers: Offers) -> Offer | None:
        """The offer of this login's profile."""
        return offers.sasl if self.profile == ns.SASL else offers.sasl2
