"""Seeds: what the inputs of a target are made of."""

import random
from collections.abc import Mapping
from typing import Final

from fuzz.corpus import load
from fuzz.material import scripts

LEADS: Final[Mapping[str, int]] = {"frame": 1, "session": 2}
"""Bytes that a target takes for something else than text, at the beginning of an input."""


def seeds_of(name: str) -> list[bytes]:
    """What the inputs of a target are made of: what it is about, and what is kept for it."""
    return _about(name) + load(name)


def _about(name: str) -> list[bytes]:
    if name == "filter":
        return [b"iq type:error", b"not kind:space", b"body~wherefore|art", b"(message or iq) c2s",
                b"xpath://c:body[contains(., 'Romeo')]", b"latency:0.5..", b"size>1000", b"ns:urn:xmpp:mam",
                b"xep:0313", b"from:juliet@example.org/x", b"time:07:40..07:45", b'text:"a b"', b"!", b"&", b"|"]  # fmt: skip
    if name == "reader":
        return [b'{"format":"xmppspy-capture","version":1,"created":"2026-11-22T07:40:12Z"}\n',
                b'{"dir":"c2s","xml":"<presence/>"}\n', b'{"dir":"s2c","b64":"/w=="}\n',
                b'{"t":1.5,"conn":1,"event":"close","by":"client","reason":"reset"}\n',
                b'{"n":1,"t":0.1,"conn":1,"dir":"c2s","kind":"iq","xml":"<iq/>","sent":null}\n',
                b'{"event":"fate","n":1,"action":"drop","held":0.5}\n', b'{"event":"gap","lost":3}\n', b"# c\n"]  # fmt: skip
    return scripts()


def mutated(seeds: list[bytes], chance: random.Random, lead: int = 0) -> bytes:
    """Some seeds, one after the other, with some bytes of them changed; `lead` bytes before them."""
    joined = bytearray(chance.randbytes(lead))
    for _ in range(chance.randint(1, 3)):
        joined += chance.choice(seeds)
        if chance.random() < 0.7:
            # It says which side is speaking; most others would spoil what stands behind them.
            joined += b"\n" + chance.choice((b" ", b"\t", chance.randbytes(1)))
    for _ in range(chance.randrange(6)):
        at = chance.randint(0, len(joined))
        match chance.randrange(4):
            case 0:
                joined[at : at + 1] = chance.randbytes(1)
            case 1:
                del joined[at : at + chance.randint(1, 6)]
            case 2:
                joined[at:at] = chance.randbytes(chance.randint(1, 3))
            case _:
                start = chance.randint(0, len(joined))
                joined[at:at] = joined[start : start + chance.randint(1, 30)]
    return bytes(joined)
