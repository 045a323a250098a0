from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.view.browse.samples import ACK, BOUNCE, CLOSE, MESSAGE, Indexed, chat, indexed_scene
from xmppspy.view.browse.listing import Findings, Listing
from xmppspy.view.browse.places import Places, moment
from xmppspy.view.browse.records import Flag

CREATED = datetime(2026, 11, 22, 23, 40, 12, 500000, tzinfo=UTC)


def whole(found: Indexed) -> Listing:
    """A listing that shows every row."""
    listing = Listing()
    listing.rows = found.browser.rows
    return listing


@pytest.mark.parametrize("explained", [15, 5, 0])
def test_frames_are_found_by_number(tmp_path: Path, explained: int) -> None:
    """Also where rows are not explained yet."""
    with indexed_scene(chat(), tmp_path) as found:
        found.browser.explained = explained
        places = Places(found.browser)

        assert [places.of_frame(n) for n in (1, 9, 13, 14, 0)] == [1, MESSAGE, BOUNCE, None, None]


def test_rows_are_found_by_time(tmp_path: Path) -> None:
    """The first one that is not before it; the last one when all are."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(b'{"event":"comet"}\n')
        places = Places(found.browser)

        assert [places.of_time(t) for t in (0.0, 0.1, 0.95, 1.0, 99.0)] == [0, 0, 9, 9, 15]


def test_rows_are_found_by_what_is_to_be_seen(tmp_path: Path) -> None:
    """The next one and the one before, of those that are shown."""
    with indexed_scene(chat(), tmp_path) as found:
        places, listing = Places(found.browser), whole(found)
        forth = places.flagged(Flag.QUIET, MESSAGE, listing, forward=True)
        back = places.flagged(Flag.QUIET, BOUNCE, listing, forward=False)
        listing.found = Findings(0)

        assert (forth, back) == (MESSAGE + 1, ACK + 1)
        assert places.flagged(Flag.QUIET, 0, listing, forward=True) is None
        assert places.flagged(Flag.MARKED, CLOSE, whole(found), forward=False) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("23:40:12.5", 0.0),
        ("23:40:13", 0.5),
        ("23:40", -12.5),
        ("23:41", 47.5),
        ("00:00", 1187.5),
        ("7:00", 26387.5),
        ("23:40:12", -0.5),
        ("25:00", None),
        ("x", None),
        ("", None),
    ],
)
def test_time_of_day_is_a_moment_of_the_capture(text: str, seconds: float | None) -> None:
    """On the day it began, or on the next one."""
    assert moment(text, CREATED, utc=True) == seconds


def test_without_a_beginning_there_is_no_time_of_day() -> None:
    """A capture without a header has seconds only."""
    assert moment("07:40", None, utc=True) is None
