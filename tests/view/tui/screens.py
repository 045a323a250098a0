"""The main screens, as a person would come to them, and how they look.

After a change that is wanted, write the golden texts again and read the difference:

    python -m tests.view.tui.screens
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.control.samples import held
from tests.test_captures import CAPTURES
from tests.view.tui.puppet import Puppet
from tests.view.tui.viewing import viewing

GOLDEN: Final = Path(__file__).parent / "golden"
SMALL: Final = (80, 24)
MIDDLE: Final = (120, 32)
LARGE: Final = (200, 50)


@dataclass(frozen=True, slots=True)
class Shot:
    """A capture, a size, and keys; `text:…` is typed."""

    name: str
    capture: str
    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    acts: bool = False
    """Whether a proxy runs, which holds a few frames."""

    @property
    def path(self) -> Path:
        """Where the golden text is."""
        return GOLDEN / f"{self.name}.txt"

    async def take(self) -> str:
        """How the screen looks."""
        path, proxy = CAPTURES / f"{self.capture}.xmpp.jsonl", _proxy() if self.acts else None
        async with viewing(path, self.size, proxy=proxy) as view:
            for key in self.keys:
                if key.startswith("text:"):
                    await view.type(key.removeprefix("text:"))
                else:
                    await view.press(key)
            return view.text + "\n"


def _proxy() -> Puppet:
    question = "<iq type='get' id='d1'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
    return Puppet(
        held(88),
        held(90, dir="s2c", kind="iq", type="get", id="d1", to=None, xml=question, left=8.0,
             otherwise="drop", conn=2, ns=("http://jabber.org/protocol/disco#info",)),
    )  # fmt: skip


SHOTS: Final = (
    Shot("list.80", "errors", SMALL),
    Shot("list.120", "group-chat", MIDDLE, ("G",)),
    Shot("detail.80", "errors", SMALL, ("right_square_bracket", "enter")),
    Shot("detail.200", "roster-and-presence", LARGE, ("number_sign", "text:88", "enter")),
    Shot("filter.80", "roster-and-presence", SMALL, ("f", "text:message to:jul")),
    Shot("mistake.80", "roster-and-presence", SMALL, ("f", "text:iq or mesage c2s")),
    Shot("connections.80", "roster-and-presence", SMALL, ("o",)),
    Shot("connections.200", "group-chat", LARGE, ("o",)),
    Shot("journey.80", "roster-and-presence", SMALL, ("number_sign", "text:88", "enter", "t")),
    Shot("held.80", "roster-and-presence", SMALL, ("G", "H", "j"), acts=True),
    Shot("edit.80", "roster-and-presence", SMALL, ("e",), acts=True),
    Shot("edit.200", "roster-and-presence", LARGE, ("e", "ctrl+end", "text:<"), acts=True),
    Shot(
        "compose.80",
        "roster-and-presence",
        SMALL,
        ("s", "ctrl+b", "ctrl+b", "ctrl+b", "ctrl+b", "ctrl+b", "ctrl+s"),
        acts=True,
    ),
    Shot("rules.80", "roster-and-presence", SMALL, ("R",), acts=True),
    Shot("help.80", "login", SMALL, ("question_mark",)),
    Shot("commands.80", "login", SMALL, ("colon", "text:next")),
)


def main() -> None:
    """Write the golden texts."""
    for shot in SHOTS:
        shot.path.write_text(asyncio.run(shot.take()), encoding="utf-8")


if __name__ == "__main__":
    main()
