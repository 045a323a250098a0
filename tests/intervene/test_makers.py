import pytest

from tests.intervene.acting import done
from xmppspy.intervene.fragments import elements
from xmppspy.intervene.ids import is_ours
from xmppspy.protocol.events import UNCHANGED
from xmppspy.protocol.verdicts import DROP, FORWARD, End, Hold, Verdict


@pytest.mark.parametrize(
    ("form", "verdict"),
    [
        ('"drop"', DROP),
        ('"duplicate"', Verdict(copies=2)),
        ("{duplicate = 3}", Verdict(copies=3)),
        ('{delay = "250ms"}', Verdict(delay=0.25)),
        ('"reorder"', Verdict(overtaken=True)),
        ('"hold"', Verdict(hold=Hold(30.0))),
        ('{hold = 5, otherwise = "drop"}', Verdict(hold=Hold(5.0, drops=True))),
        ('"close"', Verdict(end=End.CLOSE)),
        ('"reset"', Verdict(end=End.RESET)),
        ('{mark = "here"}', Verdict(marks=("here",))),
        ('{note = "there"}', Verdict(notes=("there",))),
    ],
)
def test_simple_actions_are_always_the_same(form: str, verdict: Verdict) -> None:
    """Whatever the frame."""
    assert done(form) == done(form, " ") == verdict


@pytest.mark.parametrize(
    ("form", "left"),
    [
        ('text = "2 < 3"', b"<message><body a='1'>2 &lt; 3</body></message>"),
        ('element = "<a/>"', b"<message><a/></message>"),
        ('attribute = "a", value = ""', b"<message><body a=''>1</body></message>"),
        ('attribute = "a", remove = true', b"<message><body>1</body></message>"),
        ("remove = true", b"<message></message>"),
        ('remove = false, text = ""', b"<message><body a='1'></body></message>"),
    ],
)
def test_parts_are_replaced(form: str, left: bytes) -> None:
    """By what the parameters say."""
    xml = "<message><body a='1'>1</body></message>"

    assert done(f'{{replace = "//c:body", {form}}}', xml) == Verdict(data=left)


def test_a_frame_without_such_parts_goes_on_as_it_came() -> None:
    """It does not count as changed; nor does one that says so already."""
    assert done('{replace = "//c:body", text = "1"}') is FORWARD
    assert (
        done('{replace = "//c:body", text = "1"}', "<message><body>1</body></message>") is FORWARD
    )


def test_nothing_of_a_frame_is_nothing() -> None:
    """Not an empty frame."""
    assert done('{replace = "/*", remove = true}').data is None


@pytest.mark.parametrize(
    ("form", "back"),
    [
        ('{answer = "result"}', b'<iq type="result" id="1" from="b"/>'),
        ("{answer = 'result', payload = '<x/>'}", b'<iq type="result" id="1" from="b"><x/></iq>'),
        ("{answer = \"<iq id='{id}' type='result' from='{to}' to='{from}'/>\"}", b"<iq id='1' type='result' from='b'/>"),
    ],
)  # fmt: skip
def test_requests_are_answered(form: str, back: bytes) -> None:
    """In the stead of the server."""
    assert done(form, "<iq type='get' id='1' to='b'/>") == Verdict(data=None, back=back)


def test_errors_are_the_usual_ones_unless_said() -> None:
    """Condition, type and text can be said."""
    usual = done('{answer = "error"}').back
    said = done('{answer = "error", condition = "gone", type = "modify", text = "<"}').back

    assert b'<error type="cancel"><service-unavailable xmlns' in usual
    assert b'<error type="modify"><gone xmlns' in said
    assert b">&lt;</text>" in said


def test_files_are_injected() -> None:
    """Behind the frame, unless they are for its sender."""
    ahead = done('{inject = "push.xml"}')
    (push, request) = elements(ahead.behind.decode())

    assert (ahead.data, ahead.back) == (UNCHANGED, b"")
    assert is_ours(push.id)
    assert request.data == b"<r xmlns='urn:xmpp:sm:3'/>"
    assert done('{inject = "push.xml", to = "server"}') == ahead
    assert done('{inject = "push.xml", to = "client"}') == Verdict(back=ahead.behind)
    assert done("{inject = '<a/>'}") == Verdict(behind=b"<a/>")
