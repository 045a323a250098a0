"""Captures of made-up scenes, for commands to read."""

from datetime import UTC, datetime
from pathlib import Path

from tests.analysis.scenes import Scene
from xmppspy.capture.format import Header, encode, encode_header

CREATED = datetime(2026, 11, 22, 7, 40, 12, tzinfo=UTC)


def written(scene: Scene) -> bytes:
    """A capture that holds a scene."""
    header = encode_header(Header(CREATED, "xmppspy 0.1.0"))
    return header + b"".join(map(encode, scene.events))


def write(scene: Scene, path: Path) -> Path:
    """The same as a file."""
    path.write_bytes(written(scene))
    return path
