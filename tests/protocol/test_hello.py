import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.protocol.hello import MAX_HELLO, ClientHello, read_client_hello
from xmppspy.protocol.tls import TLSPipe

HANDSHAKE = b"\x16\x03\x01"


def real_hello(
    name: str | None = "capulet.example", alpn: tuple[str, ...] = (), newest: str = "TLSv1_3"
) -> bytes:
    """What OpenSSL says first."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = ssl.TLSVersion[newest]
    context.check_hostname = name is not None
    context.set_alpn_protocols(list(alpn))
    return TLSPipe(context, server_side=False, server_hostname=name).data_to_send()


def record(payload: bytes) -> bytes:
    """A handshake record."""
    return HANDSHAKE + len(payload).to_bytes(2) + payload


def hello(extensions: bytes | None) -> bytes:
    """A ClientHello with the given extensions."""
    body = b"\x03\x03" + b"r" * 32 + b"\x00" + b"\x00\x02\x13\x01" + b"\x01\x00"
    if extensions is not None:
        body += len(extensions).to_bytes(2) + extensions
    return b"\x01" + len(body).to_bytes(3) + body


def extension(kind: int, body: bytes) -> bytes:
    """One extension."""
    return kind.to_bytes(2) + len(body).to_bytes(2) + body


def test_names_in_a_real_hello() -> None:
    """SNI and ALPN are read, byte by byte not before the hello is whole."""
    data = real_hello(alpn=("xmpp-client", "http/1.1"))
    found = [read_client_hello(data[:length]) for length in range(len(data) + 1)]

    assert found[-1] == ClientHello("capulet.example", ("xmpp-client", "http/1.1"), "TLSv1.3")
    assert set(found[:-1]) == {None}


def test_hello_without_names() -> None:
    """Some clients name nobody."""
    assert read_client_hello(real_hello(name=None)) == ClientHello(None, (), "TLSv1.3")


@pytest.mark.parametrize("size", [1, 2, 5, 40])
def test_hello_in_several_records(size: int) -> None:
    """A hello may be spread over records of any size (RFC 8446 §5.1)."""
    data = real_hello()
    payload = data[5:]
    parts = [record(payload[at : at + size]) for at in range(0, len(payload), size)]

    assert read_client_hello(b"".join(parts)) == ClientHello("capulet.example", (), "TLSv1.3")
    assert read_client_hello(b"".join(parts[:-1])) is None


@pytest.mark.parametrize(
    "extensions",
    [
        None,
        b"",
        extension(0, b"\x00\x00"),
        extension(0, b"\x00\x08\x07\x00\x05other"),
        extension(99, b"anything"),
        extension(16, b"\x00\x00"),
    ],
)
def test_hellos_that_name_nobody(extensions: bytes | None) -> None:
    """No extensions, empty ones and unknown ones are all fine."""
    assert read_client_hello(record(hello(extensions))) == ClientHello(newest="TLSv1.2")


def test_newest_version_of_real_hellos() -> None:
    """It is the newest one that the client would agree on."""
    found = [read_client_hello(real_hello(newest=each)) for each in ("TLSv1_2", "TLSv1_3")]

    assert [each and each.newest for each in found] == ["TLSv1.2", "TLSv1.3"]


@pytest.mark.parametrize(
    ("versions", "newest"),
    [
        ("0303 0302", "TLSv1.2"),
        ("0302 0303 0304", "TLSv1.3"),
        ("5a5a 0304 7f1c", "TLSv1.3"),
        ("0301", "TLSv1"),
        ("7f1c 0305", None),
        ("", None),
    ],
)
def test_newest_of_the_versions_it_names(versions: str, newest: str | None) -> None:
    """Drafts, GREASE (RFC 8701) and versions to come are passed over, in any order."""
    body = bytes.fromhex(versions)
    found = read_client_hello(record(hello(extension(43, len(body).to_bytes(1) + body))))

    assert found == ClientHello(newest=newest)


@pytest.mark.parametrize(
    "data",
    [
        record(b"\x02\x00\x00\x00"),
        record(hello(extension(0, b"\x00\x09\x00\x00\xff"))),
        record(hello(b"\x00")),
        record(b"\x01\x00\x00\x02\x03\x03"),
        record(b"\x01\x00") + b"\x15\x03\x01\x00\x02\x02\x28",
        record(b"") + b"GET / HTTP/1.1",
        b"\x15\x03\x01",
    ],
)
def test_what_is_no_client_hello(data: bytes) -> None:
    """What can never become one is told at once, so that nobody waits for more of it."""
    assert read_client_hello(data) == ClientHello()


def test_hello_without_end() -> None:
    """A hello that goes on for too long is not waited for."""
    endless = record(b"\x01\xff\xff\xff" + b"x" * 60_000)
    more = HANDSHAKE + b"\xff\xff" + b"x" * MAX_HELLO

    assert read_client_hello(endless) is None
    assert read_client_hello(endless + more) == ClientHello()


@given(st.binary(max_size=80), st.integers(0, 600))
def test_no_input_fails(noise: bytes, at: int) -> None:
    """Neither noise nor a hello with noise in it raises anything."""
    data = real_hello()

    for each in (noise, data[:at] + noise + data[at + len(noise) :]):
        assert isinstance(read_client_hello(each), ClientHello | None)
