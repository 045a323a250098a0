from tests.analysis.scenes import CLIENT_HEADER, JULIET, ROMEO, Scene
from xmppspy.analysis.exchanges import Exchanges
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.stats.traffic import Traffic, TrafficReport
from xmppspy.analysis.stats.volumes import MAX_KEYS, Row, Volume
from xmppspy.protocol.events import FrameRecord


def counted(scene: Scene) -> TrafficReport:
    """The frames of a scene."""
    identities = Identities()
    exchanges, traffic = Exchanges(identities), Traffic()
    for event in scene.events:
        identities.see(event)
        answer = exchanges.see(event)
        if isinstance(event, FrameRecord):
            traffic.add(event, answer, identities.of(event.conn))
    return traffic.report()


def test_directions_and_totals() -> None:
    """What xmppspy put in was sent by nobody, and counts apart."""
    scene = Scene()
    scene.client("<r xmlns='urn:xmpp:sm:3'/>")
    scene.server("<presence/>")
    scene.server("<presence/>", injected=True)
    report = counted(scene)

    assert (report.c2s, report.s2c) == (Volume(1, 26), Volume(1, 11))
    assert (report.total, report.injected) == (Volume(2, 37), Volume(1, 11))


def test_kinds_and_types() -> None:
    """Any frame has a kind, stanzas have a type as well, as it is written."""
    scene = Scene()
    scene.client("<presence/>")
    scene.client("<presence type='unavailable'/>")
    scene.client("<iq type='get' id='1'/>")
    scene.client(" ")
    report = counted(scene)

    assert {row.name for row in report.kinds} == {"presence", "iq", "space"}
    assert {row.name for row in report.types} == {"presence", "presence unavailable", "iq get"}


def test_namespaces_and_their_specifications() -> None:
    """Those of the element and its children, each once; a specification once a frame."""
    scene = Scene()
    scene.client(
        "<message><body>Hi</body><x xmlns='vendor:x'/><y xmlns='vendor:x'/>"
        "<request xmlns='urn:xmpp:receipts'/></message>"
    )
    report = counted(scene)
    rows = {row.namespace: row for row in report.namespaces}

    assert rows.keys() == {"vendor:x", "urn:xmpp:receipts"}
    assert rows["urn:xmpp:receipts"].specification == "XEP-0184"
    assert rows["urn:xmpp:receipts"].title == "Message Delivery Receipts"
    assert not rows["urn:xmpp:receipts"].deprecated
    assert (rows["vendor:x"].specification, rows["vendor:x"].frames) == ("", 1)
    assert {row.name for row in report.specifications} == {
        "vendor:x",
        "Message Delivery Receipts (XEP-0184)",
    }


def test_frames_without_payload_count_for_something() -> None:
    """Stanzas for the content namespace, headers for streams, answers for their requests."""
    scene = Scene()
    scene.client(CLIENT_HEADER)
    scene.client("<presence/>")
    scene.client("<iq type='set' id='1'><query xmlns='jabber:iq:roster'/></iq>")
    scene.server("<iq type='result' id='1'/>")
    scene.client(" ")
    scene.client("</stream:stream>")
    frames = {row.namespace: row.frames for row in counted(scene).namespaces}

    assert frames == {
        "http://etherx.jabber.org/streams": 2,
        "jabber:client": 1,
        "jabber:iq:roster": 2,
    }


def test_addresses_are_bare() -> None:
    """Whom clients wrote to and heard from; without an address it is their account."""
    scene = Scene()
    scene.logs_in(JULIET)
    scene.client(f"<message to='{ROMEO}'/>")
    scene.server("<message from='Romeo@Montague.example/orchard'/>")
    scene.client("<presence/>")
    rows = {row.jid: (row.sent.frames, row.received.frames) for row in counted(scene).addresses}

    assert rows["romeo@montague.example"] == (1, 1)
    assert rows["juliet@capulet.example"] == (1, 1)
    assert rows["(own account)"] == (1, 0)


def test_tables_that_are_not_exact_say_so() -> None:
    """Too many keys are summed up."""
    scene = Scene()
    for number in range(MAX_KEYS + 1):
        scene.client(f"<message to='a{number}@b.example' type='t'/>")
    report = counted(scene)

    assert {name: each.frames for name, each in report.other.items()} == {
        "addresses written to": MAX_KEYS // 2
    }
    assert report.types == (Row("message t", MAX_KEYS + 1, report.total.bytes),)
