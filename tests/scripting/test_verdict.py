import pytest
from lxml import etree

from tests.scripting.staging import MESSAGE, QUERY, Stage, only
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import UNCHANGED
from xmppspy.protocol.verdicts import DROP, FORWARD, End, Hold, Verdict

NAY = b"<message><body>Nay.</body></message>"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("None", FORWARD),
        ("s.drop()", DROP),
        (f"s.replace({NAY.decode()!r})", Verdict(data=NAY)),
        (f"s.replace({NAY!r})", Verdict(data=NAY)),
        ("s.replace('<oh', check=False)", Verdict(data=b"<oh")),
        ("s.duplicate()", Verdict(copies=2)),
        ("s.duplicate(5)", Verdict(copies=5)),
        ("s.delay(0.5)", Verdict(delay=0.5)),
        ("s.reorder()", Verdict(overtaken=True)),
        ("s.hold()", Verdict(hold=Hold(30.0, drops=False))),
        ("s.hold(5, otherwise='drop')", Verdict(hold=Hold(5.0, drops=True))),
        ("s.follow('<presence/>')", Verdict(behind=b"<presence/>")),
        ("s.answer('<presence/>')", Verdict(data=None, back=b"<presence/>")),
        ("s.close()", Verdict(end=End.CLOSE)),
        ("s.reset()", Verdict(end=End.RESET)),
        ("s.note('slow')", Verdict(notes=("slow",))),
        ("s.note(1)", Verdict(notes=("1",))),
        ("s.note('\\ud800')", Verdict(notes=("\\ud800",))),
        ("s.mark('here')", Verdict(marks=("here",))),
    ],
)
def test_each_decision(text: str, verdict: Verdict) -> None:
    """Each method means what its name says, and it reaches the proxy so."""
    assert Stage().verdict(text) == verdict


def test_decisions_add_up() -> None:
    """One that is called on a verdict adds to it; of two that contradict the later one counts."""
    verdict = Stage().verdict("s.delay(1).note('a').delay(2).note('b').drop().replace('<iq/>')")

    assert verdict == Verdict(data=b"<iq/>", delay=3.0, notes=("a", "b"))


def test_a_verdict_can_be_made_in_steps() -> None:
    """What is called on a verdict changes that very verdict."""
    stage = Stage()
    stage.load("""
        def stanza(s, session):
            verdict = s.delay(1)
            verdict.note("slow")
            return verdict
    """)

    assert stage.ask().verdict() == Verdict(delay=1.0, notes=("slow",))


def test_a_tree_replaces() -> None:
    """A changed tree leaves in the stanza's stead, without what stands behind it."""
    stage = Stage()
    stage.load("""
        def stanza(s, session):
            s.tree.find("{jabber:client}body").text = "Nay & aye"
            return s.replace(s.tree)
    """)
    data = stage.ask().verdict().data
    assert isinstance(data, bytes)
    tree = etree.fromstring(data)

    assert tree.tag == "{jabber:client}message"
    assert tree.findtext("{jabber:client}body") == "Nay & aye"


@pytest.mark.parametrize(
    ("edit", "became"),
    [
        ("text='Nay'", b"<body>Nay</body>"),
        ("attribute='xml:lang', value='en'", b'<body xml:lang="en">Wherefore?</body>'),
        ("element='<body/>'", b"<body/>"),
        ("remove=True", b""),
    ],
)
def test_edits_leave_the_rest_as_it_was(edit: str, became: bytes) -> None:
    """A part is changed; all other bytes, quotation marks included, stay."""
    verdict = Stage().verdict(f"s.edit('//c:body', {edit})")

    assert verdict.data == MESSAGE.replace(b"<body>Wherefore?</body>", became)


def test_an_attribute_is_removed_by_none() -> None:
    """An attribute without a value goes."""
    assert Stage().verdict("s.edit('/c:message', attribute='id')").data == MESSAGE.replace(
        b" id='m1'", b""
    )


def test_edits_follow_each_other() -> None:
    """The second edit changes what the first one has made."""
    verdict = Stage().verdict(
        "s.edit('//c:body', text='a').edit('//c:body', attribute='x', value='y')"
    )

    assert verdict.data == MESSAGE.replace(b"<body>Wherefore?", b'<body x="y">a')


def test_an_edit_that_selects_nothing_changes_nothing() -> None:
    """The bytes are the same ones; a stanza of which all is removed is dropped."""
    stage = Stage()

    assert stage.verdict("s.edit('//c:subject', text='x')").data == MESSAGE
    assert stage.verdict("s.edit('/c:message', remove=True)").data is None


def test_replies_are_for_the_sender() -> None:
    """A result and an error are addressed back, and the request does not leave."""
    stage = Stage()
    result = stage.verdict("""s.reply_result("<query xmlns='jabber:iq:roster'/>")""", QUERY)
    error = stage.verdict("s.reply_error('item-not-found', 'No & no')", QUERY)

    assert result.data is None
    assert result.back == (
        b'<iq type="result" id="r1" from="capulet.example"><query xmlns=\'jabber:iq:roster\'/></iq>'
    )
    assert error.data is None
    assert b'<iq type="error" id="r1" from="capulet.example"><error type="cancel">' in error.back
    assert b"No &amp; no" in error.back
    assert stage.verdict("s.reply_result()", QUERY).back.endswith(b'from="capulet.example"/>')


def test_answers_are_checked_in_their_own_stream() -> None:
    """What goes back stands in the stream of the other direction, with its prefixes."""
    stage = Stage()
    stage.tell_context("s2c", StreamContext(prefixes={"z": "urn:z"}))
    well = stage.verdict("s.answer('<z:a/>')")
    badly = stage.verdict("s.replace('<z:a/>')")

    assert well.back == b"<z:a/>"
    assert badly.data is UNCHANGED
    assert "z" in only(stage)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("s.replace('<message>')", "play.py:1: MalformedXML: <message> is not closed"),
        ("s.replace('')", "there is no element in it"),
        ("s.replace(b'\\xff')", "UnicodeDecodeError"),
        ("s.replace(7)", "TypeError: XML is a str, bytes or an element, not int"),
        ("s.follow('</message>')", "</message> closes nothing, at character 0, near"),
        ("s.answer('<a></b>')", "MalformedXML:"),
        ("s.duplicate(0)", "ValueError: a stanza leaves 1 to 1000 times, not 0"),
        ("s.duplicate(2.5)", "TypeError"),
        ("s.delay(-1)", "ValueError: -1 is no number of seconds"),
        ("s.delay(float('nan'))", "ValueError: nan is no number of seconds"),
        ("s.delay('1')", "TypeError"),
        ("s.hold(otherwise='wait')", "write 'forward' or 'drop'"),
        ("s.reply_result()", "only an iq of type get or set has a result"),
        ("s.reply_error('no-such')", "there is no condition 'no-such'; there are bad-request,"),
        ("s.edit('//c:body')", "edit needs one of text="),
        ("s.edit('//c:body', text='', remove=True)", "edit needs one of text="),
        ("s.edit('//c:body', value='x')", "edit needs one of text="),
        ("s.edit('//c:body', element='<a>')", "<a> is not closed"),
        ("s.edit('//c:body[', text='')", "FilterError: xpath:"),
        ("s.edit('//@id', element='<a/>')", "ValueError: no element can stand in the place of"),
    ],
)
def test_mistakes_are_errors_of_the_script(text: str, told: str) -> None:
    """What cannot be is told with its place, and the stanza goes on as it came."""
    stage = Stage()
    verdict = stage.verdict(text)

    assert told in only(stage)
    assert verdict.data is UNCHANGED
    assert verdict.notes == (f"script {only(stage)}",)


def test_an_error_is_not_answered() -> None:
    """No error answers an error."""
    stage = Stage()
    stage.verdict("s.reply_error('bad-request')", b"<message type='error'/>")

    assert "no error answers <message type=error>" in only(stage)


def test_what_it_looks_like() -> None:
    """A verdict that is printed says what it is."""
    (note,) = Stage().verdict("s.note(s.drop().note('x'))").notes

    assert note.startswith("<verdict: data=None,")
    assert "notes=('x',)" in note
