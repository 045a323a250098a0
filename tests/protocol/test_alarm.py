"""Alarm: when a connection asks to be woken."""

import itertools

from tests.conversation import DOMAIN
from tests.protocol.feeding import HEADER
from tests.protocol.judging import ByKind
from xmppspy.protocol.alarm import Alarm
from xmppspy.protocol.events import ConnectionClosed, Event, Fault, Note, Side
from xmppspy.protocol.link import Link, Phase, SessionOptions
from xmppspy.protocol.requests import Request, WakeRequested
from xmppspy.protocol.toxics import Latency, ResetPeer
from xmppspy.protocol.verdicts import Hold, Interceptor, Verdict


def link_and_alarm(interceptor: Interceptor | None = None) -> tuple[Link, Alarm]:
    """A link and its alarm, nothing asked for yet."""
    options = SessionOptions(upstream_name=DOMAIN)
    link = Link(1, options, itertools.count(1), interceptor=interceptor)
    return link, Alarm(link)


def says(link: Link, side: Side, data: bytes, now: float) -> None:
    """A peer says something, which goes as far as it can."""
    link.legs[side].receive_data(data)
    while frame := link.flows[side].next_frame(now):
        link.flows[side].forward(frame, now)


def alarms(link: Link) -> list[float]:
    """The times asked for since the last call."""
    return [each.at for each in told(link) if isinstance(each, WakeRequested)]


def told(link: Link) -> list[Event | Request]:
    """What has been recorded and asked for."""
    return list(iter(link.recorder.next_event, None))


def test_nothing_is_due() -> None:
    """Without a deadline and without an unfinished frame nobody is to be woken."""
    link, alarm = link_and_alarm()
    alarm.set(1.0)

    assert told(link) == []


def test_earlier_time_is_asked_for_again() -> None:
    """A time that comes sooner is asked for as well, a later one is not."""
    link, alarm = link_and_alarm()
    for deadline in (40.0, 20.0, 30.0):
        link.deadline = deadline
        alarm.set(1.0)

    assert told(link) == [WakeRequested(40.0), WakeRequested(20.0)]


def test_deadline_ends_the_connection() -> None:
    """What is not done in time is told, and the connection is closed."""
    link, alarm = link_and_alarm()
    link.deadline = 3.0
    alarm.ring(3.0)
    events = told(link)

    assert [event.error for event in events if isinstance(event, Fault)] == ["timeout"]
    assert [event.by for event in events if isinstance(event, ConnectionClosed)] == ["proxy"]


def test_ringing_early_asks_again() -> None:
    """An alarm that comes before its time closes nothing and asks for the rest."""
    link, alarm = link_and_alarm()
    link.deadline = 3.0
    alarm.set(0.0)
    alarm.ring(2.0)
    alarm.set(2.0)

    assert told(link) == [WakeRequested(3.0), WakeRequested(3.0)]
    assert link.phase is Phase.SNIFFING


def test_unfinished_frame_is_told_of() -> None:
    """Of either side, once, some seconds after it began."""
    link, alarm = link_and_alarm()
    for side in Side:
        says(link, side, HEADER + b"<message>", 1.0)
    alarm.set(1.0)
    asked = alarms(link)
    alarm.ring(6.0)
    notes = [event.text for event in told(link) if isinstance(event, Note)]
    alarm.set(6.0)

    assert asked == [6.0]
    assert [text.partition(" has ")[0] for text in notes] == ["the client", "the server"]
    assert alarms(link) == []


def test_nothing_is_told_behind_the_end() -> None:
    """What took too long is closed, and that is all."""
    link, alarm = link_and_alarm()
    says(link, Side.SERVER, HEADER + b"<message>", 1.0)
    link.deadline = 3.0
    alarm.ring(9.0)
    alarm.set(9.0)

    assert isinstance(told(link)[-2], ConnectionClosed)


def test_what_waits_is_decided_in_time() -> None:
    """Whatever else is due; what is due earlier than was asked for is asked for as well."""
    link, alarm = link_and_alarm(ByKind(message=Verdict(hold=Hold(3.0))))
    link.deadline = 2.0
    alarm.set(0.0)
    says(link, Side.CLIENT, HEADER + b"<message/>", 1.0)
    link.deadline = 9.0
    alarm.set(1.0)
    asked = alarms(link)
    alarm.ring(4.0)

    assert asked == [2.0]
    assert link.up.held() == []
    assert link.up.waits


def test_alarm_for_what_waits() -> None:
    """In either direction."""
    link, alarm = link_and_alarm(ByKind(message=Verdict(hold=Hold(3.0)), iq=Verdict(delay=1.0)))
    says(link, Side.CLIENT, HEADER + b"<message/>", 1.0)
    alarm.set(1.0)
    says(link, Side.SERVER, HEADER + b"<iq/>", 1.5)
    alarm.set(1.5)

    assert alarms(link) == [4.0, 2.5]


def test_alarm_for_lines() -> None:
    """Bytes that arrive later, or an end that comes, on either leg; at once if they are late."""
    link, alarm = link_and_alarm()
    link.client.poison([ResetPeer(5.0)], 1.0)
    alarm.set(1.0)
    link.server.poison([Latency(1.0)], 1.0)
    link.server.send(b"<a/>")
    link.server.tick(1.0)
    alarm.set(1.5)
    asked = alarms(link)
    alarm.ring(3.0)
    alarm.set(3.0)

    assert asked == [6.0, 2.0]
    assert alarms(link) == [3.0]


def test_closed_connection_needs_no_alarm() -> None:
    """Even if something is still on its way."""
    link, alarm = link_and_alarm()
    link.client.poison([ResetPeer(5.0)], 1.0)
    link.close("proxy", "enough", 1.0)
    alarm.set(1.0)

    assert alarms(link) == []
