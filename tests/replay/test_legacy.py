import hashlib

from xmppspy.bridge.credentials import Accounts
from xmppspy.replay.legacy import Proof, checks

ACCOUNT, STREAM, SECRET = "romeo@montague.example", "s1", "rosemary"
KNOWN = Accounts({ACCOUNT: SECRET})


def test_password_or_digest() -> None:
    """Either is enough, nothing else is."""
    digest = hashlib.sha1(f"{STREAM}{SECRET}".encode(), usedforsecurity=False).hexdigest()

    assert checks(KNOWN, ACCOUNT, STREAM, Proof(SECRET))
    assert checks(KNOWN, ACCOUNT, STREAM, Proof(digest=digest.upper()))
    assert not checks(KNOWN, ACCOUNT, "s2", Proof(digest=digest))
    assert not checks(KNOWN, ACCOUNT, STREAM, Proof())
    assert not checks(KNOWN, "nurse@capulet.example", STREAM, Proof(SECRET))


def test_any_proof_when_nothing_is_known() -> None:
    """Without passwords there is nothing to check."""
    assert checks(Accounts(), ACCOUNT, STREAM, Proof("guess"))
