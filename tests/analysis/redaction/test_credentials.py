from base64 import b64decode, b64encode

import pytest

from xmppspy.analysis.redaction.credentials import Credentials
from xmppspy.analysis.redaction.login import Login
from xmppspy.analysis.redaction.masks import Masks
from xmppspy.analysis.redaction.names import Names


def opened(
    mechanism: str,
    element: str,
    payload: bytes,
    names: Names | None = None,
    login: Login | None = None,
) -> bytes:
    """What a payload is after masking."""
    login = login or Login()
    login.mechanism = mechanism
    masks = Masks(b"key", fixed=names is not None)
    return b64decode(Credentials(masks, login, names).masked(element, b64encode(payload)))


@pytest.mark.parametrize(
    ("element", "left"),
    [("auth", b"\0anna\0****"), ("response", b"\0anna\0****"), ("success", b"*" * 10)],
)
def test_sides(element: str, left: bytes) -> None:
    """Whose message it is can be told from the element."""
    assert opened("PLAIN", element, b"\0anna\0pass") == left


def test_passwords_are_remembered() -> None:
    """What was masked can be found again where it is quoted."""
    login = Login()
    opened("PLAIN", "auth", b"\0anna\0swordfish", login=login)

    assert list(login.echoes(b"no swordfish")) == [b"swordfish"]


@pytest.mark.parametrize("raw", [b"AGFu bmE", b"AGFubmE", b"A", b"&#65;"])
def test_no_base64(raw: bytes) -> None:
    """What cannot be decoded is masked whole."""
    assert Credentials(Masks(b"key"), Login(), None).masked("auth", raw) == b"*" * len(raw)


@pytest.mark.parametrize(
    ("mechanism", "payload", "left"),
    [
        ("PLAIN", b"anna@example.org\0anna\0pass", b"user1@domain1.example\0user1\0********"),
        ("PLAIN", b"\0anna@example.org\0pass", b"\0user1@domain1.example\0********"),
        ("SCRAM-SHA-1", b"n,a=anna@example.org,n=a=2Cb,", b"*" * 8),
        ("SCRAM-SHA-1", b"n,a=anna@example.org,n=anna", b"n,a=user1@domain1.example,n=user1"),
        ("SCRAM-SHA-1", b"c=%s,p=x" % b64encode(b"p=tls-exporter,a=anna@example.org,data"),
         b"c=%s,p=********" % b64encode(b"p=tls-exporter,a=user1@domain1.example,****")),
        ("SCRAM-SHA-1", b"c=!,p=x", b"c=********,p=********"),
        ("SCRAM-SHA-1", b"c==,p=x", b"c=********,p=********"),
        ("DIGEST-MD5", b'username="anna",realm="example.org",digest-uri="xmpp/example.org"',
         b'username="user1",realm="domain1.example",digest-uri="xmpp/domain1.example"'),
        ("EXTERNAL", b"anna@example.org", b"user1@domain1.example"),
        ("ANONYMOUS", b"anna", b"****"),
    ],
)  # fmt: skip
def test_names(mechanism: str, payload: bytes, left: bytes) -> None:
    """In a copy that is shared, nobody is named in a payload."""
    assert opened(mechanism, "auth", payload, Names()) == left


def test_nonces_stay_related() -> None:
    """A server's nonce begins with the client's, and does so afterwards."""
    login, names = Login(), Names()
    first = opened("SCRAM-SHA-1", "auth", b"n,,n=anna,r=abc", names, login)
    second = opened("SCRAM-SHA-1", "challenge", b"r=abcdef,s=c2FsdA==,i=1", names, login)
    other = opened("SCRAM-SHA-1", "challenge", b"r=abXdef,s=c2FsdA==,i=1", names, login)
    nonce = first.partition(b"r=")[2]

    assert second.startswith(b"r=" + nonce)
    assert not other.startswith(b"r=" + nonce)
    assert second.endswith(b",s=%s,i=1" % b64encode(b"****"))
