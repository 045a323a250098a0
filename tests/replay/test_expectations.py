from tests.demo.backstage import NURSE, PETER, frame
from tests.replay.performing import Said, characters, entering, lines
from xmppspy.protocol.events import FrameRecord
from xmppspy.replay.difference import Changed, Difference, Extra, Judge, Missing
from xmppspy.replay.expectations import Expectations
from xmppspy.replay.names import Names
from xmppspy.replay.remap import Remap

ASK: Said = ("c2s", "<iq type='get' id='q'><query xmlns='urn:x'/></iq>")
ANSWER: Said = ("s2c", "<iq type='result' id='q'><query xmlns='urn:x'/></iq>")
HELLO: Said = ("s2c", f"<message from='{PETER}/hall' id='m1'><body>Anon!</body></message>")


class _Heard:
    """Expectations of a capture, the records in it, and the differences that were found."""

    def __init__(self, *said: Said) -> None:
        character = characters(lines([*entering(), *said]))[0]
        self.differences: list[Difference] = []
        self.remap = Remap()
        self.on = Expectations(character, self.remap, Judge(Names()), self.differences.append)
        self.records = [turn.record for turn in character.parts[0].scene]
        for record in self.to_hear():
            self.on.expect(record)

    def to_hear(self) -> list[FrameRecord]:
        """What the server said."""
        return [record for record in self.records if record.dir == "s2c"]

    def found(self) -> list[type[Difference]]:
        """The sorts of differences."""
        return [type(each) for each in self.differences]


def test_answer_is_known_by_the_id_of_today() -> None:
    """The answer to a request that has another id now is the recorded one, and compared with it."""
    heard = _Heard(ASK, ANSWER)
    heard.on.asked("other", heard.records[0])
    heard.on.wait_for(heard.records[1])
    waited = heard.on.pending
    heard.on.hear(frame(ANSWER[1].replace("'q'", "'other'")))

    assert (waited, heard.on.pending, heard.on.heard) == (True, False, 1)
    assert heard.found() == []


def test_error_in_place_of_a_result_is_a_change() -> None:
    """It has come, and is not what it was."""
    heard = _Heard(ASK, ANSWER)
    heard.on.asked("q", heard.records[0])
    heard.on.hear(frame("<iq type='error' id='q'><error type='cancel'/></iq>"))

    assert heard.found() == [Changed]
    assert heard.differences[0].request is heard.records[0]


def test_what_came_early_is_not_waited_for() -> None:
    """What has come before its place in the recording is there already."""
    heard = _Heard(HELLO)
    heard.on.hear(frame(HELLO[1]))
    heard.on.wait_for(heard.records[0])

    assert not heard.on.pending


def test_giving_up_is_a_difference() -> None:
    """What was waited for in vain is missing, and waited for no longer."""
    heard = _Heard(HELLO)
    heard.on.wait_for(heard.records[0])
    missing = heard.on.give_up()

    assert missing == heard.records
    assert heard.found() == [Missing]
    assert not heard.on.pending


def test_what_answered_an_unsaid_request_is_not_expected() -> None:
    """A request that is left out has no answer to wait for."""
    heard = _Heard(ASK, ANSWER)
    heard.on.wait_for(heard.records[1])
    heard.on.never_asked(heard.records[0])

    assert not heard.on.pending
    assert heard.found() == []


def test_messages_that_an_answer_ends_are_missing_with_it() -> None:
    """An archive that answers has said all it had to say (XEP-0313): nothing more is waited for."""
    mam = "xmlns='urn:xmpp:mam:2'"
    heard = _Heard(
        ("c2s", f"<iq type='set' id='q'><query {mam} queryid='1'/></iq>"),
        ("s2c", f"<message><result {mam} queryid='1'/></message>"),
        ("s2c", f"<iq type='result' id='q'><fin {mam}/></iq>"),
    )
    heard.on.asked("q", heard.records[0])
    for record in heard.to_hear():
        heard.on.wait_for(record)
    heard.on.hear(frame(f"<iq type='result' id='q'><fin {mam}/></iq>"))

    assert heard.found() == [Missing]
    assert not heard.on.pending


def test_request_of_the_server_has_another_id_today() -> None:
    """The client's answer will need it."""
    heard = _Heard(("s2c", "<iq type='get' id='1'><query xmlns='urn:x'/></iq>"))
    before = heard.on.live_id(heard.records[0])
    known = heard.on.hear(frame("<iq type='get' id='77'><query xmlns='urn:x'/></iq>"))

    assert (before, known, heard.on.live_id(heard.records[0])) == (None, True, "77")


def test_what_is_not_recorded_is_extra_but_pings() -> None:
    """A server pings when it likes; anything else was not said the last time."""
    heard = _Heard()
    pinged = heard.on.hear(frame("<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>"))
    before = heard.found()
    heard.on.hear(frame("<presence from='x@y.example'/>"))
    heard.on.hear(frame("<iq type='result' id='unasked'/>"))

    assert (pinged, before) == (False, [])
    assert heard.found() == [Extra, Extra]


def test_ignored_answer_is_of_no_interest() -> None:
    """What was asked besides the recording is no difference."""
    heard = _Heard()
    heard.on.ignore("own")
    heard.on.hear(frame("<iq type='error' id='own'/>"))

    assert heard.found() == []


def test_ids_of_today_are_learnt() -> None:
    """Where a recorded stanza refers to the message, today's refers to today's."""
    heard = _Heard(HELLO)
    heard.on.hear(frame(HELLO[1].replace("m1", "m2")))

    assert heard.remap.to_live(b"<received id='m1'/>") == b"<received id='m2'/>"


def test_without_a_judge_all_that_comes_is_right() -> None:
    """What is not compared is still known for what it stands for."""
    character = characters(lines([*entering(), HELLO]))[0]
    differences: list[Difference] = []
    expectations = Expectations(character, Remap(), None, differences.append)
    record = character.parts[0].scene[0].record
    expectations.expect(record)
    expectations.wait_for(record)
    expectations.hear(frame(f"<message from='{PETER}/hall'><body>Coming!</body></message>"))
    expectations.hear(frame(f"<message from='{NURSE}'><body>Who?</body></message>"))

    assert not expectations.pending
    assert (expectations.heard, expectations.expected, differences) == (1, 1, [])
