import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.proxy.stage import Peer, Stage, stage
from xmppspy.control import news, replies, requests, wire
from xmppspy.intervene.desk import Desk
from xmppspy.protocol import runs
from xmppspy.protocol.events import Event, Mark, Note, Side, StanzaRun
from xmppspy.protocol.verdicts import Hold
from xmppspy.proxy.commands import About, Commands
from xmppspy.proxy.control import Caller, ControlSocket
from xmppspy.proxy.steering import Steering

HIST = b"<message><body>Hist!</body></message>"
PING = "<iq type='get' id='p1'><ping xmlns='urn:xmpp:ping'/></iq>"
PONG = b"<iq type='result' id='p1'/>"
ABOUT = About(tool="xmppspy 0", pid=1, upstream="capulet.example", capture="/tmp/x.xmpp.jsonl")


class Heard(Caller):
    """A client of the control socket, without the socket."""

    def __init__(self) -> None:
        super().__init__(ControlSocket.__new__(ControlSocket))
        self.lines: list[wire.Answer | news.News] = []

    def send(self, line: bytes) -> None:
        """Keep it."""
        self.lines.append(wire.read_line(line))


class Scene:
    """A proxy between two peers, and somebody who commands it."""

    def __init__(self, on: Stage, commands: Commands, client: Peer, server: Peer) -> None:
        self.on, self.commands, self.client, self.server = on, commands, client, server
        self.told: list[news.News] = []
        commands.tell = self.told.append
        self.caller = Heard()

    def ask(self, request: requests.AnyRequest) -> replies.Reply:
        """Have it obeyed; the reply."""
        self.commands.obey(request, self.caller)
        answer = self.caller.lines.pop()
        assert isinstance(answer, wire.Answer)
        assert answer.error is None, answer.error
        return answer.read(request.reply)

    def fails(self, request: requests.AnyRequest) -> str:
        """Have it obeyed; the name of the error."""
        self.commands.obey(request, self.caller)
        answer = self.caller.lines.pop()
        assert isinstance(answer, wire.Answer)
        assert answer.error is not None
        return answer.error.name

    async def held(self, count: int = 1) -> list[int]:
        """The numbers of held frames, once there are so many."""
        async with asyncio.timeout(20):
            while True:
                reply = self.ask(requests.Held())
                assert isinstance(reply, replies.HeldFrames)
                if len(reply.frames) == count:
                    return [frame.n for frame in reply.frames]
                await asyncio.sleep(0)


@asynccontextmanager
async def scene(folder: Path, *, holds: bool = False) -> AsyncIterator[Scene]:
    """A proxy whose client and server have exchanged headers; with `holds`, messages wait."""
    steering = Steering(Desk(), None, pytest.fail, Hold())
    async with stage(folder, intervening=steering) as on:
        commands = Commands(on.listener, steering, on.clock, ABOUT)
        record = on.events.append

        def both(event: Event | StanzaRun) -> None:
            for each in runs.each(event):
                record(each)
            commands.see(event)

        on.listener.record = both
        client, server = await on.both()
        playing = Scene(on, commands, client, server)
        if holds:
            playing.ask(requests.Hold(filter="message"))
            playing.told.clear()
        try:
            yield playing
        finally:
            client.writer.close()
            server.writer.close()


def test_status(tmp_path: Path) -> None:
    """What the proxy is, and what it does at present."""

    async def play() -> None:
        async with scene(tmp_path) as playing:
            reply = playing.ask(requests.Status())
            now = playing.on.clock.now()

            assert isinstance(reply, replies.Status)
            assert 0 < reply.t <= now
            assert reply.created == playing.on.clock.created.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            assert reply == replies.Status(
                tool="xmppspy 0",
                pid=1,
                upstream="capulet.example",
                listening=[f"127.0.0.1:{playing.on.port}"],
                capture="/tmp/x.xmpp.jsonl",
                created=reply.created,
                t=reply.t,
                connections=1,
                accepted=1,
                frames=2,
                held=0,
                breakpoint=replies.Breakpoint(
                    on=False, filter=None, timeout=30.0, otherwise="forward"
                ),
                rules=0,
                rules_file=None,
            )

    asyncio.run(play())


def test_connections(tmp_path: Path) -> None:
    """Each with what is known of it."""

    async def play() -> None:
        async with scene(tmp_path) as playing:
            reply = playing.ask(requests.Connections())

            assert isinstance(reply, replies.Connections)
            (one,) = reply.connections
            assert (one.conn, one.domain, one.jid) == (1, "capulet.example", None)
            assert (one.state, one.tls, one.sm, one.held) == ("negotiating", {}, "off", 0)
            assert (one.c2s.frames, one.s2c.frames) == (1, 1)

    asyncio.run(play())


def test_frames_are_held_and_decided(tmp_path: Path) -> None:
    """From a request to the capture, and to those who watch."""

    async def play() -> None:
        async with scene(tmp_path, holds=True) as playing:
            await playing.client.send(HIST * 4)
            numbers = await playing.held(4)
            playing.ask(requests.Extend(n=numbers[0]))
            playing.ask(requests.Release(n=numbers[0]))
            playing.ask(requests.Drop(n=numbers[1]))
            playing.ask(requests.Edit(n=numbers[2], xml="<presence/>"))
            playing.ask(requests.Duplicate(n=numbers[3]))
            await playing.server.receive(HIST + b"<presence/>" + HIST * 2)

            assert playing.fails(requests.Release(n=numbers[0])) == "not-held"
            assert [told.action for told in playing.told if isinstance(told, news.Released)] == [
                "forward",
                "drop",
                "replace",
                "duplicate",
            ]

    asyncio.run(play())


def test_stanza_is_injected_and_answered(tmp_path: Path) -> None:
    """The reply comes with the answer, which a private one keeps from the client."""

    async def play() -> None:
        async with scene(tmp_path) as playing:
            request = requests.Inject(
                conn=1, to=Side.SERVER, xml=PING, wait=20.0, private=True, id=9
            )
            playing.commands.obey(request, playing.caller)
            await playing.server.receive(PING.encode())
            assert playing.caller.lines == []
            await playing.server.send(PONG + HIST)
            await playing.client.receive(HIST)
            (answer,) = playing.caller.lines

            assert isinstance(answer, wire.Answer)
            assert answer.id == 9
            assert [each.xml for each in answer.read(replies.Injected).answers] == [PONG.decode()]
            assert [type(told) for told in playing.told] == [news.Injected, news.Answer]
            first, second = [e.text for e in playing.on.events if isinstance(e, Note)]
            assert first == "injected by hand, towards the server"
            assert "kept from the client" in second

    asyncio.run(play())


def test_other_requests_are_obeyed_meanwhile(tmp_path: Path) -> None:
    """Nobody waits for an answer but who asked for it; nor when the connection ends."""

    async def play() -> None:
        async with scene(tmp_path) as playing:
            request = requests.Inject(conn=1, to=Side.SERVER, xml=PING, wait=20.0)
            playing.commands.obey(request, playing.caller)
            playing.ask(requests.Status())
            playing.ask(requests.Kill(conn=1))
            answer = playing.caller.lines.pop()

            assert isinstance(answer, wire.Answer)
            assert answer.read(replies.Injected).missing == ["p1"]

    asyncio.run(play())


@pytest.mark.parametrize(("how", "rest"), [("close", b""), ("reset", None)])
def test_connection_is_ended(tmp_path: Path, how: str, rest: bytes | None) -> None:
    """In order, or by a reset."""

    async def play() -> None:
        async with scene(tmp_path) as playing:
            request = requests.Kill(conn=1, how=how)  # type: ignore[arg-type]
            reply = playing.ask(request)
            for peer in (playing.client, playing.server):
                try:
                    end: bytes | None = await peer.rest()
                except ConnectionResetError:
                    end = None
                assert end == rest

            assert reply == replies.Killed(conns=[1])
            assert isinstance(closed := playing.told[-1], news.Closed)
            assert closed.by == "proxy"
            assert "by hand" in closed.reason

    asyncio.run(play())


def test_all_connections_are_ended(tmp_path: Path) -> None:
    """Also when there are none any more."""

    async def play() -> None:
        async with scene(tmp_path) as playing:
            client, server = await playing.on.both()
            first = playing.ask(requests.Kill(conn="all"))
            for peer in (client, server, playing.client, playing.server):
                await peer.rest()

            assert first == replies.Killed(conns=[1, 2])
            assert playing.fails(requests.Kill(conn=7)) == "no-such-connection"
            client.writer.close()
            server.writer.close()

    asyncio.run(play())


def test_mark(tmp_path: Path) -> None:
    """It is in the capture, at this moment."""

    async def play() -> None:
        async with scene(tmp_path) as playing:
            reply = playing.ask(requests.Mark(text="now", conn=1))
            (mark,) = [event for event in playing.on.events if isinstance(event, Mark)]

            assert (mark.text, mark.conn) == ("now", 1)
            assert reply == replies.Marked(t=round(mark.t, 6), recorded=True)

    asyncio.run(play())


def test_wrong_marks_are_refused(tmp_path: Path) -> None:
    """Those that say nothing, and those about no open connection."""

    async def play() -> None:
        async with scene(tmp_path) as playing:
            failed = [
                playing.fails(requests.Mark(text=" ")),
                playing.fails(requests.Mark(text="now", conn=9)),
            ]

            assert failed == ["bad-request", "no-such-connection"]
            assert not [event for event in playing.on.events if isinstance(event, Mark)]

    asyncio.run(play())


def test_rules_and_templates_are_told(tmp_path: Path) -> None:
    """As who knows them tells them."""

    async def play() -> None:
        async with scene(tmp_path) as playing:
            templates = playing.ask(requests.Templates())

            assert playing.ask(requests.Rules()) == replies.Rules(file=None, rules=[])
            assert isinstance(templates, replies.Templates)
            assert "ping" in [each.name for each in templates.templates]
            assert playing.fails(requests.Rules(do="reload")) == "rules"

    asyncio.run(play())


def test_who_watches_is_told_what_is_held_already(tmp_path: Path) -> None:
    """And is marked as one who watches."""

    async def play() -> None:
        async with scene(tmp_path, holds=True) as playing:
            await playing.client.send(HIST)
            numbers = await playing.held()
            before = playing.caller.watches
            reply = playing.ask(requests.Watch())

            assert isinstance(reply, replies.Watching)
            assert [frame.n for frame in reply.frames] == numbers
            assert reply.breakpoint.filter == "message"
            assert (before, playing.caller.watches) == (False, True)

    asyncio.run(play())


def test_connections_come_and_go(tmp_path: Path) -> None:
    """Which is told to those who watch."""

    async def play() -> None:
        async with scene(tmp_path) as playing:
            client, server = await playing.on.both()
            client.writer.close()
            assert await server.rest() == b""
            server.writer.close()
            await playing.on.recorded(lambda _: len(playing.told) == 2)
            opened, closed = playing.told

            assert isinstance(opened, news.Opened)
            assert opened.conn == 2
            assert opened.client.startswith("127.0.0.1:")
            assert isinstance(closed, news.Closed)
            assert (closed.conn, closed.by) == (2, "client")

    asyncio.run(play())
