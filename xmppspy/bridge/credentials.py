"""Credentials: what is known of the accounts that log in. It lives in memory only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from xmppspy.bridge.scram import Keys, hash_of, keys_of
from xmppspy.protocol.jid import JID

MAX_LEARNT: Final = 256
"""Accounts whose passwords were seen; the oldest is forgotten for the next."""

_MAX_DERIVED: Final = 64


@dataclass(frozen=True, slots=True)
class ScramKeys:
    """What a server stores of a password for one mechanism (RFC 5802 §3)."""

    mechanism: str
    """Without `-PLUS`."""
    salt: bytes
    iterations: int
    stored: bytes = field(repr=False)
    server: bytes = field(repr=False)
    client: bytes | None = field(default=None, repr=False)
    """Not stored by servers; a client that keeps keys instead of a password has it."""


class Credentials:
    """The password of an account, or its SCRAM keys, or both."""

    def __init__(self, password: str | None = None, keys: Sequence[ScramKeys] = ()) -> None:
        self.password = password
        self.keys = tuple(keys)
        self._derived: dict[tuple[str, bytes, int], Keys] = {}

    def __repr__(self) -> str:
        return f"<Credentials: {'a' if self.password else 'no'} password, {len(self.keys)} keys>"

    def derive(self, hash: str, salt: bytes, iterations: int) -> Keys | None:  # noqa: A002
        """The keys for a server's salt and iterations; None when they cannot be had.

        Hashing a password is slow, so it is done once. Raises ScramError for a password or a count
        that SCRAM does not take.
        """
        for each in self.keys:
            if (hash_of(each.mechanism), each.salt, each.iterations) == (hash, salt, iterations):
                return Keys(hash, each.stored, each.server, each.client)
        if self.password is None:
            return None
        wanted = (hash, salt, iterations)
        if wanted not in self._derived:
            if len(self._derived) >= _MAX_DERIVED:
                del self._derived[next(iter(self._derived))]
            self._derived[wanted] = keys_of(hash, self.password, salt, iterations)
        return self._derived[wanted]


class Accounts:
    """Credentials by account, and one password for all accounts that are not named.

    It is false while nothing is known.
    """

    def __init__(
        self,
        named: Mapping[str, str | Credentials] | None = None,
        default: str | None = None,
    ) -> None:
        """Take bare JIDs, with a password or other credentials each."""
        self._named = {
            _key(jid): Credentials(each) if isinstance(each, str) else each
            for jid, each in (named or {}).items()
        }
        self._learnt: dict[JID, Credentials] = {}
        self._default = None if default is None else Credentials(default)

    def __bool__(self) -> bool:
        return bool(self._named or self._learnt) or self._default is not None

    def __repr__(self) -> str:
        return f"<Accounts: {len(self._named)} named, {len(self._learnt)} learnt>"

    def of(self, jid: str) -> Credentials | None:
        """What is known of an account; a resource does not count."""
        key = _key(jid)
        return self._learnt.get(key) or self._named.get(key) or self._default

    def password_of(self, jid: str) -> str | None:
        """The password of an account; None when it is not known."""
        found = self.of(jid)
        return None if found is None else found.password

    def only(self, jid: str, password: str) -> "Accounts":
        """The same accounts and one more, and no password for those that are not named."""
        found = Accounts({})
        found._named = {**self._named, _key(jid): Credentials(password)}
        return found

    def learn(self, jid: str, password: str) -> None:
        """An account has logged in with this password. One that a person gave is not replaced."""
        key = _key(jid)
        given, learnt = self._named.get(key), self._learnt.get(key)
        if given is not None and given.password is not None:
            return
        if learnt is not None and learnt.password == password:
            return
        self._learnt.pop(key, None)
        if len(self._learnt) >= MAX_LEARNT:
            del self._learnt[next(iter(self._learnt))]
        self._learnt[key] = Credentials(password, given.keys if given else ())


def _key(jid: str) -> JID:
    return JID.read(jid.partition("/")[0])
