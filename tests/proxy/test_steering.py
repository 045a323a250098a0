import asyncio
from pathlib import Path

import pytest

from tests.proxy.stage import stage
from xmppspy.control import news, replies, requests
from xmppspy.control.wire import Refused
from xmppspy.errors import RulesError
from xmppspy.filters import Filter
from xmppspy.intervene.desk import Desk
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.verdicts import Hold
from xmppspy.proxy import rulesfile
from xmppspy.proxy.rulesfile import RulesFile
from xmppspy.proxy.steering import Steering

HIST = b"<message><body>Hist!</body></message>"
RULES = """
[[rule]]
name = "quiet"
filter = "message c2s"
actions = ["drop"]

[[rule]]
name = "slow"
bytes = "s2c"
enabled = false
actions = [{slicer = 1}]
"""
LIMIT = 20.0


class Scene:
    """A steering, and what it says."""

    def __init__(self, folder: Path, rules: str | None = None, hold: Hold | None = None) -> None:
        self.path = folder / "rules.toml"
        if rules is not None:
            self.path.write_text(rules)
        file = None if rules is None else RulesFile(self.path)
        self.said: list[str] = []
        self.told: list[news.News] = []
        self.desk = Desk()
        self.steering = Steering(self.desk, file, self.said.append, hold or Hold())
        self.steering.tell = self.told.append
        self.steering.load()

    def rules(self, **given: object) -> replies.Rules:
        """Ask for the rules, or do something to them."""
        return self.steering.rules(requests.Rules(**given))  # type: ignore[arg-type]

    def hold(self, **given: object) -> replies.Breakpoint:
        """Ask for the breakpoint, or change it."""
        return self.steering.hold(requests.Hold(**given))  # type: ignore[arg-type]


# --- the breakpoint


def test_breakpoint_is_set_and_changed(tmp_path: Path) -> None:
    """Without a filter, what is not said stays; those who watch are told of what has changed."""
    scene = Scene(tmp_path)
    found = [
        scene.hold(),
        scene.hold(filter="message", timeout=5.0),
        scene.hold(otherwise="drop"),
        scene.hold(on=False),
        scene.hold(timeout=7.0),
        scene.hold(on=True),
        scene.hold(filter="iq"),
        scene.hold(filter="iq", otherwise="drop"),
        scene.hold(),
    ]

    assert [(each.on, each.filter, each.timeout, each.otherwise) for each in found] == [
        (False, None, 30.0, "forward"),
        (True, "message", 5.0, "forward"),
        (True, "message", 5.0, "drop"),
        (False, "message", 5.0, "drop"),
        (False, "message", 7.0, "drop"),
        (True, "message", 7.0, "drop"),
        (True, "iq", 30.0, "forward"),
        (True, "iq", 30.0, "drop"),
        (True, "iq", 30.0, "drop"),
    ]
    assert scene.told == [news.Breakpoint(breakpoint=each) for each in found[1:8]]


def test_breakpoint_that_is_off_may_be_set_and_on_at_once(tmp_path: Path) -> None:
    """A filter switches it on, unless told otherwise."""
    scene = Scene(tmp_path)

    assert not scene.hold(filter="message", on=False).on
    assert scene.hold(filter="iq").on


@pytest.mark.parametrize(
    ("given", "name", "words"),
    [
        ({"filter": "mesage"}, "filter", "did you mean message"),
        ({"on": True}, "filter", "no filter yet"),
        ({"timeout": 3.0}, "filter", "no filter yet"),
        ({"filter": "iq", "timeout": -1.0}, "bad-request", "seconds"),
        ({"filter": "iq", "timeout": float("inf")}, "bad-request", "seconds"),
    ],
)
def test_wrong_breakpoints_are_refused(
    tmp_path: Path, given: dict[str, object], name: str, words: str
) -> None:
    """And nothing has changed."""
    scene = Scene(tmp_path)
    with pytest.raises(Refused, match=words) as caught:
        scene.hold(**given)

    assert caught.value.error.name == name
    assert scene.hold().filter is None
    assert scene.told == []


def test_wrong_filter_is_shown_with_the_place(tmp_path: Path) -> None:
    """A caret stands under it."""
    with pytest.raises(Refused) as caught:
        Scene(tmp_path).hold(filter="iq mesage")

    assert caught.value.error.shown == "  iq mesage\n     ^"


def test_switching_off_what_is_not_there(tmp_path: Path) -> None:
    """Leaves it so."""
    assert not Scene(tmp_path).hold(on=False).on


def test_frames_are_held_as_long_as_was_said_at_the_start(tmp_path: Path) -> None:
    """Unless told otherwise, and then until there is another filter."""
    scene = Scene(tmp_path, hold=Hold(3.0, drops=True))
    scene.hold(filter="message", timeout=0.0, otherwise="forward")
    again = scene.hold(filter="iq")

    assert (again.timeout, again.otherwise) == (3.0, "drop")
    assert scene.desk.orders.breakpoint is not None
    assert scene.desk.orders.breakpoint.hold == Hold(3.0, drops=True)


# --- rules


def test_rules_are_listed(tmp_path: Path) -> None:
    """With what they are about, what they do, and whether they are on."""
    scene = Scene(tmp_path, RULES)

    assert scene.rules() == replies.Rules(
        file=str(scene.path),
        rules=[
            replies.Rule(
                name="quiet", on=True, what="message c2s", actions=["drop"], matched=0, applied=0
            ),
            replies.Rule(
                name="slow", on=False, what="bytes s2c", actions=["slicer 1"], matched=0, applied=0
            ),
        ],
    )


def test_rules_are_switched(tmp_path: Path) -> None:
    """One by its name, or all; it is said, and told to those who watch."""
    scene = Scene(tmp_path, RULES)
    found = [
        [rule.on for rule in told.rules]
        for told in (
            scene.rules(do="off", rule="quiet"),
            scene.rules(do="on"),
            scene.rules(do="off"),
        )
    ]

    assert found == [[False, False], [True, True], [False, False]]
    assert scene.said == ["rules: 0 of 2 are on", "rules: 2 of 2 are on", "rules: 0 of 2 are on"]
    assert scene.told[-1] == news.Rules(rules=scene.rules())


def test_unknown_rule(tmp_path: Path) -> None:
    """The sentence names the nearest one."""
    with pytest.raises(Refused, match=r"there is no rule quite.*quiet") as caught:
        Scene(tmp_path, RULES).rules(do="off", rule="quite")

    assert caught.value.error.name == "rules"


def test_rules_are_read_again_when_told_so(tmp_path: Path) -> None:
    """And when they are wrong, those from before stay, and it is told where."""
    scene = Scene(tmp_path, RULES)
    scene.path.write_text(RULES.replace("quiet", "silent"))
    names = [rule.name for rule in scene.rules(do="reload").rules]
    scene.path.write_text(RULES.replace('"message c2s"', '"mesage c2s"'))
    with pytest.raises(Refused, match=r"rules\.toml, line 4: unknown word mesage") as caught:
        scene.rules(do="reload")

    assert names == ["silent", "slow"]
    assert caught.value.error.shown == "  mesage c2s\n  ^"
    assert [rule.name for rule in scene.rules().rules] == ["silent", "slow"]


def test_rules_file_that_is_gone(tmp_path: Path) -> None:
    """Is named."""
    scene = Scene(tmp_path, RULES)
    scene.path.unlink()
    with pytest.raises(Refused, match=r"rules\.toml: No such file") as caught:
        scene.rules(do="reload")

    assert caught.value.error.shown is None


def test_no_rules_file(tmp_path: Path) -> None:
    """There is nothing to list, nor to read again; watching it does nothing."""
    scene = Scene(tmp_path)
    scene.steering.start()
    scene.steering.stop()

    assert scene.rules() == replies.Rules(file=None, rules=[])
    with pytest.raises(Refused, match="--rules FILE"):
        scene.rules(do="reload")


def test_wrong_rules_at_the_start(tmp_path: Path) -> None:
    """Are an error, with file and line."""
    with pytest.raises(RulesError, match=r"rules\.toml, line 1"):
        Scene(tmp_path, "[[rules]]")


HINTED = '[[rule]]\nfilter = "xpath://body"\nactions = ["drop"]\n'


def test_hints_are_said(tmp_path: Path) -> None:
    """What looks like a mistake without being one."""
    (hint,) = Scene(tmp_path, HINTED).said

    assert "line 2" in hint


def test_saved_rules_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By itself; a file with a mistake keeps the rules from before, and it is said what is wrong."""
    monkeypatch.setattr(rulesfile, "INTERVAL", 0.001)
    scene = Scene(tmp_path, RULES)

    async def until_told(count: int) -> None:
        async with asyncio.timeout(LIMIT):
            while True:
                if len(scene.told) == count:
                    return
                await asyncio.sleep(0)

    async def play() -> None:
        scene.steering.start()
        scene.path.write_text(RULES.replace("quiet", "silent"))
        await until_told(1)
        scene.path.write_text("[[rule]]")
        await until_told(2)
        scene.steering.stop()

    asyncio.run(play())

    assert [rule.name for rule in scene.rules().rules] == ["silent", "slow"]
    assert scene.said[0] == "rules: 1 of 2 are on"
    assert "rules.toml, line 1" in scene.said[1]
    assert scene.said[1].endswith("the rules are those from before")
    assert isinstance(trouble := scene.told[1], news.Trouble)
    assert trouble.about == "rules"


# --- connections


def test_orders_are_followed_on_every_connection(tmp_path: Path) -> None:
    """On those that are open, and on those that come; what rules count is kept when they are over."""
    scene = Scene(tmp_path, RULES)

    async def play() -> None:
        async with stage(tmp_path, intervening=scene.steering) as on:
            for _ in range(2):
                client, server = await on.both()
                await client.send(HIST + b"<presence/>")
                await server.receive(b"<presence/>")
                client.writer.close()
                server.writer.close()
        counts = [(rule.matched, rule.applied) for rule in scene.rules().rules]

        assert counts == [(2, 2), (0, 0)]
        assert scene.steering._relays == {}
        assert scene.steering._clerks == {}

    asyncio.run(play())


def test_lines_are_as_bad_as_rules_want_them(tmp_path: Path) -> None:
    """Those of new connections, and at once those of open ones."""
    scene = Scene(tmp_path, RULES.replace("enabled = false", "enabled = true"))

    async def play() -> None:
        async with stage(tmp_path, intervening=scene.steering) as on:
            client, server = await on.both()
            session = on.listener.relays[1]._session
            link = session._link

            def is_bad() -> bool:
                line = link.client.line
                return line is not None and bool(line._toxics)

            before = is_bad()
            scene.rules(do="off", rule="slow")
            between = is_bad()
            scene.rules(do="on", rule="slow")

            assert (before, between, is_bad()) == (True, False, True)
            client.writer.close()
            server.writer.close()

    asyncio.run(play())


def test_answers_are_told(tmp_path: Path) -> None:
    """Of those that were expected; a private one does not reach the client."""
    scene = Scene(tmp_path)
    answers: list[tuple[int, FrameRecord]] = []
    scene.steering.on_answer = lambda conn, record: answers.append((conn, record))
    pong = b"<iq type='result' id='p1'/>"

    async def play() -> None:
        async with stage(tmp_path, intervening=scene.steering) as on:
            client, server = await on.both()
            scene.steering.expect(
                1, "p1", "c2s", on.clock.now(), responder=None, is_private=True, seconds=9.0
            )
            await server.send(pong + HIST)
            await client.receive(HIST)

            assert [(conn, record.data) for conn, record in answers] == [(1, pong)]
            client.writer.close()
            server.writer.close()

    asyncio.run(play())


def test_filter_may_be_given_at_the_start(tmp_path: Path) -> None:
    """As `--hold` does."""
    scene = Scene(tmp_path)
    scene.desk.stop_at(Filter("message"), Hold(9.0, drops=True))

    assert scene.steering.breakpoint == replies.Breakpoint(
        on=True, filter="message", timeout=9.0, otherwise="drop"
    )
