from dataclasses import replace

from tests.analysis.scenes import Scene
from tests.view.stats.samples import PAPER, conversation, counted, lines, report_of
from xmppspy.protocol.events import Fault, Side, TLSEstablished
from xmppspy.view.stats.overview import connections, drawing, overview


def test_overview_sums_up() -> None:
    """How much, in which time, on how many connections."""
    scene = conversation()

    assert lines(overview(report_of(scene))) == ["7 frames, 657 B in 2.00 s on 1 connection"]


def test_what_xmppspy_said_is_apart() -> None:
    """It is not in the numbers."""
    scene = conversation()
    scene.client("<presence/>", injected=True)

    assert lines(overview(report_of(scene)))[1] == "1 frame more put in by xmppspy"


def test_drawing_shows_both_directions() -> None:
    """Three lines each, with the top of the scale, and from when to when."""
    scene = Scene()
    scene.client("<presence/>", t=0.0)
    scene.client("<presence/>" * 2, t=4.2)
    scene.server("<presence/>", t=8.0)
    _, stats = counted(scene)
    shown = lines(drawing(stats.timeline, replace(PAPER, columns=34)))

    assert shown == [
        "",
        "           █       22 B",
        "    ▄      █",
        "C→S █      █",
        "                 █ 11 B",
        "                 █",
        "S→C              █",
        "    07:40:12.000 07:40:20.031",
        "    a column is 574 ms",
    ]


def test_nothing_has_no_picture() -> None:
    """Nor any connections."""
    report, stats = counted(Scene())

    assert lines(drawing(stats.timeline, PAPER)) == []
    assert lines(connections(report, PAPER)) == []


def test_connections_have_phases() -> None:
    """Whose it was, how much it carried, each step, and its end; broken at commas."""
    scene = Scene()
    scene.opens()
    scene.add(TLSEstablished(t=0.3, conn=1, leg=Side.CLIENT, version="TLSv1.3", cipher=""))
    sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
    scene.client(f"<auth {sasl} mechanism='PLAIN'>x</auth>")
    scene.server(f"<failure {sasl}/>")
    scene.binds()
    scene.client("<presence/>")
    scene.closes()

    assert lines(connections(report_of(scene), replace(PAPER, columns=50)), 50) == [
        "#1 juliet@capulet.example/balcony · TLSv1.3 · 5",
        "frames · 345 B",
        "   tcp 200 ms, tls 200 ms,",
        "   sasl PLAIN 100 ms failed, bind 100 ms,",
        "   presence, ready after 400 ms,",
        "   closed by client after 600 ms",
    ]


def test_unknown_connections_are_told_as_far_as_they_are() -> None:
    """From the middle, with errors, not closed."""
    scene = Scene()
    scene.client("<presence/>")
    scene.add(Fault(t=1.0, conn=1, error="not-well-formed"))

    assert lines(connections(report_of(scene), PAPER)) == [
        "#1 unknown client · 1 frame · 11 B · 1 error",
        "   presence",
    ]


def test_what_was_not_acknowledged_is_said() -> None:
    """By either side."""
    scene = Scene()
    scene.client("<enable xmlns='urn:xmpp:sm:3'/>")
    scene.server("<enabled xmlns='urn:xmpp:sm:3'/>")
    scene.client("<message/>")
    for _ in range(2):
        scene.server("<message/>")

    assert lines(connections(report_of(scene), PAPER))[1:] == [
        "   sm 100 ms, 1 stanza not acknowledged by the server,",
        "   2 stanzas not acknowledged by the client",
    ]


def test_the_largest_connections_are_shown() -> None:
    """In the order of their numbers; of the others it is said how many there are."""
    scene = Scene()
    for conn in range(1, 13):
        scene.client("<presence/>" if conn in (2, 5) else "<presence>ab</presence>", conn)
    shown = [line for line in lines(connections(report_of(scene), PAPER)) if "presence" not in line]

    assert [line.split()[0] for line in shown[:-1]] == [
        f"#{conn}" for conn in (1, 3, 4, 6, 7, 8, 9, 10, 11, 12)
    ]
    assert shown[-1] == "… and 2 more"


def test_what_a_capture_says_of_tls_is_made_harmless() -> None:
    """A capture may be made up by anybody; its version of TLS acts on no terminal."""
    scene = conversation()
    version = "\x1b[2J\u202e"
    scene.add(TLSEstablished(t=0.1, conn=1, leg=Side.CLIENT, version=version, cipher="x"))
    shown = "\n".join(lines(connections(report_of(scene), PAPER)))

    assert "\\x1b[2J\\u202e" in shown
    assert "\x1b" not in shown
