from collections.abc import Iterable
from dataclasses import replace

import pytest

from tests.view.tui.puppet import RULES, Puppet
from tests.view.tui.test_sieve import found, sieve
from xmppspy.control import replies
from xmppspy.view.browse.listing import Listing
from xmppspy.view.browse.messages import Progress
from xmppspy.view.marked import Span
from xmppspy.view.tui import bars
from xmppspy.view.tui.commands import Command
from xmppspy.view.tui.proxy import Proxy
from xmppspy.view.tui.sieve import Sieve

DONE = Progress(rows=10, explained=10, judged=10, connections=2)


def text(spans: Iterable[Span]) -> str:
    """Spans without inks."""
    return "".join(piece for _, piece in spans)


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (DONE, "a.xmpp.jsonl  10 lines · 2 connections"),
        (
            replace(DONE, errors=1, findings=2, marks=3),
            "a.xmpp.jsonl  10 lines · 2 connections · 1 error · 2 findings · 3 marks",
        ),
    ],
)
def test_title(progress: Progress, expected: str) -> None:
    """Which capture it is, and what is in it."""
    assert text(bars.title("/x/a.xmpp.jsonl", progress)) == expected
    assert text(bars.title("-", progress)).startswith("standard input ")


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (DONE, ""),
        (replace(DONE, is_written=True), "● live"),
        (replace(DONE, explained=5), "reading 50 %"),
        (replace(DONE, judged=9), "checking 90 %"),
        (replace(DONE, torn=True), "its last line is torn"),
        (replace(DONE, standing="removed", is_written=True), "the file was removed"),
        (replace(DONE, standing="replaced"), "it goes on in another file (G)"),
        (replace(DONE, standing="truncated"), "the file was cut short"),
    ],
)
def test_standing(progress: Progress, expected: str) -> None:
    """How it stands with the file."""
    assert text(bars.standing(progress)) == expected


def test_filter_is_shown() -> None:
    """On or off, with what is hidden besides, and how much is left."""
    made, _ = sieve()
    nothing = text(bars.applied(made)) + text(bars.matching(made))
    made.apply("iq", 0)
    looking = text(bars.matching(made))
    made.take(found(1, 2, 3))
    on = text(bars.applied(made)), text(bars.matching(made))
    made.toggle_quiet(0)
    made.toggle(0)
    off = text(bars.applied(made))

    assert nothing == ""
    assert looking == "looking 0 %  "
    assert on == ("filter iq", "2 of 10")
    assert off == "filter iq  off   hidden keepalives and acknowledgements"


def test_reason_for_nothing_is_told() -> None:
    """Nothing found, nothing found yet, nothing there yet."""
    made, _ = sieve()
    empty, _ = sieve(0)
    made.apply("iq", 0)
    looking = bars.nothing(made, DONE)
    made.take(found(1))

    assert looking == "looking…"
    assert bars.nothing(made, DONE).startswith("nothing matches")
    assert bars.nothing(empty, replace(DONE, is_written=True)).startswith("nothing yet")
    assert bars.nothing(empty, DONE) == ""


def test_hints_are_whole() -> None:
    """As many as there is room for."""
    commands = [
        Command(name, key, name, "", "", print) for name, key in (("help", "f1"), ("quit", "q"))
    ]

    assert text(bars.hints(commands, 40)) == "f1 help  q quit  "
    assert text(bars.hints(commands, 12)) == "f1 help  "
    assert text(bars.hints(commands, 2)) == ""


@pytest.mark.parametrize(
    ("place", "count", "new", "follows", "expected"),
    [
        (0, 0, 0, False, "0/0"),
        (4, 1234, 0, False, "5/1,234"),
        (4, 1234, 12, False, "+12 new  5/1,234"),
        (1233, 1234, 0, True, "▼ following  1,234/1,234"),
    ],
)
def test_position(place: int, count: int, new: int, follows: bool, expected: str) -> None:
    """Where the cursor is, and what came meanwhile."""
    assert text(bars.position(place, count, new, follows=follows)) == expected


def test_held_and_lost_are_told() -> None:
    """A long filter is cut; where a client has to go, is said while there is nothing."""
    proxy = Proxy(Puppet(), lambda: None, lambda *_: None, lambda: 0.0)
    off = replies.Breakpoint(on=False, filter="iq", timeout=1.0, otherwise="drop")
    proxy.listening = ["127.0.0.1:5222"]
    empty = Sieve(Listing(), lambda _: None)
    nothing = bars.nothing(empty, DONE, proxy)
    proxy.breakpoint = off
    silent = text(bars.held(proxy))
    proxy.breakpoint = replies.Breakpoint(
        on=True, filter="message from:juliet@capulet.example", timeout=1.0, otherwise="drop"
    )
    holding = text(bars.held(proxy))
    proxy.rules = replies.Rules(file=None, rules=list(RULES))
    ruled = text(bars.held(proxy))
    proxy.lost = "the proxy has gone"

    assert ruled == f"1 rule  {holding}"
    assert "point a client at 127.0.0.1:5222" in nothing
    assert silent == ""
    assert holding == "holding message from:juliet@cap…  "
    assert text(bars.held(proxy)) == "proxy gone  "
    assert text(bars.held(None)) == ""
