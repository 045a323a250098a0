"""What a script costs: a stanza there and back, and stanzas a second, with and without one.

    python benchmarks/scripting.py [ROUNDS]

A proxy for each case runs as a process of its own, recording, in the clear, between the same echo
server and the same client, in turn, round by round. Each stanza passes twice: to the server and back.
Beside what a clock tells, which depends on what else the machine does, stands what the proxy and the
script's process spend of the processor.
"""

import asyncio
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xmppspy.intervene.records import record_of
from xmppspy.protocol.framing import Framer
from xmppspy.scripting import messages

HEADER: Final = (
    b"<?xml version='1.0'?><stream:stream to='localhost' xmlns='jabber:client' "
    b"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
)
STANZA: Final = (
    b"<message type='chat' id='m000001' to='juliet@capulet.example/balcony' "
    b"from='romeo@montague.example/orchard'><body>Wilt thou be gone? It is not yet near day: "
    b"it was the nightingale, and not the lark.</body>"
    b"<active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/>"
    b"<origin-id xmlns='urn:xmpp:sid:0' id='de305d54-75b4-431b-adb2-eb6b9e546013'/></message>"
)
END: Final = b"</message>"
PINGS: Final = 1000
BULK: Final = 5000

CASES: Final = {
    "no script": "",
    "FILTER that never matches": "FILTER = 'presence'\ndef stanza(s, session): pass",
    "None": "def stanza(s, session): pass",
    "match, body": (
        "def stanza(s, session):\n"
        "    if s.match('message body:lark') and s.body.endswith('dove'):\n"
        "        return s.drop()\n"
    ),
    "edit": "def stanza(s, session):\n    return s.edit('//c:body', text='nay')",
}


def main() -> None:
    """Print a row per case."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    alone()
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        server = stack.enter_context(echo_server())
        proxies = {
            label: stack.enter_context(proxy(server, folder, number, text))
            for number, (label, text) in enumerate(CASES.items())
        }
        pings: dict[str, list[float]] = {label: [] for label in CASES}
        bulks: dict[str, list[tuple[float, float, float]]] = {label: [] for label in CASES}
        for _ in range(rounds):
            for label, (port, pid) in proxies.items():
                pings[label] += ping_pong(port)
                bulks[label].append(bulk(port, pid))
    for label in CASES:
        report(label, pings[label], bulks[label])


def report(label: str, pings: list[float], bulks: list[tuple[float, float, float]]) -> None:
    """Print a row."""
    p50, p99 = statistics.median(pings), statistics.quantiles(pings, n=100)[98]
    rate, own, script = (statistics.median(each) for each in zip(*bulks, strict=True))
    print(
        f"{label:26} there and back p50 {p50 * 1e6:5.0f} µs, p99 {p99 * 1e6:6.0f} µs  "
        f"{rate:7,.0f} stanzas/s  CPU per stanza: proxy {own * 1e6:4.0f} µs, script {script * 1e6:4.0f} µs"
    )


def alone() -> None:
    """The process of a script by itself, asked as fast as it answers."""
    framer = Framer()
    framer.receive_data(HEADER + STANZA)
    framer.next_frame()
    frame = framer.next_frame()
    assert frame is not None
    record = record_of(1, "c2s", frame, 0.0)
    for label, text in CASES.items():
        if not text:
            continue
        command = [sys.executable, "-P", "-m", "xmppspy.scripting", "bench.py", "1"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            assert child.stdin
            assert child.stdout
            child.stdin.write(messages.encode(messages.Load(text.encode())))
            child.stdin.flush()
            child.stdout.readline()
            asks = [messages.encode(messages.Ask.about(n, record)) for n in range(20_000)]
            began = time.perf_counter()
            thread = threading.Thread(target=child.stdin.writelines, args=(asks,))
            thread.start()
            for _ in asks[:-100]:
                child.stdout.readline()
            rate = (len(asks) - 100) / (time.perf_counter() - began)
            child.kill()
            with contextlib.suppress(BrokenPipeError):
                thread.join()
                child.stdin.close()
        print(f"{label:27} its process alone {rate:9,.0f} stanzas/s")


def connect(port: int) -> socket.socket:
    """A client with an open stream."""
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    exchange(sock, HEADER)
    return sock


def ping_pong(port: int) -> list[float]:
    """Seconds of each exchange."""
    with connect(port) as sock:
        return [exchange(sock, STANZA) for _ in range(PINGS)]


def bulk(port: int, pid: int) -> tuple[float, float, float]:
    """Stanzas a second, and seconds of the processor that one costs the proxy and its script."""
    with connect(port) as sock:
        began, own, script = time.perf_counter(), spent(pid), spent_below(pid)
        thread = threading.Thread(target=sock.sendall, args=(STANZA * BULK,))
        thread.start()
        missing, tail = BULK, b""
        while missing > 0:
            data = tail + sock.recv(1 << 20)
            missing -= data.count(END)
            tail = data.rpartition(END)[2]
        thread.join()
        took = time.perf_counter() - began
        stanzas = 2 * BULK
        return stanzas / took, (spent(pid) - own) / stanzas, (spent_below(pid) - script) / stanzas


def spent(pid: int) -> float:
    """Seconds of the processor that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spent_below(pid: int) -> float:
    """The same of the processes that it has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(spent(int(child)) for child in children)


def exchange(sock: socket.socket, data: bytes) -> float:
    """Send and wait for what comes back for it: one element, as long or not."""
    end = END if data is STANZA else b">"
    began = time.perf_counter()
    sock.sendall(data)
    got = b""
    while not got.endswith(end):
        got += sock.recv(65536)
    return time.perf_counter() - began


@contextlib.contextmanager
def proxy(server: int, folder: Path, number: int, script: str) -> Iterator[tuple[int, int]]:
    """Run xmppspy as a user does, with a capture."""
    command = [
        sys.executable, "-m", "xmppspy", "proxy", f"127.0.0.1:{server}", "--listen", "0",
        "--write", str(folder / f"{number}.xmpp.jsonl"), "--quiet", "--ca-dir", str(folder / "ca"), "--no-control",
    ]  # fmt: skip
    if script:
        file = folder / f"{number}.py"
        file.write_text(script)
        command += ["--script", str(file)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr
        try:
            yield int(child.stderr.readline().rpartition(":")[2]), child.pid
        finally:
            child.terminate()
            child.wait()


@contextlib.contextmanager
def echo_server() -> Iterator[int]:
    """Run the server in a process of its own."""
    with subprocess.Popen(
        [sys.executable, __file__, "--server"], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        try:
            yield int(child.stdout.readline())
        finally:
            child.kill()


async def serve() -> None:
    """Send back whatever comes."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--server"]:
        asyncio.run(serve())
    else:
        main()
