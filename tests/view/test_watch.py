from typing import Any

import pytest
from msgspec.structs import replace

from tests.control.samples import held
from tests.view.test_control import BREAKPOINT
from tests.view.test_interventions import ANSWER
from xmppspy.control import news, replies
from xmppspy.view import watch as words


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        (130, f"frame 7: 12 s, then forward · 2 more · {words.KEYS}"),
        (80, "frame 7: 12 s, then forward · 2 more · f d e 2 space n q, ? help"),
        (50, "frame 7: 12 s, then forward · 2 more · ? help"),
        (20, "frame 7: 12 s, the…"),
    ],
)
def test_last_line_counts_down(columns: int, text: str) -> None:
    """In one row of the terminal: as much of the keys as fits."""
    shown = words.prompt(held(), 12.3, 2, columns)

    assert shown == text
    assert len(shown) < columns


def test_last_line_without_others() -> None:
    """Says nothing of them; time that is up is no less than none."""
    assert words.prompt(held(otherwise="drop"), -1.0, 0, 200).startswith(
        "frame 7: 0 s, then drop · f forward"
    )


def test_last_line_while_nothing_is_held() -> None:
    """Says what would be."""
    assert words.idle(BREAKPOINT, 80) == (
        "nothing is held · message (for 30 s, then forward) · q quit"
    )
    assert words.idle(BREAKPOINT, 30) == "nothing is held · message (f…"
    assert words.idle(replace(BREAKPOINT, on=False, filter=None), 80) == (
        "nothing is held · no filter yet; xmppspy ctl hold FILTER · q quit"
    )


def test_keys_fit_into_a_row() -> None:
    """Of the usual terminal."""
    assert len(words.KEYS) < 80


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "frame 7 waits:"),
        ({"received": "<a/>"}, "frame 7 waits, as a rule has changed it:"),
        ({"received": "<a/>", "xml": None}, "frame 7 waits, which a rule drops:"),
    ],
)
def test_title(changes: dict[str, Any], text: str) -> None:
    """What is shown below is what will leave."""
    assert words.title(held(7, **changes)) == text


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (news.Opened(conn=1, client="127.0.0.1:5"), "connection 1 opened by 127.0.0.1:5"),
        (
            news.Closed(conn=1, by="client", reason="a\x1bb"),
            r"connection 1 closed by client: a\x1bb",
        ),
        (news.Breakpoint(breakpoint=BREAKPOINT), "holding message (for 30 s, then forward)"),
        (news.Rules(rules=replies.Rules(file=None, rules=[])), "rules: 0 of 0 on"),
        (news.Trouble(about="rules", detail="a\n  b\n  ^"), "rules: a\n  b\n  ^"),
        (news.Injected(conn=1, dir="c2s", xml="<a/>"), "injected on connection 1, C→S"),
        (news.Answer(answer=ANSWER), "result for p1 after 12 ms, kept from the other side"),
        (news.Dropped(detail="too slow"), "too slow"),
        (news.Decided(n=1, action="drop"), ""),
        (news.News(), ""),
    ],
)
def test_what_happens(told: news.News, text: str) -> None:
    """Is told in one line, or not at all."""
    assert words.line(told) == text


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (
            news.Released(n=7, conn=1, action="replace", held=3.25, decided=True),
            "frame 7 was edited after 3.2 s",
        ),
        (
            news.Released(n=7, conn=1, action="forward", held=30.0),
            "frame 7 was forwarded after 30 s, nobody has decided",
        ),
        (news.Released(n=7, conn=1, action="drop", decided=True), "frame 7 was dropped"),
    ],
)
def test_outcome(told: news.Released, text: str) -> None:
    """What has become of a frame, and whether somebody wanted it so."""
    assert words.outcome(told) == text
