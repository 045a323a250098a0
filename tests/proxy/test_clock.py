from xmppspy.proxy.clock import Clock


def test_clock_goes_forward() -> None:
    """Times begin at about zero and never go back."""
    clock = Clock()
    times = [clock.now() for _ in range(100)]

    assert times == sorted(times)
    assert 0 <= times[0] < 60
