from dataclasses import fields

import pytest

from xmppspy.protocol.toxics import Slicer, Timeout
from xmppspy.protocol.verdicts import DROP, FORWARD, End, Hold, Undecided, Verdict

HOLD = Hold(5.0, drops=True)
FULL = Verdict(
    data=b"<a/>",
    copies=2,
    delay=1.0,
    overtaken=True,
    hold=HOLD,
    behind=b"<b/>",
    back=b"<c/>",
    toxics=(Slicer(1),),
    end=End.CLOSE,
    ender="a script",
    notes=("one",),
    marks=("two",),
)


def test_verdicts_are_values() -> None:
    """Two verdicts that say the same are equal, and can be keys."""
    verdicts = {FORWARD, Verdict(), DROP, Verdict(data=None), Verdict(data=b"<a/>"), FULL}

    assert len(verdicts) == 4
    assert Undecided(1, 0.5) == Undecided(1, 0.5)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (Verdict(end=End.RESET), FORWARD, "reset by a rule"),
        (Verdict(end=End.CLOSE, ender="a script"), FORWARD, "closed by a script"),
        (Verdict(end=End.CLOSE), Verdict(end=End.RESET, ender="a script"), "reset by a script"),
        (Verdict(end=End.CLOSE), Verdict(ender="a script"), "closed by a rule"),
    ],
)
def test_reason_of_an_end(first: Verdict, second: Verdict, reason: str) -> None:
    """Says how, and who wanted it: the last one who wanted an end."""
    both = first.then(second)

    assert both.end is not None
    assert both.end.by(both.ender) == reason


def test_verdict_of_nothing_is_to_forward() -> None:
    """Whoever says nothing lets a frame go on as it came, once, at once."""
    said = {field.name for field in fields(Verdict) if getattr(FULL, field.name) == field.default}

    assert Verdict() == FORWARD
    assert said == set()


@pytest.mark.parametrize("verdict", [FORWARD, DROP, FULL])
def test_forward_adds_nothing(verdict: Verdict) -> None:
    """Before another verdict or behind it, it changes nothing."""
    assert FORWARD.then(verdict) == verdict
    assert verdict.then(FORWARD) == verdict


def test_later_verdict_counts() -> None:
    """Where there can be one only, it is what was said last; the rest is put together."""
    later = Verdict(
        data=None,
        copies=3,
        delay=0.5,
        hold=Hold(1.0),
        behind=b"<d/>",
        back=b"<e/>",
        toxics=(Timeout(),),
        end=End.RESET,
        notes=("three",),
        marks=("four",),
    )

    assert FULL.then(later) == Verdict(
        data=None,
        copies=3,
        delay=1.5,
        overtaken=True,
        hold=Hold(1.0),
        behind=b"<b/><d/>",
        back=b"<c/><e/>",
        toxics=(Slicer(1), Timeout()),
        end=End.RESET,
        notes=("one", "three"),
        marks=("two", "four"),
    )


def test_person_has_time_for_a_while() -> None:
    """A hold ends by itself, and then the frame goes on."""
    assert Hold() == Hold(30.0, drops=False)
