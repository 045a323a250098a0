from xmppspy.filters import Filter
from xmppspy.intervene.breakpoint import Breakpoint
from xmppspy.protocol.verdicts import Hold


def test_breakpoints_show_themselves() -> None:
    """What is held, for how long, and what then."""
    assert str(Breakpoint(Filter("iq"))) == "iq: held, after 30 s let go"
    assert str(Breakpoint(Filter(), Hold(0.5, drops=True), is_on=False)) == (
        "everything: held, after 0.5 s dropped (off)"
    )
