from collections.abc import Callable

from tests.analysis.scenes import Scene
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.stats.requests import MAX_NAMESPACES, SLOWEST, RequestReport, Requests
from xmppspy.protocol.events import Event, FrameRecord

ROSTER = "<query xmlns='jabber:iq:roster'/>"
PING = "<ping xmlns='urn:xmpp:ping'/>"


def counted(scene: Scene, counts: Callable[[Event], bool] = lambda _: True) -> RequestReport:
    """The requests of a scene."""
    identities = Identities()
    requests = Requests(identities)
    for event in scene.events:
        identities.see(event)
        requests.see(event, counts=counts(event))
    return requests.report()


def ask(scene: Scene, id_: str, latency: float, payload: str = PING, type_: str = "result") -> None:
    """A request and its answer."""
    t = scene.events[-1].t + 1
    scene.client(f"<iq type='get' id='{id_}'>{payload}</iq>", t=t)
    scene.server(f"<iq type='{type_}' id='{id_}'/>", t=t + latency)


def begun() -> Scene:
    """A connection without a binding."""
    scene = Scene()
    scene.begins()
    return scene


def test_answers_are_counted_and_measured() -> None:
    """By namespace and who asked, and all together."""
    scene = begun()
    for number, latency in enumerate((0.1, 0.3, 0.2)):
        ask(scene, f"p{number}", latency)
    ask(scene, "r1", 0.5, ROSTER, "error")
    scene.server(f"<iq type='get' id='s1' from='capulet.example'>{PING}</iq>", t=90.0)
    scene.client("<iq type='result' id='s1' to='capulet.example'/>", t=90.4)
    report = counted(scene)
    first, *others = report.latencies

    assert (report.requests, report.answered, report.errors) == (5, 5, 1)
    assert (first.namespace, first.dir, first.count, first.mean) == ("urn:xmpp:ping", "c2s", 3, 0.2)
    assert (first.p50, first.p90, first.p99, first.maximum) == (0.2, 0.3, 0.3, 0.3)
    assert [(each.namespace, each.dir) for each in others] == [
        ("jabber:iq:roster", "c2s"),
        ("urn:xmpp:ping", "s2c"),
    ]
    assert (report.total.count, report.total.p50) == (5, 0.3)


def test_odd_answers_are_counted() -> None:
    """Each state that an answer may be in."""
    scene = begun()
    ask(scene, "p1", 6.0)
    scene.server("<iq type='result' id='p1'/>")
    scene.server("<iq type='result' id='x1'/>")
    scene.client(f"<iq type='get' id='p2' to='a@b'>{PING}</iq>")
    scene.server("<iq type='result' id='p2' from='evil@b'/>")
    report = counted(scene)

    assert report.states == {
        "answered": 0,
        "late": 1,
        "duplicate": 1,
        "spoof candidate": 1,
        "orphaned": 1,
        "unseen": 0,
    }
    assert (report.requests, report.answered, report.unanswered) == (2, 1, 1)


def test_unanswered_at_the_end() -> None:
    """When the connection ended, or the capture."""
    scene = begun()
    scene.client(f"<iq type='get' id='p1'>{PING}</iq>")
    scene.closes()
    scene.begins(2)
    scene.client(f"<iq type='get' id='p2'>{PING}</iq>", 2)

    assert counted(scene).unanswered == 2


def test_one_side_that_counts_is_enough() -> None:
    """A filter may mean requests or answers: each exchange counts once."""
    scene = begun()
    ask(scene, "p1", 0.1)
    ask(scene, "p2", 0.2)
    reports = [
        counted(scene, lambda event, d=direction: getattr(event, "dir", "") == d)  # type: ignore[misc]
        for direction in ("c2s", "s2c")
    ]

    assert [(each.requests, each.answered, each.unanswered) for each in reports] == [(2, 2, 0)] * 2
    assert counted(scene, lambda _: False).requests == 0
    assert counted(scene, lambda _: False).answered == 0


def test_the_slowest_are_named() -> None:
    """In order, with their requests; not more than some."""
    scene = begun()
    for number in range(SLOWEST + 5):
        ask(scene, f"p{number}", 0.01 * number)
    report = counted(scene)

    assert len(report.slowest) == SLOWEST
    assert [each.request.id for each in report.slowest[:2]] == ["p14", "p13"]
    assert [each.latency for each in report.slowest[:2]] == [0.14, 0.13]
    assert isinstance(scene.events[-1], FrameRecord)
    assert report.slowest[0].n == scene.events[-1].n


def test_namespaces_are_bounded() -> None:
    """A peer may invent any number of them; the totals hold all."""
    scene = begun()
    for number in range(MAX_NAMESPACES + 5):
        ask(scene, f"p{number}", 0.1, f"<x xmlns='urn:x:{number}'/>")
    report = counted(scene)

    assert len(report.latencies) == MAX_NAMESPACES
    assert report.total.count == MAX_NAMESPACES + 5


def test_requests_without_an_id() -> None:
    """Nothing can answer them, which is counted apart."""
    scene = begun()
    scene.client(f"<iq type='get'>{PING}</iq>")
    report = counted(scene)

    assert (report.requests, report.without_id, report.unanswered, report.dropped) == (1, 1, 0, 0)
