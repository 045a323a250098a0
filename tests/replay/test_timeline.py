import math

from xmppspy.replay.timeline import Timeline


def test_recorded_pauses() -> None:
    """The first event comes at once, the others after the pauses they had."""
    timeline = Timeline()

    assert [timeline.wait_before(t) for t in (5.0, 5.5, 5.5, 8.0)] == [0.0, 0.5, 0.0, 2.5]


def test_idle_limit_cuts_pauses_before_speed_divides_them() -> None:
    """A long pause is cut to the limit; then everything goes faster."""
    timeline = Timeline(speed=2.0, idle_limit=3.0)

    assert [timeline.wait_before(t) for t in (0.0, 1.0, 60.0)] == [0.0, 0.5, 1.5]


def test_highest_speed_waits_for_nothing() -> None:
    """At infinite speed there are no pauses."""
    timeline = Timeline(speed=math.inf)

    assert [timeline.wait_before(t) for t in (0.0, 1000.0)] == [0.0, 0.0]


def test_times_that_go_back_are_not_waited_for() -> None:
    """A hand-written capture may have its times in disorder."""
    timeline = Timeline()

    assert [timeline.wait_before(t) for t in (5.0, 4.0, 4.5)] == [0.0, 0.0, 0.5]
