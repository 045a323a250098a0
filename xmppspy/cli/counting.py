"""Counting what matches in a large capture, by several processes at once."""

from functools import partial
from typing import BinaryIO

from xmppspy.capture.portions import Portion, Unportionable
from xmppspy.cli.together import divided, helpers
from xmppspy.filters import Filter


def count(capture: str, wanted: Filter) -> int | None:
    """How many events of a finished capture are meant; None where it has to be read in one go."""
    if wanted.follows:
        return None
    try:
        first, *others = divided(capture)
        with helpers([partial(_count, each, wanted) for each in others]) as begun:
            number = _counted(first, wanted)
            return number + sum(int(helper.result().read()) for helper in begun)
    except Unportionable:
        return None


def _count(portion: Portion, wanted: Filter, output: BinaryIO) -> None:
    output.write(b"%d" % _counted(portion, wanted))


def _counted(portion: Portion, wanted: Filter) -> int:
    return sum(map(wanted.match, portion.events()))
