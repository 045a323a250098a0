"""Passwords: what a replay knows of the accounts that log in, or logs in with."""

from collections.abc import Mapping

from xmppspy.protocol.jid import JID


class Passwords:
    """Passwords by account, and one for all accounts that are not named.

    With neither, nothing is known, and as a server a replay takes any password.
    """

    def __init__(
        self, accounts: Mapping[str, str] | None = None, default: str | None = None
    ) -> None:
        self._accounts = {_key(jid): password for jid, password in (accounts or {}).items()}
        self._default = default

    def __bool__(self) -> bool:
        return bool(self._accounts) or self._default is not None

    def __repr__(self) -> str:
        return f"Passwords of {len(self._accounts)} accounts"

    def only(self, account: str, password: str) -> "Passwords":
        """The same table with one more account, and no password for those it does not name."""
        found = Passwords()
        found._accounts = {**self._accounts, _key(account): password}
        return found

    def of(self, account: str) -> str | None:
        """The password of a bare JID; None when it is not known."""
        return self._accounts.get(_key(account), self._default)


def _key(jid: str) -> JID:
    return JID.read(jid.partition("/")[0])
