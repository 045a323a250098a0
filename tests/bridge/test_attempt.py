"""Attempts: what every login has in common, and those that are only watched."""

from base64 import b64encode

import pytest

from tests.bridge.stage import PROFILES, element_of
from xmppspy.bridge.attempt import (
    Asked,
    Watched,
    client_first,
    failure,
    protections,
    text_of,
    with_text,
)
from xmppspy.bridge.scene import Facts
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import PASS

FIRST = "n,,n=juliet,r=abc"


def frame(kind: str, content: bytes = b"", profile: str = ns.SASL, attributes: str = "") -> Frame:
    """An element of SASL or SASL2 as a frame."""
    return Frame(kind, element_of(profile, kind, content, attributes), xmlns=profile)


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"YWJj", "abc"), (b"=", ""), (b"", None), (b"*", None), (b64encode(b"\xff"), None)],
)
def test_text_of_an_element(content: bytes, expected: str | None) -> None:
    """None for what cannot be read as well: no base64, no UTF-8."""
    assert text_of(frame("auth", content)) == expected


@pytest.mark.parametrize("text", [None, "", "juliet", "n,,n=juliet", "n,,m=x,n=juliet,r=abc"])
def test_what_is_no_first_message(text: str | None) -> None:
    """Anything but SCRAM's."""
    assert client_first(text) is None


def test_first_message_is_read() -> None:
    """With its flag and its user."""
    first = client_first(FIRST)
    assert first is not None

    assert (first.flag, first.user) == ("n", "juliet")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("r=a,s=AAAA,i=4096", ()),
        ("r=a,s=AAAA,i=4096,t=0304,h=x", ("h", "t")),
        ("r=a,s=AAAA,i=4096,t=0304", ("t",)),
        ("h=x", ()),
        ("", ()),
        (None, ()),
    ],
)
def test_what_a_client_can_check(text: str | None, expected: tuple[str, ...]) -> None:
    """The attributes of XEP-0474 and XEP-0515."""
    assert protections(text) == expected


def test_watching_changes_nothing() -> None:
    """It is only noted what the client can check; an empty challenge before does not hide it."""
    watched = Watched(Facts(ns.SASL, "SCRAM-SHA-1"))
    answer = b64encode(b"r=a,s=AAAA,i=4096,h=x")
    rulings = [
        watched.client(frame("auth")),
        watched.server(frame("challenge")),
        watched.server(frame("challenge", answer)),
        watched.server(frame("challenge", b64encode(b"v=AAAA"))),
        watched.server(frame("success")),
    ]

    assert rulings == [PASS] * 5
    assert (watched.facts.challenged, watched.facts.protected) == (True, ("h",))


def test_payload_of_a_frame_is_replaced() -> None:
    """And nothing else of the element."""
    came = frame("response", b"YWJj")

    assert with_text(came, came.data, "other").data == came.data.replace(b"YWJj", b"b3RoZXI=")


@pytest.mark.parametrize("profile", PROFILES)
def test_first_message_is_asked_for(profile: str) -> None:
    """A challenge without content; the answer makes the login that would have come with it."""
    kind = "auth" if profile == ns.SASL else "authenticate"
    opening = frame(kind, profile=profile, attributes=" mechanism='PLAIN'")
    asked = Asked(Facts(profile, "PLAIN"), opening)
    ruling = asked.client(opening)
    begun = asked.begun(frame("response", b64encode(b"\0juliet\0x"), profile))
    assert (ruling.data, asked.server(frame("challenge"))) == (None, PASS)
    assert ruling.reply.startswith(b'<challenge xmlns="' + profile.encode())
    assert begun is not None

    assert (begun.kind, text_of(begun)) == (kind, "\0juliet\0x")
    assert b"mechanism='PLAIN'" in begun.data


@pytest.mark.parametrize(
    ("kind", "content", "condition"),
    [
        ("abort", b"", b"aborted"),
        ("response", b"*", b"malformed-request"),
        ("next", b"YWJj", b"malformed-request"),
    ],
)
def test_what_does_not_answer_the_question(kind: str, content: bytes, condition: bytes) -> None:
    """The client is told, in the server's place, which knows nothing of it."""
    opening = frame("auth")
    asked = Asked(Facts(ns.SASL, "PLAIN"), opening)
    said = frame(kind, content)

    assert asked.begun(said) is None
    assert condition in asked.client(said).reply


@pytest.mark.parametrize("profile", PROFILES)
def test_failure_in_the_servers_place(profile: str) -> None:
    """The condition is always of SASL's own namespace (XEP-0388 §2.6.2)."""
    ruling = failure(frame("response", profile=profile), "not-authorized")
    expected = f'<failure xmlns="{profile}"><not-authorized xmlns="{ns.SASL}"/></failure>'

    assert (ruling.data, ruling.reply) == (None, expected.encode())
