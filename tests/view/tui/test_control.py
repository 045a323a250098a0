from tests.view.tui.puppet import Puppet
from xmppspy.view.tui.control import Control, Lost


def test_seam_can_be_filled() -> None:
    """By anything that can be asked and tells what happens."""
    control: Control = Puppet()
    told: list[object] = []
    control.listen(told.append)
    control.close()

    assert told == []
    assert Lost("gone").reason == "gone"
