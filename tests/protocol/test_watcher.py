import itertools
from base64 import b64encode

import pytest

from tests.protocol.feeding import HEADER, in_chunks
from xmppspy.protocol.events import Direction, Event, Fault, Note, Request
from xmppspy.protocol.recorder import Recorder
from xmppspy.protocol.watcher import Watcher, binding_type

SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
FAILURE = f"<failure xmlns='{SASL}'><not-authorized/></failure>"
FAILURE_2 = "<failure xmlns='urn:xmpp:sasl:2'><not-authorized/></failure>"
SASL_2_SUCCESS = (
    "<success xmlns='urn:xmpp:sasl:2'><bound xmlns='urn:xmpp:bind:0'>"
    "<enabled xmlns='urn:xmpp:sm:3' location='b.example'/></bound></success>"
)
BOUND = b64encode(b"p=tls-exporter,,n=juliet,r=123").decode()
UNBOUND = b64encode(b"n,,n=juliet,r=123").decode()


def seen(*said: tuple[Direction, str]) -> list[Event | Request]:
    """What a watcher tells of a conversation inside a usual stream."""
    recorder = Recorder(1, itertools.count(1))
    watcher = Watcher(recorder)
    for direction, data in said:
        for frame in in_chunks([HEADER, data.encode()])[1:]:
            watcher.see(direction, frame, 2.0)
    return list(iter(recorder.next_event, None))


def auth(mechanism: str, payload: str) -> str:
    """A login by the first version of SASL."""
    return f"<auth xmlns='{SASL}' mechanism='{mechanism}'>{payload}</auth>"


def authenticate(mechanism: str, payload: str) -> str:
    """A login by the second version, with texts in front of the payload (XEP-0388 §2.3)."""
    return (
        f"<authenticate xmlns='urn:xmpp:sasl:2' mechanism=\"{mechanism}\"><user-agent id='1'>"
        f"<software>Balcony</software></user-agent> <initial-response>{payload}</initial-response>"
        "</authenticate>"
    )


@pytest.mark.parametrize(
    ("login", "failure", "binding"),
    [
        (auth("SCRAM-SHA-1-PLUS", BOUND), FAILURE, "tls-exporter"),
        (auth("SCRAM-SHA-1-PLUS", f" \n{BOUND}\n"), FAILURE, "tls-exporter"),
        (auth("SCRAM-SHA-1-PLUS", "="), FAILURE, "PLUS"),
        (auth("SCRAM-SHA-1-PLUS", "<odd/>"), FAILURE, "PLUS"),
        (authenticate("SCRAM-SHA-256-PLUS", BOUND), FAILURE_2, "tls-exporter"),
        (authenticate("HT-SHA-256-ENDP", "c2VjcmV0"), FAILURE_2, "ENDP"),
        (authenticate("HT-SHA3-512-UNIQ", "c2VjcmV0"), FAILURE_2, "UNIQ"),
    ],
)
def test_bound_login_that_fails(login: str, failure: str, binding: str) -> None:
    """A login that is bound to the TLS channel cannot pass; the error says so, and what helps."""
    (fault,) = seen(("c2s", login), ("s2c", failure))

    assert isinstance(fault, Fault)
    assert (fault.error, fault.dir, fault.t) == ("channel-binding", "s2c", 2.0)
    assert f", {binding})" in fault.detail


@pytest.mark.parametrize(
    ("login", "failure"),
    [
        (auth("SCRAM-SHA-1", UNBOUND), FAILURE),
        (auth("PLAIN", "AGp1bGlldABz"), FAILURE),
        (authenticate("HT-SHA-256-NONE", "c2VjcmV0"), FAILURE_2),
        (auth("SCRAM-SHA-1-PLUS", BOUND), f"<success xmlns='{SASL}'/>"),
        (auth("SCRAM-SHA-1-PLUS", BOUND), "<failure xmlns='urn:x'/>"),
        (f"<auth xmlns='{SASL}'/>", FAILURE),
        ("<auth mechanism='SCRAM-SHA-1-PLUS'/>", FAILURE),
        (f"<response xmlns='{SASL}'>{BOUND}</response>", FAILURE),
    ],
)
def test_other_logins(login: str, failure: str) -> None:
    """A login that is not bound, or does not fail, is nobody's fault."""
    assert seen(("c2s", login), ("s2c", failure)) == []


def test_second_try_without_binding() -> None:
    """What counts is the last login."""
    bound, unbound = auth("SCRAM-SHA-1-PLUS", BOUND), auth("SCRAM-SHA-1", UNBOUND)

    assert len(seen(("c2s", bound), ("s2c", FAILURE), ("c2s", unbound), ("s2c", FAILURE))) == 1


@pytest.mark.parametrize(
    ("data", "target"),
    [
        (
            "<stream:error><see-other-host> [2001:db8::1]:5333 </see-other-host></stream:error>",
            "[2001:db8::1]:5333",
        ),
        ("<enabled xmlns='urn:xmpp:sm:3' location='a.example&amp;'/>", "a.example&"),
        ("<sm:enabled xmlns:sm='urn:xmpp:sm:2' location='a.example'></sm:enabled>", "a.example"),
        (SASL_2_SUCCESS, "b.example"),
    ],
)
def test_redirects(data: str, target: str) -> None:
    """Where the server sends the client, past the proxy, is told in a note."""
    (note,) = seen(("s2c", data))

    assert isinstance(note, Note)
    assert f"to {target}:" in note.text


@pytest.mark.parametrize(
    ("direction", "data"),
    [
        ("c2s", "<enabled xmlns='urn:xmpp:sm:3' location='a.example'/>"),
        ("s2c", "<enabled xmlns='urn:xmpp:sm:3' id='location'/>"),
        ("s2c", "<enabled location='a.example'/>"),
        ("s2c", "<message><body>location urn:xmpp:sm:3</body></message>"),
        ("s2c", "<stream:error><conflict/></stream:error>"),
        ("s2c", "<error><see-other-host>a.example</see-other-host></error>"),
        ("s2c", "<stream:error><see-other-host/></stream:error>"),
    ],
)
def test_no_redirects(direction: Direction, data: str) -> None:
    """What only looks like a redirect is none."""
    assert seen((direction, data)) == []


def test_binding_type() -> None:
    """The type stands between `p=` and the first comma (RFC 5802 §7)."""
    assert binding_type(b"p=tls-unique,,n=a") == "tls-unique"
    assert binding_type(b"p=tls-server-end-point") == "tls-server-end-point"
    assert binding_type(b"y,,n=p=x") == ""
    assert binding_type(b"") == ""
