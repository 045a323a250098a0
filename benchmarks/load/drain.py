"""Take what the server sends, as fast as it comes: `python -m benchmarks.load.drain PORT BYTES`."""

import sys
import time

from benchmarks.load.peer import READ, connect, tell


def main(port: int, size: int) -> None:
    """Print the seconds from asking to the last byte."""
    with connect(port) as sock:
        buffer = bytearray(READ)
        began = time.perf_counter()
        sock.sendall(b"<presence/>")
        left = size
        while left > 0:
            got = sock.recv_into(buffer)
            if not got:
                raise ConnectionError("the relay has closed the connection")
            left -= got
        tell(seconds=time.perf_counter() - began)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
