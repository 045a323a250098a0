"""Printing a large capture, by several processes at once."""

import shutil
from collections.abc import Callable
from functools import partial
from typing import BinaryIO, Final, TypeAlias

from xmppspy.capture.portions import Portion, Unportionable
from xmppspy.cli.sheet import Sheet
from xmppspy.cli.together import divided, helpers
from xmppspy.protocol.events import Event
from xmppspy.view.selection import Shown

MOST: Final = 1 << 30
"""Bytes of a capture beyond which what is printed would take too much room until its turn comes."""

Begin: TypeAlias = Callable[[BinaryIO | None], Sheet]
"""Makes a sheet, for what is wanted or, with a file, for that in its stead."""
Matches: TypeAlias = Callable[[Event], bool]


def print_together(capture: str, begin: Begin, matches: Matches, output: BinaryIO) -> int:
    """Print what matches of a finished capture; returns how many bytes of it were dealt with.

    They are fewer than all where the rest has to be read in one go. What is printed is what one
    process would print: each of them first looks at all that stands before its portion.
    """
    done = 0
    try:
        first, *others = divided(capture)
        if others[-1].stop > MOST:
            return 0
        with helpers([partial(_print_portion, begin, matches, each) for each in others]) as begun:
            sheet = begin(None)
            for event, line in first.lines():
                _print(sheet, event, matches)
                done += len(line)
            for portion, helper in zip(others, begun, strict=True):
                shutil.copyfileobj(helper.result(), output)
                done = portion.stop
    except Unportionable:
        pass  # said by the number
    return done


def _print_portion(begin: Begin, matches: Matches, portion: Portion, output: BinaryIO) -> None:
    sheet = begin(output)
    if sheet.explains:
        for event in portion.earlier.events():
            sheet.explain(event)
    for event in portion.events():
        _print(sheet, event, matches)


def _print(sheet: Sheet, event: Event | None, matches: Matches) -> None:
    if event is not None:
        explanation = sheet.explain(event)
        if matches(event) and sheet.has_place_for(event):
            sheet.show([Shown(0, event, explanation, ())])
