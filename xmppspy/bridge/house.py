"""House: what all guards of one proxy share. It lives in memory only."""

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from xmppspy.analysis.bounds import Bounded
from xmppspy.bridge.credentials import Accounts
from xmppspy.bridge.fast import Tokens
from xmppspy.protocol.jid import JID

Mode: TypeAlias = Literal["auto", "keep", "strip", "bridge"]
"""What is done about channel binding."""

MAX_REMEMBERED: Final = 1000
"""Clients that are remembered for a bound login that failed, and servers for what they take."""


@dataclass(slots=True)
class House:
    """What a proxy was told about logins, and what it has learned since."""

    mode: Mode = "auto"
    accounts: Accounts = field(default_factory=Accounts)
    takes_plain: bool = False
    """Whether a client may be offered PLAIN, so that it shows its password (`--bridge-plain`)."""
    has_certificate: bool = False
    """Whether the server is shown a client certificate, for EXTERNAL (`--client-cert`)."""
    certified: tuple[str, ...] = ()
    """The accounts that this certificate names; empty where it names none, as some do."""
    tokens: Tokens = field(default_factory=Tokens)
    _bound: Bounded[tuple[str, str], bool] = field(default_factory=lambda: Bounded(MAX_REMEMBERED))

    _bindings: Bounded[tuple[str, str], str] = field(
        default_factory=lambda: Bounded(MAX_REMEMBERED)
    )

    @property
    def may_bridge(self) -> bool:
        """Whether there can be a login to end on both legs."""
        return self.mode in ("auto", "bridge")

    def certifies(self, account: str) -> bool:
        """Whether the certificate may be shown for an account: it could be another's."""
        of_these = JID.read(account) in map(JID.read, self.certified)
        return self.has_certificate and (of_these or not self.certified)

    def remember_bound(self, host: str, domain: str) -> None:
        """A login of a client on that host has failed because it was bound to its TLS."""
        self._bound.put((host, domain), True)

    def remember_binding(self, domain: str, version: str, binding: str) -> None:
        """A server has taken a type of channel binding with a version of TLS; empty: none."""
        self._bindings.put((domain, version), binding)

    def binding_of(self, domain: str, version: str) -> str | None:
        """What that server has taken before; None when nothing is known."""
        return self._bindings.get((domain, version))

    def strips(self, host: str, domain: str) -> bool:
        """Whether a client on that host is shown no mechanism that binds."""
        if self.mode == "auto":
            return self._bound.get((host, domain)) is not None
        return self.mode == "strip"
