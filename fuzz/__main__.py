"""`python -m fuzz`: fuzz one target, or all of them one after the other.

With atheris, where it can be had, the input is grown by the coverage that it finds; without it, by
chance. An input that fails is written to a file, which `python -m fuzz TARGET FILE` tries again.
"""

import argparse
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from fuzz import guided
from fuzz.seeds import LEADS, mutated, seeds_of
from fuzz.targets import TARGETS, Target

FOUND = Path("build/fuzz")


def main() -> None:
    """Fuzz as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("target", nargs="?", choices=[*TARGETS, "all"], default="all")
    parser.add_argument("input", nargs="?", type=Path, help="one input, to be tried again")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long, each")
    parser.add_argument("--seed", type=int, default=0, help="of chance; 0 takes the time of day")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once, not if --guided")
    parser.add_argument("--guided", action="store_true", help="by coverage; needs atheris")
    parser.add_argument("--keep", action="store_true", help="what --guided found, in fuzz/corpus")
    asked = parser.parse_args()
    if asked.input is not None:
        TARGETS[asked.target](asked.input.read_bytes())
        return
    for name in TARGETS if asked.target == "all" else [asked.target]:
        if asked.guided:
            guided.run(name, asked.seconds, FOUND)
        else:
            _by_chance(name, asked.seconds, asked.seed or time.time_ns(), asked.jobs)
        if asked.keep:
            guided.keep(name, FOUND)


def _by_chance(name: str, seconds: float, seed: int, jobs: int) -> None:
    """Try for so long, in as many processes; each has a seed of its own, from `seed` on."""
    if jobs == 1:
        count = _tried(name, seconds, seed)
    else:
        with ProcessPoolExecutor(jobs) as pool:
            count = sum(pool.map(partial(_tried, name, seconds), range(seed, seed + jobs)))
    of = f"seed {seed}" if jobs == 1 else f"seeds {seed} to {seed + jobs - 1}"
    print(f"{name}: {count:,} inputs of {of}, nothing found", flush=True)


def _tried(name: str, seconds: float, seed: int) -> int:
    """How many inputs were tried without finding anything."""
    chance = random.Random(seed)
    target, seeds, lead = TARGETS[name], seeds_of(name), LEADS.get(name, 0)
    ends, count = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        _try(name, target, mutated(seeds, chance, lead))
        count += 1
        if not count % 100_000:
            print(f"{name}: {count:,} inputs of seed {seed} so far", flush=True)
    return count


def _try(name: str, target: Target, script: bytes) -> None:
    try:
        target(script)
    except BaseException:
        FOUND.mkdir(parents=True, exist_ok=True)
        place = FOUND / f"{name}-{abs(hash(script)):x}"
        place.write_bytes(script)
        print(f"{name}: found something; again by: python -m fuzz {name} {place}", file=sys.stderr)
        raise


if __name__ == "__main__":
    main()
