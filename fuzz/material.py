"""What inputs are made of: the words of XMPP, and how bytes become a text of them.

Arbitrary bytes are hardly ever XML. So a fuzzer's bytes are read as a script: most of them stand
for themselves, some call for a whole word out of the captures and examples that come with xmppspy.
"""

import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

from tests.conversation import ANSWER, HEADER, MECHANISMS, OFFER, PROCEED, STARTTLS
from xmppspy.analysis.lint.examples import examples
from xmppspy.capture.reader import read
from xmppspy.protocol.events import FrameRecord

ROOT: Final = Path(__file__).parent.parent
CAPTURES: Final = tuple(sorted((ROOT / "captures").glob("[a-z]*.xmpp.jsonl")))

_CALL: Final = 0x80
"""Bytes from here on call for a word, together with the byte behind them."""
_ITSELF: Final = 0xFF
"""The byte behind this one stands for itself, whatever it is."""
_CALLS: Final = (_ITSELF - _CALL) << 8
_TOKEN: Final = re.compile(rb"<[^<>]*+>?|[^<]++")
_SHORT: Final = 400
_SPOILERS: Final = (
    b"<", b">", b"</", b"/>", b"<!--", b"-->", b"<?", b"?>", b"<![CDATA[", b"]]>", b"<!DOCTYPE a>",
    b"<!ENTITY a 'b'>", b"&amp;", b"&lt;", b"&#0;", b"&#x1b;", b"&#x202e;", b"&a;", b"\x00", b"\x1b[2J",
    b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\xe2\x80\xa8", b"xmlns=''",
    b"<a:b>", b"<?xml version='1.0'?>", b"</stream:stream>", b"\x16\x03\x01", b"-1", b"1e999",
    b"99999999999999999999", b"NaN", b"../../etc/passwd", b"=====", b"\r\n",
)  # fmt: skip


@cache
def words() -> tuple[bytes, ...]:
    """What may be called for, in an order that does not change."""
    found = dict.fromkeys(_SPOILERS)
    found |= dict.fromkeys((HEADER, ANSWER, OFFER, MECHANISMS, STARTTLS, PROCEED))
    for stanza in stanzas():
        found |= dict.fromkeys(_TOKEN.findall(stanza))
        found[stanza] = None
    return tuple(word for word in found if len(word) <= _SHORT)


@cache
def stanzas() -> tuple[bytes, ...]:
    """Every different frame of the captures and the examples of lint."""
    return tuple(dict.fromkeys((*_recorded(), *_examples())))


def _recorded() -> Iterator[bytes]:
    events = (event for path in CAPTURES for event in read(path))
    return (event.data for event in events if isinstance(event, FrameRecord))


def _examples() -> Iterator[bytes]:
    texts = (ROOT / "xmppspy/analysis/lint/examples").glob("*.txt")
    told = (example for path in sorted(texts) for example in examples(path.stem))
    records = (line.record for example in told for line in example.lines)
    return (record["xml"].encode() for record in records if "xml" in record)


@cache
def places() -> Mapping[bytes, int]:
    """The number by which a word is called: its own, whatever other words there are.

    So a script goes on to mean the same when a capture or an example is added.
    """
    taken: dict[int, bytes] = {}
    for word in words():
        free = next(n for n in count(zlib.crc32(word)) if n % _CALLS not in taken)
        taken[free % _CALLS] = word
    return {taken[place]: place for place in sorted(taken)}


@cache
def _called() -> tuple[bytes, ...]:
    """The word of every call: the nearest, where none has that number."""
    known, taken = list(places()), list(places().values())
    return tuple(known[bisect_left(taken, call) % len(known)] for call in range(_CALLS))


def expand(script: bytes) -> bytes:
    """The text that a fuzzer's bytes are a script of."""
    made, called = bytearray(), _called()
    steps = iter(script)
    for step in steps:
        if step < _CALL:
            made.append(step)
        elif step == _ITSELF:
            made.append(next(steps, 0))
        else:
            made += called[(step - _CALL) << 8 | next(steps, 0)]
    return bytes(made)


def calling(word: bytes) -> bytes:
    """The script of one word, or of any text."""
    place = places().get(word)
    if place is None:
        return b"".join(b"\xff" + bytes((c,)) if c >= _CALL else bytes((c,)) for c in word)
    return bytes((_CALL + (place >> 8), place & 0xFF))


def scripts() -> list[bytes]:
    """What a run begins with: every stanza, as the words that it consists of."""
    return [b"".join(map(calling, _TOKEN.findall(stanza))) for stanza in stanzas()]
