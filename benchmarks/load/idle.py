"""Many sessions that say nothing: `python -m benchmarks.load.idle PORT COUNT`.

Sets them up one after the other, prints the seconds that took, and holds them until killed.
"""

import signal
import sys
import time

from benchmarks.load.peer import connect, tell


def main(port: int, count: int) -> None:
    """Open the sessions and wait."""
    began = time.perf_counter()
    held = [connect(port) for _ in range(count)]
    tell(seconds=time.perf_counter() - began, sessions=len(held))
    signal.pause()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
