from tests.control.samples import held
from xmppspy.control import replies
from xmppspy.protocol.events import Side
from xmppspy.view import interventions as words
from xmppspy.view.look import Look

LOOK = Look()
ANSWER = replies.Answer(
    conn=1, id="p1", type="result", xml="<iq type='result' id='p1'/>", seconds=0.0123, private=True
)


def test_held_frames() -> None:
    """What each is, how long it waits and will, on 80 columns."""
    told = replies.HeldFrames(
        frames=[held(), held(12, dir="s2c", from_="romeo@montague.example", otherwise="drop")]
    )
    shown = words.held(told, LOOK._replace(columns=lambda: 80), 9.5).splitlines()

    assert shown == [
        "frame  conn  way  what                                      waits  left  then",
        '    7     1  C→S  message chat "Hist!" (5 chars) to julie…  4.5 s  28 s  forward',
        '   12     1  S→C  message chat "Hist!" (5 chars) from rom…  4.5 s  28 s  drop',
    ]
    assert max(map(len, shown)) == 80


def test_nothing_is_held() -> None:
    """Is a sentence."""
    assert words.held(replies.HeldFrames(frames=[]), LOOK, 0.0) == "nothing is held\n"


def test_what_a_frame_is() -> None:
    """Without addresses, where it has none."""
    assert words.what(held(to=None)) == 'message chat "Hist!" (5 chars)'


def test_injected() -> None:
    """What was sent, what came back, and what did not, as XML with comments."""
    told = replies.Injected(
        conn=1,
        to=Side.SERVER,
        xml="<iq type='get' id='p1'><ping xmlns='urn:xmpp:ping'/></iq>",
        ids=["p1", "p2"],
        answers=[ANSWER],
        missing=["p2"],
    )

    assert words.injected(told, LOOK).splitlines() == [
        "<!-- sent to the server on connection 1 -->",
        "<iq type='get' id='p1'>",
        "  <ping xmlns='urn:xmpp:ping'/>",
        "</iq>",
        "<!-- result for p1 after 12 ms, kept from the other side -->",
        "<iq type='result' id='p1'/>",
        "no answer to p2 in time",
    ]
