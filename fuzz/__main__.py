"""`python -m fuzz`: fuzz one target, or all of them one after the other.

With atheris, where it can be had, the input is grown by the coverage that it finds; without it, by
chance. An input that fails is written to a file, which `python -m fuzz TARGET FILE` tries again.
"""

import argparse
import importlib.util
import random
import sys
import time
from pathlib import Path

from fuzz.material import scripts
from fuzz.targets import TARGETS, Target

FOUND = Path("build/fuzz")


def main() -> None:
    """Fuzz as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("target", nargs="?", choices=[*TARGETS, "all"], default="all")
    parser.add_argument("input", nargs="?", type=Path, help="one input, to be tried again")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long, each")
    parser.add_argument("--seed", type=int, default=0, help="of chance; 0 takes the time of day")
    parser.add_argument("--guided", action="store_true", help="by coverage; needs atheris")
    asked = parser.parse_args()
    if asked.input is not None:
        TARGETS[asked.target](asked.input.read_bytes())
        return
    for name in TARGETS if asked.target == "all" else [asked.target]:
        if asked.guided:
            _guided(name, asked.seconds)
        else:
            _by_chance(name, TARGETS[name], asked.seconds, asked.seed or time.time_ns())


def _by_chance(name: str, target: Target, seconds: float, seed: int) -> None:
    chance = random.Random(seed)
    seeds = seeds_of(name)
    ends, count = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        script = mutated(seeds, chance)
        _try(name, target, script)
        count += 1
        if not count % 100_000:
            print(f"{name}: {count:,} inputs so far", flush=True)
    print(f"{name}: {count:,} inputs of seed {seed}, nothing found", flush=True)


def _try(name: str, target: Target, script: bytes) -> None:
    try:
        target(script)
    except BaseException:
        FOUND.mkdir(parents=True, exist_ok=True)
        place = FOUND / f"{name}-{abs(hash(script)):x}"
        place.write_bytes(script)
        print(f"{name}: found something; again by: python -m fuzz {name} {place}", file=sys.stderr)
        raise


def seeds_of(name: str) -> list[bytes]:
    """What the inputs of a target are made of."""
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


def mutated(seeds: list[bytes], chance: random.Random) -> bytes:
    """Some seeds, one after the other, with some bytes of them changed."""
    lines = [bytearray(chance.choice(seeds)) for _ in range(chance.randint(1, 3))]
    joined = bytearray()
    for line in lines:
        joined += line + (b"\n" + bytes((chance.randrange(256),)) if chance.random() < 0.7 else b"")
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


def _guided(name: str, seconds: float) -> None:
    """By coverage: everything is imported anew, so that it can be watched."""
    if importlib.util.find_spec("atheris") is None:
        sys.exit("atheris is not installed: pip install atheris, or leave out --guided")
    import atheris  # noqa: PLC0415

    for module in [each for each in sys.modules if each.startswith(("xmppspy", "tests", "fuzz"))]:
        if module != "fuzz.__main__":
            del sys.modules[module]
    with atheris.instrument_imports(include=["xmppspy"]):
        from fuzz.targets import TARGETS as WATCHED  # noqa: PLC0415
    target = WATCHED[name]
    corpus = FOUND / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, script in enumerate(seeds_of(name)):
        (corpus / f"seed-{number}").write_bytes(script)
    atheris.Setup(
        [sys.argv[0], str(corpus), f"-max_total_time={seconds:.0f}", "-max_len=600",
         f"-artifact_prefix={FOUND}/{name}-", "-timeout=20", "-rss_limit_mb=2048"],
        lambda script: _try(name, target, script),
    )  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    main()
