import pytest

from tests.control.samples import held
from tests.view.tui.puppet import Puppet
from tests.view.tui.viewing import played
from xmppspy.control import news, replies, requests
from xmppspy.errors import ControlError, RequestRefused
from xmppspy.view.tui.proxy import BUSY, Proxy


class Person:
    """Who is told."""

    def __init__(self, puppet: Puppet) -> None:
        self.puppet = puppet
        self.said: list[tuple[str, str]] = []
        self.changes = 0
        self.proxy = Proxy(puppet, self._changed, lambda *said: self.said.append(said), lambda: 5.0)

    def _changed(self) -> None:
        self.changes += 1


async def person(*numbers: int) -> Person:
    """Somebody who is told of a proxy that holds frames of these numbers."""
    told = Person(Puppet(*(held(n) for n in numbers)))
    await told.proxy.begin()
    return told


@played
async def test_begins_with_what_is_held_already() -> None:
    """The breakpoint and the rules are known, too."""
    told = await person(7, 9)

    assert [frame.n for frame in told.proxy.queue.frames] == [7, 9]
    assert told.proxy.left(7) == 28.0
    assert told.proxy.breakpoint is not None
    assert told.proxy.rules is not None
    assert told.proxy.is_there
    assert told.proxy.listening == ["127.0.0.1:5222"]
    assert told.changes == 1


@played
async def test_follows_what_happens_to_held_frames() -> None:
    """They come, wait for longer, and go."""
    told = await person()
    told.puppet.hold(7)
    told.puppet.hold(8)
    told.puppet.tell(news.Extended(n=7, left=60.0))
    told.puppet.tell(news.Decided(n=8, action="forward"))
    told.puppet.tell(news.Opened(conn=1, client="x"))

    assert [frame.n for frame in told.proxy.queue.frames] == [7]
    assert told.proxy.left(7) == 60.0
    assert told.said == []


@pytest.mark.parametrize(
    ("action", "decided", "said"),
    [
        ("forward", True, []),
        ("drop", True, [("frame 7 was dropped after 3.0 s", "change")]),
        ("forward", False, [("frame 7 was forwarded after 3.0 s, nobody has decided", "change")]),
    ],
)
@played
async def test_says_what_nobody_here_has_decided(
    action: replies.Action, decided: bool, said: list[object]
) -> None:
    """And what is lost; a draft of the frame is worth nothing then."""
    told = await person(7)
    told.proxy.drafts[7] = "<message/>"
    told.puppet.tell(news.Released(n=7, conn=1, action=action, held=3.0, decided=decided))

    assert told.said == said
    assert len(told.proxy.queue) == 0
    assert told.proxy.drafts == {}


@played
async def test_breakpoint_and_rules_are_kept_up() -> None:
    """Whoever has changed them."""
    told = await person()
    breakpoint_ = replies.Breakpoint(on=True, filter="iq", timeout=1.0, otherwise="drop")
    rules = replies.Rules(file=None, rules=[])
    told.puppet.tell(news.Breakpoint(breakpoint=breakpoint_))
    told.puppet.tell(news.Rules(rules=rules))
    told.puppet.tell(news.Trouble(about="rules", detail="rules.toml:3:\nno"))

    assert told.proxy.breakpoint == breakpoint_
    assert told.proxy.rules == rules
    assert told.said == [("rules: rules.toml:3: no", "error")]


@played
async def test_lost_proxy_is_said_and_survived() -> None:
    """Nothing is held then, and nothing can be asked for."""
    told = await person(7)
    told.puppet.lose()
    asked = len(told.puppet.asked)
    done = await told.proxy.decide(requests.Drop(n=7))
    await told.proxy.stay()

    assert told.said[0] == ("the proxy has gone; what it has written stays here", "error")
    assert not done
    assert told.said[1] == ("the proxy has gone", "error")
    assert not told.proxy.is_there
    assert len(told.proxy.queue) == 0
    assert len(told.puppet.asked) == asked


@played
async def test_refusal_is_said_or_raised() -> None:
    """As whoever asks has it."""
    told = await person(7)
    told.puppet.refusal = RequestRefused("not that", "not-held")
    done = await told.proxy.ask(requests.Drop(n=7), replies.Decided)
    with pytest.raises(ControlError, match="not that"):
        await told.proxy.demand(requests.Drop(n=7), replies.Decided)

    assert done is None
    assert told.said == [("not that", "error")]


@played
async def test_what_is_still_held_waits_for_a_person_who_decides() -> None:
    """As long as a person may need, or as the breakpoint gives, whichever is longer."""
    told = await person(7, 8)
    await told.proxy.decide(requests.Drop(n=7))
    await told.proxy.decide(requests.Drop(n=8))
    told.proxy.close()

    assert told.puppet.asked[3:] == [
        requests.Drop(n=7),
        requests.Extend(n="all", seconds=BUSY),
        requests.Drop(n=8),
    ]
    assert told.puppet.closed
