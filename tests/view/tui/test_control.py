from xmppspy.view.tui.control import Breakpoint, Held, Rule, Status


def test_status_holds_all_that_is_shown() -> None:
    """What is held, by which breakpoint, and the rules."""
    status = Status(
        upstream="example.org",
        listening=["127.0.0.1:5222"],
        capture="a.xmpp.jsonl",
        breakpoint=Breakpoint(is_on=True, filter="message", timeout=30.0, otherwise="forward"),
        held=[Held(n=7, conn=1, dir="c2s", data=b"<message/>", until=12.0)],
        rules=[Rule(name="slow", is_on=True, said="iq: delay 2 s", matched=3)],
        templates=["message"],
    )

    assert status.held[0].n == 7
    assert status.breakpoint.filter == "message"
