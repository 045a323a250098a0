from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.intervene import values
from xmppspy.intervene.values import BadValueError


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (values.seconds, 2, 2.0),
        (values.seconds, 0.5, 0.5),
        (values.seconds, "250ms", 0.25),
        (values.seconds, "2s", 2.0),
        (values.seconds, "1.5 m", 90.0),
        (values.seconds, "1h", 3600.0),
        (values.seconds, 600, 600.0),
        (values.seconds, "2000s", 2000.0),
        (values.seconds, "24h", 86_400.0),
        (values.line_seconds, 0.1, 0.1),
        (values.line_seconds, 59, 59.0),
        (values.line_seconds, "100ms", 0.1),
        (values.line_seconds, "100s", 100.0),
        (values.size, 0, 0),
        (values.size, 1000, 1000),
        (values.size, "20kB", 20_000),
        (values.size, "1.5MB", 1_500_000),
        (values.size, "2KiB", 2048),
        (values.rate, 20000, 20_000.0),
        (values.rate, "20kB/s", 20_000.0),
        (values.rate, "0.5 MB/s", 500_000.0),
        (values.count, 3, 3),
        (values.copies, 2, 2),
        (values.probability, 0.25, 0.25),
        (values.probability, 1, 1.0),
        (values.truth, True, True),
        (values.text, "é\n", "é\n"),
        (values.name, "xml:lang", "xml:lang"),
        (values.one_of("forward", "drop"), "drop", "drop"),
    ],
)
def test_values_are_read(read: Callable[[object], object], value: object, expected: object) -> None:
    """Numbers as seconds and bytes, texts with their units."""
    assert read(value) == expected


@pytest.mark.parametrize(
    ("read", "value", "reason"),
    [
        (values.seconds, "2 seconds", '"2 seconds" is no duration such as 2.5, "250ms", "2s", "1m"'),
        (values.seconds, -1, "-1 is no duration"),
        (values.seconds, "-1s", '"-1s" is no duration'),
        (values.seconds, "25h", '"25h" is more than a day, 86400 seconds'),
        (values.seconds, 100_000, "100000 is more than a day, 86400 seconds"),
        (values.seconds, 2000, "2000 would be seconds; for toxiproxy's milliseconds write \"2000ms\""),
        (values.seconds, float("inf"), "inf is no duration"),
        (values.seconds, float("nan"), "nan is no duration"),
        (values.seconds, 10**400, "this is no duration"),
        (values.seconds, True, "true is no duration"),
        (values.seconds, [1], "[1] is no duration"),
        (values.seconds, "2s/s", '"2s/s" is no duration'),
        (values.line_seconds, 100, '100 would be seconds; for toxiproxy\'s milliseconds write "100ms"'),
        (values.size, "20", '"20" is no size such as 1000, "20kB", "1MB"'),
        (values.size, 1.5, "1.5 is no size"),
        (values.size, -1, "-1 is no size"),
        (values.size, "20kB/s", '"20kB/s" is no size'),
        (values.rate, 0, "0 is no rate"),
        (values.rate, "20kB", '"20kB" is no rate such as 20000, "20kB/s", "1MB/s"'),
        (values.count, 0, "0 is no number from 1"),
        (values.count, True, "true is no number from 1"),
        (values.count, 1.0, "1.0 is no number from 1"),
        (values.copies, 1, "1 is no number from 2 to 1000"),
        (values.copies, 1001, "1001 is no number from 2 to 1000"),
        (values.probability, 1.1, "1.1 is no number from 0 to 1"),
        (values.truth, 1, "1 is not true or false"),
        (values.text, 1, "1 is no text in quotation marks"),
        (values.text, "\x1b", "the character U+001B cannot stand in XML"),
        (values.name, "a b", '"a b" is no name of an attribute'),
        (values.name, "", '"" is no name of an attribute'),
        (values.one_of("a", "drop"), "dorp", '"dorp" is not one of a, drop; did you mean drop?'),
        (values.one_of("a", "b"), 7, "7 is not one of a, b"),
        (values.count, "x" * 50, "this is no number from 1"),
    ],
)  # fmt: skip
def test_what_is_none_is_refused(
    read: Callable[[object], object], value: object, reason: str
) -> None:
    """With what would have been one."""
    with pytest.raises(BadValueError) as caught:
        read(value)

    assert str(caught.value).startswith(reason)


_READERS = (
    values.seconds, values.line_seconds, values.size, values.rate, values.count, values.copies,
    values.probability, values.truth, values.text, values.name, values.one_of("a", "b"),
)  # fmt: skip


@given(
    st.sampled_from(_READERS),
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text()),
              st.from_regex(r"[0-9]{1,400}(kB|ms|MB/s)", fullmatch=True)),
)  # fmt: skip
def test_nothing_else_is_raised(read: Callable[[object], Any], value: object) -> None:
    """Whatever stands in the file."""
    try:
        found = read(value)
    except BadValueError as caught:
        reason = str(caught)
    else:
        assert isinstance(found, str | int | float)
        return

    assert "\n" not in reason
