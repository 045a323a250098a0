"""Login: what is remembered of a connection's logins, so that what follows can be masked."""

import re
import string
from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.redaction.masks import is_masked

MIN_ECHO: Final = 6
"""Bytes of a password that is looked for in what answers to it; shorter ones could be words."""

MAX_ECHOES: Final = 16
"""Passwords of a connection that are remembered; the oldest is forgotten."""

MAX_WORDS: Final = 8
"""Words of one payload that are remembered, the longest ones."""

_PUNCTUATION: Final = string.punctuation.encode()
_SPACED: Final = re.compile(rb"[^\s\0:]+")
_WORD: Final = re.compile(rb"[0-9A-Za-z_\x80-\xff]+")


class Login:
    """The mechanism in use on one connection, and the passwords it has seen.

    The passwords are kept in memory only, until the connection ends.
    """

    def __init__(self) -> None:
        self.mechanism = ""
        """In upper case; empty while none was chosen, or more than one."""
        self.nonce = b""
        """SCRAM's, of the client."""
        self._echoes: dict[bytes, None] = {}

    def choose(self, mechanism: str) -> None:
        """A client begins to log in."""
        self.mechanism = mechanism.strip().upper()
        self.nonce = b""

    def branch(self) -> "Login":
        """Another one that begins as this one is now; what it remembers, both do."""
        other = Login()
        other.mechanism, other.nonce, other._echoes = self.mechanism, self.nonce, self._echoes
        return other

    def join(self, other: "Login") -> None:
        """Both may be what the peers go by. Where they differ, no mechanism is known."""
        self.nonce = self.nonce or other.nonce
        if other.mechanism != self.mechanism:
            self.mechanism = ""

    def remember(self, password: bytes) -> None:
        """Look for a password in errors and notes from now on."""
        if len(password) < MIN_ECHO or is_masked(password):
            return
        self._echoes[password] = None
        if len(self._echoes) > MAX_ECHOES:
            del self._echoes[next(iter(self._echoes))]

    def remember_words(self, text: bytes) -> None:
        """The same for what cannot be read, in which a password may stand somewhere."""
        text = text.strip()
        parts = {text, text.partition(b":")[2], *_SPACED.findall(text)}
        found = {*parts, *(each.strip(_PUNCTUATION) for each in parts), *_WORD.findall(text)}
        longest = sorted(found, key=lambda each: (-len(each), each))[:MAX_WORDS]
        for each in reversed(longest):
            self.remember(each)

    @property
    def may_echo(self) -> bool:
        """Whether any password is remembered."""
        return bool(self._echoes)

    def echoes(self, raw: bytes) -> Iterator[bytes]:
        """The remembered passwords that stand in `raw`, the longest first: one may hold another."""
        found = [password for password in self._echoes if password in raw]
        return iter(sorted(found, key=len, reverse=True))
