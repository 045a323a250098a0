from dataclasses import replace

from tests.analysis.scenes import Scene
from tests.view.stats.samples import conversation, lines, report_of
from xmppspy.analysis.stats.collector import OverheadReport
from xmppspy.protocol.events import Fault
from xmppspy.view.stats.volumes import addresses, errors, overhead, volumes, wrong_counts

SM = "xmlns='urn:xmpp:sm:3'"


def test_volumes_have_shares() -> None:
    """The largest first."""
    report = report_of(conversation())

    assert lines(volumes("kind", report.traffic.kinds, report)) == [
        "kind     frames  bytes  share",
        "iq            4  335 B   51 %",
        "stream        2  242 B   37 %",
        "message       1   80 B   12 %",
    ]


def test_addresses_have_two_sides() -> None:
    """What was written to them, and what was heard from them."""
    assert lines(addresses(report_of(conversation()))) == [
        "JID                     sent  bytes  received  bytes",
        "juliet@capulet.example     1   61 B         2  194 B",
        "(own account)              1   80 B         0    0 B",
        "romeo@montague.example     1   80 B         0    0 B",
    ]


def test_overhead_is_said_in_words() -> None:
    """What was text, and what compression would have spared, or not."""
    report = report_of(conversation())
    shrunk = replace(
        report, overhead=OverheadReport(wire=1000, bodies=55, measured=1000, compressed=400)
    )
    grown = replace(
        report, overhead=OverheadReport(wire=1000, bodies=55, measured=100, compressed=150)
    )

    assert lines(overhead(shrunk)) == [
        "55 B of text in message bodies, in 1,000 B of XML: 5.5 %",
        "zlib would have made 400 B of 1,000 B: 60 % less",
    ]
    assert lines(overhead(grown))[1] == "zlib would have made 150 B of 100 B: 50 % more"


def test_errors_are_of_two_kinds() -> None:
    """Those of stanzas, and events."""
    scene = Scene()
    scene.server("<iq type='error' id='1'><error code='404'/></iq>")
    scene.add(Fault(t=1.0, conn=1, error="not-well-formed"))

    assert lines(errors(report_of(scene))) == [
        "error            kind    count",
        "404              stanza      1",
        "not-well-formed  event       1",
    ]


def test_wrong_counts_say_what_was_expected() -> None:
    """Where it is known."""
    scene = Scene()
    scene.begins()
    scene.client(f"<enable {SM}/>")
    scene.server(f"<enabled {SM}/>")
    scene.server(f"<a {SM} h='7'/>")
    scene.server(f"<a {SM}/>")

    assert lines(wrong_counts(report_of(scene))) == [
        "#1 n:5 h=7, expected 0: more than was sent",
        "#1 n:6 no number: not a number",
    ]


def test_nothing_has_no_tables() -> None:
    """Each of them is left out."""
    report = report_of(Scene())
    parts = (
        *volumes("kind", (), report),
        *addresses(report),
        *overhead(report),
        *errors(report),
        *wrong_counts(report),
    )

    assert lines(parts) == []
