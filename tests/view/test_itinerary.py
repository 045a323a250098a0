from dataclasses import replace

from tests.view.samples import COLOURED, PLAIN
from xmppspy.analysis.journeys import Journey, Kind, Step
from xmppspy.protocol.events import Direction
from xmppspy.view.itinerary import itinerary, stops

JULIET = "juliet@capulet.example/balcony"
ROMEO = "romeo@montague.example/garden"
SENT = Step(kind="sent", t=0.0, conn=1, dir="c2s", n=1, who=JULIET, peer=ROMEO)


def journey(*steps: Step, is_content: bool = True) -> Journey:
    """A message that came so far."""
    return Journey(1, frozenset(), None, ["m1"], is_content=is_content, steps=list(steps))


def step(kind: Kind, dir_: Direction = "s2c", detail: str = "", t: float = 1.5) -> Step:
    """A later step."""
    return Step(kind=kind, t=t, conn=2, dir=dir_, n=2, who=ROMEO, peer=JULIET, detail=detail)


def lines(told: Journey) -> list[str]:
    """What is shown, without line breaks."""
    return [line.removesuffix("\n") for line in itinerary(told, PLAIN)]


def said(shown: Step) -> str:
    """How one step is called."""
    line = next(line for line in lines(journey(SENT, shown)) if "n:2" in line)
    return line.partition("+1.50 s #2 ")[2]


def test_whole_journey() -> None:
    """Who, to whom, when, how long after, on which connection, which way, what, which frame."""
    steps = [step(kind) for kind in ("received", "acked", "receipt", "marker")]

    assert lines(journey(SENT, *steps))[:4] == [
        "message m1",
        f"from {JULIET} to {ROMEO}",
        "07:40:12.345            #1 C→S sent n:1",
        f"07:40:13.845    +1.50 s #2 S→C received by {ROMEO} n:2",
    ]
    assert len(lines(journey(SENT, *steps))) == 7


def test_each_step_has_its_words() -> None:
    """Both directions of what goes both ways."""
    shown = [
        step("acked"),
        step("acked", "c2s"),
        step("reflected"),
        step("carbon", detail="sent"),
        step("archived"),
        step("receipt", "c2s", "received"),
        step("receipt", "s2c", "received"),
        step("marker", "c2s", "displayed"),
        step("marker", "s2c", "displayed"),
        step("error", "c2s", "gone"),
        step("error", "s2c", "gone"),
        step("fate", "c2s", "dropped by xmppspy, held for 2.000 s"),
    ]

    assert [said(each) for each in shown] == [
        "S→C acknowledged by the server n:2",
        f"C→S acknowledged by {ROMEO} n:2",
        "S→C sent back by the room n:2",
        f"S→C carbon copy to {ROMEO} (sent) n:2",
        f"S→C found in the archive by {ROMEO} n:2",
        f"C→S receipt sent by {ROMEO} n:2",
        f"S→C receipt from {JULIET} n:2",
        f"C→S marked by {ROMEO} (displayed) n:2",
        f"S→C marked by {JULIET} (displayed) n:2",
        f"C→S error from {ROMEO} (gone) n:2",
        f"S→C error from {JULIET} (gone) n:2",
        "C→S dropped by xmppspy, held for 2.000 s n:2",
    ]


def test_repetition_is_said() -> None:
    """A message that is sent after a resumption again is."""
    again = replace(SENT, conn=3, n=7, t=1.5)

    assert lines(journey(SENT, again))[3].endswith("#3 C→S sent again n:7")


def test_what_is_missing_is_said() -> None:
    """Of a message with text that was sent and did not come back."""
    assert lines(journey(SENT))[-1] == "not seen: acknowledgement, arrival, receipt, marker"
    assert (
        lines(journey(SENT, step("reflected")))[-1] == "not seen: acknowledgement, receipt, marker"
    )
    assert not any("not seen" in line for line in lines(journey(SENT, step("error"))))
    assert not any("not seen" in line for line in lines(journey(SENT, is_content=False)))
    assert not any("not seen" in line for line in lines(journey(step("received"))))


def test_a_message_has_remarks() -> None:
    """Encryption, missing text, other ids, steps left out."""
    told = journey(SENT, is_content=False)
    told.encryption, told.ids, told.stored, told.more = "OMEMO", ["m1", "o1"], [("a1", "b@c")], 7

    assert lines(told)[0] == "message m1 · encrypted by OMEMO · without text"
    assert lines(told)[2] == "also known as o1, a1 by b@c"
    assert lines(told)[-1] == "… and 7 more steps"


def test_message_may_be_known_by_its_marks_only() -> None:
    """Then nobody knows from whom it is; nor whose client it was."""
    nameless = replace(step("marker", detail="displayed"), peer="")

    assert lines(journey(nameless)) == [
        "message m1",
        "07:40:13.845            #2 S→C marked by the account (displayed) n:2",
    ]


def test_stanza_id_may_be_the_only_name() -> None:
    """A room's or an archive's."""
    told = journey(step("received"))
    told.ids, told.stored = [], [("a1", "b@c")]

    assert lines(told)[:2] == ["message a1", f"from {JULIET} to {ROMEO}"]


def test_nothing_of_a_peer_acts_on_the_terminal() -> None:
    """Whatever is in ids and addresses is text."""
    told = journey(replace(SENT, who="a@b/\x1b[31m", peer="\x07"), step("error", detail="\x9b"))
    told.ids, told.encryption = ["\x1b]0;x\x07", "\u202e"], "\x1b"

    assert not any(
        character in line for line in lines(told) for character in "\x1b\x07\x9b\u202e\n"
    )


def test_colours_tell_directions_and_errors() -> None:
    """The same inks as in every other view."""
    palette = COLOURED.palette
    shown = "".join(itinerary(journey(SENT, step("error"), step("fate")), COLOURED))

    assert f"{palette.c2s.on}C→S" in shown
    assert f"{palette.error.on} error from" in shown
    assert palette.change.on in shown


def test_lines_know_their_steps() -> None:
    """So that one can go from a line to its frame."""
    told = list(stops(journey(SENT, step("received")), PLAIN))
    without = "".join(line for line, _ in stops(journey(SENT), PLAIN, has_numbers=False))

    assert [each and each.n for _, each in told] == [None, None, 1, 2, None]
    assert [line for line, _ in told] == list(itinerary(journey(SENT, step("received")), PLAIN))
    assert " n:" not in without
