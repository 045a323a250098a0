"""Content: something that was carried in a frame, opened."""

from typing import NamedTuple


class Content(NamedTuple):
    """One thing with what it says. All of it but `data` is harmless for terminals."""

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    """Names and values."""
    warnings: tuple[str, ...] = ()
    """What is wrong with it, a sentence each."""
    data: bytes = b""
    """Bytes that may be looked at, exactly as they are; empty where there is nothing to be seen."""
