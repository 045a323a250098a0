"""Exchanges on many connections in turn: `python -m benchmarks.load.crowd PORT COUNT EXCHANGES`.

Opens COUNT connections, says when they are open, and then lets one after the other have a stanza
echoed; prints the seconds that took.
"""

import sys
import time
from itertools import cycle, islice

from benchmarks.harness.traffic import CHAT
from benchmarks.load.peer import connect, exchange, tell


def main(port: int, count: int, exchanges: int) -> None:
    """Open the connections, and use them."""
    held = [connect(port) for _ in range(count)]
    for sock in islice(cycle(held), 300):
        exchange(sock, CHAT)
    began = time.perf_counter()
    for sock in islice(cycle(held), exchanges):
        exchange(sock, CHAT)
    tell(seconds=time.perf_counter() - began)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
