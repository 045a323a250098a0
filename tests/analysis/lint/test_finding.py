import pytest

from tests.analysis.scenes import Scene
from xmppspy.analysis.lint.finding import Breach, Place, Severity, place_of


@pytest.mark.parametrize(
    ("severity", "lowest", "reaches"),
    [
        (Severity.ERROR, Severity.WARNING, True),
        (Severity.WARNING, Severity.WARNING, True),
        (Severity.INFO, Severity.WARNING, False),
    ],
)
def test_severities_have_an_order(severity: Severity, lowest: Severity, reaches: bool) -> None:
    """From errors, the worst, to infos."""
    assert severity.reaches(lowest) is reaches


def test_place_is_where_a_frame_is() -> None:
    """Connection, time, direction, number."""
    assert place_of(Scene().client("<iq/>")) == Place(1, 0.1, "c2s", 1)


def test_breaches_say_what_differs() -> None:
    """Severity and place are the rule's and the frame's, unless they are told."""
    breach = Breach("something is wrong")

    assert (breach.severity, breach.place) == (None, None)
