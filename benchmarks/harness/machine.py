"""What machine this is, and the versions of what is compared."""

import os
import platform
import re
import ssl
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

from benchmarks.harness.setting import find
from xmppspy import __version__

_ASKED: Final = (
    ("nginx", "-v"),
    ("mitmdump", "--version"),
    ("sslsplit", "-V"),
    ("socat", "-V"),
    ("tshark", "--version"),
)
_VERSION: Final = re.compile(r"[0-9]+(\.[0-9]+)+")


def described() -> str:
    """A few lines about machine and versions: Markdown."""
    kernel = f"{platform.system()} {platform.release()}"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = f"Python {platform.python_version()}, {ssl.OPENSSL_VERSION}"
    return (
        f"Machine: {_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {kernel}.\n"
        f"{python}; xmppspy {__version__}, lxml {version('lxml')}, "
        f"msgspec {version('msgspec')}.\n" + ", ".join(_peers()) + ".\n"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", info.read_text()) if info.exists() else []
    return names[0] if names else platform.processor() or platform.machine()


def _peers() -> Iterator[str]:
    for name, option in _ASKED:
        program = find(name)
        if program is None:
            yield f"no {name}"
            continue
        told = subprocess.run([program, option], capture_output=True, text=True, check=False)
        match = _VERSION.search(told.stdout + told.stderr)
        yield f"{name} {match[0] if match else '(version unknown)'}"
