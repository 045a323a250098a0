"""Draw docs/tui-*.svg: the interactive view of recorded traffic, and of a running proxy's.

    python scripts/tui_pictures.py
    python scripts/tui_pictures.py --control PATH    # and what a running proxy holds and answers

The proxy should have a client or two that say something now and then.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from textual.pilot import Pilot

from xmppspy.capture.body import Body
from xmppspy.cli.attached import attached
from xmppspy.view.tui.app import Viewer
from xmppspy.view.tui.attaching import attach
from xmppspy.view.tui.helpers import Process, Shelf
from xmppspy.view.tui.scheme import DARK, LIGHT, Scheme
from xmppspy.view.tui.table import TABLE
from xmppspy.view.tui.times import Times

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CAPTURES = ROOT / "captures"
PATIENCE = 60.0
BEAT = 0.4
KEYS = {" ": "space", ":": "colon", "/": "slash", "#": "number_sign"}


@dataclass(frozen=True)
class Picture:
    """What is drawn: keys that are pressed, one after the other; `wait:…` waits for a text."""

    name: str
    capture: str
    keys: Sequence[str]
    size: tuple[int, int] = (140, 36)
    scheme: Scheme = DARK


RECORDED = (
    Picture("list", "roster-and-presence", ("#", "9", "2", "enter"), (160, 40)),
    Picture("filter", "roster-and-presence", ("f", *"message fr"), (100, 24)),
    Picture("connections", "group-chat", ("o", "wait:traffic"), (120, 26), LIGHT),
)
LIVE = (
    Picture("held", "", ("i", *"message", "enter", "wait:held 3", "H", "j", "enter"), (140, 34)),
    Picture("edit", "", ("H", "e", "ctrl+end", "<", "/"), (140, 16)),
    Picture("compose", "", ("s", *["ctrl+t"] * 5, "ctrl+s", "wait:result for"), (140, 20)),
)


async def draw(pictures: Sequence[Picture], capture: str, control: Path | None) -> None:
    """Draw pictures of one capture, one after the other; each begins where the one before ended."""
    name, connect = attached(capture or None, control)
    first = pictures[0]
    with Body.open(name) as body, Shelf(body) as shelf:
        viewer = Viewer(
            shelf,
            Process("index", shelf),
            lambda: Process("search", shelf),
            TABLE,
            times=Times(utc=True, relative=False),
            scheme=first.scheme,
            attach=lambda viewer: attach(viewer, connect),
        )
        async with viewer.run_test(size=first.size) as pilot:
            await asyncio.sleep(3)
            for picture in pictures:
                await pilot.resize_terminal(*picture.size)
                for key in picture.keys:
                    await press(viewer, pilot, key)
                await asyncio.sleep(1)
                save(viewer, picture.name)
                await pilot.press("escape")
            viewer.close_helpers()


async def press(viewer: Viewer, pilot: "Pilot[int]", key: str) -> None:
    """Press a key, or wait for a text."""
    if not key.startswith("wait:"):
        await pilot.press(KEYS.get(key, key))
        await asyncio.sleep(BEAT)
        return
    async with asyncio.timeout(PATIENCE):
        while key.removeprefix("wait:") not in text_of(viewer):  # noqa: ASYNC110 - a person would
            await asyncio.sleep(BEAT)


def text_of(viewer: Viewer) -> str:
    """What is to be seen."""
    svg = viewer.export_screenshot()
    return re.sub(r"<[^>]*>", "", svg).replace("&#160;", " ")


def save(viewer: Viewer, name: str) -> None:
    """Write the picture. Not every program keeps spaces at the beginning of a text unless told."""
    path = DOCS / f"tui-{name}.svg"
    svg = viewer.export_screenshot(title="xmppspy")
    path.write_text(svg.replace("<svg ", '<svg xml:space="preserve" ', 1), encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} B")


@click.command()
@click.option("--control", type=click.Path(path_type=Path), help="A running proxy.")
def main(control: Path | None) -> None:
    """Draw all pictures."""
    for picture in RECORDED:
        capture = str(CAPTURES / f"{picture.capture}.xmpp.jsonl")
        asyncio.run(draw([picture], capture, None))
    if control is not None:
        asyncio.run(draw(LIVE, "", control))


if __name__ == "__main__":
    main()
