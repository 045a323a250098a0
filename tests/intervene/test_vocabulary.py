import pytest

from tests.intervene.acting import action
from xmppspy.intervene.kinds import Kind
from xmppspy.intervene.vocabulary import KINDS
from xmppspy.protocol import toxics


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_action_has_help_and_an_example_that_works(kind: Kind) -> None:
    """The example shows the action by its name."""
    made = action(kind.example)

    assert kind.help
    assert all(parameter.help for parameter in kind.parameters)
    assert made.words.split(" ")[0] == kind.name
    assert (made.toxic is not None) is (kind.toxic is not None)


def test_every_toxic_has_an_action() -> None:
    """By toxiproxy's names, its parameters too."""
    made = {kind.toxic: kind for kind in KINDS.values() if kind.toxic is not None}

    assert {*made} == {*toxics.Toxic.__args__}
    assert {*KINDS} >= {"latency", "bandwidth", "slicer", "timeout", "reset_peer", "limit_data"}
    for toxic, kind in made.items():
        names = [parameter.name for parameter in kind.parameters]
        assert names == list(toxic.__dataclass_fields__)  # type: ignore[attr-defined]


def test_the_last_actions_end_the_frame_or_the_connection() -> None:
    """No rule behind them is looked at."""
    assert {name for name, kind in KINDS.items() if kind.is_last} == {
        "drop", "answer", "refuse", "close", "reset",
    }  # fmt: skip
