import pytest

from xmppspy.control.lines import Lines
from xmppspy.errors import ControlError


def _taken(lines: Lines) -> list[bytes]:
    found = []
    while line := lines.next_line():
        found.append(line)
    return found


def test_lines_are_cut_however_they_arrive() -> None:
    """Blank ones are left out, and both usual ends of lines are ends."""
    data = b'{"a":1}\n\n  \n{"b":2}\r\n{"c"'
    whole, piecewise = Lines(100), Lines(100)
    whole.receive(data)
    found = []
    for byte in data:
        piecewise.receive(bytes([byte]))
        found += _taken(piecewise)

    assert _taken(whole) == found == [b'{"a":1}', b'{"b":2}']


def test_the_rest_is_kept() -> None:
    """A line that is not whole waits for its end."""
    lines = Lines(100)
    lines.receive(b"a\nb")
    first = _taken(lines)
    lines.receive(b"c\n")

    assert (first, _taken(lines)) == ([b"a"], [b"bc"])


@pytest.mark.parametrize("data", [b"12345678901", b"12345678901\n", b"ok\n12345678901\n"])
def test_a_long_line_is_an_error(data: bytes) -> None:
    """Whether its end has come or not; what came before it can be taken."""
    lines = Lines(10)
    lines.receive(data)
    if data.startswith(b"ok"):
        assert lines.next_line() == b"ok"

    with pytest.raises(ControlError, match="more than 10 bytes"):
        lines.next_line()


def test_the_longest_line_passes() -> None:
    """The bound itself is allowed."""
    lines = Lines(10)
    lines.receive(b"1234567890\n")

    assert lines.next_line() == b"1234567890"
