from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.filters.samples import SPOKEN
from tests.intervene.acting import load
from tests.intervene.frames import cut, frame, record
from xmppspy.filters import Filter
from xmppspy.intervene.breakpoint import Breakpoint
from xmppspy.intervene.clerk import Clerk
from xmppspy.intervene.expectations import Expected
from xmppspy.intervene.orders import Orders
from xmppspy.intervene.rulesfile import read_rules
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import Direction, FrameRecord
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.toxics import Slicer, Timeout
from xmppspy.protocol.verdicts import (
    DROP,
    FORWARD,
    End,
    Hold,
    Interceptor,
    Judgement,
    Undecided,
    Verdict,
)

MESSAGE = frame("<message id='1'><body>1</body></message>")
IQ = frame("<iq type='get' id='1'/>")
BREAK = Breakpoint(Filter("message"), Hold(5.0))
DROPS = "filter = 'message'\nactions = ['drop']"


class Script:
    """Asks about messages, and remembers what it was asked."""

    def __init__(self, *, wants: bool = True, seconds: float = 1.0) -> None:
        self.asked: list[FrameRecord] = []
        self._wants, self._seconds = wants, seconds

    def wants(self, head: FrameRecord) -> bool:
        """Whether it could."""
        return self._wants and head.kind == "message"

    def ask(self, frame: FrameRecord, now: float) -> Undecided | None:
        """Ask, if it is a message."""
        if frame.kind != "message":
            return None
        self.asked.append(frame)
        return Undecided(len(self.asked), self._seconds)


def orders(*tables: str, **more: Any) -> Orders:
    """Rules, each a table without its head, and other orders."""
    text = "".join(f"[[rule]]\n{table}\n" for table in tables)
    return Orders(book=read_rules(text, "my.toml", load), **more)


def clerk(*tables: str, **more: Any) -> Clerk:
    """One who follows them."""
    return Clerk(7, orders(*tables, **more))


def judge(judging: Clerk, found: Frame = MESSAGE, direction: Direction = "c2s") -> Judgement:
    """What becomes of a frame."""
    return judging.judge(direction, found, 0.0)


def test_a_clerk_is_an_interceptor() -> None:
    """As sessions know them."""
    interceptor: Interceptor = clerk()

    assert interceptor.idle


def test_a_clerk_with_nothing_to_do_is_idle() -> None:
    """Then no frame is shown to it; what is switched off is nothing, nor are faults of the line."""
    line = "bytes = 's2c'\nactions = [{slicer = 1}]"

    assert clerk(line).idle
    assert clerk(f"{DROPS}\nenabled = false").idle
    assert clerk(breakpoint=Breakpoint(Filter(), is_on=False)).idle
    assert not clerk(DROPS).idle
    assert not clerk(breakpoint=BREAK).idle
    assert not clerk(asker=Script()).idle


def test_what_nobody_minds_goes_on_as_it_came() -> None:
    """The very verdict that sessions look for."""
    busy = clerk(DROPS, breakpoint=BREAK, asker=Script())

    assert judge(busy, IQ) is FORWARD


def test_a_clerk_becomes_idle_when_its_rules_are_spent() -> None:
    """And is busy again with new ones."""
    given = orders(f"{DROPS}\nfirst = 1")
    spending = Clerk(7, given)
    verdict = judge(spending)

    assert isinstance(verdict, Verdict)
    assert verdict.data is None
    assert spending.idle
    spending.follow(given)
    assert spending.idle
    spending.follow(orders(DROPS))
    assert not spending.idle


def test_a_frame_is_wanted_if_anybody_could_want_it() -> None:
    """At its start tag, by rules, the breakpoint, whoever asks, or an answer that is expected."""
    message, iq = frame("<message to='a@b'>"), frame("<iq type='result' id='x1'>")
    expecting = clerk()
    expecting.expect("x1", "c2s", 0.0)

    assert not clerk(DROPS).wants("c2s", iq)
    assert clerk(DROPS).wants("c2s", message)
    assert clerk("filter = 'body:x'\nactions = ['drop']").wants("c2s", iq)
    assert clerk(breakpoint=BREAK).wants("c2s", message)
    assert not clerk(breakpoint=BREAK).wants("c2s", iq)
    assert clerk(breakpoint=Breakpoint(Filter("message latency:1.."))).wants("c2s", iq)
    assert clerk(asker=Script()).wants("c2s", message)
    assert not clerk(asker=Script()).wants("c2s", iq)
    assert expecting.wants("s2c", iq)
    assert not expecting.wants("c2s", iq)


# --- the breakpoint


def test_the_breakpoint_holds_what_matches() -> None:
    """As it says, unless a rule holds it already, or there is nothing to be held."""
    assert judge(clerk(breakpoint=BREAK)) == Verdict(hold=Hold(5.0))
    held = judge(clerk("filter = ''\nactions = [{hold = 9}]", breakpoint=BREAK))
    dropped = judge(clerk("filter = ''\nactions = ['hold', 'drop']", breakpoint=BREAK))

    assert isinstance(held, Verdict)
    assert isinstance(dropped, Verdict)
    assert held.hold == Hold(9.0)
    assert dropped.hold is None
    assert dropped.data is None


def test_an_edit_of_a_rule_is_what_a_person_decides_about() -> None:
    """Both are in the verdict."""
    edit = "filter = ''\nactions = [{replace = '//c:body', text = '2'}]"
    verdict = judge(clerk(edit, breakpoint=BREAK))

    assert isinstance(verdict, Verdict)
    assert verdict.data == b"<message id='1'><body>2</body></message>"
    assert verdict.hold == Hold(5.0)


# --- somebody else who is asked


def test_rules_come_first_then_the_answer_then_the_breakpoint() -> None:
    """Where they disagree, what comes later counts."""
    script = Script()
    edit = "filter = ''\nactions = [{replace = '//@id', text = '2'}, {delay = 1}]"
    asking = clerk(edit, breakpoint=BREAK, asker=script)
    undecided = judge(asking)
    verdict = asking.answered(1, Verdict(data=b"<message id='3'/>", delay=0.5))

    assert isinstance(undecided, Undecided)
    otherwise = undecided.otherwise

    assert (undecided.ticket, undecided.seconds) == (1, 1.0)
    assert (otherwise.data, otherwise.delay, otherwise.hold) == (
        b"<message id='2'><body>1</body></message>",
        1.0,
        Hold(5.0),
    )
    assert [asked.id for asked in script.asked] == ["2"]
    assert verdict is not None
    assert (verdict.data, verdict.delay, verdict.hold) == (b"<message id='3'/>", 1.5, Hold(5.0))


def test_without_an_answer_it_is_as_the_rules_say() -> None:
    """The breakpoint has its say as well."""
    asking = clerk("filter = ''\nactions = [{delay = 1}]", asker=Script())
    judge(asking)
    stopping = clerk(breakpoint=BREAK, asker=Script())
    judge(stopping)
    verdict = asking.answered(1, None)

    assert verdict is not None
    assert verdict.delay == 1.0
    assert stopping.answered(1, None) == Verdict(hold=Hold(5.0))
    judge(stopping)
    assert stopping.answered(2, DROP) == DROP


def test_nobody_is_asked_about_what_is_gone() -> None:
    """A rule has dropped it, or ends the connection."""
    script = Script()
    judge(clerk(DROPS, asker=script))
    judge(clerk("filter = ''\nactions = ['reset']", asker=script))

    assert script.asked == []


def test_each_question_is_answered_once() -> None:
    """Several may be open; one that was given up is forgotten."""
    asking = clerk(asker=Script())
    asking.judge("c2s", MESSAGE, 0.0)
    asking.judge("c2s", MESSAGE, 0.5)

    assert asking.answered(2, DROP) == DROP
    assert asking.answered(2, DROP) is None
    assert asking.answered(9, DROP) is None
    asking.judge("c2s", MESSAGE, 1.5)
    assert asking.answered(1, DROP) is None
    assert asking.answered(3, None) is FORWARD


# --- injected requests


def test_answers_to_injected_requests_are_reported() -> None:
    """And go on, unless they are private."""
    reports: list[tuple[str, str | None]] = []

    def report(expected: Expected, answer: FrameRecord) -> None:
        reports.append((expected.id, answer.from_))

    waiting = Clerk(7, Orders(), report)
    waiting.expect("x1", "c2s", 0.0, responder="b@c")
    waiting.expect("x2", "c2s", 0.0, is_private=True)
    stray = judge(waiting, frame("<iq type='result' id='x1' from='e@f'/>"), "s2c")
    public = judge(waiting, frame("<iq type='result' id='x1' from='b@c'/>"), "s2c")
    private = judge(waiting, frame("<iq type='error' id='x2'/>"), "s2c")

    assert (stray, public) == (FORWARD, FORWARD)
    assert isinstance(private, Verdict)
    assert private.data is None
    assert private.notes == ("the answer to an injected request, kept from the client",)
    assert reports == [("x1", "b@c"), ("x2", None)]
    assert waiting.idle


def test_rules_have_their_say_about_answers_that_go_on() -> None:
    """A private one is nobody else's business."""
    waiting = clerk("filter = 'iq'\nactions = [{mark = 'seen'}]")
    waiting.expect("x1", "s2c", 0.0)
    waiting.expect("x2", "s2c", 0.0, is_private=True)
    public = judge(waiting, frame("<iq type='result' id='x1'/>"))
    private = judge(waiting, frame("<iq type='result' id='x2'/>"))

    assert public == Verdict(marks=("seen",))
    assert isinstance(private, Verdict)
    assert private.marks == ()


def test_nobody_waits_for_ever() -> None:
    """Then the clerk is idle again, with the next frame that it is shown."""
    waiting = clerk()
    waiting.expect("x1", "c2s", 0.0, seconds=10.0)
    late = waiting.judge("s2c", frame("<iq type='result' id='x1'/>"), 10.0)

    assert late is FORWARD
    assert waiting.idle


# --- faults of the line


def test_faults_are_those_of_lines_and_those_that_frames_have_begun() -> None:
    """While their rules are on."""
    begins = "name = 'b'\nfilter = 'message'\nactions = [{timeout = 5}]\nfirst = 1"
    given = orders("bytes = 's2c'\nactions = [{slicer = 1}]", begins)
    faulty = Clerk(7, given)
    verdict = judge(faulty, MESSAGE, "s2c")

    assert isinstance(verdict, Verdict)
    assert verdict.toxics == (Timeout(5.0),)
    assert faulty.toxics("s2c") == (Slicer(1), Timeout(5.0))
    assert faulty.toxics("c2s") == ()
    faulty.follow(given)
    assert faulty.toxics("s2c") == (Slicer(1), Timeout(5.0))
    faulty.follow(Orders(book=given.book.switched(["b"], on=False)))
    assert faulty.toxics("s2c") == (Slicer(1),)


def test_faults_that_an_answer_brings_stay_while_somebody_is_asked() -> None:
    """The same one."""
    script = Script()
    faulty = clerk(asker=script)
    judge(faulty)
    faulty.answered(1, Verdict(toxics=(Timeout(),)))
    faulty.follow(orders(DROPS, asker=script))
    kept = faulty.toxics("c2s")
    faulty.follow(orders(DROPS))

    assert kept == (Timeout(),)
    assert faulty.toxics("c2s") == ()


# --- the rest


def test_answers_are_written_for_the_stream_they_go_into() -> None:
    """As far as it has been seen; else it is taken to be like the one that was asked in."""
    answering = clerk("filter = 'iq c2s'\nactions = [{answer = 'result'}]")
    unseen = judge(answering, IQ)
    free = StreamContext(default=ns.STREAMS)
    judge(answering, frame("<features/>", free), "s2c")
    seen = judge(answering, IQ)

    assert isinstance(unseen, Verdict)
    assert isinstance(seen, Verdict)
    assert unseen.back == b'<iq type="result" id="1"/>'
    assert seen.back == b'<iq xmlns="jabber:client" type="result" id="1"/>'


def test_a_connection_ends_after_its_frame() -> None:
    """In order, or by a reset."""
    verdict = judge(clerk("filter = 'message'\nactions = ['close']"))

    assert isinstance(verdict, Verdict)
    assert verdict.end is End.CLOSE


def test_another_seed_begins_anew() -> None:
    """What was counted, too."""
    given = orders(f"{DROPS}\nevery = 2")
    counting = Clerk(7, given)
    judge(counting)
    counting.follow(Orders(book=given.book, seed=1))

    assert judge(counting) is FORWARD
    assert list(counting.counts.values()) == [(1, 0)]


def test_a_filter_may_ask_for_the_connection_and_the_direction() -> None:
    """The record of the frame has both."""
    own = clerk("filter = 'conn:7 s2c'\nactions = ['drop']")

    assert judge(own, MESSAGE, "c2s") is FORWARD
    assert judge(own, MESSAGE, "s2c") != FORWARD
    assert record("<message/>").conn != 7


# --- whatever comes

_FILTERS = st.sampled_from(
    ["", "message", "not iq", "body:e", "s2c", "xpath://c:body", "from:romeo@example.net", "sm or tls",
     "ns:urn:xmpp", "latency:0..", "raw:x", "size>20", "xep:0198 c2s"]
)  # fmt: skip
_ACTIONS = st.sampled_from(
    ["'drop'", "'duplicate'", "{delay = 1}", "'hold'", "'reorder'", "'close'", "'reset'", "'refuse'",
     "{replace = '//@*', text = '<'}", "{replace = '//*', remove = true}", "{slicer = 1}",
     "{replace = '//c:body', element = '<x:y/>'}", "{replace = '/*', attribute = 'a:b', value = 'x'}",
     "{replace = '//text()', text = 'x'}", "{answer = 'result'}", "{answer = 'error'}",
     "{answer = \"<a b='{id}'>{from}</a>\"}", "{inject = '<stream:a/>', to = 'client'}",
     "{inject = 'push.xml'}", "{mark = 'x'}", "{latency = 0.1, jitter = 0.2}"]
)  # fmt: skip
_RULES = st.builds(
    "filter = '{}'\nactions = [{}]\n{}".format,
    _FILTERS,
    st.lists(_ACTIONS, min_size=1, max_size=3).map(", ".join),
    st.sampled_from(["", "every = 2", "first = 1", "probability = 0.5"]),
)
_HOSTILE = st.builds(
    lambda kind, inner: cut(b"<stream xmlns='jabber:client'><%s %s</%s>" % (kind, inner, kind))[1:],
    st.sampled_from([b"message", b"iq", b"starttls", b"x:y"]),
    st.one_of(st.binary(max_size=40).map(b">%s".__mod__), st.just(b"a='1' a='2'><body>\x01")),
)
_FRAMES = st.one_of(st.lists(st.sampled_from(SPOKEN), min_size=1, max_size=4), _HOSTILE)


def _framed(record: FrameRecord) -> Frame:
    return Frame(
        record.kind, record.data, 0, record.context, record.xmlns, record.type, record.id,
        record.from_, record.to, record.ns,
    )  # fmt: skip


@given(st.lists(_RULES, max_size=4), _FRAMES, st.booleans(), st.booleans())
def test_no_frame_is_too_strange(
    rules: list[str], frames: list[FrameRecord], stops: bool, asks: bool
) -> None:
    """There is a verdict on each, and what no one wanted at its start tag goes on as it came."""
    stop = Breakpoint(Filter("iq or body:o")) if stops else None
    judging = clerk(*rules, breakpoint=stop, asker=Script() if asks else None)
    for each in frames:
        found = _framed(each)
        head = replace(found, data=b"", ns=())
        wanted = judging.wants(each.dir, head)
        verdict = judging.judge(each.dir, found, each.t)

        assert isinstance(verdict, Verdict | Undecided)
        assert wanted or verdict is FORWARD
        if isinstance(verdict, Verdict):
            assert verdict is FORWARD or verdict != FORWARD
            assert verdict.data != b""
