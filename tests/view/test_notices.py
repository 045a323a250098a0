import pytest

from tests.view.samples import COLOURED
from xmppspy.protocol.events import (
    ConnectionClosed,
    ConnectionOpened,
    FateDecided,
    Fault,
    Gap,
    Mark,
    Note,
    Side,
    Skipped,
    TLSEstablished,
)
from xmppspy.view.escape import unmarked
from xmppspy.view.notices import Occurrence, notice

PALETTE = COLOURED.palette


@pytest.mark.parametrize(
    ("event", "name", "details"),
    [
        (ConnectionOpened(t=0, conn=1, client="a:1", server="b:2"), "open", ["a:1 → b:2"]),
        (
            ConnectionOpened(t=0, conn=1, client="a:1", server="b:2", transport="tls"),
            "open",
            ["a:1 → b:2", "tls"],
        ),
        (
            TLSEstablished(t=0, conn=1, leg=Side.SERVER, version="TLSv1.3", cipher="X"),
            "tls server",
            ["TLSv1.3 X"],
        ),
        (
            TLSEstablished(
                t=0,
                conn=1,
                leg=Side.CLIENT,
                version="V",
                cipher="X",
                alpn="a",
                sni="s",
                verified=True,
            ),
            "tls client",
            ["V X", "SNI s", "ALPN a", "certificate verified"],
        ),
        (ConnectionClosed(t=0, conn=1, by="client", reason="r"), "close", ["by client", "r"]),
        (ConnectionClosed(t=0, conn=1, by="client", reason=""), "close", ["by client"]),
        (
            Fault(t=0, error="e", detail="d", leg=Side.CLIENT, offset=1234, n=5),
            "error e",
            ["d", "client side", "at byte 1,234", "frame 5"],
        ),
        (FateDecided(t=0, conn=1, n=7, action="drop"), "fate", ["frame 7 dropped"]),
        (
            FateDecided(t=0, conn=1, n=7, action="duplicate", held=1.5),
            "fate",
            ["frame 7 duplicated", "held 1.500 s"],
        ),
        (Note(t=0, text="n", n=3), "note", ["n", "frame 3"]),
        (Mark(t=0, text="m"), "mark", ["m"]),
        (Gap(t=0, lost=1234), "gap", ["1,234 records could not be written to the capture"]),
        (Skipped(t=0, lost=2), "skipped", ["2 lines not shown here, the view was too slow"]),
    ],
)
def test_words(event: Occurrence, name: str, details: list[str]) -> None:
    """Every event is told in words; what is not known is not mentioned."""
    told = notice(event, PALETTE)

    assert (told.name, list(told.details)) == (name, details)


def test_what_went_wrong_is_in_the_ink_of_errors() -> None:
    """Errors, lost records, and a server that was not verified."""
    wrong: list[Occurrence] = [
        Fault(t=0, error="e"),
        Gap(t=0, lost=1),
        TLSEstablished(t=0, conn=1, leg=Side.SERVER, version="V", cipher="X", verified=False),
    ]

    assert {notice(event, PALETTE).ink for event in wrong} == {PALETTE.error}


def test_details_are_harmless() -> None:
    """An error quotes what a peer sent: no escapes, no line breaks."""
    told = notice(Fault(t=0, error="e\x1b", detail="<a\x1b]0;x\x07>\nnext"), PALETTE)

    assert unmarked(told.name) == r"error e\x1b"
    assert unmarked(told.details[0]) == r"<a\x1b]0;x\x07>\nnext"


def test_connection_and_direction_are_handed_on() -> None:
    """As far as the event knows them."""
    told = [
        notice(Fault(t=0, error="e", conn=3, dir="s2c"), PALETTE),
        notice(Mark(t=0, text="m"), PALETTE),
    ]

    assert [(one.conn, one.dir) for one in told] == [(3, "s2c"), (None, None)]


def test_marks_of_frames_say_which() -> None:
    """Also those that are taken back."""
    mark, gone = Mark(t=0, text="here", n=7), Mark(t=0, text="no", n=7, removed=True)

    assert (notice(mark, PALETTE).name, notice(mark, PALETTE).details) == (
        "mark",
        ("here", "frame 7"),
    )
    assert notice(gone, PALETTE).name == "mark removed"
