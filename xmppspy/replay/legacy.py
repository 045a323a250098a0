"""Logins from before SASL: passwords and digests (XEP-0078), handshakes of components (XEP-0114)."""

from dataclasses import dataclass, field
from hashlib import sha1
from hmac import compare_digest

from xmppspy.bridge.credentials import Accounts


@dataclass(frozen=True, slots=True)
class Proof:
    """What a client shows: its password, or the digest of it; empty where it does not."""

    password: str = field(default="", repr=False)
    digest: str = ""


def checks(passwords: Accounts, account: str, stream_id: str, proof: Proof) -> bool:
    """Whether the proof is that of the account; any is when no password is known at all."""
    if not passwords:
        return True
    password = passwords.password_of(account)
    if password is None:
        return False
    # What the protocols say, long before anybody doubted it.
    digest = sha1(f"{stream_id}{password}".encode(), usedforsecurity=False).hexdigest()
    return any(
        compare_digest(shown.encode(), right.encode())
        for shown, right in ((proof.password, password), (proof.digest.lower(), digest))
    )
