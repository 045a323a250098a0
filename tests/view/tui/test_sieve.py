from array import array
from datetime import UTC, datetime

from tests.view.samples import frame
from xmppspy.filters import Filter
from xmppspy.protocol.events import Note
from xmppspy.view.browse.listing import FAR, Listing
from xmppspy.view.browse.messages import Found, Leave, Look, Needle, Reach, Slot
from xmppspy.view.tui.sieve import QUIET, Sieve


def sieve(rows: int = 10) -> tuple[Sieve, list[object]]:
    """A sieve over some rows, and what it sends."""
    sent: list[object] = []
    made = Sieve(Listing(), sent.append)
    made.reach(rows, rows)
    return made, sent


def found(number: int, *rows: int, slot: Slot = "filter", looked: int = 10) -> Found:
    """What a search tells."""
    data = array("I", rows).tobytes()
    return Found(slot=slot, number=number, is_before=False, rows=data, looked=looked)


def test_quiet_is_what_keeps_alive_and_acknowledges() -> None:
    """Everything else stays."""
    wanted = Filter(QUIET)
    sm = "xmlns='urn:xmpp:sm:3'"
    shown = [wanted.match(frame(xml)) for xml in (" ", f"<r {sm}/>", f"<a {sm} h='1'/>")]
    others = [wanted.match(frame(xml)) for xml in ("<iq/>", f"<enable {sm}/>", "<a xmlns='x'/>")]

    assert shown == [False] * 3
    assert others == [True] * 3
    assert wanted.match(Note(t=0, text="x"))


def test_filter_is_applied_by_the_helper() -> None:
    """The listing is another one as soon as something was found, and grows from then on."""
    made, sent = sieve()
    created = datetime(2026, 1, 1, tzinfo=UTC)
    made.open(created, utc=True)
    made.apply("iq", 5)
    before = len(made.listing)
    changes = [made.take(found(1, 2, 4, looked=5)), made.take(found(1, 7))]

    assert sent[-1] == Look(
        slot="filter", number=1, start=0, text="(iq)", created=created, utc=True
    )
    assert before == 10
    assert changes == [True, False]
    assert list(made.listing.copy()) == [2, 4, 7]
    assert made.looked == 10


def test_what_comes_too_late_is_dropped() -> None:
    """Another filter counts by then."""
    made, _ = sieve()
    made.apply("iq", 0)
    made.apply("message", 0)
    changed = made.take(found(1, 2))

    assert not changed
    assert len(made.listing) == 10
    assert made.take(found(2, 3))


def test_filter_is_switched_off_and_on() -> None:
    """It is not forgotten."""
    made, sent = sieve()
    made.apply("iq", 0)
    made.take(found(1, 2))
    made.toggle(0)
    off = (len(made.listing), sent[-1], made.applied)
    made.toggle(0)

    assert off == (10, Leave("filter"), "")
    assert isinstance(sent[-1], Look)
    assert made.text == "iq"


def test_quiet_lines_are_left_out_besides() -> None:
    """With a filter or without; everything at once brings all back."""
    made, _ = sieve()
    made.toggle_quiet(0)
    alone = made.applied
    made.apply("iq or a", 0)
    both = made.applied
    made.show_all()

    assert (alone, both) == (QUIET, f"(iq or a) {QUIET}")
    assert Filter(both).match(frame("<iq/>"))
    assert made.applied == ""
    assert made.text == "iq or a"


def test_long_capture_is_searched_from_the_cursor_on() -> None:
    """What is near is found first."""
    made, sent = sieve(FAR + 1)
    made.apply("iq", 15_000)
    filtering = sent[-1]
    made.find(Needle("x"), 15_000)

    assert isinstance(filtering, Look)
    assert filtering.start == 14_800
    assert isinstance(sent[-1], Look)
    assert sent[-1].start == 15_000


def test_needle_is_looked_for_in_what_is_shown() -> None:
    """Again when something else is shown."""
    made, sent = sieve()
    made.find(Needle("x"), 0)
    made.take(found(1, 3, slot="search"))
    hits = made.hits
    made.apply("iq", 0)
    last = sent[-1]

    assert hits is not None
    assert list(hits.copy()) == [3]
    assert isinstance(last, Look)
    assert (last.slot, last.text, last.needle) == ("search", "(iq)", Needle("x"))


def test_needle_is_forgotten() -> None:
    """Nothing is looked for any more, and what still comes is dropped."""
    made, sent = sieve()
    made.find(Needle("x"), 0)
    made.forget()
    made.take(found(1, 3, slot="search"))

    assert sent[-1] == Leave("search")
    assert made.hits is None


def test_reach_is_passed_on() -> None:
    """The helper knows how far the capture is known."""
    made, sent = sieve()
    made.reach(20, 15)

    assert sent[-1] == Reach(20, 15)
    assert made.looked == made.listing.rows == 20
