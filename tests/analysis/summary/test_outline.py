import pytest

from xmppspy.analysis.summary import Outline


@pytest.mark.parametrize(
    ("outline", "text"),
    [
        (Outline("roster", "3 items"), "roster 3 items"),
        (Outline("roster", ""), "roster"),
        (Outline("", '"Hi"'), '"Hi"'),
    ],
)
def test_the_summary_of_an_outline(outline: Outline, text: str) -> None:
    """Topic and details, as far as there are any."""
    assert outline.text == text
