from xmppspy.view.tui.acting import Acting
from xmppspy.view.tui.agent import Agent


def test_acting_is_an_agent() -> None:
    """It does all that keys may stand for; mypy looks at how."""
    agent: type[Agent] = Acting
    named = {name for name in vars(Agent) if not name.startswith("_")}

    assert {"edit", "holds", "ask_leave"} < named
    assert [name for name in named if not hasattr(agent, name)] == ["proxy"]
