"""Fuzzing by coverage, with atheris, in a process of its own: everything has to be imported anew.

`python -m fuzz.guided TARGET PROGRAM OPTION...` gives libFuzzer its options, and PROGRAM to start
where it wants to begin itself again.
"""

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from fuzz import corpus

_LONGEST: Final = 600
"""Bytes of an input."""
_SLOW: Final = 20
"""Seconds after which an input counts as found."""


def run(target: str, seconds: float, folder: Path) -> None:
    """Grow the inputs of a target, in `folder`/corpus; ends the program when something is found."""
    from fuzz.seeds import seeds_of  # noqa: PLC0415 - the child is not to have imported it

    grown = _grown(target, folder)
    for number, script in enumerate(seeds_of(target)):
        (grown / f"seed-{number}").write_bytes(script[:_LONGEST])
    _fuzz(target, f"-max_total_time={seconds:.0f}", f"-artifact_prefix={folder}/{target}-", grown)


def keep(target: str, folder: Path) -> None:
    """Keep those of the grown inputs that together reach all that all of them reach."""
    with tempfile.TemporaryDirectory() as name:
        _fuzz(target, "-merge=1", name, _grown(target, folder))
        corpus.save(target, (each.read_bytes() for each in Path(name).iterdir()))


def _grown(target: str, folder: Path) -> Path:
    grown = folder / "corpus" / target
    grown.mkdir(parents=True, exist_ok=True)
    return grown


def _fuzz(target: str, *options: object) -> None:
    if importlib.util.find_spec("atheris") is None:
        sys.exit("atheris is not installed: pip install atheris, or leave out --guided")
    bounds = (f"-max_len={_LONGEST}", f"-timeout={_SLOW}", "-rss_limit_mb=2048")
    with tempfile.TemporaryDirectory() as name:
        program = Path(name) / "again"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m {__name__} {target} "$0" "$@"\n')
        program.chmod(0o700)
        command = [str(program), *bounds, *map(str, options)]
        if subprocess.run(command, check=False).returncode:
            sys.exit(f"{target}: found something; again by: python -m fuzz {target} FILE")


def _child(target: str, arguments: list[str]) -> None:
    import atheris  # noqa: PLC0415 - not installed by default, and needed here only

    with atheris.instrument_imports(include=["xmppspy"]):
        from fuzz.targets import TARGETS  # noqa: PLC0415 - what it imports is to be watched
    atheris.Setup(arguments, TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    _child(sys.argv[1], sys.argv[2:])
