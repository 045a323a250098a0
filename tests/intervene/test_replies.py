from types import MappingProxyType

import pytest

from tests.intervene.frames import record
from xmppspy.analysis.lint.rules.errors import USUAL
from xmppspy.intervene import fragments, replies
from xmppspy.intervene.replies import CONDITIONS, TYPES, ReplyError
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext

PREFIX_FREE = StreamContext(default=ns.STREAMS, prefixes=MappingProxyType({}))
REQUEST = record(
    "<iq type='get' id='&lt;1&gt;' to='b@c/&apos;' from='a@b'><ping xmlns='urn:xmpp:ping'/></iq>"
)


def test_a_result_goes_back() -> None:
    """With the id and the addresses of the request."""
    assert replies.result(REQUEST, DEFAULT_CONTEXT) == (
        b'<iq type="result" id="&lt;1&gt;" from="b@c/&apos;" to="a@b"/>'
    )
    assert replies.result(record("<iq type='set' id='2'/>"), DEFAULT_CONTEXT, "<q/>") == (
        b'<iq type="result" id="2"><q/></iq>'
    )


def test_an_error_has_its_condition_and_type() -> None:
    """And a text, where one is given."""
    assert replies.error(REQUEST, DEFAULT_CONTEXT, "item-not-found") == (
        b'<iq type="error" id="&lt;1&gt;" from="b@c/&apos;" to="a@b"><error type="cancel">'
        b'<item-not-found xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>'
    )
    said = replies.error(record("<message/>"), DEFAULT_CONTEXT, "gone", "modify", "a < b").decode()
    assert said == (
        '<message type="error"><error type="modify">'
        '<gone xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>'
        '<text xmlns="urn:ietf:params:xml:ns:xmpp-stanzas">a &lt; b</text></error></message>'
    )


def test_conditions_are_those_of_the_rfc() -> None:
    """Each with a type that goes with it, as lint sees it."""
    assert {*CONDITIONS} == {*USUAL}
    assert all(type_ in USUAL[condition] for condition, type_ in CONDITIONS.items())
    assert {*CONDITIONS.values()} <= {*TYPES}


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("context", [DEFAULT_CONTEXT, PREFIX_FREE])
def test_replies_are_stanzas_of_their_stream(condition: str, context: StreamContext) -> None:
    """In whatever style its header is written."""
    for data in (
        replies.error(REQUEST, context, condition), replies.result(REQUEST, context)
    ):  # fmt: skip
        (frame,) = fragments.elements(data.decode(), context)

        assert (frame.kind, frame.xmlns, frame.id, frame.to) == ("iq", None, "<1>", "a@b")


@pytest.mark.parametrize(
    "xml", ["<iq type='result' id='1'/>", "<message/>", "<r xmlns='urn:xmpp:sm:3'/>", "<iq/>"]
)
def test_only_requests_have_results(xml: str) -> None:
    """Whatever else asks for an answer, it is none."""
    with pytest.raises(ReplyError, match="only an iq of type get or set"):
        replies.result(record(xml), DEFAULT_CONTEXT)


@pytest.mark.parametrize(
    "xml", ["<iq type='result' id='1'/>", "<message type='error'/>", "<r xmlns='urn:xmpp:sm:3'/>"]
)
def test_no_error_answers_an_answer(xml: str) -> None:
    """That could go on for ever (RFC 6120 §8.3.1)."""
    with pytest.raises(ReplyError, match="no error answers <"):
        replies.error(record(xml), DEFAULT_CONTEXT, "gone")


def test_starttls_is_refused_as_the_rfc_says() -> None:
    """By a failure and the end of the stream, in the style of its header."""
    own = StreamContext(prefixes=MappingProxyType({"s": ns.STREAMS}))
    odd = StreamContext(prefixes=MappingProxyType({}))
    ends = [replies.starttls_refusal(each) for each in (DEFAULT_CONTEXT, own, PREFIX_FREE, odd)]

    assert {end.partition(b"/>")[0] for end in ends} == {
        b'<failure xmlns="urn:ietf:params:xml:ns:xmpp-tls"'
    }
    assert [end.partition(b"/>")[2] for end in ends] == [
        b"</stream:stream>", b"</s:stream>", b"</stream>", b"</stream:stream>",
    ]  # fmt: skip
