import asyncio

from tests.replay.guests import SM, Stage, guest
from tests.replay.talks import TALK, login
from xmppspy.replay.scene import Pace

LINES = [*login(), "C <presence/>", "S <message from='x.example'><body>!</body></message>"]


def test_whitespace_and_unknown_elements_are_passed_over() -> None:
    """Keepalives and client state indications disturb nothing."""

    async def meet() -> bytes:
        async with Stage(LINES) as stage, guest(stage) as romeo:
            await romeo.log_in()
            await romeo.say(" \n<active xmlns='urn:xmpp:csi:0'/><presence/>")
            return (await romeo.hear("message")).data

    assert asyncio.run(meet()) == LINES[-1][2:].encode()


def test_session_without_resumption_ends_with_its_connection() -> None:
    """What was not played is counted."""

    async def meet() -> str:
        async with Stage(TALK) as stage:
            async with guest(stage) as romeo:
                await romeo.log_in()
            return await stage.told("were not played")

    assert asyncio.run(meet()) == (
        "romeo@capulet.example/garden left; 4 recorded stanzas were not played"
    )


def test_single_stanza_that_was_not_played() -> None:
    """One is spoken of as one."""

    async def meet() -> str:
        async with Stage(LINES, pace=Pace(float("inf"), patience=5)) as stage:
            async with guest(stage) as romeo:
                await romeo.log_in()
            return await stage.told("not played")

    assert asyncio.run(meet()).endswith(" left; 1 recorded stanza was not played")


def test_wrong_acknowledgement_is_told() -> None:
    """A client that acknowledges more than it got is a finding."""

    async def meet() -> str:
        async with Stage(LINES) as stage, guest(stage) as romeo:
            await romeo.log_in()
            await romeo.say(f"<enable xmlns='{SM}'/><a xmlns='{SM}' h='7'/>")
            return await stage.told("acknowledges")

    assert "h=7" in asyncio.run(meet())


def test_new_connection_takes_the_session_from_a_dead_one() -> None:
    """A client may resume before its old connection is known to be lost."""

    async def meet() -> tuple[bytes, bool]:
        pace = Pace(float("inf"), patience=5)
        async with Stage(LINES, pace=pace) as stage, guest(stage) as old, guest(stage) as new:
            await old.log_in()
            await old.say(f"<enable xmlns='{SM}' resume='true'/>")
            name = (await old.hear("enabled")).id
            await new.open()
            await new.plain()
            await new.open()
            await new.say(f"<resume xmlns='{SM}' previd='{name}' h='0'/>")
            await new.hear("resumed")
            await new.say("<presence/>")
            return (await new.hear("message")).data, await old.peer.receive() is None

    message, is_gone = asyncio.run(meet())

    assert b"<body>!</body>" in message
    assert is_gone


def test_what_was_handled_is_acknowledged_before_the_stream_ends() -> None:
    """A client that leaves learns how far its stanzas came (XEP-0198 §4)."""

    async def meet() -> list[str]:
        async with Stage(LINES) as stage, guest(stage) as romeo:
            await romeo.log_in()
            await romeo.say(f"<enable xmlns='{SM}' resume='true'/><presence/>")
            await romeo.hear("message")
            await romeo.say("<presence/></stream:stream>")
            return [(await romeo.hear()).data.decode() for _ in range(2)]

    assert asyncio.run(meet()) == [f"<a xmlns='{SM}' h='2'/>", "</stream:stream>"]


def test_what_was_handled_is_acknowledged_when_the_replay_stops() -> None:
    """So is a client that is sent away."""

    async def meet() -> list[str]:
        async with Stage(LINES) as stage, guest(stage) as romeo:
            await romeo.log_in()
            await romeo.say(f"<enable xmlns='{SM}'/><presence/>")
            await romeo.hear("message")
            stopping = asyncio.ensure_future(stage.server.stop())
            heard = [(await romeo.hear()).kind for _ in range(3)]
            await romeo.peer.close()
            await stopping
            return heard

    assert asyncio.run(meet()) == ["a", "error", "/stream"]
