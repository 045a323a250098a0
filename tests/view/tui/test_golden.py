import asyncio

import pytest

from tests.view.tui.screens import GOLDEN, SHOTS, Shot


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_screens_look_as_they_should(shot: Shot) -> None:
    """Down to the last character; `tests.view.tui.screens` writes them again."""
    assert asyncio.run(shot.take()) == shot.path.read_text(encoding="utf-8")


def test_no_golden_text_is_left_over() -> None:
    """Each belongs to a screen."""
    assert {shot.path for shot in SHOTS} == set(GOLDEN.iterdir())
