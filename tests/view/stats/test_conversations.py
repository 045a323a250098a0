from tests.analysis.scenes import ROMEO, Scene
from tests.view.stats.samples import PAPER, conversation, lines, report_of
from xmppspy.view.stats.conversations import answers, deliveries, slowest

PING = "<ping xmlns='urn:xmpp:ping'/>"


def test_answers_have_percentiles() -> None:
    """By what they were about, and all together."""
    assert lines(answers(report_of(conversation()).requests)) == [
        "2 requests, 2 answered, 0 errors, 0 unanswered",
        "",
        "answers about      asked by  count     p50     p90     p99     max",
        "roster (RFC 6121)  client        1  250 ms  250 ms  250 ms  250 ms",
        "bind (RFC 6120)    client        1  100 ms  100 ms  100 ms  100 ms",
        "all of them                      2  100 ms  250 ms  250 ms  250 ms",
    ]


def test_odd_answers_are_said() -> None:
    """Also where nobody asked; a request without payload is about nothing."""
    scene = Scene()
    scene.begins()
    scene.server("<iq type='result' id='x'/>")
    assert lines(answers(report_of(scene).requests)) == [
        "0 requests, 0 answered, 0 errors, 0 unanswered, 1 orphaned"
    ]
    scene.server("<iq type='get' id='y' from='capulet.example'/>")
    scene.client("<iq type='result' id='y'/>")

    assert lines(answers(report_of(scene).requests))[3].split()[:4] == [
        "nothing",
        "in",
        "particular",
        "server",
    ]


def test_the_slowest_are_named() -> None:
    """What was asked, of whom, how it was answered, and where to find it."""
    scene = conversation()
    scene.client(f"<iq type='get' id='p1' to='{ROMEO}'>{PING}</iq>", t=5.0)
    scene.server(f"<iq type='error' id='p1' from='{ROMEO}'/>", t=7.5)
    scene.server(f"<iq type='get' id='s1' from='capulet.example'>{PING}</iq>", t=8.0)
    scene.client("<iq type='result' id='s1' to='capulet.example'/>", t=8.5)

    assert lines(slowest(report_of(scene).requests)) == [
        "request     to                             answer         took",
        "get ping    romeo@montague.example/garden  n:9 error    2.50 s",
        "get ping    the client                     n:11 result  500 ms",
        "get roster                                 n:6 result   250 ms",
        "set bind                                   n:4 result   100 ms",
    ]


def test_deliveries_are_shares_of_what_was_sent() -> None:
    """With the messages that are in doubt."""
    assert lines(deliveries(report_of(conversation()).delivery, PAPER)) == [
        "1 message with text: 1 sent, 0 received",
        "0 encrypted end to end",
        "",
        "of those sent",
        "acknowledged by the server  0  ░░░░░░░░░░░░░░░░░░░░   0 %",
        "seen to arrive              0  ░░░░░░░░░░░░░░░░░░░░   0 %",
        "delivery receipt            0  ░░░░░░░░░░░░░░░░░░░░   0 %",
        "displayed marker            0  ░░░░░░░░░░░░░░░░░░░░   0 %",
        "returned as an error        0  ░░░░░░░░░░░░░░░░░░░░   0 %",
        "nothing seen of them        1  ████████████████████ 100 %",
        "",
        "nothing seen of      to                             id",
        "07:40:14.000 #1 n:7  romeo@montague.example/garden  m1",
    ]


def test_encrypted_messages_have_methods() -> None:
    """Whatever a peer calls them."""
    scene = Scene()
    scene.server("<message><encrypted xmlns='urn:xmpp:omemo:2'/></message>")
    scene.server("<message><encryption xmlns='urn:xmpp:eme:0' name='&#9;'/></message>")

    assert lines(deliveries(report_of(scene).delivery, PAPER)) == [
        "2 messages with text: 0 sent, 2 received",
        r"2 encrypted end to end (OMEMO 1, \t 1)",
    ]


def test_nothing_has_no_tables() -> None:
    """Each of them is left out."""
    report = report_of(Scene())
    parts = (
        *answers(report.requests),
        *slowest(report.requests),
        *deliveries(report.delivery, PAPER),
    )

    assert lines(parts) == []
