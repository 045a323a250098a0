import pytest

from tests.scripting.staging import MESSAGE, QUERY, Stage, frame_of, only
from xmppspy.errors import FilterError
from xmppspy.intervene.records import record_of
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import Direction
from xmppspy.scripting import Stanza


def _stanza(xml: bytes = MESSAGE, direction: Direction = "c2s", header: bytes = b"") -> Stanza:
    frame = frame_of(xml, header)
    return Stanza(record_of(3, direction, frame, 0.5), frame.context, [])


def test_what_it_says() -> None:
    """Its attributes are there under their names."""
    stanza = _stanza()
    query = _stanza(QUERY, "s2c")

    assert (stanza.conn, stanza.dir, stanza.t, stanza.kind, stanza.xmlns) == (
        3, "c2s", 0.5, "message", None,
    )  # fmt: skip
    assert (stanza.id, stanza.from_, stanza.to, stanza.type) == (
        "m1", "juliet@capulet.example/b", None, None,
    )  # fmt: skip
    assert (query.dir, query.type, query.ns) == ("s2c", "get", ("jabber:iq:roster",))
    assert stanza.data == MESSAGE
    assert stanza.xml == MESSAGE.decode()
    assert repr(stanza) == f"<stanza #3 c2s: {MESSAGE.decode()}>"


def test_bytes_that_are_no_text() -> None:
    """Those that are not UTF-8 are shown."""
    stanza = _stanza(b"<message><body>\xff</body></message>")

    assert stanza.xml == "<message><body>\\xff</body></message>"


@pytest.mark.parametrize(
    ("xml", "body"),
    [
        (MESSAGE, "Wherefore?"),
        (b"<message><body>a&amp;b<!-- --><![CDATA[<c>]]></body></message>", "a&b<c>"),
        (b"<message><body/></message>", ""),
        (b"<message/>", None),
        (QUERY, None),
        (b"<message><x xmlns='urn:x'><body>no</body></x></message>", None),
    ],
)
def test_body(xml: bytes, body: str | None) -> None:
    """The text of the body that is its own."""
    assert _stanza(xml).body == body


def test_prefixes_of_the_header() -> None:
    """Its tree and its body are read in the stream that it stands in."""
    header = b"<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns:c='jabber:client'>"
    stanza = _stanza(b"<c:message><c:body>Hist!</c:body></c:message>", header=header)

    assert stanza.body == "Hist!"
    assert stanza.tree.tag == "{jabber:client}message"
    assert stanza.match("message body:hist")


def test_the_tree_is_the_scripts_own() -> None:
    """It is the same tree each time; changing it changes nothing of what filters see."""
    stanza = _stanza()
    stanza.tree.clear()

    assert stanza.tree is stanza.tree
    assert len(stanza.tree) == 0
    assert stanza.match("body:wherefore")


def test_what_has_no_tree() -> None:
    """White space has none, and says so."""
    with pytest.raises(ValueError, match="no tree of a frame of kind space"):
        _ = _stanza(b" ").tree


def test_filters() -> None:
    """The filter language, with directions and connections."""
    stanza = _stanza()

    assert stanza.match("message c2s from:juliet@capulet.example conn:3")
    assert not stanza.match("iq or s2c")
    with pytest.raises(FilterError):
        stanza.match("mesage")
    with pytest.raises(ValueError, match="cannot ask for latency"):
        stanza.match("latency:1..")


def test_a_filter_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same text is compiled for the first stanza only."""
    stanza = _stanza()
    assert stanza.match("message from:juliet@capulet.example/b")
    monkeypatch.delattr("xmppspy.scripting.stanza.Filter")

    assert _stanza().match("message from:juliet@capulet.example/b")


def test_wrong_filters_are_told_with_their_hint() -> None:
    """In one line, with what was meant."""
    stage = Stage()
    stage.verdict("s.match('mesage')")

    assert only(stage).startswith("play.py:1: FilterError: ")
    assert "message" in only(stage).partition(", in 'mesage'")[0]


def test_replies_stand_in_the_stream_back() -> None:
    """An answer to a component names its content namespace where the stream does not."""
    stage = Stage()
    stage.tell_context("s2c", StreamContext(default="", content="jabber:component:accept"))

    assert b' xmlns="jabber:component:accept"' in stage.verdict("s.reply_result()", QUERY).back
