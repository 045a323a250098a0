import re
import signal
import threading

import pytest

from tests.filters.samples import frame
from xmppspy.filters import Filter, patience
from xmppspy.filters.patience import breadth, patient
from xmppspy.protocol.events import FrameRecord

BOMB = re.compile(r"(a+)+$")
FUSE = "a" * 40 + "!"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a moment of patience."""
    monkeypatch.setattr(patience, "PATIENCE", 0.02)


@pytest.mark.usefixtures("impatient")
def test_a_search_ends_in_time() -> None:
    """A text that is made for a pattern is one in which nothing is found; others are searched."""
    found = patient(BOMB)

    assert not found(FUSE)
    assert found("xaaa")
    assert signal.getsignal(signal.SIGVTALRM) is signal.SIG_DFL


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("pattern", ["(a|a)*$", "(?:a?a)+$", r"(?:\w|a){3,}!$"])
def test_one_repetition_is_enough_to_take_for_ever(pattern: str) -> None:
    """Where there is a choice in what is repeated."""
    assert not patient(re.compile(pattern))("a" * 60 + "?")


@pytest.mark.usefixtures("impatient")
def test_long_texts_take_the_square_of_their_length() -> None:
    """A pattern that is quick on a line is not so on a novel; longer texts are not searched."""
    found = patient(re.compile(r"\w+@"))

    assert found("a" * 500 + "@")
    assert found("a" * 1500 + "@")
    assert not found("a" * 100_000)
    assert not found("a" * 300_000 + "@")
    assert patient(re.compile("aa@"))("a" * 300_000 + "@")


@pytest.mark.usefixtures("impatient")
def test_what_takes_too_long_again_and_again_is_given_up() -> None:
    """A peer that has found out costs no more than three times the patience."""
    found = patient(BOMB)
    for _ in range(1000):
        assert not found(FUSE)

    assert not found("aaa")


def test_other_threads_search_without_a_bound() -> None:
    """There is no such timer for them."""
    told: list[bool] = []
    thread = threading.Thread(target=lambda: told.append(patient(BOMB)("aaa")))
    thread.start()
    thread.join(10)

    assert told == [True]


def test_somebody_elses_timer_is_left_alone() -> None:
    """A program may use the signal itself."""
    before = signal.signal(signal.SIGVTALRM, signal.SIG_IGN)
    try:
        assert patient(BOMB)("aaa")
        assert signal.getsignal(signal.SIGVTALRM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize(
    ("xpath", "often"),
    [
        ("/c:message/c:body", 1),
        ("//c:body//c:a", 2),
        ("//c:body | //c:a", 1),
        ("not(//a) and not(//b)", 1),
        ("(//a | //b)//c", 2),
        ("count(//*//*//*//*) > 5", 4),
        ("]])//a", 1),
        ("//c:item[c:group]", 1),
        ("//c:item[.='//']", 1),
        ("//a[//b]", 2),
        ("//a[following::b[ancestor::c]]", 3),
        ("count(//*[count(//*[//*]) = 1]) = 2", 3),
    ],
)
def test_breadth(xpath: str, often: int) -> None:
    """What is looked for everywhere, for each thing that is found everywhere."""
    assert breadth(xpath) == often


def test_an_xpath_is_not_asked_of_a_stanza_that_is_made_for_it() -> None:
    """It takes the third power of its size; small ones are no matter."""
    asks = Filter("xpath://*[//*[//*[.='x']]]")

    assert asks.match(_record("<message><body>x</body></message>"))
    assert not asks.match(_record(f"<message>{'<a/>' * 400}<body>x</body></message>"))


def _record(xml: str) -> FrameRecord:
    cut = frame(xml)
    return FrameRecord(n=1, t=0.0, conn=1, dir="c2s", kind=cut.kind, data=cut.data)
