import hashlib
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scramp import ScramClient, ScramMechanism

from xmppspy.bridge.scram import (
    MAX_ITERATIONS,
    ClientFinal,
    ClientFirst,
    Keys,
    ScramError,
    ServerFirst,
    auth_message,
    client_final,
    hash_of,
    keys_of,
    proof,
    recover,
    server_final,
    signature,
    with_proof,
)

VECTORS = [
    (
        "SCRAM-SHA-1",
        "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
        "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
    ),
    (
        "SCRAM-SHA-256",
        "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        (
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        ),
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    ),
]
"""The dialogues of RFC 5802 §5 and RFC 7677 §3; the password is `pencil`."""


@pytest.mark.parametrize(("mechanism", "first", "answer", "final", "outcome"), VECTORS)
def test_dialogues_of_the_rfcs(
    mechanism: str, first: str, answer: str, final: str, outcome: str
) -> None:
    """Proof and signature come out as the RFCs print them, and every message is read."""
    client, server = ClientFirst.parse(first), ServerFirst.parse(answer)
    read = ClientFinal.parse(final)
    keys = keys_of(hash_of(mechanism) or "", "pencil", server.salt, server.iterations)
    message = auth_message(client.bare, server.text, read.without_proof)

    assert (client.user, client.text, read.channel) == ("user", first, b"n,,")
    assert client_final("n,,", b"", server.nonce) == read.without_proof
    assert with_proof(read.without_proof, proof(keys, message)) == final
    assert recover(replace(keys, client=None), message, read.proof) == keys.client
    assert signature(keys, message) == server_final(outcome)


MECHANISMS = ("SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "SCRAM-SHA3-512")
BINDINGS = st.sampled_from(("tls-unique", "tls-server-end-point"))
CHANNELS = st.binary(min_size=1, max_size=64)
PASSWORDS = st.text("abcXYZ019 ,=♥é\u00a0\u00adⅣ", min_size=1, max_size=12).filter(
    lambda text: text.strip("\u00ad")
)
USERS = st.text("abc,=é", min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(MECHANISMS), USERS, PASSWORDS, BINDINGS, CHANNELS, CHANNELS)
def test_bridge_between_two_of_another_library(
    mechanism: str, user: str, password: str, binding: str, near: bytes, far: bytes
) -> None:
    """A login bound to one channel becomes one that is bound to another, at both ends."""
    method = ScramMechanism(f"{mechanism}-PLUS")
    salt, stored, server_key, iterations = method.make_auth_info(password)
    client: Any = ScramClient([f"{mechanism}-PLUS"], user, password, (binding, near))
    server: Any = method.make_server(
        lambda _: (salt, stored, server_key, iterations), (binding, far)
    )

    first = ClientFirst.parse(client.get_client_first())
    server.set_client_first(first.text)
    answer = ServerFirst.parse(server.get_server_first())
    client.set_server_first(answer.text)
    keys = keys_of(hash_of(mechanism) or "", password, answer.salt, answer.iterations)
    final = ClientFinal.parse(client.get_client_final())
    here = auth_message(first.bare, answer.text, final.without_proof)
    without = client_final(first.header, far, final.nonce, final.extensions)
    there = auth_message(first.bare, answer.text, without)

    assert (first.user, first.binding, first.flag) == (user, binding, "p")
    assert (keys.stored, keys.server) == (stored, server_key)
    assert final.channel == first.header.encode() + near
    assert recover(keys, here, final.proof) == keys.client
    server.set_client_final(with_proof(without, proof(keys, there)))
    assert server_final(server.get_server_final()) == signature(keys, there)
    client.set_server_final(f"v={b64encode(signature(keys, here)).decode()}")


def test_wrong_proof_holds_no_key() -> None:
    """A proof of another password, a changed one and one of another length are wrong."""
    keys = keys_of("sha256", "pencil", b"salt", 1)
    other = keys_of("sha256", "pen", b"salt", 1)
    right = proof(keys, b"message")

    assert recover(keys, b"message", proof(other, b"message")) is None
    assert recover(keys, b"another", right) is None
    assert recover(keys, b"message", right[:-1]) is None
    assert recover(keys, b"message", b"") is None
    assert recover(keys, b"message", right) == keys.client


def test_hash_of_a_mechanism() -> None:
    """SCRAM's mechanisms are known, bound or not; the hashes are there."""
    assert [hash_of(each) for each in MECHANISMS] == ["sha1", "sha256", "sha512", "sha3_512"]
    assert hash_of("SCRAM-SHA-256-PLUS") == "sha256"
    assert [hash_of(each) for each in ("PLAIN", "SCRAM-MD5", "HT-SHA-256-NONE", "")] == [None] * 4
    assert all(hashlib.new(hash_of(each) or "") for each in MECHANISMS)


@pytest.mark.parametrize(
    ("password", "iterations"),
    [
        ("pencil", MAX_ITERATIONS + 1),
        ("pencil", 0),
        ("pen\acil", 1),
        ("", 1),
        ("\u00ad", 1),
        ("\u0627b", 1),
        ("\ud800", 1),
    ],
)
def test_password_that_cannot_be_hashed(password: str, iterations: int) -> None:
    """Too much labour and what SASLprep refuses is said, without the password."""
    with pytest.raises(ScramError) as error:
        keys_of("sha1", password, b"salt", iterations)

    assert not password or password not in str(error.value)
    assert error.value.__cause__ is None


def test_password_is_prepared() -> None:
    """What SASLprep makes equal is equal (RFC 4013 §3)."""
    assert keys_of("sha1", "I\u00adX", b"salt", 1) == keys_of("sha1", "Ⅸ", b"salt", 1)


def test_keys_do_not_show_themselves() -> None:
    """What is printed of keys and of proofs is without them."""
    keys = Keys("sha1", b"stored-secret", b"server-secret", b"client-secret")
    final = ClientFinal.parse("c=biws,r=nonce,p=c2VjcmV0")

    assert repr(keys) == "Keys(hash='sha1')"
    assert repr(final) == "ClientFinal(nonce='nonce', extensions=())"


def test_no_proof_without_the_client_key() -> None:
    """Stored keys check a proof; they do not make one."""
    with pytest.raises(ScramError, match="client key"):
        proof(replace(keys_of("sha1", "pencil", b"salt", 1), client=None), b"message")


@pytest.mark.parametrize(
    ("flag", "binding", "text"),
    [
        ("n", "", "n,a=a=2Cb,n=us=3Der,r=nonce,x=1"),
        ("y", "", "y,a=a=2Cb,n=us=3Der,r=nonce,x=1"),
        ("p", "tls-exporter", "p=tls-exporter,a=a=2Cb,n=us=3Der,r=nonce,x=1"),
    ],
)
def test_another_flag(flag: str, binding: str, text: str) -> None:
    """Only the flag changes; authzid, extensions and escapes stay as they were written."""
    first = ClientFirst.parse("p=tls-unique,a=a=2Cb,n=us=3Der,r=nonce,x=1")
    changed = first.with_flag(flag, binding)

    assert changed.text == text
    assert changed == ClientFirst.parse(text)
    assert (changed.authzid, changed.user) == ("a,b", "us=er")
    assert changed.bare == first.bare


def test_extensions_of_the_last_message_are_kept() -> None:
    """What is not known stands where it stood."""
    final = ClientFinal.parse("c=biws,r=nonce,x=1,y=2=3,p=c2VjcmV0")

    assert final.extensions == ("x=1", "y=2=3")
    assert client_final("n,,", b"", "nonce", final.extensions) == final.without_proof


NAMES = st.lists(st.sampled_from("abdefghjklnoptuvwxyzABCXYZ"), unique=True, max_size=6)
VALUES = st.text(st.characters(exclude_characters=",\0", exclude_categories=["Cs"]), min_size=1)


@given(NAMES.flatmap(lambda names: st.fixed_dictionaries(dict.fromkeys(names, VALUES))), VALUES)
def test_replacing_keeps_the_rest(extensions: dict[str, str], value: str) -> None:
    """What is there gets another value at its place; nothing else changes, and nothing is added."""
    text = "r=nonce,s=c2FsdA==,i=4096"
    text += "".join(f",{name}={each}" for name, each in extensions.items())
    server = ServerFirst.parse(text)
    changed = server.replacing({"h": value, "t": value})

    assert server.replacing({}) == server
    assert (server.nonce, server.salt, server.iterations) == ("nonce", b"salt", 4096)
    assert list(changed.attributes) == list(server.attributes)
    assert changed.attributes == {
        name: value if name in "ht" else each for name, each in server.attributes.items()
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n,",
        "n=user,r=nonce",
        "z,,n=user,r=nonce",
        "p=,,n=user,r=nonce",
        "p=tls_unique,,n=user,r=nonce",
        "n,a=,n=user,r=nonce",
        "n,a=a=b,n=user,r=nonce",
        "n,b=c,n=user,r=nonce",
        "n,,",
        "n,,n=user",
        "n,,r=nonce,n=user",
        "n,,n=,r=nonce",
        "n,,n=us=er,r=nonce",
        "n,,n=us=2cer,r=nonce",
        "n,,n=us\0er,r=nonce",
        "n,,n=user,r=",
        "n,,n=user,r=non ce",
        "n,,n=user,r=nöncé",
        "n,,n=user,r=nonce,",
        "n,,n=user,r=nonce,r=other",
        "n,,m=x,n=user,r=nonce",
        "n,,n=user,r=nonce,m=x",
        "n,,n=user,r=nonce,1=x",
        "n,,n=user,r=nonce\n",
    ],
)
def test_what_is_no_first_message_of_a_client(text: str) -> None:
    """It is refused."""
    with pytest.raises(ScramError):
        ClientFirst.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "e=other-error",
        "r=nonce,s=c2FsdA==",
        "s=c2FsdA==,r=nonce,i=1",
        "r=nonce,s=,i=1",
        "r=nonce,s=c2FsdA,i=1",
        "r=nonce,s=c2FsdB==,i=1",
        "r=nonce,s=c2 FsdA==,i=1",
        "r=nonce,s=sält,i=1",
        "r=nonce,s=c2FsdA==,i=0",
        "r=nonce,s=c2FsdA==,i=01",
        "r=nonce,s=c2FsdA==,i=-1",
        "r=nonce,s=c2FsdA==,i=٣",
        "r=nonce,s=c2FsdA==,i=" + "9" * 5000,
        "m=x,r=nonce,s=c2FsdA==,i=1",
        "r=nonce,s=c2FsdA==,i=1,m=x",
        "r=nonce,s=c2FsdA==,i=1,h=a,h=b",
    ],
)
def test_what_is_no_first_message_of_a_server(text: str) -> None:
    """It is refused."""
    with pytest.raises(ScramError):
        ServerFirst.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c=biws,r=nonce",
        "c=biws,p=c2VjcmV0",
        "r=nonce,c=biws,p=c2VjcmV0",
        "c=biws,r=nonce,p=",
        "c=biws,r=nonce,p=secret",
        "c=bi ws,r=nonce,p=c2VjcmV0",
        "c=biws,r=nonce,p=c2VjcmV0,x=1",
        "c=biws,r=nonce,m=1,p=c2VjcmV0",
    ],
)
def test_what_is_no_last_message_of_a_client(text: str) -> None:
    """It is refused."""
    with pytest.raises(ScramError) as error:
        ClientFinal.parse(text)

    assert "secret" not in str(error.value)


def test_last_message_of_a_server() -> None:
    """It is a signature, or an error that says none."""
    assert server_final("v=c2VjcmV0") == b"secret"
    assert server_final("v=c2VjcmV0,x=1") == b"secret"
    assert server_final("e=invalid-proof") is None
    for text in ("", "x=1,v=c2VjcmV0", "v=", "v=secret", "e="):
        with pytest.raises(ScramError):
            server_final(text)


PIECES = st.sampled_from(
    ["n", "y", "p=tls-exporter", "p=", "a=x", "n=user", "r=nonce", "s=c2FsdA==", "i=1", "c=biws",
     "v=c2VjcmV0", "e=x", "m=x", "h=1", "", "=", "\0", "ö", "\ud800"]
)  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=6).map(",".join), st.text()))
def test_anything_else_is_refused_in_one_way(text: str) -> None:
    """Whatever is sent is read, and written the same again, or raises ScramError."""
    with suppress(ScramError):
        first = ClientFirst.parse(text)
        assert (first.text.encode().decode(), first.with_flag(first.flag, first.binding)) == (
            text,
            first,
        )
    with suppress(ScramError):
        assert ServerFirst.parse(text).replacing({}).text == text
    for parse in (ClientFinal.parse, server_final):
        with suppress(ScramError):
            parse(text)


def test_what_binds_is_in_the_last_message() -> None:
    """Header and data stand in `c`, one behind the other."""
    text = client_final("p=tls-exporter,a=é,", b"\0\xff", "nonce")

    assert b64decode(text.split(",")[0][2:]) == "p=tls-exporter,a=é,".encode() + b"\0\xff"
