from tests.replay.talks import ROSTER, TALK, login, parts
from xmppspy.replay.sides import Session, sessions


def session(lines: list[str]) -> Session:
    """The only session of a capture."""
    (found,) = sessions(parts(lines))
    return found


def test_requests_are_told_from_all_else() -> None:
    """Requests have their answers; messages, presence and the like are remarks."""
    found = session(TALK)
    kinds = [record.kind for record in found.remarks]

    assert [(each.request.id, each.answer and each.answer.id) for each in found.exchanges] == [
        ("b1", "b1"),
        ("r1", "r1"),
    ]
    assert kinds == [
        *("success", "stream", "stream", "features"),
        *("presence", "presence", "message", "message", "message", "message"),
        *("/stream", "/stream"),
    ]
    assert found.size == 2 * 2 + len(kinds)


def test_of_a_login_only_its_outcome_counts() -> None:
    """However a client gets its session, what is compared begins with the last stream."""
    said = [record.xmlns for record in session(login()).remarks if record.kind != "stream"]

    assert said == ["urn:ietf:params:xml:ns:xmpp-sasl", "http://etherx.jabber.org/streams"]


def test_acknowledgements_are_left_out() -> None:
    """When stream management asks and answers is no part of what is said (XEP-0198)."""
    sm = "xmlns='urn:xmpp:sm:3'"
    lines = [
        f"C <enable {sm}/>",
        f"S <enabled {sm} id='x'/>",
        f"C <r {sm}/>",
        f"S <a {sm} h='1'/>",
    ]
    kinds = [record.kind for record in session([*login(), *lines]).remarks]

    assert kinds[-2:] == ["enable", "enabled"]


def test_a_request_may_stay_unanswered() -> None:
    """It is an exchange all the same, and an answer to nothing is a remark."""
    found = session([*login(), ROSTER[0], "S <iq type='result' id='other'/>"])

    assert found.exchanges[-1].answer is None
    assert found.remarks[-1].id == "other"


def test_requests_of_the_server_are_exchanges() -> None:
    """Pairs are found in both directions."""
    lines = [
        "S <iq type='get' id='p1' from='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>",
        "C <iq type='result' id='p1' to='capulet.example'/>",
    ]
    last = session([*login(), *lines]).exchanges[-1]

    assert (last.request.dir, last.answer and last.answer.dir) == ("s2c", "c2s")


def test_messages_of_an_archive_belong_to_their_query() -> None:
    """The query's name tells (XEP-0313)."""
    mam = "xmlns='urn:xmpp:mam:2'"
    lines = [
        f"C <iq type='set' id='q1'><query {mam} queryid='f27'/></iq>",
        f"S <message><result {mam} queryid='f27' id='1'/></message>",
        f"S <iq type='result' id='q1'><fin {mam}/></iq>",
    ]
    found = session([*login(), *lines])

    assert [request.id for request in found.about.values()] == ["q1"]


def test_a_resumed_session_goes_on() -> None:
    """A connection that resumes a session is no session of its own."""
    sm = "xmlns='urn:xmpp:sm:3'"
    first = [*login(), f"C <enable {sm} resume='true'/>", f"S <enabled {sm} id='x' resume='true'/>"]
    second = [
        *login()[:8],
        f"C <resume {sm} previd='x' h='0'/>",
        f"S <resumed {sm} previd='x' h='0'/>",
    ]
    (found,) = sessions(parts([*first, ROSTER[0]], [*second, ROSTER[1]]))

    assert len(found.parts) == 2
    assert found.exchanges[-1].answer is not None


def test_connections_without_frames_are_no_sessions() -> None:
    """Somebody who only looks whether the port is open says nothing."""
    assert sessions(parts([])) == []
