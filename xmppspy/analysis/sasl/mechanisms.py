"""The mechanisms besides SCRAM: what their messages hold."""

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from xmppspy.analysis.sasl.exchange import Exchange, gs2, say_header
from xmppspy.analysis.sasl.steps import Reading

Opener: TypeAlias = Callable[[Reading, bytes, Exchange], None]

_HT: Final = re.compile(r"HT-.+-(NONE|ENDP|EXPR|UNIQ)")
HT_BINDINGS: Final = {
    "NONE": "",
    "ENDP": "tls-server-end-point",
    "EXPR": "tls-exporter",
    "UNIQ": "tls-unique",
}
"""The types of channel binding, by the last part of the names of the HT mechanisms."""

_DIRECTIVE: Final = re.compile(r'\s*([A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^,"]*))\s*(?:,|\Z)')
_STATUS: Final = re.compile(r'"status"\s*:\s*"([^"]*)"')
_SHOWN_DIRECTIVES: Final = (
    ("username", "user"), ("authzid", "authzid"), ("realm", "realm"), ("digest-uri", "digest-uri"),
    ("qop", "qop"), ("algorithm", "algorithm"),
)  # fmt: skip


def client_first(mechanism: str) -> Opener:
    """What opens the first message of a client."""
    if _HT.fullmatch(mechanism):
        return _hashed_token
    return _FIRST.get(mechanism, _sized)


def later(mechanism: str) -> Opener:
    """What opens any other message, of either side."""
    if _HT.fullmatch(mechanism):
        return _responder
    return _LATER.get(mechanism, _sized)


def guessed(data: bytes) -> Opener:
    """What opens a message of an exchange whose mechanism is not known."""
    if re.match(rb"(?:realm|nonce|username|rspauth|charset|qop)=", data):
        return _digest
    return _sized


def _sized(reading: Reading, data: bytes, _exchange: Exchange) -> None:
    reading.message = "data"
    reading.say("data", f"{len(data):,} B")


def _plain(reading: Reading, data: bytes, exchange: Exchange) -> None:
    """`authzid NUL user NUL password` (RFC 4616)."""
    _three_parts(reading, data, exchange, "password")


def _token(reading: Reading, data: bytes, exchange: Exchange) -> None:
    """Like PLAIN, with a token for the password."""
    _three_parts(reading, data, exchange, "token")


def _three_parts(reading: Reading, data: bytes, exchange: Exchange, secret: str) -> None:
    parts = data.split(b"\0")
    # Of anything else it is not known which part is the secret.
    if len(parts) != 3:
        _sized(reading, data, exchange)
        reading.warn(f"not three parts: authzid, user and {secret} (RFC 4616 §2)")
        return
    reading.message = "credentials"
    reading.say("authzid", parts[0].decode(errors="replace"))
    reading.say("user", parts[1].decode(errors="replace"))
    reading.hide(secret, parts[2])
    if not parts[1]:
        reading.warn("there is no user (RFC 4616 §2)")


def _bearer(reading: Reading, data: bytes, exchange: Exchange) -> None:
    """A gs2 header and pairs, `auth=Bearer …` among them (RFC 7628 §3.1)."""
    reading.message = "bearer token"
    if data == b"\x01":
        reading.message = "acknowledgement"
        return
    start, *pairs = data.decode(errors="replace").split("\x01")
    header = gs2(start)
    if header is None:
        reading.warn("there is no gs2 header (RFC 7628 §3.1)")
        return
    say_header(reading, header, exchange)
    said = dict(pair.partition("=")[::2] for pair in pairs if pair)
    reading.say("host", said.get("host", ""))
    reading.say("port", said.get("port", ""))
    scheme, _, token = said.get("auth", "").partition(" ")
    if token:
        reading.say("auth", scheme)
        reading.hide("token", token)
    else:
        reading.warn("there is no token (RFC 7628 §3.1)")


def _bearer_later(reading: Reading, data: bytes, exchange: Exchange) -> None:
    """The server's complaint in JSON (RFC 7628 §3.2.2), or the client's answer to it."""
    match = _STATUS.search(data.decode(errors="replace"))
    if match is None:
        _bearer(reading, data, exchange)
        return
    reading.message = "error"
    reading.say("status", match[1])


def _external(reading: Reading, data: bytes, _exchange: Exchange) -> None:
    """The authorization identity, or nothing (RFC 4422 appendix A)."""
    reading.message = "identity"
    meaning = "" if data else "as the certificate says"
    reading.say("authzid", data.decode(errors="replace") or "empty", meaning)


def _anonymous(reading: Reading, data: bytes, _exchange: Exchange) -> None:
    """Trace information (RFC 4505)."""
    reading.message = "trace"
    reading.say("trace", data.decode(errors="replace"))


def _digest(reading: Reading, data: bytes, _exchange: Exchange) -> None:
    """Directives (RFC 2831 §2.1)."""
    text = data.decode(errors="replace")
    said = {
        match[1].lower(): match[2] if match[2] is not None else match[3].strip()
        for match in _DIRECTIVE.finditer(text)
    }
    reading.message = "digest-challenge"
    for directive, name in _SHOWN_DIRECTIVES:
        reading.say(name, said.get(directive, ""))
    if "response" in said:
        reading.message = "digest-response"
        reading.hide("response", said["response"])
        if said.get("qop", "auth") != "auth":
            reading.warn("a security layer follows: what comes after the login is not readable")
    elif "rspauth" in said:
        reading.message = "response-auth"
        reading.hide("rspauth", said["rspauth"])


def _cram(reading: Reading, data: bytes, exchange: Exchange) -> None:
    """A challenge in angle brackets; the user and a digest (RFC 2195)."""
    user, space, digest = data.rpartition(b" ")
    if data.startswith(b"<") and data.endswith(b">"):
        reading.message = "challenge"
        reading.say("challenge", f"{len(data)} B")
    elif space:
        reading.message = "response"
        reading.say("user", user.decode(errors="replace"))
        reading.hide("digest", digest)
    else:
        _sized(reading, data, exchange)


def _hashed_token(reading: Reading, data: bytes, exchange: Exchange) -> None:
    """`user NUL hash` (draft-schmaus-kitten-sasl-ht; XEP-0484)."""
    user, mark, proof = data.partition(b"\0")
    if not mark:
        _sized(reading, data, exchange)
        reading.warn("there is no user before the hash of the token (XEP-0484)")
        return
    reading.message = "initiator-message"
    reading.say("user", user.decode(errors="replace"))
    match = _HT.fullmatch(exchange.mechanism)
    binding = HT_BINDINGS[match[1]] if match else ""
    reading.say("binding", binding or "none", "" if binding else "not bound to the TLS channel")
    reading.hide("proof", proof)


def _responder(reading: Reading, data: bytes, _exchange: Exchange) -> None:
    reading.message = "responder-message"
    reading.hide("proof", data)


_FIRST: Final[Mapping[str, Opener]] = {
    "PLAIN": _plain,
    "X-OAUTH2": _token,
    "X-GOOGLE-TOKEN": _token,
    "OAUTHBEARER": _bearer,
    "EXTERNAL": _external,
    "ANONYMOUS": _anonymous,
    "DIGEST-MD5": _digest,
    "CRAM-MD5": _cram,
}
_LATER: Final[Mapping[str, Opener]] = {
    **_FIRST,
    "OAUTHBEARER": _bearer_later,
}
