from array import array

from hypothesis import given
from hypothesis import strategies as st

from xmppspy.capture.lines import Lines

_PIECES = st.sampled_from(
    [b"{", b"}", b"\n", b" ", b"# {\n", b'{"dir":"c2s"}\n', b"\t{}\n", b"\xef\xbb\xbf", b"x" * 70]
)


def starts_of(data: bytes, step: int) -> list[int]:
    """The beginnings that are found when `data` comes in pieces of `step` bytes."""
    lines = Lines()
    found = array("Q")
    for at in range(0, len(data), step):
        found.extend(lines.feed(data[at : at + step]))
    return list(found)


def plainly(data: bytes) -> list[int]:
    """The same, found in the simplest way."""
    found, at = [], 0
    for line in data.splitlines(keepends=True) if data else []:
        if line.endswith(b"\n") and line[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
            found.append(at)
        at += len(line)
    return found


@given(st.lists(_PIECES).map(b"".join), st.integers(1, 9))
def test_pieces_make_no_difference(data: bytes, step: int) -> None:
    """The lines that are found are those of the whole, however it comes."""
    assert starts_of(data, step) == plainly(data)


def test_comments_and_blank_lines_are_passed_over() -> None:
    """Only what holds an object counts."""
    data = b'# a comment\n\n{"dir":"c2s"}\n  \n \t{"event":"mark"}\n'

    assert starts_of(data, 5) == [13, 30]


def test_byte_order_mark_is_passed_over() -> None:
    """A line that begins behind one is found, with the mark."""
    assert starts_of(b"\xef\xbb\xbf{}\n{}\n", 2) == [0, 6]


def test_unfinished_line_is_known() -> None:
    """What is not ended by a line feed yet is told apart."""
    lines = Lines()
    lines.feed(b'{}\n{"event":')
    begun = lines.unfinished
    found = lines.feed(b'"mark"}\n#')

    assert begun == 3
    assert list(found) == [3]
    assert lines.unfinished is None
    assert lines.size == 21
