import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.analysis.redaction.payloads import Part, Role, client_parts, server_parts

_MECHANISMS = [
    "", "PLAIN", "SCRAM-SHA-1", "DIGEST-MD5", "CRAM-MD5", "HT-SHA-256-NONE", "OAUTHBEARER",
    "XOAUTH2", "X-OAUTH2", "EXTERNAL", "ANONYMOUS", "LOGIN", "GSSAPI",
]  # fmt: skip


def shown(data: bytes, parts: list[Part]) -> dict[str, bytes]:
    """What the parts are and say."""
    return {role.name: data[start:stop] for start, stop, role in parts}


@pytest.mark.parametrize(
    ("mechanism", "data", "parts"),
    [
        ("PLAIN", b"z\0u\0p", {"JID": b"z", "USER": b"u", "SECRET": b"p"}),
        ("SCRAM-SHA-1", b"n,a=z,n=u,r=N", {"JID": b"z", "USER": b"u", "NONCE": b"N"}),
        ("SCRAM-SHA-1", b"c=biws,r=N,p=P", {"BINDING": b"biws", "NONCE": b"N", "SECRET": b"P"}),
        ("", b"c=biws,r=N,p=P", {"BINDING": b"biws", "NONCE": b"N", "SECRET": b"P"}),
        ("", b"u", {"SECRET": b"u"}),
        ("DIGEST-MD5", b'username="u",response=R', {"USER": b"u", "SECRET": b"R"}),
        ("CRAM-MD5", b"u " + b"0" * 32, {"USER": b"u", "SECRET": b"0" * 32}),
        ("HT-SHA-256-NONE", b"u\0P", {"USER": b"u", "SECRET": b"P"}),
        ("OAUTHBEARER", b"n,a=z,\1host=h\1auth=Bearer T\1\1",
         {"JID": b"z", "HOST": b"h", "TOKEN": b"T"}),
        ("OAUTHBEARER", b"n,,\1post=T\1\1", {"SECRET": b"T"}),
        ("EXTERNAL", b"z", {"JID": b"z"}),
        ("ANONYMOUS", b"t", {"TRACE": b"t"}),
        ("GSSAPI", b"\x60\x82", {"SECRET": b"\x60\x82"}),
    ],
)  # fmt: skip
def test_clients(mechanism: str, data: bytes, parts: dict[str, bytes]) -> None:
    """The parts of a client's message."""
    assert shown(data, client_parts(mechanism, data)) == parts


@pytest.mark.parametrize(
    ("mechanism", "data", "parts"),
    [
        ("SCRAM-SHA-1", b"r=N,s=c2FsdA==,i=4096,h=H", {"NONCE": b"N", "SALT": b"c2FsdA=="}),
        ("SCRAM-SHA-1", b"v=V", {"SECRET": b"V"}),
        ("SCRAM-SHA-1", b"e=invalid-proof", {}),
        ("DIGEST-MD5", b'nonce="N",qop="auth"', {"NONCE": b"N"}),
        ("DIGEST-MD5", b"rspauth=R", {"SECRET": b"R"}),
        ("CRAM-MD5", b"<1.2@h>", {"HOST": b"h"}),
        ("HT-SHA-256-NONE", b"P", {"SECRET": b"P"}),
        ("PLAIN", b"x", {"SECRET": b"x"}),
        ("LOGIN", b"Username:", {}),
        ("LOGIN", b"x", {"SECRET": b"x"}),
        ("EXTERNAL", b"x", {}),
    ],
)
def test_servers(mechanism: str, data: bytes, parts: dict[str, bytes]) -> None:
    """The parts of a server's message."""
    assert shown(data, server_parts(mechanism, data)) == parts


@given(
    st.sampled_from(_MECHANISMS), st.binary(max_size=40) | st.text('ab=,\0\1"<@> ').map(str.encode)
)
def test_parts_are_in_order(mechanism: str, data: bytes) -> None:
    """Parts of any bytes lie inside them, one behind the other."""
    for parts in (client_parts(mechanism, data), server_parts(mechanism, data)):
        at = 0
        for start, stop, role in parts:
            assert at <= start <= stop <= len(data)
            assert isinstance(role, Role)
            at = stop


def test_long_rubbish_is_read_in_linear_time() -> None:
    """A message made to keep a parser busy does not."""
    rubbish = b"a=b" * 100_000 + b"\\"

    assert len(client_parts("DIGEST-MD5", rubbish)) == 1
    assert len(client_parts("SCRAM-SHA-1", rubbish)) == 1
