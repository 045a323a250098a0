from tests.analysis.scenes import Scene
from xmppspy.analysis.legs import departures, heard, said
from xmppspy.protocol import namespaces as ns


def test_what_passed_was_said_and_heard_as_it_is() -> None:
    """Most frames are such."""
    record = Scene().client("<message id='1'/>")

    assert said(record) is record
    assert heard(record) is record


def test_what_was_put_in_was_said_by_nobody() -> None:
    """The other side hears it."""
    record = Scene().server("<presence/>", injected=True)

    assert said(record) is None
    assert heard(record) is record


def test_what_was_dropped_was_heard_by_nobody() -> None:
    """It was said."""
    record = Scene().server("<presence/>", sent=None)

    assert said(record) is record
    assert heard(record) is None


def test_what_was_changed_is_read_anew() -> None:
    """Name, namespace, attributes and namespaces inside are those of what left."""
    sent = b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' id='2' to='a' from='b' type='c'/>"
    record = heard(Scene().client("<response xmlns='urn:xmpp:sasl:2' id='1'/>", sent=sent))
    stanza = heard(Scene().client("<message/>", sent=b"<iq id='3'><a xmlns='b'/><c/></iq>"))

    assert record is not None
    assert stanza is not None
    assert (record.kind, record.xmlns, record.data) == ("auth", ns.SASL, sent)
    assert (record.id, record.to, record.from_, record.type) == ("2", "a", "b", "c")
    assert (stanza.kind, stanza.xmlns, stanza.id, stanza.ns) == ("iq", None, "3", ("b",))


def test_features_are_read_in_their_stream() -> None:
    """The prefix is the header's."""
    record = heard(
        Scene().server(
            "<stream:features/>", sent=b"<stream:features><a xmlns='b'/></stream:features>"
        )
    )

    assert record is not None
    assert (record.kind, record.xmlns, record.ns) == ("features", ns.STREAMS, ("b",))


def test_what_is_no_element_keeps_its_kind() -> None:
    """White space, for instance."""
    record = heard(Scene().client("<presence/>", sent=b" "))

    assert record is not None
    assert (record.kind, record.data) == ("presence", b" ")


def test_departures_are_elements() -> None:
    """Bytes are cut behind each element; nothing of them is lost, and nothing made of nothing."""
    record = Scene().client("<message/>")
    left = departures(record, b"<iq id='1'><a xmlns='b'/></iq> <presence/>\n")

    assert [(each.kind, each.id, each.ns) for each in left] == [
        ("iq", "1", ("b",)), ("presence", None, ()),
    ]  # fmt: skip
    assert b"".join(each.data for each in left) == b"<iq id='1'><a xmlns='b'/></iq> <presence/>\n"
    assert [each.data for each in departures(record, b"<a>")] == [b"<a>"]
    assert departures(record, b"") == []
