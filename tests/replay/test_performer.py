import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from tests.demo.backstage import PETER, frame, peers
from tests.replay.performing import PING, Said, cast, entering, lines
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FrameRecord
from xmppspy.replay.entrance import Admitted
from xmppspy.replay.expectations import Expectations
from xmppspy.replay.peer import Peer
from xmppspy.replay.performer import Performer
from xmppspy.replay.remap import Remap

ENABLE: Said = ("c2s", f"<enable xmlns='{ns.SM}'/>")


class _Company:
    """Hears what a performer tells."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.stirred = asyncio.Event()

    def warn(self, text: str) -> None:
        self.said.append(text)

    def stir(self) -> None:
        self.stirred.set()


class _Stage:
    """A performer that is in already, and the server at the other end."""

    def __init__(
        self, near: Peer, far: Peer, said: tuple[Said, ...], offered: frozenset[str]
    ) -> None:
        role = cast(lines([*entering(), *said])).roles[0]
        expectations = Expectations(role.character, Remap(), None, lambda _: None)
        self.records = [turn.record for turn in role.character.parts[0].scene]
        for record in self.records:
            if record.dir == "s2c":
                expectations.expect(record)
        self.company, self.far = _Company(), far
        self.performer = Performer(role, near, expectations, self.company)
        self.performer._admitted = Admitted(str(role.character.full), offered, b"</stream:stream>")

    async def says(self, record: FrameRecord) -> str:
        """Have a recorded stanza said; what arrives."""
        await self.performer.say(record)
        await self.performer.flush()
        return (await self.far.require("a stanza")).data.decode()

    async def asks(self, xml: str) -> str:
        """Have the server say something that is answered; the answer."""
        await self.far.send(xml)
        return (await self.far.require("an answer")).data.decode()


def _perform(
    scene: Callable[[_Stage], Awaitable[None]], *said: Said, offered: tuple[str, ...] = ()
) -> list[str]:
    """Play a scene; what was said to a person."""

    async def run() -> list[str]:
        async with peers() as (near, far):
            await far.send(
                "<stream:stream xmlns='jabber:client' xmlns:stream='" + ns.STREAMS + "'>"
            )
            await near.require("a header")
            await near.send(
                "<stream:stream xmlns='jabber:client' xmlns:stream='" + ns.STREAMS + "'>"
            )
            await far.require("a header")
            stage = _Stage(near, far, said, frozenset(offered))
            listening = asyncio.ensure_future(stage.performer.listen())
            await scene(stage)
            near.abort()
            await listening
            return stage.company.said

    return asyncio.run(run())


def test_server_asks_what_nobody_recorded() -> None:
    """A ping is answered, and of anything else that it is not supported (RFC 6120 §8.2.3)."""

    async def scene(stage: _Stage) -> None:
        answer = await stage.asks(f"<iq type='get' id='1' from='a&amp;b'>{PING}</iq>")
        error = await stage.asks("<iq type='set' id='2'><query xmlns='urn:x'/></iq>")

        assert answer == '<iq type=\'result\' id="1" to="a&amp;b"/>'
        assert "service-unavailable" in error
        assert frame(error).id == "2"

    _perform(scene)


def test_recorded_answer_has_the_id_of_today() -> None:
    """What the recorded client answered goes to the request of today; unasked, it is left out."""
    asked: Said = ("s2c", "<iq type='get' id='1'><query xmlns='urn:x'/></iq>")
    answered: Said = ("c2s", "<iq type='result' id='1'><query xmlns='urn:x'/></iq>")

    async def scene(stage: _Stage) -> None:
        before = await stage.performer.say(stage.records[1])
        await stage.far.send(asked[1].replace("'1'", "'77'"))
        await stage.company.stirred.wait()
        said = await stage.says(stage.records[1])

        assert not before
        assert said == answered[1].replace("'1'", "'77'")

    said = _perform(scene, asked, answered)

    assert any("the server has not asked for it" in each for each in said)


def test_masked_stanza_is_left_out() -> None:
    """What was masked and is not known is not said, and that is told."""
    join: Said = (
        "c2s",
        f"<presence to='{PETER}'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
    )

    async def scene(stage: _Stage) -> None:
        secret = ("{http://jabber.org/protocol/muc}password",)

        assert not await stage.performer.say(replace(stage.records[0], redacted=secret))

    said = _perform(scene, join)

    assert any("masked" in each and "left out" in each for each in said)


def test_only_offered_extensions_are_spoken() -> None:
    """A nonza that the server does not offer would end the stream; one that it offers is said."""
    csi: Said = ("c2s", "<inactive xmlns='urn:xmpp:csi:0'/>")

    async def refused(stage: _Stage) -> None:
        assert not await stage.performer.say(stage.records[0])

    async def offered(stage: _Stage) -> None:
        assert await stage.says(stage.records[0]) == csi[1]

    told = _perform(refused, csi)
    _perform(offered, csi, offered=("urn:xmpp:csi:0",))

    assert any("does not offer urn:xmpp:csi:0" in each for each in told)


def test_stream_management_needs_an_offer() -> None:
    """Without one, the recorded `<enable/>` and `<r/>` are not said, which is told once."""
    ask: Said = ("c2s", f"<r xmlns='{ns.SM}'/>")

    async def scene(stage: _Stage) -> None:
        for record in stage.records:
            await stage.performer.say(record)

        assert not stage.performer.waits

    said = _perform(scene, ENABLE, ask)

    assert [each.rpartition(": ")[2] for each in said][:1] == [
        "the server offers no stream management"
    ]


def test_acknowledgement_is_given_when_asked() -> None:
    """The server's `<r/>` gets the count of what came since `<enabled/>`."""

    async def scene(stage: _Stage) -> None:
        await stage.says(stage.records[0])
        waits = stage.performer.waits
        answer = await stage.asks(f"<enabled xmlns='{ns.SM}'/><presence/><r xmlns='{ns.SM}'/>")

        assert waits
        assert answer == f"<a xmlns='{ns.SM}' h='1'/>"

    _perform(scene, ENABLE, offered=(ns.SM,))


def test_gone_server_is_noticed() -> None:
    """When the server closes the connection there is nothing to wait for, and nothing is said."""
    hello: Said = ("c2s", "<presence/>")

    async def scene(stage: _Stage) -> None:
        await stage.far.end()
        await stage.company.stirred.wait()

        assert stage.performer.gone == "the server closed the connection"
        assert not await stage.performer.say(stage.records[0])
        assert stage.performer.unsaid == 1

    _perform(scene, hello)
