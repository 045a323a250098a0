"""Guard: what rulings are when nothing is said."""

from xmppspy.protocol.events import UNCHANGED
from xmppspy.protocol.guard import PASS, Ruling


def test_ruling_changes_nothing_unless_told() -> None:
    """A frame goes on as it came, and nothing is said of it."""
    assert Ruling() == PASS

    assert (PASS.data, PASS.reply, PASS.notes, PASS.troubles) == (UNCHANGED, b"", (), ())
