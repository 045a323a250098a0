import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.bridge.fast import MAX_ACCOUNTS, MAX_LENGTH, MAX_TOKENS, HashedToken, Tokens

JULIET = "juliet@capulet.example"
EXPR = "HT-SHA-256-EXPR"
TOKEN = "secret-token:♥"
NEAR, FAR = b"\0near", b"far\0"


def _method(mechanism: str) -> HashedToken:
    method = HashedToken.read(mechanism)
    assert method is not None
    return method


@pytest.mark.parametrize(
    ("mechanism", "hash_name", "binding", "has_extra"),
    [
        ("HT-SHA-256-NONE", "sha256", "", False),
        ("HT-SHA-256-ENDP", "sha256", "tls-server-end-point", False),
        ("HT-SHA-512-EXPR", "sha512", "tls-exporter", False),
        ("HT-SHA3-512-UNIQ", "sha3_512", "tls-unique", False),
        ("HT-SHA-3-512-UNIQ", "sha3_512", "tls-unique", False),
        ("HT2-SHA-256-EXPR", "sha256", "tls-exporter", True),
    ],
)
def test_names(mechanism: str, hash_name: str, binding: str, has_extra: bool) -> None:
    """A name tells the hash and the channel binding."""
    assert HashedToken.read(mechanism) == HashedToken(mechanism, hash_name, binding, has_extra)


@pytest.mark.parametrize(
    "mechanism", ["", "PLAIN", "HT-SHA-256", "HT-SHA-256-ELSE", "HT-MD5-NONE", "HT3-SHA-256-NONE"]
)
def test_other_names(mechanism: str) -> None:
    """What is not known is not guessed."""
    assert HashedToken.read(mechanism) is None


def test_messages_of_the_draft() -> None:
    """`authcid NUL HMAC(token, "Initiator" || cb-data)`, and the same with "Responder"."""
    method, key = _method(EXPR), TOKEN.encode()
    initiator = hmac.new(key, b"Initiator" + NEAR, hashlib.sha256).digest()
    responder = hmac.new(key, b"Responder" + NEAR, hashlib.sha256).digest()

    assert method.initiator("juliet", TOKEN, NEAR) == b"juliet\0" + initiator
    assert method.responder(TOKEN, NEAR) == responder


def test_messages_of_the_second_version() -> None:
    """Key/value pairs stand before the proof, and in what it proves."""
    method, key = _method("HT2-SHA-256-EXPR"), TOKEN.encode()
    initiator = hmac.new(key, b"Initiator" + NEAR + b"a=1", hashlib.sha256).digest()
    responder = hmac.new(key, b"Responder" + NEAR + b"b=2", hashlib.sha256).digest()

    assert method.initiator("juliet", TOKEN, NEAR, b"a=1") == b"juliet\0a=1\0" + initiator
    assert method.responder(TOKEN, NEAR, b"b=2") == b"\0b=2\0" + responder


@given(
    st.sampled_from(("HT-SHA-256-EXPR", "HT-SHA3-512-UNIQ", "HT2-SHA-512-ENDP")),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
    st.text(st.characters(codec="utf-8"), min_size=1),
    st.binary(),
    st.binary(),
    st.sampled_from((b"", b"a=1")),
)
def test_the_same_over_another_channel(
    mechanism: str, authcid: str, token: str, near: bytes, far: bytes, extra: bytes
) -> None:
    """What is proven over one channel is proven over the other, for the same user."""
    method = _method(mechanism)
    extra = extra if method.has_extra else b""
    message = method.initiator(authcid, token, near, extra)
    answer = method.responder(token, far, extra)

    assert method.is_initiator(message, token, near)
    assert method.is_initiator(message, token, far) == (near == far)
    assert not method.is_initiator(message, token + "x", near)
    assert method.initiator_again(message, token, far) == method.initiator(
        authcid, token, far, extra
    )
    assert method.responder_again(answer, token, far, near) == method.responder(token, near, extra)
    assert method.responder_again(answer, token + "x", far, near) is None


@pytest.mark.parametrize(
    "message",
    [b"", b"juliet", b"juliet\0", b"juliet\0short", b"\0" + bytes(32), b"\xff\0" + bytes(32)],
)
def test_malformed_messages(message: bytes) -> None:
    """They are none."""
    for method in (_method(EXPR), _method("HT2-SHA-256-EXPR")):
        assert method.read_initiator(message) is None
        assert not method.is_initiator(message, TOKEN, NEAR)
        assert method.initiator_again(message, TOKEN, NEAR) is None
        assert method.responder_again(message, TOKEN, NEAR, FAR) is None


def test_finding_a_token() -> None:
    """The token that a message proves is found, for the account and the mechanism it is of."""
    tokens = Tokens()
    for token in ("of another client", TOKEN, "newer"):
        tokens.remember(f"{JULIET}/balcony", EXPR, token)
    message = _method(EXPR).initiator("juliet", TOKEN, NEAR)

    assert tokens.find("Juliet@capulet.example", EXPR, message, NEAR) == TOKEN
    assert tokens.find(JULIET, EXPR, message, FAR) is None
    assert tokens.find("romeo@montague.example", EXPR, message, NEAR) is None
    assert tokens.find(JULIET, "HT-SHA-256-ENDP", message, NEAR) is None
    assert tokens.find(JULIET, "PLAIN", message, NEAR) is None


def test_forgetting_a_token() -> None:
    """What was invalidated is not found again; the others are."""
    tokens = Tokens()
    tokens.remember(JULIET, EXPR, TOKEN)
    tokens.remember(JULIET, EXPR, "other")
    tokens.forget(JULIET, EXPR, TOKEN)
    lost, kept = (_method(EXPR).initiator("juliet", each, NEAR) for each in (TOKEN, "other"))

    assert tokens.find(JULIET, EXPR, lost, NEAR) is None
    assert tokens.find(JULIET, EXPR, kept, NEAR) == "other"
    tokens.forget(JULIET, EXPR, "other")
    assert not tokens


def test_memory_is_bounded() -> None:
    """Of many tokens and accounts the latest are known; what is no token is not remembered."""
    tokens = Tokens()
    tokens.remember(JULIET, EXPR, "x" * (MAX_LENGTH + 1))
    tokens.remember(JULIET, "PLAIN", TOKEN)
    assert not tokens
    for number in range(MAX_TOKENS + 1):
        tokens.remember(JULIET, EXPR, f"token {number}")
    first, last = (_method(EXPR).initiator("j", f"token {n}", NEAR) for n in (0, MAX_TOKENS))

    assert tokens.find(JULIET, EXPR, first, NEAR) is None
    assert tokens.find(JULIET, EXPR, last, NEAR) == f"token {MAX_TOKENS}"
    for number in range(MAX_ACCOUNTS):
        tokens.remember(f"user{number}@capulet.example", EXPR, TOKEN)
    assert tokens.find(JULIET, EXPR, last, NEAR) is None
    assert repr(tokens) == f"<Tokens of {MAX_ACCOUNTS} accounts and mechanisms>"


def test_proofs_are_not_shown() -> None:
    """The representation of a message is without its proof."""
    message = _method(EXPR).initiator("juliet", TOKEN, NEAR)

    assert repr(_method(EXPR).read_initiator(message)) == "Initiator(authcid='juliet', extra=b'')"
