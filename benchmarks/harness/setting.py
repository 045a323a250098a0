"""Setting: what the cases of one run share: a folder, certificates, the programs at hand."""

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import trustme

from benchmarks.harness.program import ROOT

BUILD: Final = ROOT / "build" / "benchmarks"
"""What is made once and kept: captures, environments of others. Not under version control."""

MITMDUMP: Final = BUILD / "mitmproxy" / "bin" / "mitmdump"


@dataclass(frozen=True, slots=True)
class Setting:
    """One run. What `stack` holds is ended with it."""

    folder: Path
    quick: bool
    """Whether a fast answer is wanted rather than a good one."""
    stack: contextlib.ExitStack

    @classmethod
    def in_folder(cls, folder: Path, stack: contextlib.ExitStack, *, quick: bool) -> "Setting":
        """A setting with certificates for localhost and capulet.example."""
        authority = trustme.CA()
        leaf = authority.issue_cert("localhost", "capulet.example", "127.0.0.1")
        authority.cert_pem.write_to_path(folder / "ca.pem")
        authority.private_key_pem.write_to_path(folder / "ca.key")
        leaf.private_key_and_cert_chain_pem.write_to_path(folder / "leaf.pem")
        return cls(folder, quick, stack)

    @property
    def leaf(self) -> Path:
        """Key and certificate of localhost."""
        return self.folder / "leaf.pem"

    @property
    def ca(self) -> Path:
        """What vouches for it."""
        return self.folder / "ca.pem"

    def count(self, usual: int, quick: int) -> int:
        """How many of something."""
        return quick if self.quick else usual


def find(program: str) -> str | None:
    """Where a program is; None when it is not installed."""
    if program == "mitmdump":
        return str(MITMDUMP) if MITMDUMP.exists() else None
    return shutil.which(
        program, path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    )
