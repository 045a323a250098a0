import asyncio

from tests.replay.guests import Stage, guest
from tests.replay.talks import TALK
from tests.replay.test_login import recorded_with_tls
from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    Event,
    Fault,
    FrameRecord,
    Side,
    TLSEstablished,
)
from xmppspy.replay.tape import Tape


def _tape() -> tuple[Tape, list[Event]]:
    events: list[Event] = []
    return Tape(events.append, lambda: 1.5), events


def test_capture_of_a_replay_is_like_any_other() -> None:
    """Both directions, framed, in the clear and inside TLS, from open to close."""
    tape, events = _tape()

    async def meet() -> None:
        async with Stage(recorded_with_tls(), tape=tape) as stage, guest(stage) as romeo:
            await romeo.start_tls()
            await romeo.log_in()
            await romeo.leave()

    asyncio.run(meet())
    records = [event for event in events if isinstance(event, FrameRecord)]

    assert [(record.dir, record.kind) for record in records] == [
        ("c2s", "stream"), ("s2c", "stream"), ("s2c", "features"), ("c2s", "starttls"),
        ("s2c", "proceed"), ("c2s", "stream"), ("s2c", "stream"), ("s2c", "features"),
        ("c2s", "auth"), ("s2c", "success"), ("c2s", "stream"), ("s2c", "stream"),
        ("s2c", "features"), ("c2s", "iq"), ("s2c", "iq"), ("c2s", "/stream"), ("s2c", "/stream"),
    ]  # fmt: skip
    assert [record.n for record in records] == list(range(1, len(records) + 1))
    assert not any(record.injected for record in records)
    assert tape.frames == len(records)
    assert isinstance(events[0], ConnectionOpened)
    assert isinstance(events[-1], ConnectionClosed)
    tls = [event for event in events if isinstance(event, TLSEstablished)]
    assert [(each.leg, each.sni) for each in tls] == [(Side.CLIENT, "verona.example")]


def test_connections_are_numbered() -> None:
    """Each has its number, the frames have one numbering."""
    tape, events = _tape()

    async def meet() -> None:
        async with Stage(TALK, tape=tape) as stage:
            for _ in range(2):
                async with guest(stage) as romeo:
                    await romeo.open()

    asyncio.run(meet())
    opened = [event.conn for event in events if isinstance(event, ConnectionOpened)]

    assert opened == [1, 2]
    assert len({event.n for event in events if isinstance(event, FrameRecord)}) == tape.frames


def test_what_is_wrong_is_told() -> None:
    """What a client sends is judged as the proxy does."""
    tape, events = _tape()
    track = tape.track(Side.CLIENT, client="127.0.0.1:1", server="x.example")
    track.sent(b"<presence><show>")
    track.sent(b"</show></presence><undeclared:x/>")
    track.note("a remark")
    track.closed("client", "done")
    track.closed("server", "too late")

    assert [type(event).__name__ for event in events] == [
        "ConnectionOpened", "FrameRecord", "FrameRecord", "Fault", "Note", "ConnectionClosed",
    ]  # fmt: skip
    fault = events[3]
    assert isinstance(fault, Fault)
    assert (fault.error, fault.dir) == ("undeclared-prefix", "c2s")
