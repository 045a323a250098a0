"""The server behind a relay: `python -m benchmarks.load.server LEAF.pem echo|FILE [TIMES]`.

It answers the first bytes of a connection by themselves. Then it sends back whatever comes, or it
sends the contents of FILE as many times as asked for. One thread a connection, so that nothing but
the socket is between a byte and its answer.
"""

import contextlib
import socket
import ssl
import sys
import threading
from pathlib import Path
from typing import Final

_READ: Final = 256 * 1024
_STACK: Final = 256 * 1024


def main(leaf: str, what: str, times: int = 1) -> None:
    """Serve until killed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(leaf)
    context.num_tickets = 0
    flood = None if what == "echo" else Path(what).read_bytes()
    threading.stack_size(_STACK)
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as server:
        print(f"listening on 127.0.0.1:{server.getsockname()[1]}", flush=True)
        while True:
            plain, _ = server.accept()
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            serve = threading.Thread(target=_serve, args=(context, plain, flood, times))
            serve.daemon = True
            serve.start()


def _serve(context: ssl.SSLContext, plain: socket.socket, flood: bytes | None, times: int) -> None:
    with (
        contextlib.suppress(OSError),
        plain,
        context.wrap_socket(plain, server_side=True, suppress_ragged_eofs=True) as sock,
    ):
        sock.sendall(sock.recv(_READ))
        if flood is not None:
            sock.recv(_READ)
            for _ in range(times):
                sock.sendall(flood)
        while data := sock.recv(_READ):
            sock.sendall(data)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
