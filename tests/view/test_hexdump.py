import pytest

from xmppspy.view.hexdump import hex_rows, is_text


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", True),
        (b"<iq><query></iq>", True),
        ("Grüße".encode(), True),
        ("é".encode()[1:] + b"cut" + "é".encode()[:1], True),
        (b"\x1b[31m red", True),
        (bytes.fromhex("16030102000100"), False),
        (b"caf\xe9 latin", False),
        (bytes(100), False),
        (b"", True),
    ],
)
def test_what_counts_as_text(data: bytes, expected: bool) -> None:
    """UTF-8 without many controls, wherever it was cut."""
    assert is_text(data) is expected


def test_rows() -> None:
    """Sixteen bytes a row, in hexadecimal digits and as ASCII, in aligned columns."""
    rows = list(hex_rows(b"\x16\x03abcdefghijklmn<>"))

    assert rows == [
        "16 03 61 62 63 64 65 66  67 68 69 6a 6b 6c 6d 6e  ..abcdefghijklmn",
        "3c 3e                                             <>",
    ]
