import pytest

from tests.view.samples import COLOURED, NARROW, PLAIN, frame
from xmppspy.analysis.explainer import Explainer
from xmppspy.protocol.events import Fault
from xmppspy.view.brief import Brief
from xmppspy.view.fold import width_of

brief = Brief(PLAIN)
narrow = Brief(NARROW)
CHAT = (
    "<message type='groupchat' from='garden@rooms.example.org/Romeo' "
    f"id='6a3e2e5f-8d73'><body>{'Soft! ' * 40}</body></message>"
)


@pytest.mark.parametrize(
    ("xml", "line"),
    [
        ('<iq type="get" id="r1"><query xmlns="jabber:iq:roster"/></iq>', "iq get roster id=r1"),
        ("<presence/>", "presence available"),
        (
            "<message to='a@b' from='c@d' id='1'><body>Hi</body></message>",
            'message "Hi" (2 chars) id=1 to=a@b',
        ),
        ("<iq type='error' id='1'><error><gone/></error></iq>", "iq error gone id=1"),
        ("<stream:features><a xmlns='urn:xmpp:a'/></stream:features>", "features: a"),
        (" ", 'space " "'),
        ("</stream:stream>", "stream closed"),
        ("<iq id='\x1b[31m&#10;'/>", r"iq (no payload) id=\x1b[31m\n"),
    ],
)
def test_one_line_a_frame(xml: str, line: str) -> None:
    """When, which connection, which way, what, about what, which one, to whom."""
    assert brief(frame(xml)) == f"07:40:12.345 #1 C→S {line}\n"


def test_the_other_side_is_named() -> None:
    """Towards the client, the sender."""
    line = brief(frame("<presence to='a@b' from='c@d'/>", "s2c"))

    assert line == "07:40:12.345 #1 S→C presence available from=c@d\n"


def test_what_was_done_is_said() -> None:
    """Dropped, changed and injected frames."""
    lines = [
        brief(frame("<r/>", sent=None)),
        brief(frame("<r/>", sent=b"<a/>")),
        brief(frame("<r/>", injected=True)),
    ]

    assert [line.split()[-2] for line in lines] == ["dropped", "changed", "injected"]


def test_an_explanation_says_more() -> None:
    """The account's own addresses are short, and an answer says how long it took."""
    scene = [
        frame("<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"),
        frame(
            "<iq type='result' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
            "<jid>juliet@example.org/phone</jid></bind></iq>",
            "s2c",
            t=0.0412,
        ),
        frame("<iq type='get' id='2' to='juliet@example.org'><ping xmlns='urn:xmpp:ping'/></iq>"),
        frame("<iq type='result' id='2' from='juliet@example.org'/>", "s2c", t=0.5),
        frame("<iq type='result' id='2' from='juliet@example.org'/>", "s2c", t=0.6),
    ]
    explainer = Explainer()
    lines = [brief(record, explainer.see(record)) for record in scene]

    assert [line.split(" ", 3)[3] for line in lines] == [
        "iq set bind? id=1\n",
        "iq result bound juliet@example.org/phone (41 ms) id=1\n",
        "iq get ping id=2 to=me\n",
        "iq result pong (500 ms) id=2 from=me\n",
        "iq result duplicate pong id=2 from=me\n",
    ]


def test_what_is_not_whole_has_a_size() -> None:
    """Unframed and unfinished bytes."""
    line = brief(frame("<message><body>hel", kind="partial"))

    assert line == '07:40:12.345 #1 C→S partial "<message><body>hel" 18 B\n'


def test_a_line_fits_the_terminal() -> None:
    """What was said, then the id, then the line's end give way."""
    line = narrow(frame(CHAT, "s2c"))

    assert width_of(line.rstrip("\n")) <= 80
    assert '"Soft! Soft! Soft! Soft… id=6a3e2e5f… fro…' in line


def test_full_lines_are_whole() -> None:
    """On a terminal too."""
    line = Brief(NARROW._replace(full=True))(frame(CHAT, "s2c"))

    assert f'"{"Soft! " * 40}"' in line
    assert line.endswith("id=6a3e2e5f-8d73 from=garden@rooms.example.org/Romeo\n")


def test_events_are_never_cut() -> None:
    """An error says what to do; that is at its end. On a terminal it goes on in the next line."""
    detail = "the client does not trust the CA; export it with `xmppspy ca export`, and import it"
    event = Fault(t=0, conn=1, error="untrusted", detail=detail)

    assert narrow(event) == (
        "07:40:12.345 #1 error untrusted: the client does not trust the CA; export it\n"
        "    with `xmppspy ca export`, and import it\n"
    )
    assert brief(event) == f"07:40:12.345 #1 error untrusted: {detail}\n"
    assert Brief(NARROW._replace(full=True))(event) == brief(event)


def test_directions_have_colours() -> None:
    """Which way a frame goes is seen without reading."""
    coloured = Brief(COLOURED)

    assert coloured(frame("<r/>")).count(COLOURED.palette.c2s.on) == 1
    assert coloured(frame("<r/>", "s2c")).count(COLOURED.palette.s2c.on) == 1
