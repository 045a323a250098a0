import pytest

from tests.view.browse.test_listing import found, sample
from xmppspy.view.browse.hunt import Catch, Hunt
from xmppspy.view.browse.listing import Findings


@pytest.mark.parametrize(
    ("hunt", "caught"),
    [
        (Hunt(0), Catch(3)),
        (Hunt(5), Catch(5)),
        (Hunt(6), Catch(20)),
        (Hunt(31), Catch(3, wrapped=True)),
        (Hunt(30, is_forward=False), Catch(30)),
        (Hunt(29, is_forward=False), Catch(20)),
        (Hunt(12, is_forward=False), Catch(5)),
        (Hunt(2, is_forward=False), Catch(30, wrapped=True)),
    ],
)
def test_next_hit_of_a_search_that_is_over(hunt: Hunt, caught: Catch) -> None:
    """Over the end of the capture where there is none on the way."""
    assert hunt.catch(sample(), is_complete=True) == caught


def test_nothing_is_found() -> None:
    """It is told when all was looked at."""
    assert Hunt(0).catch(Findings(0), is_complete=True) == Catch(None)
    assert Hunt(0).catch(Findings(0), is_complete=False) is None


def test_hit_counts_when_all_on_the_way_was_looked_at() -> None:
    """A search in progress may know enough, or not."""
    findings = Findings(10)
    findings.take(found(20))

    assert Hunt(10).catch(findings, is_complete=False) == Catch(20)
    assert Hunt(21).catch(findings, is_complete=False) is None
    assert Hunt(5).catch(findings, is_complete=False) is None
    assert Hunt(25, is_forward=False).catch(findings, is_complete=False) == Catch(20)
    assert Hunt(12, is_forward=False).catch(findings, is_complete=False) is None


def test_hit_before_the_start_counts_in_order() -> None:
    """What was looked at before the start was so from the first row on."""
    findings = Findings(10)
    findings.take(found(3, is_before=True))

    assert Hunt(1).catch(findings, is_complete=False) == Catch(3)
    assert Hunt(4, is_forward=False).catch(findings, is_complete=False) is None
