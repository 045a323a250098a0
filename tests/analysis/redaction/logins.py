"""Logins: SASL exchanges with a password in them, as the two sides send them."""

from base64 import b64encode
from typing import Final, NamedTuple

from tests.analysis.redaction.planted import SASL, SASL2

PASSWORD: Final = "Zauberwort-7294-qXyZ"
PROOF: Final = "dHJlYXN1cmUgaXNsYW5kLCBjaGFwdGVyIDE="
VERIFIER: Final = "dmVyaWZpZXIgb2YgdGhlIHNlcnZlciwgaXQ="
DIGEST: Final = "0123456789abcdef0123456789abcdef"


class Step(NamedTuple):
    """What one side sends: the payload, with the secret in it, and what shall be left of it."""

    side: str
    payload: bytes
    left: bytes


class Login(NamedTuple):
    """An exchange, and the secrets that may not be left of it."""

    mechanism: str
    secrets: tuple[str, ...]
    steps: tuple[Step, ...]


def stars(text: str | bytes) -> bytes:
    """As many stars."""
    return b"*" * len(text)


def _client(payload: bytes, left: bytes | None = None) -> Step:
    return Step("client", payload, payload if left is None else left)


def _server(payload: bytes, left: bytes | None = None) -> Step:
    return Step("server", payload, payload if left is None else left)


_PASSWORD: Final = PASSWORD.encode()
_SCRAM: Final = (
    _client(b"n,a=juliet@capulet.example,n=juliet,r=rOprNGfwEbeRWgbNEkqO"),
    _server(b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"),
    _client(
        b"c=bixhPWp1bGlldEBjYXB1bGV0LmV4YW1wbGUs,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj,p="
        + PROOF.encode(),
        b"c=bixhPWp1bGlldEBjYXB1bGV0LmV4YW1wbGUs,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj,p="
        + stars(PROOF),
    ),
    _server(b"v=" + VERIFIER.encode(), b"v=" + stars(VERIFIER)),
)
_BINDING: Final = b"p=tls-exporter,,n=juliet,r=rOprNGfwEbeRWgbNEkqO"
_DIGEST_1: Final = b'username="juliet",realm="capulet.example",nonce="OA6MG9tEQGm2hh",cnonce="x",'
_DIGEST_2: Final = b'digest-uri="xmpp/capulet.example",response='

LOGINS: Final = (
    Login("PLAIN", (PASSWORD,), (_client(b"\0juliet\0" + _PASSWORD, b"\0juliet\0" + stars(PASSWORD)),)),
    Login("PLAIN", (PASSWORD,), (_client(_PASSWORD, stars(PASSWORD)),)),
    Login("PLAIN", (PASSWORD,), (_client(b"x\0" + _PASSWORD, b"*\0" + stars(PASSWORD)),)),
    Login("plain", (PASSWORD,), (_client(b"\0j\0a\0" + _PASSWORD, b"\0j\0" + stars(PASSWORD) + b"**"),)),
    Login("SCRAM-SHA-1", (PROOF, VERIFIER), _SCRAM),
    Login("SCRAM-SHA-256-PLUS", (PROOF, VERIFIER), (_client(_BINDING), *_SCRAM[1:])),
    Login("SCRAM-SHA-1", (PASSWORD,), (_client(_PASSWORD, stars(PASSWORD)),)),
    Login("SCRAM-SHA-1", (PROOF,), (_client(b"p=" + PROOF.encode() + b",c=biws",
                                            b"p=" + stars(PROOF) + b",c=biws"),)),
    Login("DIGEST-MD5", (DIGEST,), (
        _server(b'realm="capulet.example",nonce="OA6MG9tEQGm2hh",qop="auth",charset=utf-8'),
        _client(_DIGEST_1 + _DIGEST_2 + DIGEST.encode() + b",charset=utf-8",
                _DIGEST_1 + _DIGEST_2 + stars(DIGEST) + b",charset=utf-8"),
        _server(b"rspauth=" + DIGEST.encode(), b"rspauth=" + stars(DIGEST)),
    )),
    Login("DIGEST-MD5", (PASSWORD,), (_client(b"hello " + _PASSWORD, b"******" + stars(PASSWORD)),)),
    Login("CRAM-MD5", (DIGEST,), (
        _server(b"<1896.697170952@capulet.example>"),
        _client(b"juliet " + DIGEST.encode(), b"juliet " + stars(DIGEST)),
    )),
    Login("HT-SHA-256-NONE", (PROOF, VERIFIER), (
        _client(b"juliet\0" + PROOF.encode(), b"juliet\0" + stars(PROOF)),
        _server(VERIFIER.encode(), stars(VERIFIER)),
    )),
    Login("LOGIN", (PASSWORD,), (
        _server(b"Username:"), _client(b"juliet", b"******"),
        _server(b"Password:"), _client(_PASSWORD, stars(PASSWORD)),
    )),
    Login("X-SOMETHING", (PASSWORD,), (
        _client(b"a" + _PASSWORD, b"*" + stars(PASSWORD)),
        _server(b"b" + _PASSWORD, b"*" + stars(PASSWORD)),
    )),
    Login("EXTERNAL", (), (_client(b"juliet@capulet.example"),)),
    Login("ANONYMOUS", (), (_client(b"sirhc"),)),
)  # fmt: skip
"""Exchanges of which every part that is left is known."""


def sasl(login: Login) -> list[tuple[str, str]]:
    """The frames of SASL, each with the side that sends it."""
    frames = []
    for position, (side, payload, _) in enumerate(login.steps):
        base64 = b64encode(payload).decode()
        is_last = position == len(login.steps) - 1
        if side == "server":
            name = "success" if is_last else "challenge"
            frames.append((side, f"<{name} {SASL}>{base64}</{name}>"))
        elif position == 0:
            frames.append((side, f"<auth {SASL} mechanism='{login.mechanism}'>{base64}</auth>"))
        else:
            if position == 1:
                frames.insert(0, ("client", f"<auth {SASL} mechanism='{login.mechanism}'/>"))
            frames.append((side, f"<response {SASL}>{base64}</response>"))
    return frames


def sasl2(login: Login) -> list[tuple[str, str]]:
    """The same login in SASL2."""
    frames = []
    for position, (side, payload, _) in enumerate(login.steps):
        base64 = b64encode(payload).decode()
        is_last = position == len(login.steps) - 1
        begun = f"<authenticate {SASL2} mechanism='{login.mechanism}'>"
        if side == "server" and is_last:
            data = f"<additional-data>{base64}</additional-data>"
            frames.append((side, f"<success {SASL2}>{data}</success>"))
        elif side == "server":
            frames.append((side, f"<challenge {SASL2}>{base64}</challenge>"))
        elif position == 0:
            first = f"<initial-response>{base64}</initial-response>"
            frames.append((side, f"{begun}{first}</authenticate>"))
        else:
            if position == 1:
                frames.insert(0, ("client", f"{begun}</authenticate>"))
            frames.append((side, f"<response {SASL2}>{base64}</response>"))
    return frames
