from dataclasses import replace

from tests.demo.backstage import frame
from tests.replay.talks import login, recording
from xmppspy.replay.casting import Casting
from xmppspy.replay.recording import Turn
from xmppspy.replay.remap import Remap
from xmppspy.replay.scene import Pace, Scene, describe, with_id

ASK = "<iq type='get' id='{}'><query xmlns='{}'/></iq>"


class Play:
    """A scene, what it said, and what it told."""

    def __init__(self, lines: list[tuple[float, str]], pace: Pace | None = None) -> None:
        casting = Casting(recording([*login(), *(xml for _, xml in lines)]))
        script = casting.characters[0].script
        for line, (t, _) in zip(script.lines, lines, strict=True):
            line.turn = Turn(replace(line.turn.record, t=t))
        script.begin = 0.0
        self.told: list[str] = []
        self.serious: list[bool] = []
        self.missing: set[tuple[int, int]] = set()
        self.scene = Scene(script, Remap(), pace or Pace(patience=10), self, 0.0)

    def given(self, cause: tuple[int, int]) -> bool:
        """Whether another client has said something."""
        return cause not in self.missing

    def say(self, text: str, *, serious: bool = False) -> None:
        """What a person is told."""
        self.told.append(text)
        self.serious.append(serious)

    def hears(self, now: float) -> list[str]:
        """What the client gets at this time."""
        said = []
        while (piece := self.scene.next(now)) is not None:
            said.append(piece.data.decode())
        return said

    def says(self, xml: str, now: float) -> None:
        """What the client says."""
        self.scene.take(frame(xml), now)


def _said(name: str) -> str:
    return f"S <message from='x.example'><body>{name}</body></message>"


def _heard(name: str) -> str:
    return _said(name)[2:]


def test_lines_come_after_their_triggers_and_their_time() -> None:
    """A line is due when as much time has passed since its trigger as was recorded."""
    play = Play([(5.0, "C <presence/>"), (7.0, _said("a")), (8.0, _said("b"))])
    assert play.hears(100.0) == []
    play.says("<presence/>", 100.0)
    assert play.hears(101.9) == []
    assert play.scene.wake_at == 102.0
    assert play.hears(102.0) == [_heard("a")]

    assert play.hears(103.0) == [_heard("b")]
    assert play.scene.over


def test_answers_do_not_wait_for_other_triggers() -> None:
    """A client that asks in another order gets its answers when they are due."""
    play = Play([
        (1.0, "C " + ASK.format("1", "one")), (2.0, "S <iq type='result' id='1'/>"),
        (3.0, "C " + ASK.format("2", "two")), (3.5, "S <iq type='result' id='2'/>"),
        (4.0, _said("a")),
    ])  # fmt: skip
    play.says(ASK.format("b", "two"), 0.0)
    assert play.hears(0.5) == ["<iq type='result' id='b'/>"]
    play.says(ASK.format("a", "one"), 0.6)

    assert play.hears(1.7) == ["<iq type='result' id='a'/>", _heard("a")]


def test_repeated_request_is_answered_again() -> None:
    """Each answer carries the id of its own question."""
    play = Play([(1.0, "C " + ASK.format("1", "one")), (1.0, "S <iq type='result' id='1'/>")])
    for name in ("a", "b"):
        play.says(ASK.format(name, "one"), 0.0)

    assert play.hears(0.0) == ["<iq type='result' id='a'/>", "<iq type='result' id='b'/>"]
    assert play.told == []


def test_answer_to_a_question_nobody_asked_is_not_given() -> None:
    """When a trigger was given up, what answers it is left out."""
    play = Play([
        (1.0, "C " + ASK.format("1", "one")), (1.0, "S <iq type='result' id='1'/>"), (1.0, _said("a")),
    ])  # fmt: skip
    play.hears(0.0)

    assert play.hears(11.0) == [_heard("a")]
    assert play.told == [
        "the client's iq get one (frame 11) did not come within 11 s; going on without it"
    ]


def test_late_request_still_gets_its_answer() -> None:
    """What was given up is answered when it comes after all."""
    play = Play([
        (1.0, "C " + ASK.format("1", "one")), (1.0, "S <iq type='result' id='1'/>"), (1.0, _said("a")),
    ])  # fmt: skip
    play.hears(0.0)
    play.hears(11.0)
    play.says(ASK.format("x", "one"), 12.0)

    assert play.hears(12.0) == ["<iq type='result' id='x'/>"]


def test_nothing_is_awaited_that_nothing_depends_on() -> None:
    """A trigger behind the last line is no reason to complain."""
    play = Play([(0.0, _said("a")), (1.0, "C <presence/>")])
    play.hears(0.0)

    assert play.hears(1000.0) == []
    assert play.scene.wake_at is None
    assert play.told == []


def test_cause_in_another_connection_is_awaited() -> None:
    """Until it is given, or until the limit."""
    play = Play([(0.0, _said("a")), (0.0, _said("b"))])
    lines = play.scene._script.lines
    lines[0].cause, lines[1].cause = (2, 7), (2, 8)
    play.missing = {(2, 7), (2, 8)}
    assert play.hears(1.0) == []
    play.missing = {(2, 8)}
    assert play.hears(2.0) == [_heard("a")]

    assert play.hears(12.0) == [_heard("b")]
    assert play.told == ["frame 8 of connection #2 was not said within 10 s; going on without it"]


def test_what_is_not_recorded_is_improvised() -> None:
    """Requests get an error, messages a remark; both are serious."""
    play = Play([(0.0, _said("a"))])
    play.says("<iq type='get' id='1' to='a&amp;b'><x xmlns='x'/></iq>", 0.0)
    play.says("<message to='y.example'><body>!</body></message>", 0.0)

    assert 'type="error" id="1" from="a&amp;b"' in play.hears(0.0)[0]
    assert play.told[1] == "the client's message to y.example is not in the recording"
    assert play.serious == [True, True]


def test_absence_does_not_count_as_time() -> None:
    """After a resumption the delays go on where they stopped."""
    play = Play([(10.0, _said("a"))])
    assert play.hears(4.0) == []
    play.scene.resume(104.0)

    assert play.hears(109.9) == []
    assert play.hears(110.0) == [_heard("a")]


def test_everything_at_once_without_time_between() -> None:
    """At infinite speed, lines that need no trigger leave in one piece."""
    play = Play([(t, _said(str(t))) for t in (1.0, 2.0, 3.0)], Pace(speed=float("inf")))
    piece = play.scene.next(0.0)

    assert piece is not None
    assert piece.stanzas == 3
    assert piece.data.decode() == "".join(_heard(str(t)) for t in (1.0, 2.0, 3.0))


def test_ids_inside_are_learnt() -> None:
    """A reference to something the client sent uses the name it has today."""
    play = Play([
        (1.0, "C <message id='1' to='a'><origin-id xmlns='urn:xmpp:sid:0' id='o'/><body>!</body></message>"),
        (1.0, "S <message from='a'><received xmlns='urn:xmpp:receipts' id='o'/></message>"),
    ])  # fmt: skip
    play.says(
        "<message id='x' to='a'><origin-id xmlns='urn:xmpp:sid:0' id='y'/><body>!</body></message>",
        0.0,
    )

    assert play.hears(0.0) == [
        "<message from='a'><received xmlns='urn:xmpp:receipts' id='y'/></message>"
    ]


def test_nickname_of_today_stands_in_the_room() -> None:
    """A room that is entered by another name shows that name."""
    play = Play([
        (1.0, "C <presence to='room@x.example/romeo'/>"),
        (1.0, "S <presence from='room@x.example/romeo'/>"),
    ])  # fmt: skip
    play.says("<presence to='room@x.example/tester'/>", 0.0)

    assert play.hears(0.0) == ["<presence from='room@x.example/tester'/>"]


def test_words_of_a_stanza() -> None:
    """A person is told kind, type, payload and address, not everything."""
    assert (
        describe(frame("<iq type='get' to='a.example'><x xmlns='urn:x'/></iq>"))
        == "iq get urn:x to a.example"
    )
    assert len(describe(frame(f"<iq to='{'a' * 5000}'/>"))) == 200


def test_id_is_written_as_xml() -> None:
    """An id may hold anything."""
    assert with_id(b"<iq id='1' type='get'/>", "a&b") == b"<iq id='a&amp;b' type='get'/>"
    assert with_id(b"<iq/>", "x") == b"<iq/>"
