"""What framing costs: `python -m benchmarks.load.frame WHICH FILE`.

WHICH is `framer`, `python` (the same without the accelerator), `expat` (which tells by the depth where a stanza ends) or `lxml` (its feed
parser, as clients use it). The file is the inside of a stream, read in pieces of 64 KiB. Prints the
seconds, and how many stanzas there were.
"""

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from xml.parsers import expat

from lxml import etree

from benchmarks.harness.traffic import HEADER
from benchmarks.load.peer import tell
from xmppspy.protocol import accelerator
from xmppspy.protocol.framing import Framer

_PIECE: Final = 64 * 1024


def by_framer(pieces: list[bytes]) -> int:
    """Frame with xmppspy."""
    framer = Framer()
    framer.receive_data(HEADER)
    count = -1
    for piece in pieces:
        framer.receive_data(piece)
        while framer.next_frame() is not None:
            count += 1
    return count


def by_python(pieces: list[bytes]) -> int:
    """Frame with xmppspy, as where there is no compiler."""
    accelerator._Compiled.kind = None  # as the tests do it
    return by_framer(pieces)


def by_expat(pieces: list[bytes]) -> int:
    """Count depth in expat's callbacks."""
    parser = expat.ParserCreate()
    depth = count = 0

    def start(_name: str, _attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1

    def end(_name: str) -> None:
        nonlocal depth, count
        depth -= 1
        count += depth == 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(HEADER, False)
    for piece in pieces:
        parser.Parse(piece, False)
    return count


def by_lxml(pieces: list[bytes]) -> int:
    """Take the elements that end at depth one, and clear them."""
    parser = etree.XMLPullParser(events=("start", "end"))
    parser.feed(HEADER)
    depth = count = 0
    for piece in pieces:
        parser.feed(piece)
        for event, element in parser.read_events():
            depth += 1 if event == "start" else -1
            if event == "end" and depth == 1 and isinstance(element, etree._Element):
                count += 1
                element.clear()
                parent = element.getparent()
                if parent is not None:
                    parent.remove(element)
    return count


WAYS: Final[Mapping[str, Callable[[list[bytes]], int]]] = {
    "framer": by_framer,
    "python": by_python,
    "expat": by_expat,
    "lxml": by_lxml,
}


def main(which: str, path: str) -> None:
    """Frame the file."""
    data = Path(path).read_bytes()
    pieces = [data[at : at + _PIECE] for at in range(0, len(data), _PIECE)]
    began = time.perf_counter()
    count = WAYS[which](pieces)
    tell(seconds=time.perf_counter() - began, stanzas=count, size=len(data))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
