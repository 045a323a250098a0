import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.replay.guests import ROMEO, SM, Guest, Stage, guest
from tests.replay.talks import CHAT, JID, ROSTER, TALK, login, with_change
from xmppspy.errors import ListenError
from xmppspy.replay.recording import Turn
from xmppspy.replay.scene import Pace

ASK_ROSTER = "<iq type='get' id='mine'><query xmlns='jabber:iq:roster'/></iq>"
JULIET = "juliet@capulet.example"


def _received(text: str) -> str:
    return f"<message to='{JULIET}/balcony'><received xmlns='urn:xmpp:receipts' id='{text}'/></message>"


async def _talk(romeo: Guest) -> None:
    """Say what Romeo's client says in TALK, with other ids."""
    await romeo.say(ASK_ROSTER)
    await romeo.hear("iq", "Angelica")
    await romeo.say("<presence/>")
    await romeo.hear("message", "Wherefore")
    await romeo.say(
        f"<message to='{JULIET}/balcony' id='x' type='chat'><body>Call me</body></message>"
    )
    await romeo.say(_received("m1"))
    await romeo.hear("message", "Romeo!")


def test_client_meets_the_recorded_server() -> None:
    """Login, roster, presences and messages come as they were recorded, after their triggers."""

    async def meet() -> tuple[str, list[bytes], list[str]]:
        async with Stage(TALK) as stage, guest(stage) as romeo:
            jid = await romeo.log_in()
            await _talk(romeo)
            await romeo.leave()
            await stage.told("all that was recorded")
            return jid, romeo.heard, stage.said

    jid, heard, said = asyncio.run(meet())

    assert jid == JID
    assert heard[1] == ROSTER[1][2:].replace("id='r1'", "id='mine'").encode()
    assert heard[2:] == [
        line[2:].encode() for line in CHAT if line.startswith("S <") and "stream:" not in line
    ]
    assert said == [
        "no password is known: PLAIN with any password and ANONYMOUS are accepted",
        f"{JID} is played what {JID} met (#1)",
        f"{JID} has been played all that was recorded",
    ]


def test_other_resource_stands_wherever_the_recorded_one_stood() -> None:
    """A client that asks for its own resource is addressed by it."""

    async def meet() -> list[bytes]:
        async with Stage(TALK) as stage, guest(stage) as romeo:
            await romeo.log_in("phone")
            await _talk(romeo)
            return romeo.heard

    heard = asyncio.run(meet())

    assert sum(b"to='romeo@capulet.example/phone'" in each for each in heard) == 3
    assert not any(b"garden" in each for each in heard)


def test_capture_of_one_account_serves_any_other() -> None:
    """Account and domain are those of the live client, everywhere."""

    async def meet() -> list[bytes]:
        async with Stage(TALK) as stage, guest(stage, "localhost") as tester:
            await tester.log_in(user="tester")
            await _ask_roster_and_appear(tester)
            return tester.heard

    heard = asyncio.run(meet())

    assert b"<jid>tester@localhost/garden</jid>" in heard[0]
    assert b"from='juliet@localhost/balcony' to='tester@localhost/garden'" in heard[2]


async def _ask_roster_and_appear(peer: Guest) -> None:
    await peer.say(ASK_ROSTER)
    await peer.hear("iq", "mine")
    await peer.say("<presence/>")
    await peer.hear("presence")


def test_unknown_request_is_answered() -> None:
    """What the recording does not hold gets service-unavailable; pings get their answer."""

    async def meet() -> tuple[bytes, bytes, str]:
        async with Stage(TALK) as stage, guest(stage) as romeo:
            await romeo.log_in()
            await romeo.say(
                "<iq type='get' id='v' to='capulet.example'><vCard xmlns='vcard-temp'/></iq>"
            )
            error = await romeo.hear("iq")
            await romeo.say("<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>")
            pong = await romeo.hear("iq")
            return error.data, pong.data, await stage.told("vcard-temp")

    error, pong, told = asyncio.run(meet())

    assert b'type="error" id="v" from="capulet.example"' in error
    assert b'<service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>' in error
    assert pong == b'<iq type="result" id="p"/>'
    assert told == (
        "the client's iq get vcard-temp to capulet.example is not in the recording;"
        " answered service-unavailable"
    )


def test_strictness_fails_on_what_is_not_recorded() -> None:
    """Only a client that leaves the recording fails it."""

    async def meet() -> tuple[bool, bool]:
        async with Stage(TALK, strict=True) as stage, guest(stage) as romeo:
            await romeo.log_in()
            await _talk(romeo)
            before = stage.server.failed.is_set()
            await romeo.say(f"<message to='{JULIET}' type='headline'><body>!</body></message>")
            await asyncio.wait_for(stage.server.failed.wait(), 5)
            return before, stage.server.failed.is_set()

    assert asyncio.run(meet()) == (False, True)


def test_trigger_that_never_comes_is_waited_for_and_told() -> None:
    """After the limit the scene goes on, and says without what."""

    async def meet() -> str:
        async with Stage(TALK) as stage, guest(stage) as romeo:
            await romeo.log_in()
            await romeo.say(ASK_ROSTER)
            await romeo.hear("message", "Romeo!")
            return await stage.told("presence")

    told = asyncio.run(meet())

    assert (
        told == "the client's presence (frame 13) did not come within 0.05 s; going on without it"
    )


def test_client_that_comes_again_meets_the_beginning() -> None:
    """A session that has ended starts anew."""

    async def meet() -> list[int]:
        counts = []
        async with Stage(TALK) as stage:
            for _ in range(2):
                async with guest(stage) as romeo:
                    await romeo.log_in()
                    await _talk(romeo)
                    await romeo.leave()
                    counts.append(len(romeo.heard))
        return counts

    assert asyncio.run(meet()) == [5, 5]


def test_second_client_takes_the_place_of_the_first() -> None:
    """Who binds the same full JID gets the session, and the other is cut off."""

    async def meet() -> tuple[str, bool]:
        async with Stage(TALK) as stage, guest(stage) as first, guest(stage) as second:
            await first.log_in()
            jid = await second.log_in()
            await _talk(second)
            return jid, await first.peer.receive() is None

    assert asyncio.run(meet()) == (JID, True)


def test_delays_are_the_recorded_ones() -> None:
    """Speed divides what time has passed between a trigger and what came of it."""
    lines = [*login(), "C <presence/>", "S <message from='x.example'><body>1</body></message>"]

    async def meet(pace: Pace) -> float:
        async with Stage(lines, pace=pace) as stage:
            for line in stage.server.casting.characters[0].script.lines[1:]:
                line.turn = Turn(replace(line.turn.record, t=40.0))
            async with guest(stage) as romeo:
                await romeo.log_in()
                await romeo.say("<presence/>")
                begun = asyncio.get_running_loop().time()
                await romeo.hear("message")
                return asyncio.get_running_loop().time() - begun

    assert 0.19 < asyncio.run(meet(Pace(speed=200))) < 2
    assert 0.09 < asyncio.run(meet(Pace(speed=100, idle_limit=10))) < 2


def test_times_are_refreshed_when_asked() -> None:
    """A stamp is as old today as it was when the recording was made."""

    async def meet(created: datetime | None) -> str:
        async with Stage(TALK, created=created) as stage, guest(stage) as romeo:
            await romeo.log_in()
            await romeo.say(ASK_ROSTER)
            return (await romeo.hear("message", "Romeo!")).data.decode()

    recorded = "stamp='2026-11-22T07:40:12Z'"
    created = datetime(2026, 11, 22, 7, 40, 12, tzinfo=UTC) - timedelta(hours=1)
    stamp = asyncio.run(meet(created)).partition("stamp='")[2].partition("'")[0]
    ahead = datetime.fromisoformat(stamp) - datetime.now(UTC)

    assert recorded in asyncio.run(meet(None))
    assert timedelta(minutes=59) < ahead < timedelta(minutes=61)


# --- several clients


def _pair() -> tuple[list[str], list[str]]:
    """Romeo writes to Juliet; each has a connection of their own."""
    romeo = [
        *login(),
        "C <presence/>",
        f"C <message to='{JULIET}/balcony' id='m1'><body>She speaks</body></message>",
        f"S <message from='{JULIET}/balcony' to='{JID}' id='m2'><body>Ay me</body></message>",
        f"S <presence from='{JULIET}/balcony' to='{JID}' type='unavailable'/>",
        "C </stream:stream>",
    ]
    juliet = [
        *login(f"{JULIET}/balcony", stream="s2", name="b2"),
        "C <presence/>",
        f"S <message from='{JID}' to='{JULIET}/balcony' id='m1'><body>She speaks</body></message>",
        f"C <message to='{JID}' id='m2'><body>Ay me</body></message>",
        "C </stream:stream>",
    ]
    return romeo, juliet


def test_clients_hear_each_other_when_the_other_has_spoken() -> None:
    """What one client said comes to the other after it was said, with the id of today."""

    async def meet() -> tuple[bytes, bytes, list[bytes]]:
        pace = Pace(speed=float("inf"), patience=5)
        async with (
            Stage(*_pair(), pace=pace) as stage,
            guest(stage) as romeo,
            guest(stage) as juliet,
        ):
            await romeo.log_in("street")
            await juliet.log_in(user="juliet")
            for each in (romeo, juliet):
                await each.say("<presence/>")
            await juliet.say("<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>")
            await juliet.hear("iq", '"p"')
            early = list(juliet.heard[2:])
            await romeo.say(f"<message to='{JULIET}/balcony' id='new-1'><body>…</body></message>")
            heard = await juliet.hear("message")
            await juliet.say(
                "<message to='romeo@capulet.example/street' id='new-2'><body>…</body></message>"
            )
            answer = await romeo.hear("message")
            await juliet.leave()
            await romeo.hear("presence", "unavailable")
            return heard.data, answer.data, early

    heard, answer, early = asyncio.run(meet())

    assert early == []
    assert b"from='romeo@capulet.example/street'" in heard
    assert b"id='new-1'" in heard
    assert b"id='new-2'" in answer


def test_client_alone_does_not_wait_for_the_others() -> None:
    """Who is not there is given a moment to come; then what they said comes by itself."""

    async def meet() -> bytes:
        async with Stage(*_pair()) as stage, guest(stage) as juliet:
            await juliet.log_in(user="juliet")
            await juliet.say("<presence/>")
            return (await juliet.hear("message")).data

    assert b"She speaks" in asyncio.run(meet())


def test_unknown_account_among_several_is_refused() -> None:
    """Where more than one account was recorded, nobody else gets in."""

    async def meet() -> tuple[str, str]:
        async with Stage(*_pair()) as stage, guest(stage) as nurse:
            await nurse.open()
            failure = await nurse.plain("nurse")
            return failure.kind, await stage.told("nurse")

    kind, told = asyncio.run(meet())

    assert kind == "failure"
    assert told == (
        "nurse@capulet.example is not in the recording, which holds"
        " romeo@capulet.example, juliet@capulet.example"
    )


def test_client_that_comes_again_is_announced_again() -> None:
    """Each session has its own lines, though they read the same."""

    async def meet() -> list[str]:
        async with Stage(TALK) as stage:
            for _ in range(2):
                async with guest(stage) as romeo:
                    await romeo.log_in()
                    await _talk(romeo)
                    await romeo.leave()
            return stage.said

    said = asyncio.run(meet())

    assert said.count(f"{JID} is played what {JID} met (#1)") == 2
    assert said.count(f"{JID} has been played all that was recorded") == 2


def test_old_login_to_an_unknown_account_is_told() -> None:
    """Also jabber:iq:auth says who is in the recording."""

    async def meet() -> str:
        async with Stage(*_pair()) as stage, guest(stage) as nurse:
            await nurse.open()
            await nurse.say(
                "<iq type='set' id='a'><query xmlns='jabber:iq:auth'><username>nurse</username>"
                "<password>any</password><resource>x</resource></query></iq>"
            )
            await nurse.hear("iq", "not-authorized")
            await stage.told("a login was refused")
            return await stage.told("nurse")

    assert "which holds romeo@capulet.example" in asyncio.run(meet())


# --- stream management


MANAGED = [
    *login(),
    f"C <enable xmlns='{SM}' resume='true'/>",
    f"S <enabled xmlns='{SM}' id='old' resume='true'/>",
    "C <presence/>",
    "S <message from='x.example' id='1'><body>one</body></message>",
    f"S <r xmlns='{SM}'/>",
    "S <message from='x.example' id='2'><body>two</body></message>",
    f"C <message to='{JULIET}' id='3'><body>more</body></message>",
    "S <message from='x.example' id='4'><body>three</body></message>",
]


async def _enable(romeo: Guest) -> str:
    await romeo.log_in()
    await romeo.say(f"<enable xmlns='{SM}' resume='true'/>")
    enabled = (await romeo.hear("enabled")).data.decode()
    found = re.search(r"id='([^']+)'", enabled)
    assert found is not None
    return found[1]


def test_acknowledgements_are_counted_live() -> None:
    """The server answers with what it got now, and asks where the recorded one asked."""

    async def meet() -> tuple[bytes, bytes]:
        async with Stage(MANAGED) as stage, guest(stage) as romeo:
            await _enable(romeo)
            await romeo.say("<presence/>")
            asked = await romeo.hear("r")
            for _ in range(3):
                await romeo.say("<message to='a.example'><body>extra</body></message>")
            await romeo.say(f"<r xmlns='{SM}'/>")
            return asked.data, (await romeo.hear("a")).data

    asked, answered = asyncio.run(meet())

    assert asked == f"<r xmlns='{SM}'/>".encode()
    assert answered == f"<a xmlns='{SM}' h='4'/>".encode()


def test_dropped_connection_is_resumed_in_the_middle_of_the_scene() -> None:
    """What was not acknowledged comes again, then the scene goes on."""

    async def meet() -> tuple[str, list[str]]:
        async with Stage(MANAGED, pace=Pace(float("inf"), patience=5)) as stage:
            async with guest(stage) as romeo:
                name = await _enable(romeo)
                await romeo.say("<presence/>")
                await romeo.hear("message", "two")
            await stage.told("lost its connection")
            async with guest(stage) as romeo:
                await romeo.open()
                await romeo.plain()
                await romeo.open()
                await romeo.say(f"<resume xmlns='{SM}' previd='{name}' h='1'/>")
                resumed = (await romeo.hear("resumed")).data.decode()
                await romeo.hear("message", "two")
                await romeo.say(f"<message to='{JULIET}'><body>more</body></message>")
                await romeo.hear("message", "three")
                return resumed, [str(each) for each in romeo.heard]

    resumed, heard = asyncio.run(meet())

    assert "h='1'" in resumed
    assert len(heard) == 2


def test_unknown_session_cannot_be_resumed() -> None:
    """The client is told, and may bind instead."""

    async def meet() -> tuple[bytes, str]:
        async with Stage(MANAGED) as stage, guest(stage) as romeo:
            await romeo.open()
            await romeo.plain()
            await romeo.open()
            await romeo.say(f"<resume xmlns='{SM}' previd='old' h='1'/>")
            failed = await romeo.hear("failed")
            return failed.data, await romeo.bind()

    failed, jid = asyncio.run(meet())

    assert b"item-not-found" in failed
    assert jid == JID


# --- captures that are not whole


def test_capture_from_the_middle_of_a_session() -> None:
    """Without a negotiation there is one of our own; what is missing is said."""

    async def meet() -> tuple[str, list[str]]:
        async with Stage([*ROSTER, *CHAT]) as stage, guest(stage) as romeo:
            jid = await romeo.log_in()
            await _talk(romeo)
            return jid, stage.said

    jid, said = asyncio.run(meet())

    assert jid == JID
    assert said[0] == "connection #1: it does not begin with a stream header"


def test_masked_secrets_are_no_hindrance() -> None:
    """A capture as it is shared, passwords masked, plays like any other."""
    masked = with_change(TALK, "AHJvbWVvAHNlY3JldA==", "AHJvbWVvACoqKioqKg==")

    async def meet() -> int:
        async with Stage(masked) as stage, guest(stage) as romeo:
            await romeo.log_in()
            await _talk(romeo)
            return len(romeo.heard)

    assert asyncio.run(meet()) == 5


def test_stream_that_the_recorded_server_ended() -> None:
    """A stream error and its end come at their place."""
    error = "S <stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
    lines = [*login(), "C <presence/>", error, "S </stream:stream>"]

    async def meet() -> bool:
        async with Stage(lines) as stage, guest(stage) as romeo:
            await romeo.log_in()
            await romeo.say("<presence/>")
            await romeo.hear("error", "conflict")
            await romeo.hear("/stream")
            return await romeo.peer.receive() is None

    assert asyncio.run(meet())


def test_stop_ends_streams_in_order() -> None:
    """Clients that are still there are told why."""

    async def meet() -> bytes:
        async with Stage(TALK) as stage, guest(stage) as romeo:
            await romeo.log_in()
            stopping = asyncio.gather(stage.server.stop())
            error = await romeo.hear("error")
            await romeo.hear("/stream")
            await romeo.peer.close()
            await stopping
            return error.data

    assert b"<system-shutdown" in asyncio.run(meet())


def test_port_that_is_taken() -> None:
    """The error names the address."""

    async def meet() -> None:
        async with Stage(TALK) as stage:
            await Stage(TALK).server.start("127.0.0.1", stage.port)

    with pytest.raises(ListenError, match=r"cannot listen on 127\.0\.0\.1:"):
        asyncio.run(meet())


def test_malformed_client_is_told() -> None:
    """Broken XML ends the stream with an error, and not the server."""

    async def meet() -> tuple[bytes, str]:
        async with Stage(TALK) as stage:
            async with guest(stage) as broken:
                await broken.log_in()
                await broken.say("<presence></message>")
                error = await broken.hear("error")
            async with guest(stage) as romeo:
                return error.data, await romeo.log_in()

    error, jid = asyncio.run(meet())

    assert b"<not-well-formed" in error
    assert jid == f"{ROMEO}/garden"
