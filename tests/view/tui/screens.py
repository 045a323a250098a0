"""The main screens, as a person would come to them, and how they look.

After a change that is wanted, write the golden texts again and read the difference:

    python -m tests.view.tui.screens
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.test_captures import CAPTURES
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

    @property
    def path(self) -> Path:
        """Where the golden text is."""
        return GOLDEN / f"{self.name}.txt"

    async def take(self) -> str:
        """How the screen looks."""
        async with viewing(CAPTURES / f"{self.capture}.xmpp.jsonl", self.size) as view:
            for key in self.keys:
                if key.startswith("text:"):
                    await view.type(key.removeprefix("text:"))
                else:
                    await view.press(key)
            return view.text + "\n"


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
    Shot("help.80", "login", SMALL, ("question_mark",)),
    Shot("commands.80", "login", SMALL, ("colon", "text:next")),
)


def main() -> None:
    """Write the golden texts."""
    for shot in SHOTS:
        shot.path.write_text(asyncio.run(shot.take()), encoding="utf-8")


if __name__ == "__main__":
    main()
