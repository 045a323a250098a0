"""The accounts of the demo's server: what it knows of its users' passwords and contacts."""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from scramp import ScramMechanism

MECHANISM: Final = "SCRAM-SHA-256"
"""The only way to log in (RFC 7677)."""

Verifier: TypeAlias = tuple[bytes, bytes, bytes, int]
"""Salt, StoredKey, ServerKey and iterations: enough to check a proof, not to make one."""


@dataclass(frozen=True, slots=True)
class Contact:
    """An item of a roster, subscribed both ways (RFC 6121 §2.1.2)."""

    jid: str
    name: str
    group: str


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the server."""

    jid: str
    """Bare."""
    verifier: Verifier = field(repr=False)
    contacts: tuple[Contact, ...] = ()

    @classmethod
    def create(cls, jid: str, password: str, *contacts: Contact) -> "Account":
        """An account whose password is known here and now only."""
        return cls(jid, ScramMechanism(MECHANISM).make_auth_info(password), contacts)
