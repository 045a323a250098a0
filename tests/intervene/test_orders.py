from datetime import UTC, datetime

from tests.intervene.frames import record
from xmppspy.filters import Filter
from xmppspy.intervene.breakpoint import Breakpoint
from xmppspy.intervene.orders import Orders


def test_a_breakpoint_that_is_off_stops_nothing() -> None:
    """It is kept, though."""
    on, off = Breakpoint(Filter("iq")), Breakpoint(Filter("iq"), is_on=False)

    assert Orders(breakpoint=on).stop is on
    assert Orders(breakpoint=off).stop is None
    assert Orders().stop is None


def test_filters_are_shared_where_they_can_be() -> None:
    """Only those that follow requests, or look at a clock, are made for each connection."""
    orders = Orders(created=datetime(2026, 11, 22, 7, 40, tzinfo=UTC))
    plain, slow, late = Filter("iq"), Filter("latency:1.."), Filter("time:00:00..")

    assert orders.filter_for_one(plain) is plain
    assert orders.filter_for_one(slow) is not slow
    assert not late.match(record("<iq/>"))
    assert orders.filter_for_one(late).match(record("<iq/>"))
