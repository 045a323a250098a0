from array import array

from xmppspy.view.browse.listing import Findings, Listing
from xmppspy.view.browse.messages import Found


def found(*rows: int, is_before: bool = False, looked: int = 0) -> Found:
    """What a search tells."""
    data = array("I", rows).tobytes()
    return Found(slot="filter", number=1, is_before=is_before, rows=data, looked=looked)


def sample() -> Findings:
    """Rows 3, 5, 20 and 30, found from row 10 on."""
    findings = Findings(10)
    findings.take(found(20, looked=10))
    findings.take(found(30, looked=20))
    findings.take(found(3, 5, is_before=True, looked=30))
    return findings


def test_findings_are_in_order_whatever_came_first() -> None:
    """Those before the start of the search stand before those behind it."""
    findings = sample()

    assert [findings[at] for at in range(4)] == [3, 5, 20, 30] == list(findings.copy())
    assert (len(findings), findings[-1], findings.looked) == (4, 30, 30)


def test_places_of_findings() -> None:
    """The first one that is not before a row."""
    findings = sample()

    assert [findings.place_of(row) for row in (0, 3, 4, 6, 9, 10, 20, 21, 31)] == [
        0, 0, 1, 2, 2, 2, 2, 3, 4,
    ]  # fmt: skip


def test_whole_listing_shows_every_row() -> None:
    """Rows are at the places of their numbers."""
    listing = Listing()
    empty = (len(listing), listing.place_near(0), listing.place_of(0))
    listing.rows = 5

    assert empty == (0, None, None)
    assert (len(listing), listing.row_at(3), listing.place_of(3)) == (5, 3, 3)
    assert (listing.place_near(9), listing.place_of(9)) == (4, None)
    assert list(listing.copy()) == [0, 1, 2, 3, 4]


def test_filtered_listing_shows_what_was_found() -> None:
    """A row that is not shown has the next one near it, or else the last."""
    listing = Listing()
    listing.rows, listing.found = 40, sample()

    assert (len(listing), listing.row_at(1)) == (4, 5)
    assert (listing.place_of(20), listing.place_of(21)) == (2, None)
    assert (listing.place_near(21), listing.place_near(35)) == (3, 3)
    assert list(listing.copy()) == [3, 5, 20, 30]
