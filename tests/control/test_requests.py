import pytest

from xmppspy.control import replies, wire


@pytest.mark.parametrize("name", wire.REQUESTS)
def test_each_command_has_a_reply(name: str) -> None:
    """Of which the documentation tells."""
    assert issubclass(wire.REQUESTS[name].reply, replies.Reply)


def test_commands() -> None:
    """Their names are part of the protocol."""
    assert [*wire.REQUESTS] == [
        "status", "connections", "hold", "held", "release", "drop", "duplicate", "edit", "extend",
        "inject", "kill", "mark", "rules", "templates", "watch",
    ]  # fmt: skip
