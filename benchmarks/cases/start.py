"""How long it takes to start."""

import compileall
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.harness.case import Bound, Case, Contenders, Figures
from benchmarks.harness.program import ROOT, python
from benchmarks.harness.setting import Setting
from benchmarks.harness.timing import run

_TIME: Final = "ms"
_TEN: Final = 10
_IMPORTS: Final = {
    "import click": "import click",
    "import lxml and rich": "import lxml.etree, rich.console, rich.text",
    "import cryptography": "from cryptography import x509",
}

_HEADER: Final = (
    b"<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xmlns='jabber:client' "
    b"xmlns:stream='http://etherx.jabber.org/streams'>"
)


def contenders(setting: Setting) -> Contenders:
    """What xmppspy does, and what any program would that uses the same libraries."""
    compileall.compile_dir(ROOT / "xmppspy", quiet=1)
    ten = setting.folder / "ten.xmpp.jsonl"
    whole = (ROOT / "captures" / "roster-and-presence.xmpp.jsonl").read_text()
    ten.write_text("".join(whole.splitlines(keepends=True)[:_TEN]))
    certificates = setting.folder / "start-ca"
    run(python("xmppspy", "ca", "path", "--ca-dir", certificates))
    imports = {
        name: partial(_measure, [sys.executable, "-c", code]) for name, code in _IMPORTS.items()
    }
    return {
        **imports,
        "xmppspy --help": partial(_measure, python("xmppspy", "--help")),
        "show of ten lines": partial(_measure, python("xmppspy", "show", ten)),
        "proxy to listening": partial(_listening, certificates),
        "proxy to an answer": partial(_answering, certificates),
    }


def _measure(command: list[str]) -> Figures:
    return {_TIME: run(command).seconds * 1e3}


def _listening(certificates: Path) -> Figures:
    with _proxy(certificates) as (began, _):
        seconds = time.perf_counter() - began
    return {_TIME: seconds * 1e3}


def _answering(certificates: Path) -> Figures:
    with (
        _proxy(certificates) as (began, port),
        socket.create_connection(("127.0.0.1", port)) as sock,
    ):
        sock.sendall(_HEADER)
        assert sock.recv(1)
        seconds = time.perf_counter() - began
    return {_TIME: seconds * 1e3}


@contextmanager
def _proxy(certificates: Path) -> Iterator[tuple[float, int]]:
    """When it was started, and the port that it listens on; it says so when the block begins."""
    command = python(
        "xmppspy", "proxy", "xmpp://localhost:1", "--listen", "0", "--no-record", "--quiet",
        "--ca-dir", certificates,
    )  # fmt: skip
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        assert process.stderr
        while b"listening" not in (line := process.stderr.readline()):
            assert process.poll() is None
        try:
            yield began, int(line.rpartition(b":")[2])
        finally:
            process.terminate()


def _bound(name: str, beside: str) -> Bound:
    return Bound(
        text=f"{name} beside {beside}", figure=(name, _TIME), beside=(beside, _TIME), must=2
    )


CASE: Final = Case(
    name="start",
    title="How long it takes to start",
    text="""
Each as a whole process, from its start to its end; `proxy` until it says that it listens, with a CA
that was made before, and until a client that connects at that moment has got its first answer (that
the server cannot be reached). `import cryptography` is `from cryptography import x509`, without which there
is no certificate. All are compiled to bytecode, as pip leaves them.
""",
    contenders=contenders,
    bounds=(
        _bound("xmppspy --help", "import click"),
        _bound("show of ten lines", "import lxml and rich"),
        _bound("proxy to listening", "import cryptography"),
    ),
    rounds=11,
)
