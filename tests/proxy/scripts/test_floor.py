import asyncio
from pathlib import Path

from tests.conversation import ANSWER, HEADER
from tests.proxy.scripts.staging import eventually
from tests.proxy.stage import Stage, stage
from xmppspy.filters import Filter
from xmppspy.intervene.desk import Desk
from xmppspy.protocol.events import ConnectionClosed, FrameRecord, Note, Side
from xmppspy.protocol.verdicts import DROP, FORWARD, End, Undecided, Verdict
from xmppspy.proxy.scripts.floor import ProxyFloor
from xmppspy.proxy.steering import Steering

FIRST = b"<message id='1'><body>Hist!</body></message>"
SECOND = FIRST.replace(b"1", b"2")
RULES = """
[[rule]]
filter = "body:hist"
actions = [{replace = "//c:body", text = "Hush!"}]
"""


class _Asker:
    """Asks about messages, and keeps the questions."""

    def __init__(self) -> None:
        self.asked: list[FrameRecord] = []

    def wants(self, head: FrameRecord) -> bool:
        """Only messages."""
        return head.kind == "message"

    def ask(self, frame: FrameRecord, now: float) -> Undecided | None:
        """The ticket is the number of the question."""
        if not self.wants(frame):
            return None
        self.asked.append(frame)
        return Undecided(len(self.asked), 30.0)


def _floor(on: Stage, steering: Steering) -> ProxyFloor:
    return ProxyFloor(on.listener, steering, on.clock)


def test_answers_let_frames_go_on(tmp_path: Path) -> None:
    """With what rules have made of them; in their order, those that come too late being lost."""

    async def scene() -> None:
        desk, asker = Desk(), _Asker()
        desk.reload(RULES, "rules.toml", str)
        steering = Steering(desk, None, print)
        async with stage(tmp_path, intervening=steering) as on:
            floor = _floor(on, steering)
            floor.consult(asker)
            client, server = await on.both()
            await client.send(FIRST + b"<presence/>" + SECOND)
            await eventually(lambda: len(asker.asked) == 2)
            assert b"Hush!" in asker.asked[0].data
            floor.settle(1, [(2, FORWARD), (1, Verdict(notes=("n",))), (3, DROP)])
            floor.settle(1, [(1, DROP)])
            floor.settle(7, [(1, DROP)])
            hushed = (FIRST + b"<presence/>" + SECOND).replace(b"Hist", b"Hush")
            await server.receive(hushed)
            floor.consult(None)
            await client.send(b"<message/>")

            await server.receive(b"<message/>")
            assert len(asker.asked) == 2
            client.writer.close()
            server.writer.close()

    asyncio.run(scene())


def test_a_breakpoint_comes_after_the_script(tmp_path: Path) -> None:
    """What the script lets go waits for a person."""

    async def scene() -> None:
        desk, asker = Desk(), _Asker()
        steering = Steering(desk, None, print)
        async with stage(tmp_path, intervening=steering) as on:
            floor = _floor(on, steering)
            floor.consult(asker)
            desk.stop_at(Filter("message"))
            client, server = await on.both()
            await client.send(FIRST)
            await eventually(lambda: bool(asker.asked))
            assert on.listener.relays[1].held() == []
            floor.settle(1, [(1, FORWARD)])
            (held,) = on.listener.relays[1].held()
            on.listener.relays[1].decide(held.n, FORWARD)

            await server.receive(FIRST)
            client.writer.close()
            server.writer.close()

    asyncio.run(scene())


def test_what_can_be_done_to_a_connection(tmp_path: Path) -> None:
    """Injections reach the peer, notes the capture, and an end both sides."""

    async def scene() -> None:
        steering = Steering(Desk(), None, print)
        async with stage(tmp_path, intervening=steering) as on:
            floor = _floor(on, steering)
            client = await on.client()
            await client.send(HEADER)
            server = await on.server()
            assert not floor.inject(7, Side.CLIENT, FIRST)
            await server.receive(HEADER)
            await server.send(ANSWER)
            await client.receive(ANSWER)
            assert floor.inject(1, Side.SERVER, FIRST)
            assert floor.inject(1, Side.CLIENT, SECOND)
            await server.receive(FIRST)
            await client.receive(SECOND)
            floor.note("hello", 1)
            floor.end(7, End.CLOSE, "nobody")
            floor.end(1, End.CLOSE, "enough")
            assert await client.rest() == b""
            notes = [event for event in on.events if isinstance(event, Note)]
            closed = await on.recorded(lambda event: isinstance(event, ConnectionClosed))
            assert isinstance(closed, ConnectionClosed)

            assert [(each.text, each.conn) for each in notes] == [("hello", 1)]
            assert notes[0].t <= floor.now()
            assert closed.reason == "enough"
            client.writer.close()
            server.writer.close()

    asyncio.run(scene())
