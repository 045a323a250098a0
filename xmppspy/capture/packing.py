"""Packing: a capture that is complete, compressed."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import zstandard

_CHUNK: Final = 1 << 20


def pack(path: str, is_given_up: Callable[[], bool] = bool) -> str:
    """Put a compressed file in the place of `path`; returns its name.

    When it is given up meanwhile, everything stays as it was, and that is the name. Raises OSError.
    """
    target, draft = f"{path}.zst", f"{path}.zst.part"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = os.open(draft, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            is_whole = _pack_into(file.write, path, is_given_up)
        if not is_whole:
            Path(draft).unlink()
            return path
        move(draft, target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    Path(path).unlink()
    return target


def _pack_into(
    write: Callable[[bytes], object], path: str, is_given_up: Callable[[], bool]
) -> bool:
    packer = zstandard.ZstdCompressor().compressobj()
    with Path(path).open("rb") as source:
        while data := source.read(_CHUNK):
            if is_given_up():
                return False
            write(packer.compress(data))
    write(packer.flush())
    return True


def move(path: str, target: str) -> None:
    """Rename a file; raises FileExistsError rather than put it in the place of another."""
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)
    Path(path).rename(target)
