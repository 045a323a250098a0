"""Hashed tokens: the HT mechanisms of FAST (XEP-0484), for one who stands between its two ends.

The token is the text of an attribute, its octets are that text in UTF-8, and it is never sent
again: what proves it is its HMAC over a fixed word and the data that binds to the channel.
HT is of draft-schmaus-kitten-sasl-ht, HT2 of draft-ietf-kitten-sasl-ht, which adds key/value pairs
to both messages.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Final

from xmppspy.analysis.sasl.mechanisms import HT_BINDINGS
from xmppspy.protocol.jid import JID

MAX_TOKENS: Final = 16
"""For one account and mechanism: several clients have one each, and while they change it two."""
MAX_ACCOUNTS: Final = 512
"""Pairs of account and mechanism; the oldest is forgotten for the next."""
MAX_LENGTH: Final = 4096
"""Characters of a token; a longer one is not remembered."""

_NAME: Final = re.compile(r"HT(2?)-([A-Z0-9-]+)-(NONE|ENDP|EXPR|UNIQ)")
_HASHES: Final = {
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
    "SHA3-256": "sha3_256",
    "SHA3-384": "sha3_384",
    "SHA3-512": "sha3_512",
    "SHA-3-512": "sha3_512",  # a spelling of the draft's own
}


@dataclass(frozen=True, slots=True)
class Initiator:
    """What a client's message says."""

    authcid: str
    extra: bytes
    """The key/value pairs of HT2; empty in HT."""
    proof: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HashedToken:
    """One mechanism, such as `HT-SHA-256-EXPR`."""

    mechanism: str
    hash: str
    """As `hashlib` names it."""
    binding: str
    """The type of channel binding, such as `tls-exporter`; empty for none."""
    has_extra: bool
    """Whether the messages hold key/value pairs: HT2."""

    @classmethod
    def read(cls, mechanism: str) -> "HashedToken | None":
        """Take the name of a mechanism apart; None for other ones, and for other hashes."""
        match = _NAME.fullmatch(mechanism)
        if match is None or match[2] not in _HASHES:
            return None
        return cls(mechanism, _HASHES[match[2]], HT_BINDINGS[match[3]], match[1] == "2")

    def initiator(self, authcid: str, token: str, channel: bytes, extra: bytes = b"") -> bytes:
        """What a client says; `channel` is the data that binds, empty for none."""
        said = (authcid.encode(), extra) if self.has_extra else (authcid.encode(),)
        return b"\0".join((*said, self._proof(token, b"Initiator", channel, extra)))

    def read_initiator(self, message: bytes) -> Initiator | None:
        """Take a client's message apart; None where it is malformed."""
        parts = message.split(b"\0", 2 if self.has_extra else 1)
        if len(parts) != (3 if self.has_extra else 2):
            return None
        try:
            authcid = parts[0].decode()
        except UnicodeDecodeError:
            return None
        if not authcid or len(parts[-1]) != hashlib.new(self.hash).digest_size:
            return None
        return Initiator(authcid, parts[1] if self.has_extra else b"", parts[-1])

    def responder(self, token: str, channel: bytes, extra: bytes = b"") -> bytes:
        """What a server says with success."""
        start = b"\0" + extra + b"\0" if self.has_extra else b""
        return start + self._proof(token, b"Responder", channel, extra)

    def is_initiator(self, message: bytes, token: str, channel: bytes) -> bool:
        """Whether a client's message proves that it has the token, over this channel."""
        said = self.read_initiator(message)
        return said is not None and hmac.compare_digest(
            message, self.initiator(said.authcid, token, channel, said.extra)
        )

    def initiator_again(self, message: bytes, token: str, channel: bytes) -> bytes | None:
        """The same message of a client, proven over another channel; None where it is malformed."""
        said = self.read_initiator(message)
        if said is None:
            return None
        return self.initiator(said.authcid, token, channel, said.extra)

    def responder_again(self, message: bytes, token: str, old: bytes, new: bytes) -> bytes | None:
        """The same message of a server, proven over the channel `new`.

        None where it does not prove over `old` that the server has the token.
        """
        extra = self._extra_of_responder(message)
        if extra is None or not hmac.compare_digest(message, self.responder(token, old, extra)):
            return None
        return self.responder(token, new, extra)

    def _extra_of_responder(self, message: bytes) -> bytes | None:
        if not self.has_extra:
            return b""
        parts = message.split(b"\0", 2)
        return parts[1] if len(parts) == len(("", "extra", "proof")) and not parts[0] else None

    def _proof(self, token: str, word: bytes, channel: bytes, extra: bytes) -> bytes:
        return hmac.digest(token.encode(), word + channel + extra, self.hash)


class Tokens:
    """The tokens that servers have given, by account and mechanism, in memory only.

    A token counts for the mechanism that it was given for (XEP-0484 §3.4). When it expires the
    server knows; it is forgotten here when newer ones need its place, or when it is said.
    """

    def __init__(self) -> None:
        self._tokens: dict[tuple[JID, str], list[str]] = {}

    def __bool__(self) -> bool:
        return bool(self._tokens)

    def __repr__(self) -> str:
        return f"<Tokens of {len(self._tokens)} accounts and mechanisms>"

    def remember(self, account: str, mechanism: str, token: str) -> None:
        """The server has given a token to a client of this account, a JID."""
        if not token or len(token) > MAX_LENGTH or HashedToken.read(mechanism) is None:
            return
        key = _key(account, mechanism)
        known = [each for each in self._tokens.pop(key, []) if each != token]
        if len(self._tokens) >= MAX_ACCOUNTS:
            del self._tokens[next(iter(self._tokens))]
        self._tokens[key] = [*known, token][-MAX_TOKENS:]

    def find(self, account: str, mechanism: str, message: bytes, channel: bytes) -> str | None:
        """The token that a client's message proves over this channel; None for an unknown one."""
        method = HashedToken.read(mechanism)
        if method is None:
            return None
        known = self._tokens.get(_key(account, mechanism), [])
        return next((each for each in known if method.is_initiator(message, each, channel)), None)

    def forget(self, account: str, mechanism: str, token: str) -> None:
        """The token is of no use any more: the client has invalidated it, or the server refused."""
        key = _key(account, mechanism)
        kept = [each for each in self._tokens.pop(key, []) if each != token]
        if kept:
            self._tokens[key] = kept


def _key(account: str, mechanism: str) -> tuple[JID, str]:
    return JID.read(account.partition("/")[0]), mechanism
