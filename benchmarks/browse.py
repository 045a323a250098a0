"""How quick `xmppspy tui` is on a capture of a million lines, as a person at a terminal has it.

    python benchmarks/browse.py [LINES]

The capture is made up: chats, presence, requests with their answers, acknowledgements, keepalives,
now and then an avatar, on many connections. The view runs in a terminal of 120 by 40; measured is
the time from a key to the last byte that it makes the view write. Memory is what each process has
for itself (the private part of its resident set).
"""

import fcntl
import os
import pty
import re
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from xmppspy.capture.derive import cut
from xmppspy.capture.format import Header as CaptureHeader
from xmppspy.capture.format import encode, encode_header
from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    Direction,
    Event,
    FrameRecord,
)

HEADER = b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
WORDS = [
    "wherefore",
    "art",
    "thou",
    "what",
    "light",
    "through",
    "yonder",
    "window",
    "breaks",
    "it",
    "is",
    "the",
    "east",
    "arise",
]
CODES = re.compile(rb"\x1b(?:\[[0-9;?<>=]*\$?[a-zA-Z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)")
PLACE = re.compile(rb" ([\d,]+/[\d,]+)")
"""How the last line of the screen says where the cursor is."""
FRAME = re.compile(rb"frame ([\d,]+) ")
"""How the detail says what it shows."""


def main() -> None:
    """Print a figure a line."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        small, large = Path(name, "small.xmpp.jsonl"), Path(name, "large.xmpp.jsonl")
        write(small, 2000)
        write(large, lines)
        print(f"{lines:,} lines, {large.stat().st_size / 1e6:,.0f} MB")
        for path in (small, small, large):
            measure_start(path)
        measure_use(large, lines)
        measure_rest(large)


def measure_start(path: Path) -> None:
    """From the command to the first rows."""
    times = []
    for _ in range(5):
        began = time.monotonic()
        with terminal(path) as view:
            view.wait_for(b"stream")
            times.append(time.monotonic() - began)
    print(f"{path.stem}: first rows after {statistics.median(times) * 1000:.0f} ms")


def measure_use(path: Path, lines: int) -> None:
    """Keys and filters while the capture is read."""
    with terminal(path) as view:
        view.wait_for(b"stream")
        began = time.monotonic()
        view.wait_for(f"{lines:,} lines".encode())
        print(f"all lines can be reached after {time.monotonic() - began:.1f} s")
        print("keys while it is being explained:")
        measure_keys(view)
        for text, said in ((b"iq type:error", b"only keys"), (b"body:yonder", b"trees")):
            measure_filter(view, text, said)


def measure_rest(path: Path) -> None:
    """The same, when all is explained and checked."""
    with terminal(path) as view:
        began = time.monotonic()
        for word, said in ((b"reading", "explained"), (b"checking", "checked by the linter")):
            view.wait_for(word)
            view.wait_for_end_of(word, 3600)
            print(f"{said} after {time.monotonic() - began:.0f} s")
        print("keys when nothing goes on:")
        measure_keys(view)
        print("memory: " + ", ".join(view.memory()))


def measure_keys(view: "Terminal") -> None:
    """From a key to the moment when the terminal has what it leads to."""
    for name, key, answer, times in (
        ("the end", b"G", PLACE, 1), ("a row back", b"k", PLACE, 20),
        ("a page back", b"\x02", PLACE, 20), ("the beginning", b"g", PLACE, 1),
        ("a row on", b"j", PLACE, 20), ("a page on", b" ", PLACE, 20),
        ("the next error", b"]", PLACE, 5), ("detail", b"\r", FRAME, 1),
        ("a row on, with detail", b"j", FRAME, 20), ("list alone", b"--", PLACE, 0),
    ):  # fmt: skip
        took = sorted(view.press(key, answer) for _ in range(times))
        if took:
            print(
                f"  {name}: {statistics.median(took) * 1000:.0f} ms, at most {took[-1] * 1000:.0f}"
            )
        else:
            view.type(key)


def measure_filter(view: "Terminal", text: bytes, said: bytes) -> None:
    """From its last letter to its first matches, and to all of them."""
    view.type(b"gf")
    view.type(text[:-1])
    view.came = b""
    began = time.monotonic()
    view.send(text[-1:])
    view.wait_for(b" of ")
    first = time.monotonic() - began
    view.type(b"\r")
    view.wait_for_end_of(b"looking", 1200)
    print(
        f"filter by {said.decode()}: first after {first * 1000:.0f} ms, all after {time.monotonic() - began:.1f} s"
    )
    view.type(b"v")


class Terminal:
    """A terminal with the view in it."""

    def __init__(self, master: int, process: subprocess.Popen[bytes]) -> None:
        self._master = master
        self._process = process
        self.came = b""

    def send(self, keys: bytes) -> None:
        """Press keys, and go on."""
        os.write(self._master, keys)

    def type(self, keys: bytes) -> None:
        """Press keys, each when the one before has had time to be answered."""
        for key in keys:
            self.send(bytes([key]))
            self._read_for(0.3)

    def press(self, key: bytes, answer: re.Pattern[bytes]) -> float:
        """Press a key; returns the seconds until another answer than before is written."""
        before = self._latest(answer)
        began = time.monotonic()
        self.send(key)
        while self._latest(answer) == before and time.monotonic() < began + 10:
            self._read_for(0.001)
        took = time.monotonic() - began
        self._read_for(0.2)
        return took

    def _latest(self, pattern: re.Pattern[bytes]) -> bytes:
        """The last match of a pattern in what was written of late."""
        self.came = self.came[-40_000:]
        found = pattern.findall(CODES.sub(b"", self.came))
        return found[-1] if found else b""

    def _read_for(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self._master], [], [], left)[0]:
                self.came += os.read(self._master, 1 << 16)

    def wait_for(self, text: bytes, limit: float = 120) -> None:
        """Wait until a text was written."""
        deadline = time.monotonic() + limit
        while text not in CODES.sub(b"", self.came):
            if not select.select([self._master], [], [], deadline - time.monotonic())[0]:
                raise TimeoutError(text)
            self.came += os.read(self._master, 1 << 16)

    def wait_for_end_of(self, word: bytes, limit: float) -> None:
        """Wait until a word in a bar is written no more."""
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            self.came = b""
            self._read_for(1.0)
            if word not in CODES.sub(b"", self.came):
                return
        raise TimeoutError(word)

    def memory(self) -> Iterator[str]:
        """The private memory of the view and of its helpers."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        for name, pid in zip(
            ("view", "index", "search"), [self._process.pid, *children.split()], strict=False
        ):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            private = sum(int(kb) for kb in re.findall(r"Private_\w+:\s+(\d+) kB", rollup))
            yield f"{name} {private / 1024:.0f} MB"


@contextmanager
def terminal(path: Path) -> Iterator[Terminal]:
    """Run the view in a terminal."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "xmppspy", "tui", "--colors", "dark", str(path)],
        stdin=slave, stdout=slave, stderr=slave, env={**os.environ, "TERM": "xterm-256color"},
    )  # fmt: skip
    os.close(slave)
    try:
        yield Terminal(master, process)
    finally:
        process.kill()
        process.wait()
        os.close(master)


# --- the capture


def write(path: Path, lines: int) -> None:
    """Write a capture of so many lines."""
    from datetime import UTC, datetime  # noqa: PLC0415

    with path.open("wb") as file:
        file.write(
            encode_header(CaptureHeader(datetime(2026, 11, 22, 7, 40, tzinfo=UTC), "benchmark"))
        )
        for _, event in zip(range(lines), Traffic().events(), strict=False):
            file.write(encode(event))


class Traffic:
    """Makes up what clients and servers say."""

    def __init__(self) -> None:
        self._random = Random(7)  # noqa: S311 - made up
        self._t = 0.0
        self._n = 0
        self._open: list[int] = []
        self._last = 0

    def events(self) -> Iterator[Event]:
        """For ever."""
        while True:
            if len(self._open) < 5 or self._random.random() < 0.0005:
                yield from self._connect()
            conn = self._random.choice(self._open)
            yield from self._random.choices(
                (self._chat, self._presence, self._request, self._ack, self._space, self._avatar),
                (40, 13, 14, 20, 12, 1),
            )[0](conn)

    def _connect(self) -> Iterator[Event]:
        if len(self._open) >= 5:
            gone = self._open.pop(0)
            yield ConnectionClosed(t=self._later(), conn=gone, by="client", reason="end of stream")
        self._last += 1
        self._open.append(self._last)
        yield ConnectionOpened(
            t=self._later(), conn=self._last, client="127.0.0.1:1", server="127.0.0.1:2"
        )
        for direction in ("c2s", "s2c"):
            yield self._frame(self._last, direction, HEADER)
        bind = "xmlns='urn:ietf:params:xml:ns:xmpp-bind'"
        yield self._frame(self._last, "c2s", f"<iq type='set' id='b'><bind {bind}/></iq>")
        jid = f"user{self._last}@capulet.example/balcony"
        yield self._frame(
            self._last, "s2c", f"<iq type='result' id='b'><bind {bind}><jid>{jid}</jid></bind></iq>"
        )
        for direction, xml in (
            ("c2s", "<enable xmlns='urn:xmpp:sm:3'/>"),
            ("s2c", "<enabled xmlns='urn:xmpp:sm:3'/>"),
        ):
            yield self._frame(self._last, direction, xml)  # type: ignore[arg-type]

    def _chat(self, conn: int) -> Iterator[Event]:
        said = " ".join(self._random.choices(WORDS, k=self._random.randrange(3, 25)))
        way: Direction = self._random.choice(("c2s", "s2c"))
        address = f"{'to' if way == 'c2s' else 'from'}='{self._peer()}'"
        yield self._frame(
            conn, way,
            f"<message type='chat' id='m{self._n}' {address}><body>{said}</body>"
            "<active xmlns='http://jabber.org/protocol/chatstates'/></message>",
        )  # fmt: skip

    def _presence(self, conn: int) -> Iterator[Event]:
        caps = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://psi-im.org' ver='x='/>"
        yield self._frame(
            conn, "s2c", f"<presence from='{self._peer()}'><show>away</show>{caps}</presence>"
        )

    def _request(self, conn: int) -> Iterator[Event]:
        peer, name = self._peer(), f"i{self._n}"
        yield self._frame(
            conn,
            "c2s",
            f"<iq type='get' id='{name}' to='{peer}'><query xmlns='jabber:iq:version'/></iq>",
        )
        if self._random.random() < 0.05:
            condition = "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
            yield self._frame(
                conn,
                "s2c",
                f"<iq type='error' id='{name}' from='{peer}'><error type='cancel'>{condition}</error></iq>",
            )
        else:
            answer = (
                "<query xmlns='jabber:iq:version'><name>Psi</name><version>1.5</version></query>"
            )
            yield self._frame(
                conn, "s2c", f"<iq type='result' id='{name}' from='{peer}'>{answer}</iq>"
            )

    def _ack(self, conn: int) -> Iterator[Event]:
        yield self._frame(conn, "s2c", "<r xmlns='urn:xmpp:sm:3'/>")
        yield self._frame(conn, "c2s", "<a xmlns='urn:xmpp:sm:3' h='1'/>")

    def _space(self, conn: int) -> Iterator[Event]:
        yield self._frame(conn, "c2s", " ")

    def _avatar(self, conn: int) -> Iterator[Event]:
        data = "QUJD" * self._random.randrange(500, 2000)
        yield self._frame(
            conn,
            "s2c",
            f"<message from='{self._peer()}'><data xmlns='urn:xmpp:avatar:data'>{data}</data></message>",
        )

    def _peer(self) -> str:
        return f"friend{self._random.randrange(300)}@montague.example/phone"

    def _later(self) -> float:
        self._t += self._random.expovariate(200)
        return self._t

    def _frame(self, conn: int, way: Direction, xml: str | bytes) -> FrameRecord:
        data = xml.encode() if isinstance(xml, str) else xml
        frame = cut(b"" if data == HEADER else HEADER, data)
        self._n += 1
        return FrameRecord(
            n=self._n, t=self._later(), conn=conn, dir=way, kind=frame.kind, data=data,
            xmlns=frame.xmlns, type=frame.type, id=frame.id, from_=frame.from_, to=frame.to, ns=frame.ns,
        )  # fmt: skip


if __name__ == "__main__":
    main()
