from collections.abc import Iterator

from tests.analysis.scenes import Scene
from xmppspy.analysis.identity import Identity
from xmppspy.analysis.lint.connection import Connection
from xmppspy.analysis.lint.dispatch import MOST_FINDINGS, Dispatch, finding
from xmppspy.analysis.lint.finding import Breach, Finding, Place, Said, Severity
from xmppspy.analysis.lint.frames import Frames, Mood, stanza
from xmppspy.analysis.lint.keeping import Memories
from xmppspy.analysis.lint.rule import Follower, Rule
from xmppspy.analysis.lint.sight import Sight
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.stanza import read

RULE = Rule("Z01", Severity.ERROR, "RFC 1 §1", "something", lesser=Severity.INFO)


class Seen:
    """A check that says the names of the frames it is shown."""

    def __init__(self) -> None:
        self.kinds: list[str] = []

    def check(self, sight: Sight) -> Iterator[Said]:
        """Say the kind."""
        self.kinds.append(sight.record.kind)
        yield sight.record.kind


def judge(
    frames: Frames, record: FrameRecord, mood: int = 0, *, readable: bool = True
) -> list[str]:
    """What a rule with a check of such frames says of one."""
    rule, seen = Rule("Z01", Severity.ERROR, "RFC 1 §1", "something"), Seen()
    rule.on(frames)(seen.check)
    conn = Connection(1)
    conn.mood = mood
    root = read(record).tree if readable else None
    found = Dispatch([rule], []).judge(Sight(record, conn, Identity(), Memories(), root, None))
    assert [each.message for each in found] == seen.kinds
    return seen.kinds


def test_checks_are_shown_what_they_asked_for() -> None:
    """And nothing else."""
    record = Scene().client("<message/>")

    assert judge(stanza("message"), record) == ["message"]
    assert judge(stanza("iq"), record) == []


def test_checks_need_the_element() -> None:
    """Unless they are about the bytes."""
    record = Scene().client("<message/>")

    assert judge(stanza("message"), record, readable=False) == []
    assert judge(Frames(raw=True), record, readable=False) == ["message"]


def test_checks_may_depend_on_the_mood() -> None:
    """Any of those they name."""
    record, frames = Scene().client("<message/>"), stanza(mood=Mood.ENDED | Mood.MANAGED)

    assert judge(frames, record) == []
    assert judge(frames, record, Mood.MANAGED.value) == ["message"]
    assert judge(frames, record, Mood.LIMITED.value) == []


def test_checks_may_depend_on_bytes() -> None:
    """Any of those they name."""
    record = Scene().client("<message><body>Hist!</body></message>")

    assert judge(stanza(text=(b"Hush", b"Hist")), record) == ["message"]
    assert judge(stanza(text=(b"Hush",)), record) == []


def test_checks_may_depend_on_children_of_the_stanza_itself() -> None:
    """Any of those they name, in its own namespace."""
    record = Scene().client("<message><body>Hist!</body><thread xmlns='urn:x'/></message>")

    assert judge(stanza(having=["subject", "body"]), record) == ["message"]
    assert judge(stanza(having=["subject", "thread"]), record) == []


def test_checks_of_flaws_are_spared_sound_frames() -> None:
    """What is not framed has one."""
    scene = Scene()

    assert judge(Frames(raw=True, flawed=True), scene.client("<message/>")) == []
    assert judge(Frames(raw=True, flawed=True), scene.client("<a></b>")) == ["opaque"]


def test_frames_that_are_alike_share_a_plan() -> None:
    """But not those with a sender and those without."""
    rule, seen = Rule("Z01", Severity.ERROR, "RFC 1 §1", "something"), Seen()
    rule.on(stanza(only=lambda record: record.from_ is not None))(seen.check)
    dispatch, scene, conn = Dispatch([rule], []), Scene(), Connection(1)
    for xml in ("<message/>", "<message from='a'/>", "<message/>", "<message from='b'/>"):
        record = scene.client(xml)
        dispatch.judge(Sight(record, conn, Identity(), Memories(), read(record).tree, None))

    assert seen.kinds == ["message", "message"]
    assert len(dispatch._plans) == 2


def test_plans_are_bounded() -> None:
    """Nobody fills the memory by ever new types."""
    dispatch, scene, conn = Dispatch([], []), Scene(), Connection(1)
    for number in range(2500):
        record = scene.client(f"<message type='{number}'/>")
        dispatch.judge(Sight(record, conn, Identity(), Memories(), None, None))

    assert len(dispatch._plans) <= 2000


def test_followers_come_last() -> None:
    """Checks see what was before the frame."""
    order: list[str] = []
    rule = Rule("Z01", Severity.ERROR, "RFC 1 §1", "something")

    @rule.on(stanza())
    def check(_sight: Sight) -> Iterator[Said]:
        """Note that it was asked."""
        order.append("check")
        yield from ()

    follower = Follower(stanza(), lambda _sight: order.append("follower"))
    record = Scene().client("<message/>")
    sight = Sight(record, Connection(1), Identity(), Memories(), read(record).tree, None)
    Dispatch([rule], [follower]).judge(sight)

    assert order == ["check", "follower"]


def test_findings_are_made_of_what_is_said() -> None:
    """A sentence is about the frame at hand; a breach may say otherwise."""
    here, there = Place(1, 2.0, "c2s", 3), Place(1, 1.0, "s2c", 2)

    assert finding(RULE, "wrong", here) == Finding(
        rule="Z01", severity=Severity.ERROR, conn=1, dir="c2s", n=3, t=2.0, ref="RFC 1 §1",
        message="wrong",
    )  # fmt: skip
    assert finding(RULE, Breach("odd", Severity.INFO, there), here) == Finding(
        rule="Z01", severity=Severity.INFO, conn=1, dir="s2c", n=2, t=1.0, ref="RFC 1 §1",
        message="odd",
    )  # fmt: skip


def test_findings_about_one_frame_are_bounded() -> None:
    """Whoever has a million attributes that are none is not told so a million times."""
    rule = Rule("Z01", Severity.ERROR, "RFC 1 §1", "something")
    rule.on(Frames())(lambda _sight: map(str, range(1_000_000)))
    record = Scene().client("<a/>")
    sight = Sight(record, Connection(1), Identity(), Memories(), read(record).tree, None)

    assert len(Dispatch([rule], []).judge(sight)) == MOST_FINDINGS


def test_no_plan_is_kept_for_a_frame_with_very_many_namespaces() -> None:
    """It would keep all of their names."""
    dispatch = Dispatch([], [])
    record = Scene().client("".join(["<a>", *(f"<b xmlns='u:{i}'/>" for i in range(101)), "</a>"]))
    dispatch.judge(Sight(record, Connection(1), Identity(), Memories(), None, None))

    assert len(record.ns) == 101
    assert not dispatch._plans
