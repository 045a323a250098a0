from dataclasses import is_dataclass
from typing import get_args

import pytest

from xmppspy.protocol.events import Event
from xmppspy.protocol.requests import Request


@pytest.mark.parametrize("kind", get_args(Request))
def test_vocabulary_is_values(kind: type) -> None:
    """All requests are frozen dataclasses with slots."""
    assert is_dataclass(kind)
    assert "__slots__" in vars(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_requests_are_no_events() -> None:
    """What a session asks for is never recorded."""
    assert not {*get_args(Request)} & {*get_args(Event)}
