from types import MappingProxyType

import pytest

from tests.analysis.redaction.logins import LOGINS, sasl, sasl2
from tests.analysis.redaction.planted import RECORDED, SHARED, Plant, planted
from xmppspy.analysis.redaction.triggers import lends_secrets, may_hold_secrets
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext


@pytest.mark.parametrize("plant", RECORDED)
def test_secrets_are_noticed(plant: Plant) -> None:
    """Whatever is masked when recorded is looked at."""
    assert may_hold_secrets(planted(plant).encode())


def test_logins_are_noticed() -> None:
    """So are the payloads of SASL."""
    frames = [xml for login in LOGINS for version in (sasl, sasl2) for _, xml in version(login)]
    told = [xml for xml in frames if "</" in xml.replace("</authenticate>", "")]

    assert [xml for xml in told if not may_hold_secrets(xml.encode())] == []


@pytest.mark.parametrize(
    "xml",
    [
        b"<x token = 'a'/>",
        b"<x>&#65;</x>",
        b"<p:password>a</p:password >",
        b"<a b='%3Fpreauth%3Dc'/>",
        b"<a b='%3FPreAuth%3Dc'/>",
        b"<x><PASSWORD>a</PASSWORD></x>",
        b"<x PassWord='a'/>",
        b"<body>xmpp:a@b?join;PASSWORD=c</body>",
        b"<x usertoken='a'/>",
    ],
)
def test_unusual_spellings(xml: bytes) -> None:
    """What can be written in several ways is noticed in each."""
    assert may_hold_secrets(xml)


@pytest.mark.parametrize("plant", SHARED)
def test_the_rest_is_not_looked_at(plant: Plant) -> None:
    """What is recorded as it is costs nothing."""
    assert not may_hold_secrets(planted(plant).encode())


@pytest.mark.parametrize(
    "xml",
    [
        b"<message id='1' type='chat'><body>a &amp; b, 5 % is no token</body></message>",
        b"<x><field var='muc#roomconfig_roomname'><value>a</value></field></x>",
    ],
)
def test_ordinary_frames(xml: bytes) -> None:
    """Most frames hold nothing."""
    assert not may_hold_secrets(xml)


def test_headers() -> None:
    """A header may lend a namespace that is masked whatever its elements are called."""
    secret = StreamContext(prefixes=MappingProxyType({"o": "urn:xmpp:oauth:0"}))

    assert lends_secrets(secret)
    assert not lends_secrets(DEFAULT_CONTEXT)
