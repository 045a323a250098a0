from itertools import count

import pytest

from xmppspy.errors import FilterError, MalformedXML
from xmppspy.scripting.complaints import QUIET, Often, Place, complaint, said


def test_a_complaint_is_one_line_with_its_place() -> None:
    """The file, the line, what happened, and what stands there; nothing acts on a terminal."""
    place = Place("play.py", 7, "1 / 0")

    assert complaint(place, "ZeroDivisionError: division by zero") == (
        "play.py:7: ZeroDivisionError: division by zero, in: 1 / 0"
    )
    assert complaint(Place("play.py", 0, ""), "odd\x1b[2J\n") == r"play.py: odd\x1b[2J\n"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("no\nway"), "ValueError: no way"),
        (KeyError(), "KeyError"),
        (SystemExit(3), "SystemExit: 3"),
        (ValueError("x" * 1000), "ValueError: " + "x" * 400 + "…"),
        (
            FilterError("mesage", 0, "unknown", "try it"),
            "FilterError: unknown (try it), in 'mesage'",
        ),
        (
            MalformedXML("<a></b>" + "x" * 50, 3, "odd"),
            f"MalformedXML: odd, at character 3, near '<a></b>{'x' * 16}'",
        ),
    ],
)
def test_what_an_exception_says(error: BaseException, text: str) -> None:
    """Its name and its words, in one line."""
    assert said(error) == text


def test_the_same_thing_is_told_now_and_then() -> None:
    """At once, then again after a while, with how often it came meanwhile; each by itself."""
    times = count(0.0, QUIET / 10)
    often = Often(lambda: next(times))
    told = [often.tell("KeyError", 3) for _ in range(21)]

    assert told == [
        "",
        *[None] * 9,
        " (9 more like it before)",
        *[None] * 9,
        " (9 more like it before)",
    ]
    assert often.tell("KeyError", 4) == ""
    assert often.tell("ValueError", 3) == ""
