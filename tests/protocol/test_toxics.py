from typing import get_args

from xmppspy.protocol.toxics import (
    Bandwidth,
    Latency,
    LimitData,
    ResetPeer,
    Slicer,
    Timeout,
    Toxic,
)


def test_toxics_are_values() -> None:
    """Two that say the same are equal; what may be left out is as in toxiproxy."""
    toxics: set[Toxic] = {
        Latency(0.1),
        Latency(0.1, 0.0),
        Bandwidth(1000.0),
        Slicer(1),
        Slicer(1, 0, 0.0),
        Timeout(),
        Timeout(0.0),
        ResetPeer(),
        LimitData(100),
    }

    assert len(toxics) == 6
    assert {type(toxic) for toxic in toxics} == {*get_args(Toxic)}
