import pytest

from tests.proxy.talks import Holding, Talk
from xmppspy.control import news, replies, requests
from xmppspy.control.wire import Refused
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import FateDecided
from xmppspy.protocol.verdicts import Verdict
from xmppspy.proxy.holds import Holds, written

HIST = b"<message id='m1' to='juliet@capulet.example'><body>Hist!</body></message>"
AGAIN = b"<message id='m2'><body>Romeo, hist!</body></message>"


class Scene:
    """A connection whose messages are held, and who watches it."""

    def __init__(self, seconds: float = 30.0) -> None:
        self.interceptor = Holding("message", seconds=seconds)
        self.talk = Talk(self.interceptor)
        self.told: list[news.News] = []
        self.holds = Holds({1: self.talk}, lambda: self.talk.now, self.told.append)
        self.talk.on_holds = self.holds.look
        self.talk.watchers.append(
            lambda event: self.holds.fate(event) if isinstance(event, FateDecided) else None
        )
        self.talk.open()

    def says(self, *stanzas: bytes) -> list[int]:
        """The client says something; the numbers of what is held then."""
        self.talk.client_sends(b"".join(stanzas))
        return [frame.n for frame in self.holds.frames()]

    @property
    def events(self) -> list[str]:
        """The names of what was told."""
        return [type(each).__name__.lower() for each in self.told]


def test_held_frame_is_told() -> None:
    """With all that there is to know of it, once."""
    scene = Scene()
    scene.talk.now = 5.0
    (n,) = scene.says(HIST)
    scene.talk.passes(2)
    (frame,) = scene.holds.frames()

    assert scene.events == ["held"]
    assert frame == replies.HeldFrame(
        n=n,
        conn=1,
        dir="c2s",
        t=5.0,
        left=28.0,
        otherwise="forward",
        kind="message",
        id="m1",
        to="juliet@capulet.example",
        xml=HIST.decode(),
        namespaces={"": "jabber:client", "stream": "http://etherx.jabber.org/streams"},
    )
    assert (len(scene.holds), scene.holds.of(1), scene.holds.of(2)) == (1, 1, 0)


def test_release() -> None:
    """It goes on; those who watch are told that it was decided, and when it has gone."""
    scene = Scene()
    (n,) = scene.says(HIST)
    scene.talk.passes(3)
    reply = scene.holds.release(requests.Release(n=n))

    assert reply == replies.Decided(n=[n])
    assert scene.talk.server_gets() == HIST
    assert scene.told[1:] == [
        news.Decided(n=n, action="forward"),
        news.Released(n=n, conn=1, action="forward", held=3.0, decided=True),
    ]
    assert "let go by hand" in scene.talk.notes()
    assert scene.holds.frames() == []


def test_drop() -> None:
    """Nothing of it leaves."""
    scene = Scene()
    (n,) = scene.says(HIST)
    scene.holds.drop(requests.Drop(n=n))

    assert scene.talk.server_gets() == b""
    assert [fate.action for fate in scene.talk.seen(FateDecided)] == ["drop"]
    assert "dropped by hand" in scene.talk.notes()


def test_duplicate() -> None:
    """It leaves as often as was said."""
    scene = Scene()
    (n,) = scene.says(HIST)
    scene.holds.duplicate(requests.Duplicate(n=n, copies=3))

    assert scene.talk.server_gets() == HIST * 3
    assert "sent 3 times by hand" in scene.talk.notes()


@pytest.mark.parametrize("copies", [-1, 0, 1, 1001])
def test_copies_have_bounds(copies: int) -> None:
    """Else the frame is held as before."""
    scene = Scene()
    (n,) = scene.says(HIST)
    with pytest.raises(Refused, match="from 2 to 1000"):
        scene.holds.duplicate(requests.Duplicate(n=n, copies=copies))

    assert len(scene.holds) == 1


def test_edit() -> None:
    """Something else leaves in its stead; white space around it does not."""
    scene = Scene()
    (n,) = scene.says(HIST)
    scene.holds.edit(requests.Edit(n=n, xml=f"\n{AGAIN.decode()}\n{HIST.decode()}\n"))

    assert scene.talk.server_gets() == AGAIN + HIST
    assert [fate.sent for fate in scene.talk.seen(FateDecided)] == [AGAIN + HIST]
    assert "edited by hand" in scene.talk.notes()


def test_wrong_edit_is_refused_with_the_place() -> None:
    """The frame is held as before."""
    scene = Scene()
    (n,) = scene.says(HIST)
    with pytest.raises(Refused) as caught:
        scene.holds.edit(requests.Edit(n=n, xml="<message>\n  <x:body>é</x:body>\n</message>"))
    error = caught.value.error

    assert (error.name, error.line, error.column) == ("malformed", 2, 3)
    assert error.shown == "    <x:body>é</x:body>\n    ^"
    assert "not well-formed in its stream" in error.detail
    assert len(scene.holds) == 1


def test_forced_edit_is_sent() -> None:
    """What is not well-formed may be the bug that is looked for."""
    scene = Scene()
    (n,) = scene.says(HIST)
    scene.holds.edit(requests.Edit(n=n, b64=b"<message>\xff<", force=True))

    assert scene.talk.server_gets() == b"<message>\xff<"
    assert "edited by hand, unchecked" in scene.talk.notes()


def test_extend() -> None:
    """It waits from now on for so long at least, and those who watch are told."""
    scene = Scene(seconds=10)
    (n,) = scene.says(HIST)
    scene.talk.passes(9)
    scene.holds.extend(requests.Extend(n=n, seconds=20))
    scene.holds.extend(requests.Extend(n=n, seconds=5))
    scene.talk.passes(19)
    before = scene.talk.server_gets()
    scene.talk.passes(1)

    assert (before, scene.talk.server_gets()) == (b"", HIST)
    assert [told for told in scene.told if isinstance(told, news.Extended)] == [
        news.Extended(n=n, left=20.0)
    ]
    assert isinstance(released := scene.told[-1], news.Released)
    assert not released.decided


@pytest.mark.parametrize("seconds", [-1.0, float("inf"), float("nan")])
def test_nothing_is_extended_for_ever(seconds: float) -> None:
    """A number of seconds it has to be."""
    scene = Scene()
    (n,) = scene.says(HIST)

    with pytest.raises(Refused, match="seconds"):
        scene.holds.extend(requests.Extend(n=n, seconds=seconds))


def test_all_of_them() -> None:
    """In their order; also when there are none."""
    scene = Scene()
    numbers = scene.says(HIST, AGAIN)
    scene.holds.extend(requests.Extend(n="all", seconds=60))
    reply = scene.holds.release(requests.Release(n="all"))

    assert reply.n == numbers
    assert scene.talk.server_gets() == HIST + AGAIN
    assert scene.holds.drop(requests.Drop(n="all")).n == []


def test_decided_ones_wait_for_those_before_them() -> None:
    """They are not held any more, and released when they leave."""
    scene = Scene()
    first, second = scene.says(HIST, AGAIN)
    scene.holds.release(requests.Release(n=second))
    between = scene.talk.server_gets()
    scene.holds.drop(requests.Drop(n=first))

    assert (between, scene.talk.server_gets()) == (b"", AGAIN)
    assert scene.events == ["held", "held", "decided", "decided", "released", "released"]


@pytest.mark.parametrize(
    "request_",
    [
        requests.Release(n=99),
        requests.Drop(n=99),
        requests.Duplicate(n=99),
        requests.Extend(n=99),
        requests.Edit(n=99, xml="<a/>"),
    ],
)
def test_what_is_not_held(request_: requests.AnyRequest) -> None:
    """Is told, with what is."""
    scene = Scene()
    (n,) = scene.says(HIST)
    holds = scene.holds
    does = {
        requests.Release: holds.release,
        requests.Drop: holds.drop,
        requests.Duplicate: holds.duplicate,
        requests.Extend: holds.extend,
        requests.Edit: holds.edit,
    }

    with pytest.raises(Refused, match=rf"frame 99 is not held.*held: {n}$") as caught:
        does[type(request_)](request_)  # type: ignore[operator]
    assert caught.value.error.name == "not-held"


def test_connection_that_ends_releases_what_it_held() -> None:
    """As it would in the end, which nobody has decided."""
    scene = Scene()
    (n,) = scene.says(HIST)
    scene.talk.session.stop("closed", 0.0)
    scene.talk.settle()

    assert scene.told[-1] == news.Released(n=n, conn=1, action="forward", held=0.0)


def test_what_a_rule_has_made_is_told_beside_what_came() -> None:
    """What leaves is what can be edited; what a rule drops has no text."""
    scene = Scene()
    scene.interceptor.verdict = Verdict(data=AGAIN)
    scene.says(HIST)
    scene.interceptor.verdict = Verdict(data=None)
    scene.says(HIST)
    edited, dropped = scene.holds.frames()

    assert (edited.xml, edited.received) == (AGAIN.decode(), HIST.decode())
    assert (dropped.xml, dropped.received) == (None, HIST.decode())


@pytest.mark.parametrize(
    ("xml", "b64", "force", "words"),
    [
        (None, None, False, "give xml, or b64"),
        ("<a/>", b"<a/>", True, "give xml, or b64"),
        (None, b"<a/>", False, "b64 needs force"),
        ("", None, False, "no element"),
        ("hello", None, False, "not well-formed"),
        ("<stream:a/>", None, False, "not well-formed"),
    ],
)
def test_what_is_wanted_in_a_stream(
    xml: str | None, b64: bytes | None, force: bool, words: str
) -> None:
    """It is checked in that stream."""
    with pytest.raises(Refused, match=words):
        written(xml, b64, StreamContext(prefixes={}), is_forced=force)
