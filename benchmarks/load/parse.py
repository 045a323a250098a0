"""What parsing costs: `python -m benchmarks.load.parse CAPTURE`.

Reads the stanzas of a capture as lxml reads documents, and prints the seconds of that alone.
"""

import sys
import time
from pathlib import Path

import msgspec
from lxml import etree

from benchmarks.load.peer import tell


class _Line(msgspec.Struct):
    kind: str = ""
    xml: str = ""


def main(path: str) -> None:
    """Parse each stanza to a tree, and drop it."""
    decode = msgspec.json.Decoder(_Line).decode
    lines = [decode(line) for line in Path(path).read_bytes().splitlines()]
    stanzas = [line.xml.encode() for line in lines if line.kind in ("message", "presence", "iq")]
    parser = etree.XMLParser(resolve_entities=False, no_network=True, collect_ids=False)
    began = time.perf_counter()
    for data in stanzas:
        etree.fromstring(data, parser)
    tell(seconds=time.perf_counter() - began, stanzas=len(stanzas))


if __name__ == "__main__":
    main(sys.argv[1])
