"""`python -m benchmarks [CASE...] [--quick] [--rounds N] [--write FILE]`; see docs/benchmarks.md.

Without CASE all cases are measured. With `--write` the report goes to a file, otherwise it is
printed. What is not installed is not measured, and the report says so.
"""

import argparse
import contextlib
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.cases import CASES
from benchmarks.harness.machine import described
from benchmarks.harness.report import report
from benchmarks.harness.rounds import measure
from benchmarks.harness.setting import Setting

_QUICK: Final = """**A quick run**: few stanzas, so that starting weighs more than it does in earnest.

"""


def main() -> None:
    """Measure, and report."""
    options = _options()
    chosen = [CASES[name] for name in options.case or CASES]
    with tempfile.TemporaryDirectory(prefix="bench-") as name, contextlib.ExitStack() as stack:
        setting = Setting.in_folder(Path(name), stack, quick=options.quick)
        results = measure(chosen, setting, options.rounds)
    quickly = _QUICK if options.quick else ""
    text = f"{_preface()}\n{quickly}{described()}\n{report(results)}"
    if options.write:
        options.write.write_text(text)
    else:
        print(text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("case", nargs="*", choices=[[], *CASES], metavar="CASE")
    parser.add_argument("--quick", action="store_true", help="a round, and less of everything")
    parser.add_argument("--rounds", type=int, metavar="N")
    parser.add_argument("--write", type=Path, metavar="FILE")
    return parser.parse_args()


def _preface() -> str:
    return (Path(__file__).parent / "preface.md").read_text()


if __name__ == "__main__":
    main()
