import msgspec
import pytest

from xmppspy.control import replies
from xmppspy.protocol.events import Side
from xmppspy.view import control as words
from xmppspy.view.look import Look

LOOK = Look()
NARROW = LOOK._replace(columns=lambda: 80)
BREAKPOINT = replies.Breakpoint(on=True, filter="message", timeout=30.0, otherwise="forward")
STATUS = replies.Status(
    tool="xmppspy 0.1.0",
    pid=4711,
    upstream="capulet.example",
    listening=["127.0.0.1:5222"],
    capture="/tmp/a.xmpp.jsonl",
    created="2026-11-22T07:40:12.345678Z",
    t=3725.0,
    connections=1,
    accepted=2,
    frames=1234,
    held=0,
    breakpoint=BREAKPOINT,
    rules=2,
    rules_file="rules.toml",
)
CONNECTION = replies.Connection(
    conn=7,
    client="127.0.0.1:51234",
    server="capulet.example",
    domain="capulet.example",
    jid="juliet@capulet.example/balcony",
    state="online",
    tls={
        Side.CLIENT: replies.Leg(version="TLSv1.3", cipher="X"),
        Side.SERVER: replies.Leg(version="TLSv1.3", cipher="X"),
    },
    sm="resumable",
    c2s=replies.Traffic(frames=12, bytes=1000),
    s2c=replies.Traffic(frames=3456, bytes=9000),
    since=65.0,
    held=1,
)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (48.2, "48 s"),
        (119.0, "119 s"),
        (300.0, "5 min"),
        (3725.0, "1 h 02"),
        (90_000.0, "1 d"),
    ],
)
def test_spans_are_short(seconds: float, text: str) -> None:
    """As exact as a person wants them."""
    assert words.span(seconds) == text


def test_status() -> None:
    """A line for each thing."""
    assert words.status(STATUS, LOOK).splitlines() == [
        "proxy    xmppspy 0.1.0, process 4711",
        "serves   capulet.example at 127.0.0.1:5222",
        "capture  /tmp/a.xmpp.jsonl",
        "running  1 h 02, 1,234 frames of 2 connections",
        "open     1 connection",
        "holding  message (for 30 s, then forward)",
        "held     no frames",
        "rules    2 rules on, rules.toml",
    ]


def test_status_of_a_proxy_that_does_little() -> None:
    """What is not there is said to be so."""
    bare = msgspec.structs.replace(STATUS, capture=None, rules=0, rules_file=None, connections=0)
    lines = words.status(bare, LOOK).splitlines()

    assert lines[2] == "capture  not recorded"
    assert lines[4] == "open     no connections"
    assert lines[7] == "rules    no rules"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "message (for 30 s, then forward)"),
        ({"on": False}, "off (message for 30 s, then forward)"),
        ({"filter": None, "on": False}, "nothing; xmppspy ctl hold FILTER"),
        ({"timeout": 2.5, "otherwise": "drop"}, "message (for 2.5 s, then drop)"),
        ({"filter": ""}, "everything (for 30 s, then forward)"),
    ],
)
def test_breakpoint(changes: dict[str, object], text: str) -> None:
    """What is held, how long, and what then."""
    assert words.breakpoint_(msgspec.structs.replace(BREAKPOINT, **changes)) == text


def test_connections() -> None:
    """Whose each is, how far it has come, what was said, on 80 columns."""
    told = replies.Connections(
        connections=[
            CONNECTION,
            msgspec.structs.replace(
                CONNECTION, conn=12, jid=None, tls={}, sm="off", held=0, state="negotiating"
            ),
            msgspec.structs.replace(
                CONNECTION,
                conn=13,
                jid=None,
                domain=None,
                tls={Side.SERVER: replies.Leg(version="TLSv1.2", cipher="X")},
            ),
        ]
    )
    shown = words.connections(told, NARROW, 95.0).splitlines()

    assert shown == [
        "conn  who              state        TLS        SM         C→S    S→C  held  open",
        "   7  juliet@capulet…  online       1.3        resumable   12  3,456     1  30 s",
        "  12  127.0.0.1:5123…  negotiating  clear                  12  3,456        30 s",
        "  13  127.0.0.1:51234  online       clear/1.2  resumable   12  3,456     1  30 s",
    ]
    assert max(map(len, shown)) == 80


def test_no_connections() -> None:
    """Is a sentence."""
    told = replies.Connections(connections=[])

    assert words.connections(told, LOOK, 0.0) == "no client is connected\n"


def test_rules() -> None:
    """Each with what it has done."""
    rule = replies.Rule(
        name="quiet", on=True, what="message", actions=["drop", "note"], matched=1234, applied=1
    )
    told = replies.Rules(file="a", rules=[rule, msgspec.structs.replace(rule, on=False, name="b")])

    assert words.rules(told, LOOK).splitlines() == [
        "     rule   for      does        matched  applied",
        "on   quiet  message  drop, note    1,234        1",
        "off  b      message  drop, note    1,234        1",
    ]
    assert words.rules(replies.Rules(file=None, rules=[]), LOOK).startswith("there are no rules")


TEMPLATE = replies.Template(
    name="ping",
    help="whether it is there",
    fields=[
        replies.Field(name="to", help="who", needed=True),
        replies.Field(name="type", help="which", default="get"),
    ],
)


def test_templates() -> None:
    """Their fields on one line."""
    told = replies.Templates(templates=[TEMPLATE])

    assert words.templates(told, LOOK) == (
        "ping         whether it is there\n             to (needed) type=get\n"
    )


def test_template() -> None:
    """What each field is."""
    assert words.template(TEMPLATE, LOOK).splitlines() == [
        "ping: whether it is there",
        "field  is     default",
        "to     who             needed",
        "type   which  get",
    ]
