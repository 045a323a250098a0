"""Draw what a terminal shows as docs/picture.svg.

    tmux capture-pane -e -p -t SESSION | python scripts/picture.py "title"

Reads text with ANSI colours from standard input; needs nothing but what xmppspy needs.
"""

import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

PICTURE = Path(__file__).parent.parent / "docs" / "picture.svg"


def main() -> None:
    """Draw standard input under the title given."""
    text = Text.from_ansi(sys.stdin.read().rstrip("\n"))
    width = max(line.cell_len for line in text.split("\n"))
    with Path("/dev/null").open("w") as nowhere:
        console = Console(width=width, record=True, file=nowhere)
        console.print(text, no_wrap=True, crop=False)
        console.save_svg(str(PICTURE), title=sys.argv[1] if len(sys.argv) > 1 else "xmppspy")


if __name__ == "__main__":
    main()
