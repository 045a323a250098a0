import pytest

from xmppspy.analysis.contents.media import kind_of

JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF"
    + bytes(10)
    + b"\xff\xc4\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x40\x00\x60"
)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x60\x00\x00\x00\x40",
            "PNG, 96 × 64 pixels",
        ),
        (b"GIF89a\x60\x00\x40\x00", "GIF, 96 × 64 pixels"),
        (JPEG, "JPEG, 96 × 64 pixels"),
        (b"\xff\xd8\xff\xe0\x00", "JPEG"),
        (b"\xff\xd8\xff\xe0\x00\x01rest", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP"),
        (b"\x00\x00\x00\x1cftypavif", "AVIF"),
        (b"%PDF-1.7", "PDF"),
        (b"-----BEGIN PGP MESSAGE-----", "OpenPGP, armoured"),
        (b"hello", ""),
        (b"", ""),
    ],
)
def test_bytes_are_told_by_their_beginning(data: bytes, kind: str) -> None:
    """With the size of a picture, where it is there."""
    assert kind_of(data) == kind


@pytest.mark.parametrize("cut", range(len(JPEG)))
def test_nothing_fails_on_what_is_cut(cut: int) -> None:
    """Any beginning will do."""
    assert kind_of(JPEG[:cut]) in ("", "JPEG")
