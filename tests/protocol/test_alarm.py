"""Alarm: when a connection asks to be woken."""

import itertools

from tests.conversation import DOMAIN
from xmppspy.protocol.alarm import Alarm
from xmppspy.protocol.events import ConnectionClosed, Event, Fault, Request, WakeRequested
from xmppspy.protocol.link import Link, Phase, SessionOptions


def link_and_alarm() -> tuple[Link, Alarm]:
    """A link and its alarm, nothing asked for yet."""
    link = Link(1, SessionOptions(upstream_name=DOMAIN), itertools.count(1))
    return link, Alarm(link)


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
