"""A control socket that says what a test tells it to."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from xmppspy.control import places

GREETING = b'{"control":1,"tool":"xmppspy 0","pid":1}\n'


@contextmanager
def scripted(
    path: Path, says: Sequence[bytes], greeting: bytes = GREETING, *, stays: bool = True
) -> Iterator[list[bytes]]:
    """A proxy that greets, answers each line that it reads by the next of `says`, and goes.

    With `stays`, it goes at the end only. Gives what it has read.
    """
    heard: list[bytes] = []
    done = threading.Event()
    with places.bind(path) as listener:
        listener.settimeout(10)
        thread = threading.Thread(
            target=_serve, args=(listener, says, greeting, heard, done, stays)
        )
        thread.start()
        try:
            yield heard
        finally:
            done.set()
            places.is_stale(path)  # which wakes it, where it waits for somebody to come
            thread.join()


def _serve(
    listener: socket.socket,
    says: Sequence[bytes],
    greeting: bytes,
    heard: list[bytes],
    done: threading.Event,
    stays: bool,
) -> None:
    while not done.is_set():
        client, _ = listener.accept()
        if done.is_set():
            client.close()
            return
        with client, client.makefile("rb") as reader, suppress(OSError):
            client.sendall(greeting)
            for said in says:
                if not (line := reader.readline()):
                    break  # it has only looked whether somebody is there
                heard.append(line)
                client.sendall(said)
            if heard or not says:
                done.wait(10 if stays else 0)
                return
