"""One stanza there and back, again and again: `python -m benchmarks.load.pingpong PORT TIMES`."""

import statistics
import sys
import time
from typing import Final

from benchmarks.harness.traffic import CHAT
from benchmarks.load.peer import connect, exchange, tell

_WARM_UP: Final = 300


def main(port: int, times: int) -> None:
    """Print the median and the 99th percentile of the seconds that an exchange takes."""
    with connect(port) as sock:
        for _ in range(_WARM_UP):
            exchange(sock, CHAT)
        taken = []
        for _ in range(times):
            began = time.perf_counter()
            exchange(sock, CHAT)
            taken.append(time.perf_counter() - began)
    tell(p50=statistics.median(taken), p99=statistics.quantiles(taken, n=100)[98])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
