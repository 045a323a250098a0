import pytest

from tests.protocol.feeding import HEADER, in_chunks
from xmppspy.protocol.features import is_features, with_starttls, without_compression

STARTTLS = b'<starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>'
ZLIB = (
    b"<compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression>"
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<stream:features/>", True),
        (b"<x:features xmlns:x='http://etherx.jabber.org/streams'></x:features>", True),
        (b"<features/>", False),
        (b"<features xmlns='urn:x'/>", False),
        (b"<stream:error/>", False),
    ],
)
def test_is_features(data: bytes, expected: bool) -> None:
    """Features are known by their namespace."""
    assert is_features(in_chunks([HEADER, data])[1]) is expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<f>" + ZLIB + b"<a/></f>", b"<f><a/></f>"),
        (b"<f> <a/>" + ZLIB + b"\n</f>", b"<f> <a/>\n</f>"),
        (b"<f><c:compression/><a/><c:compression ></c:compression></f>", b"<f><a/></f>"),
        (b"<f><a><compression/></a></f>", b"<f><a><compression/></a></f>"),
        (b"<f></f>", b"<f></f>"),
    ],
)
def test_without_compression(data: bytes, expected: bytes) -> None:
    """Compression is taken out and every other byte stays."""
    assert without_compression(data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<s:f a='>'><b/></s:f>", b"<s:f a='>'>" + STARTTLS + b"<b/></s:f>"),
        (b"<s:f></s:f>", b"<s:f>" + STARTTLS + b"</s:f>"),
        (b"<s:f/>", b"<s:f>" + STARTTLS + b"</s:f>"),
        (b"<s:f a='b' />", b"<s:f a='b'>" + STARTTLS + b"</s:f>"),
        (b"<?xml version='1.0'?><f/>", b"<?xml version='1.0'?><f>" + STARTTLS + b"</f>"),
        (b"<?xml version='1.0'?><f>x</f>", b"<?xml version='1.0'?><f>" + STARTTLS + b"x</f>"),
        (b"no element", b"no element"),
    ],
)
def test_with_starttls(data: bytes, expected: bytes) -> None:
    """STARTTLS comes first, an empty element is opened for it, and every other byte stays."""
    assert with_starttls(data) == expected
