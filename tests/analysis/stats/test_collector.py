import json
from dataclasses import asdict

from tests.analysis.scenes import JULIET, ROMEO, Scene
from xmppspy.analysis.counting import Problem
from xmppspy.analysis.stats.collector import Report, Stats
from xmppspy.analysis.stats.volumes import Row
from xmppspy.protocol.events import Fault, Gap, Skipped

SM = "xmlns='urn:xmpp:sm:3'"


def counted(scene: Scene, conn: int | None = None) -> Report:
    """The numbers of a scene, or of one connection in it."""
    stats = Stats()
    for event in scene.events:
        stats.see(event, counts=conn is None or getattr(event, "conn", None) == conn)
    return stats.report()


def test_all_sections_are_filled() -> None:
    """One pass tells who, what, how much, how slow."""
    scene = Scene()
    scene.logs_in(JULIET)
    scene.client(f"<message to='{ROMEO}' id='m1'><body>Ay mé</body></message>")
    scene.server(
        f"<message type='error' from='{ROMEO}' id='m1'><body>Ay mé</body><error type='cancel'>"
        "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
    )
    scene.server("<presence type='error'/>")
    scene.add(Fault(t=1.0, conn=1, error="not-well-formed"))
    scene.closes()
    report = counted(scene)

    assert (report.start, report.end, report.events) == (0.1, 0.9, 10)
    assert (report.connections, report.which[0].jid) == (1, JULIET)
    assert report.traffic.total.frames == 7
    assert report.requests.answered == 1
    assert (report.delivery.sent, report.delivery.failed) == (1, 1)
    assert report.errors == (Row("gone", 1, 0), Row("none", 1, 0))
    assert report.faults == (Row("not-well-formed", 1, 0),)
    assert report.remarks == ()


def test_overhead_is_measured() -> None:
    """Text in bodies against all bytes; compressed as one stream a direction."""
    scene = Scene()
    for _ in range(20):
        scene.client("<message><body>Ay mé</body></message>")
    overhead = counted(scene).overhead

    assert (overhead.bodies, overhead.wire) == (20 * 6, 20 * 38)
    assert overhead.measured == overhead.wire
    assert 20 * 6 < overhead.compressed < overhead.wire / 2


def test_traffic_over_time() -> None:
    """Bytes in slots, by direction."""
    scene = Scene()
    scene.client("<presence/>", t=10.0)
    scene.server("<presence/>", t=11.0)
    timeline = counted(scene).timeline

    assert timeline.start == 10.0
    assert (sum(timeline.c2s), sum(timeline.s2c)) == (11, 11)
    assert timeline.s2c.index(11) == int(1 / timeline.width)


def test_wrong_counts_are_named() -> None:
    """With what was expected."""
    scene = Scene()
    scene.begins()
    scene.client(f"<enable {SM}/>")
    scene.server(f"<enabled {SM}/>")
    for _ in range(30):
        scene.server(f"<a {SM} h='7'/>")
    report = counted(scene)

    assert (report.wrong_counts, len(report.wrong)) == (30, 20)
    assert (report.wrong[0].h, report.wrong[0].expected) == (7, 0)
    assert report.wrong[0].problem is Problem.TOO_HIGH


def test_only_what_counts_enters() -> None:
    """What is followed from event to event sees all of them."""
    scene = Scene()
    scene.logs_in(JULIET, 1)
    scene.logs_in(ROMEO, 2)
    report = counted(scene, 2)

    assert report.connections == 1
    assert report.traffic.total.frames == 4
    assert report.requests.answered == 1
    assert report.start == 0.6


def test_nothing_has_numbers_too() -> None:
    """An empty capture, or a filter that matches nothing."""
    report = counted(Scene())

    assert (report.start, report.end, report.events, report.which) == (None, None, 0, ())
    assert (report.overhead.wire, report.timeline.start) == (0, None)


def test_what_is_missing_is_said() -> None:
    """Losses, and tables that were too small."""
    scene = Scene()
    scene.add(Gap(t=0.0, lost=3))
    scene.add(Skipped(t=0.0, lost=4))
    for conn in range(1001):
        scene.client("<presence/>", conn)
    report = counted(scene)

    assert report.remarks == (
        "7 records are missing in the capture.",
        "Of the first 1 connections only the sums are told.",
        "Compression of 10,307 bytes was not measured: too many connections were open at a time.",
    )


def test_numbers_can_be_written_as_json() -> None:
    """All that a report holds are names and numbers."""
    scene = Scene()
    scene.logs_in(JULIET)
    told = json.loads(json.dumps(asdict(counted(scene))))

    assert told["traffic"]["c2s"]["frames"] == 2
    assert told["which"][0]["phases"][0]["name"] == "tcp"


def test_requests_without_an_id_are_said() -> None:
    """They are no sign of a table that was too small."""
    scene = Scene()
    scene.client("<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>")
    one = counted(scene).remarks
    scene.client("<iq type='set'/>")
    two = counted(scene).remarks

    assert one == ("1 request has no id, and cannot be answered.",)
    assert two == ("2 requests have no id, and cannot be answered.",)
