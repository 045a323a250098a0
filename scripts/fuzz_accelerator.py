"""Fuzz the accelerator: `python -m scripts.fuzz_accelerator EXTENSION [SECONDS [SEED]]`.

EXTENSION is a build of it, with sanitizers as a rule: `make fuzz`. Mutated traffic is framed with
and without it; the first difference ends the run, with the bytes that made it. So does whatever a
sanitizer finds.
"""

import importlib.util
import random
import sys
import time
from importlib.machinery import ExtensionFileLoader
from pathlib import Path

from benchmarks.harness.traffic import some
from tests.protocol.differential import check, mutated
from tests.protocol.feeding import HEADER
from xmppspy.capture.reader import read
from xmppspy.protocol import accelerator
from xmppspy.protocol.events import FrameRecord

_NAME = "xmppspy.protocol._accelerator"


def main(extension: str, seconds: float = 60, seed: int = 0) -> None:
    """Fuzz for so long."""
    _use(extension)
    seed = seed or time.time_ns()
    print(f"seed {seed}")
    chance = random.Random(seed)
    seeds = [each for each in (*some(1000), *_recorded()) if len(each) < 1500]
    ends, count = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        _once(b"".join(chance.sample(seeds, chance.randint(1, 4))), chance)
        count += 1
    print(f"{count} inputs, no difference")


def _once(data: bytes, chance: random.Random) -> None:
    data = mutated(data, chance)
    lengths = [chance.randint(0, 900) for _ in range(chance.randrange(5))]
    try:
        check(data, lengths)
    except BaseException:
        print(f"check({data!r}, {lengths!r}, {HEADER!r})", file=sys.stderr)
        raise


def _use(extension: str) -> None:
    loader = ExtensionFileLoader(_NAME, extension)
    spec = importlib.util.spec_from_loader(_NAME, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    accelerator._Compiled.kind = module.Cutter


def _recorded() -> list[bytes]:
    """The frames of the captures that come with xmppspy."""
    folder = Path(__file__).parent.parent / "captures"
    events = (event for path in sorted(folder.glob("[a-z]*.jsonl")) for event in read(path))
    return [event.data for event in events if isinstance(event, FrameRecord)]


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:3]), *map(int, sys.argv[3:4]))
