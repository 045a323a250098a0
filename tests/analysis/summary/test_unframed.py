from dataclasses import replace

import pytest

from tests.analysis.summary.samples import frame
from xmppspy.analysis.summary.unframed import raw


@pytest.mark.parametrize(
    ("kind", "data", "shown"),
    [
        ("space", b" \r\n", r'" \r↵"'),
        ("comment", b"<!-- \x1b[2J -->", r'"<!-- \x1b[2J -->"'),
        ("partial", b"<message><bo", '"<message><bo"'),
        ("opaque", b"<a></b>", '"<a></b>"'),
        ("opaque", bytes.fromhex("160301"), "16 03 01"),
        ("opaque", bytes(100), f"{'00 ' * 9}00…"),
        ("opaque", b"caf\xe9s", "63 61 66 e9 73"),
        ("opaque", "né".encode()[:-1], r'"n\xc3"'),
        ("partial", b"caf\xe9", r'"caf\xe9"'),
        ("text", b"x" * 100, f'"{"x" * 30}…"'),
    ],
)
def test_raw_frames(kind: str, data: bytes, shown: str) -> None:
    """Text as text, other bytes in hexadecimal digits; harmless and short."""
    assert raw(replace(frame(" "), kind=kind, data=data), 30) == shown
