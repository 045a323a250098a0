from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.intervene.acting import action, done, scene
from tests.intervene.frames import record
from xmppspy.intervene.trouble import TroubleError
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.toxics import Bandwidth, Latency, Slicer
from xmppspy.protocol.verdicts import End, Verdict

STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
REQUEST = record("<iq type='get' id='1'><q xmlns='urn:q'/></iq>")


def test_a_latency_is_of_the_frame_or_of_all_bytes() -> None:
    """By a filter it delays the frame that matches."""
    latency = action("{latency = 0.2}")

    assert latency.act(scene(REQUEST)) == Verdict(delay=0.2)
    assert latency.toxic == Latency(0.2)


def test_jitter_is_drawn_around_the_latency() -> None:
    """It takes nothing below nothing, and the same draws make the same times."""
    jittery = action("{latency = 0.1, jitter = 0.2}")
    moment = scene(REQUEST)
    delays = [jittery.act(moment).delay for _ in range(200)]
    again = scene(REQUEST)

    assert min(delays) == 0.0
    assert 0.25 < max(delays) <= 0.3
    assert len({*delays}) > 100
    assert [jittery.act(again).delay for _ in range(200)] == delays


def test_other_faults_begin_with_the_frame() -> None:
    """And work on its direction."""
    assert done('{bandwidth = "1kB/s"}') == Verdict(toxics=(Bandwidth(1000.0),))
    assert done("{slicer = 1}") == Verdict(toxics=(Slicer(1),))


def test_edits_see_what_came_of_the_edits_before() -> None:
    """While answers see what was received."""
    moment = scene(record("<message id='1'><body>1</body></message>"))
    moment = replace(moment, frame=record("<message id='2'><body>1</body></message>"))

    assert action('{replace = "//c:body", text = "3"}').act(moment).data == (
        b"<message id='2'><body>3</body></message>"
    )
    assert action("{answer = \"<a b='{id}'/>\"}").act(moment).back == b"<a b='1'/>"


def test_answers_are_read_in_the_stream_they_go_into() -> None:
    """Which may be written in another style than the one that the frame came in."""
    free = StreamContext(default=ns.STREAMS, prefixes=MappingProxyType({"x": "urn:x"}))
    moment = replace(scene(REQUEST), opposite=free)

    assert action('{answer = "result"}').act(moment).back == (
        b'<iq xmlns="jabber:client" type="result" id="1"/>'
    )
    assert action('{inject = "<x:a xmlns:x=\'urn:x\'/>", to = "client"}').act(moment).back
    with pytest.raises(TroubleError, match="a prefix that nothing declares"):
        action('{inject = "<stream:a/>", to = "client"}').act(moment)


def test_starttls_is_refused() -> None:
    """And nothing else."""
    assert done('"refuse"', STARTTLS) == Verdict(
        data=None,
        back=b'<failure xmlns="urn:ietf:params:xml:ns:xmpp-tls"/></stream:stream>',
        end=End.CLOSE,
    )
    with pytest.raises(TroubleError, match="only <starttls/> can be refused, this is <message>"):
        done('"refuse"')


@pytest.mark.parametrize(
    "form", ['{answer = "result"}', '{replace = "//@id", element = "<a/>"}', '{replace = "/*", attribute = "x:y", value = ""}']
)  # fmt: skip
def test_what_cannot_be_done_is_trouble(form: str) -> None:
    """For whoever asked, not for the stream."""
    with pytest.raises(TroubleError):
        done(form, "<message id='1'/>")
