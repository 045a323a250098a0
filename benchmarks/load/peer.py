"""What the clients of a relay have in common: a stream over TLS, opened."""

import json
import socket
import ssl
from typing import Final

from benchmarks.harness.traffic import HEADER

READ: Final = 256 * 1024


def connect(port: int) -> ssl.SSLSocket:
    """Open a stream; its header has been answered."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection(("127.0.0.1", port))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock = context.wrap_socket(plain, server_hostname="localhost")
    exchange(sock, HEADER)
    return sock


def exchange(sock: ssl.SSLSocket, data: bytes) -> None:
    """Send, and wait for as many bytes."""
    sock.sendall(data)
    missing = len(data)
    while missing:
        got = sock.recv(missing)
        if not got:
            raise ConnectionError("the relay has closed the connection")
        missing -= len(got)


def tell(**figures: float) -> None:
    """Print figures for the one who measures."""
    print(json.dumps(figures), flush=True)
