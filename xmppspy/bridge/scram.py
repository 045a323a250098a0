"""SCRAM's messages and proofs (RFC 5802, RFC 7677), for one who stands between its two ends.

The bare part of the client's first message and the server's answer are the same on both sides of
a bridge; the gs2 header, `c=`, the proof and the signature are made again for the other channel.
What is read here is read strictly: a message that two readers could understand differently is
none.
"""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

MAX_ITERATIONS: Final = 1_000_000
"""Of the server's choice, that a password is hashed.

The derivation runs between two frames, and the relay waits for it: a million takes from a quarter
of a second to one second, by the hash. Servers ask for 4,096 to some 100,000.
"""

_HASHES: Final = {
    "SCRAM-SHA-1": "sha1",
    "SCRAM-SHA-256": "sha256",
    "SCRAM-SHA-512": "sha512",
    "SCRAM-SHA3-512": "sha3_512",
}
_GS2: Final = re.compile(r"((n|y|p=([A-Za-z0-9.-]+)),((?:a=[^,]+)?),)(.*)", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r"([A-Za-z])=([^,\0\ud800-\udfff]+)")
_NAME: Final = re.compile(r"(?:[^=,\0\ud800-\udfff]|=2C|=3D)+")
_NONCE: Final = re.compile(r"[\x21-\x2b\x2d-\x7e]+")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,9}")


class ScramError(Exception):
    """A message that is no SCRAM, or a password that cannot be used with it.

    The text is one phrase without secrets. It never leaves this room.
    """


@dataclass(frozen=True, slots=True)
class Keys:
    """What a password comes to with one salt and one count of iterations (RFC 5802 §3)."""

    hash: str
    """As `hashlib` names it."""
    stored: bytes = field(repr=False)
    server: bytes = field(repr=False)
    client: bytes | None = field(default=None, repr=False)
    """Only with it a proof can be made; `stored` is its hash."""


def hash_of(mechanism: str) -> str | None:
    """The hash of a SCRAM mechanism, with or without `-PLUS`, as `hashlib` names it.

    None for other mechanisms, and for hashes that nobody has registered.
    """
    return _HASHES.get(mechanism.removesuffix("-PLUS"))


def keys_of(hash: str, password: str, salt: bytes, iterations: int) -> Keys:  # noqa: A002
    """Hash a password. Raises ScramError.

    The password is prepared with SASLprep; one that it refuses cannot be used (RFC 5802 §5.1).
    It takes a second where `iterations` is at its bound, MAX_ITERATIONS.
    """
    if not 0 < iterations <= MAX_ITERATIONS:
        raise ScramError(f"the password is to be hashed {iterations} times")
    salted = hashlib.pbkdf2_hmac(hash, _prepared(password).encode(), salt, iterations)
    client = _hmac(hash, salted, b"Client Key")
    server = _hmac(hash, salted, b"Server Key")
    return Keys(hash, hashlib.new(hash, client).digest(), server, client)


def _prepared(password: str) -> str:
    from scramp import ScramException  # noqa: PLC0415 - passwords are rare, and it takes a while
    from scramp.utils import saslprep  # noqa: PLC0415

    try:
        prepared = str(saslprep(password))
    except ScramException:
        # Not chained: what it was raised for is the password.
        raise ScramError("SASLprep refuses the password") from None
    if not prepared:
        raise ScramError("the password is empty")
    return prepared


@dataclass(frozen=True, slots=True)
class ClientFirst:
    """`p=tls-exporter,a=authzid,n=user,r=nonce`."""

    header: str
    """The gs2 header, with its commas."""
    flag: str
    """`n`, `y` or `p`."""
    binding: str
    """The type of channel binding; empty without."""
    authzid: str
    user: str
    """Without escapes, as `authzid` is."""
    nonce: str
    bare: str
    """What follows the header."""

    @classmethod
    def parse(cls, text: str) -> "ClientFirst":
        """Read a client's first message. Raises ScramError."""
        match = _GS2.fullmatch(text)
        if match is None:
            raise ScramError("there is no gs2 header")
        header, flag, binding, authzid, bare = match.groups()
        said = _attributes(bare, "nr")
        return cls(
            header,
            flag[0],
            binding or "",
            _name(authzid.removeprefix("a=")) if authzid else "",
            _name(said["n"]),
            _nonce(said["r"]),
            bare,
        )

    @property
    def text(self) -> str:
        """The message."""
        return self.header + self.bare

    def with_flag(self, flag: str, binding: str = "") -> "ClientFirst":
        """The same message behind another flag; `binding` goes with `p`."""
        shown = f"p={binding}" if flag == "p" else flag
        authzid = self.header.split(",")[1]
        return replace(self, header=f"{shown},{authzid},", flag=flag, binding=binding)


@dataclass(frozen=True, slots=True)
class ServerFirst:
    """`r=nonce,s=salt,i=iterations`, with `h` of XEP-0474, `t` of XEP-0515 or others."""

    text: str
    nonce: str
    salt: bytes
    iterations: int
    attributes: Mapping[str, str]
    """All of them, in order."""

    @classmethod
    def parse(cls, text: str) -> "ServerFirst":
        """Read a server's first message. Raises ScramError."""
        said = _attributes(text, "rsi")
        if not _NUMBER.fullmatch(said["i"]):
            raise ScramError("there is no iteration count")
        return cls(text, _nonce(said["r"]), _decoded(said["s"]), int(said["i"]), said)

    def replacing(self, values: Mapping[str, str]) -> "ServerFirst":
        """The same message with other values of attributes; one it does not have is not added.

        Raises ScramError where a value cannot be one.
        """
        said = {name: values.get(name, value) for name, value in self.attributes.items()}
        return ServerFirst.parse(_joined(said))


@dataclass(frozen=True, slots=True)
class ClientFinal:
    """`c=base64 of gs2 header and channel-binding data,r=nonce,p=proof`."""

    channel: bytes = field(repr=False)
    """What `c` holds: the gs2 header, and behind it the data that binds."""
    nonce: str
    extensions: tuple[str, ...]
    """What stands between nonce and proof, each one as `x=value`."""
    proof: bytes = field(repr=False)
    without_proof: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "ClientFinal":
        """Read a client's last message. Raises ScramError."""
        said = _attributes(text, "cr")
        if list(said)[-1] != "p":
            raise ScramError("there is no proof at the end")
        return cls(
            _decoded(said["c"]),
            _nonce(said["r"]),
            tuple(text.split(",")[2:-1]),
            _decoded(said["p"]),
            text.rpartition(",")[0],
        )


def client_final(
    header: str, channel_data: bytes, nonce: str, extensions: Sequence[str] = ()
) -> str:
    """A client's last message without its proof; `extensions` are written as `x=value`."""
    channel = b64encode(header.encode() + channel_data).decode()
    return ",".join((f"c={channel}", f"r={nonce}", *extensions))


def with_proof(without_proof: str, proof: bytes) -> str:
    """A client's last message."""
    return f"{without_proof},p={b64encode(proof).decode()}"


def server_final(text: str) -> bytes | None:
    """The signature that a server proves itself with; None where it tells an error instead.

    Raises ScramError.
    """
    said = _attributes(text, "")
    first = next(iter(said))
    if first not in {"v", "e"}:
        raise ScramError("there is neither a signature nor an error")
    return _decoded(said["v"]) if first == "v" else None


def auth_message(client_first_bare: str, server_first: str, without_proof: str) -> bytes:
    """What proof and signature are made over (RFC 5802 §3)."""
    return f"{client_first_bare},{server_first},{without_proof}".encode()


def proof(keys: Keys, message: bytes) -> bytes:
    """The client's proof for an auth message. Raises ScramError without a client key."""
    if keys.client is None:
        raise ScramError("there is no client key")
    return _xor(keys.client, _hmac(keys.hash, keys.stored, message))


def recover(keys: Keys, message: bytes, proof: bytes) -> bytes | None:
    """The client key that a proof holds; None where the proof is wrong."""
    if len(proof) != len(keys.stored):
        return None
    client = _xor(proof, _hmac(keys.hash, keys.stored, message))
    found = hashlib.new(keys.hash, client).digest()
    return client if hmac.compare_digest(found, keys.stored) else None


def signature(keys: Keys, message: bytes) -> bytes:
    """What the server proves itself with for an auth message."""
    return _hmac(keys.hash, keys.server, message)


def _attributes(text: str, first: str) -> dict[str, str]:
    """The attributes by their names, in order; those of `first` have to come first."""
    said: dict[str, str] = {}
    for part in text.split(","):
        match = _ATTRIBUTE.fullmatch(part)
        if match is None or match[1] in said:
            raise ScramError("an attribute is malformed, or comes twice")
        said[match[1]] = match[2]
    if "m" in said:
        raise ScramError("there is the attribute m, at which the receiver has to fail")
    if "".join(said)[: len(first)] != first:
        raise ScramError(f"it does not begin with {' and '.join(first)}")
    return said


def _joined(said: Mapping[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in said.items())


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ScramError("a name is not escaped")
    return text.replace("=2C", ",").replace("=3D", "=")


def _nonce(text: str) -> str:
    if not _NONCE.fullmatch(text):
        raise ScramError("there is no nonce")
    return text


def _decoded(text: str) -> bytes:
    """Raises ScramError for anything but the one way to write these bytes."""
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:  # the root of binascii's
        raise ScramError("there is no base64 where it has to be") from error
    if b64encode(data).decode() != text:
        raise ScramError("there is no base64 where it has to be")
    return data


def _hmac(name: str, key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, name)


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
