from dataclasses import FrozenInstanceError, is_dataclass
from typing import get_args

import pytest

from xmppspy.protocol.events import Event, FrameRecord, Mark, Side

FRAME = FrameRecord(n=1, t=0.0, conn=1, dir="c2s", kind="a", data="<a>é</a>".encode())


def test_sides() -> None:
    """Each side has the other one, and a direction that it says things in."""
    assert Side.CLIENT.other is Side.SERVER
    assert Side.SERVER.other is Side.CLIENT
    assert (Side.CLIENT.direction, Side.SERVER.direction) == ("c2s", "s2c")
    assert str(Side.CLIENT) == "client"


def test_frame_as_text() -> None:
    """The bytes are text where they are UTF-8."""
    bad = FrameRecord(n=1, t=0.0, conn=1, dir="c2s", kind="opaque", data=b"\xff")

    assert FRAME.xml == "<a>é</a>"
    assert bad.xml is None


@pytest.mark.parametrize(("sent", "left"), [(b"<b/>", b"<b/>"), (b"", b""), (None, b"")])
def test_what_left_in_the_stead_of_a_frame(sent: bytes | None, left: bytes) -> None:
    """Other bytes or none left; without a word about it, the frame itself did."""
    frame = FrameRecord(n=1, t=0.0, conn=1, dir="c2s", kind="a", data=b"<a/>", sent=sent)

    assert frame.left == left
    assert FRAME.left == FRAME.data


@pytest.mark.parametrize("kind", get_args(Event))
def test_vocabulary_is_values(kind: type) -> None:
    """All events are frozen dataclasses with slots."""
    assert is_dataclass(kind)
    assert "__slots__" in vars(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_events_cannot_be_changed() -> None:
    """What has happened stays as it was."""
    mark = Mark(t=0.0, text="here")
    with pytest.raises(FrozenInstanceError):
        mark.text = "there"  # type: ignore[misc]

    assert mark == Mark(t=0.0, text="here")
