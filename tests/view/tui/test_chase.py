from array import array

from xmppspy.view.browse.listing import Listing
from xmppspy.view.browse.messages import Found, Needle
from xmppspy.view.tui.chase import Chase
from xmppspy.view.tui.sieve import Sieve


class Scene:
    """Ten rows that are looked through, and what a chase makes of it."""

    def __init__(self) -> None:
        self.sieve = Sieve(Listing(), lambda _message: None)
        self.said: list[str] = []
        self.gone: list[int] = []
        self.chase = Chase(self.sieve, lambda text, _ink: self.said.append(text), self.gone.append)
        self.sieve.reach(10, 10)
        self.sieve.find(Needle("x"), 0)

    def find(self, *rows: int, looked: int) -> None:
        """The search goes on."""
        data = array("I", rows).tobytes()
        self.sieve.take(Found(slot="search", number=1, is_before=False, rows=data, looked=looked))
        self.chase.go_on()


def test_cursor_goes_to_the_first_hit_as_soon_as_it_is_known() -> None:
    """Until then it is said that one is looked for."""
    scene = Scene()
    scene.chase.begin(2, forward=True)
    scene.find(1, looked=2)
    before = list(scene.gone)
    scene.find(4, looked=5)

    assert before == []
    assert scene.gone == [4]
    assert scene.said == ["looking…", "looking…", "2 of 2+"]


def test_way_over_the_end_is_said() -> None:
    """And a complete count is one."""
    scene = Scene()
    scene.find(1, 3, looked=10)
    scene.chase.begin(4, forward=True)

    assert scene.gone == [1]
    assert scene.said == ["1 of 2 · over the end of the capture"]


def test_nothing_is_found() -> None:
    """Then the cursor stays."""
    scene = Scene()
    scene.find(looked=10)
    scene.chase.begin(4, forward=False)

    assert scene.gone == []
    assert scene.said == ["nothing is found"]


def test_nobody_goes_anywhere_once_it_is_stopped() -> None:
    """What is found later is only shown."""
    scene = Scene()
    scene.chase.begin(2, forward=True)
    scene.chase.stop()
    scene.find(4, looked=10)

    assert scene.gone == []
