from dataclasses import replace

from tests.analysis.scenes import JULIET, Scene
from xmppspy.analysis.exchanges import (
    LATE,
    MAX_ALIKE,
    MAX_NAMES,
    MAX_PENDING,
    Answer,
    Exchanges,
    State,
)
from xmppspy.analysis.identity import Identities
from xmppspy.protocol.events import Gap, Skipped

BARE = "juliet@capulet.example"
ROMEO = "romeo@montague.example/garden"
TYBALT = "tybalt@capulet.example/sword"
SM = "xmlns='urn:xmpp:sm:3'"
PING = "<ping xmlns='urn:xmpp:ping'/>"
ROSTER = "<query xmlns='jabber:iq:roster'/>"
COMPONENT = (
    "<stream:stream xmlns='jabber:component:accept'"
    " xmlns:stream='http://etherx.jabber.org/streams' to='echo.capulet.example'>"
)
SERVERS = COMPONENT.replace("component:accept", "server")


def request(id_: str, to: str = "", payload: str = PING) -> str:
    """A request to somebody, or to nobody in particular."""
    address = f" to='{to}'" if to else ""
    return f"<iq type='get' id='{id_}'{address}>{payload}</iq>"


def result(id_: str, from_: str = "", type_: str = "result") -> str:
    """An answer from somebody, or from nobody in particular."""
    address = f" from='{from_}'" if from_ else ""
    return f"<iq type='{type_}' id='{id_}'{address}/>"


def play(scene: Scene) -> tuple[Exchanges, list[Answer]]:
    """Show all of a scene; also returns the answers but that to the binding."""
    identities = Identities()
    exchanges = Exchanges(identities)
    found = []
    for event in scene.events:
        identities.see(event)
        found.append(exchanges.see(event))
    answers = [each for each in found if each is not None]
    return exchanges, [
        each
        for each in answers
        if each.request is None or each.request.namespace != "urn:ietf:params:xml:ns:xmpp-bind"
    ]


def states(scene: Scene) -> list[State]:
    """How the answers of a scene stand."""
    return [answer.state for answer in play(scene)[1]]


def logged_in() -> Scene:
    """Juliet on connection 1."""
    scene = Scene()
    scene.logs_in()
    return scene


def test_answer_finds_its_request() -> None:
    """An answer is told with its request, what that was about, and how long it took."""
    scene = logged_in()
    asked = scene.client(request("r1", payload="<r:query xmlns:r='jabber:iq:roster'/>"), t=5.0)
    scene.server(result("r1"), t=5.25)
    _, (answer,) = play(scene)

    assert (answer.state, answer.latency, answer.type) == (State.ANSWERED, 0.25, "result")
    assert answer.request is not None
    assert (answer.request.n, answer.request.t) == (asked.n, 5.0)
    assert (answer.request.type, answer.request.name) == ("get", "query")
    assert answer.request.namespace == "jabber:iq:roster"


def test_binding_is_an_exchange() -> None:
    """The account may answer in a name that the request made known."""
    scene = logged_in()
    identities = Identities()
    exchanges = Exchanges(identities)
    found = []
    for event in scene.events:
        identities.see(event)
        found.append(exchanges.see(event))

    assert [answer.state for answer in found if answer] == [State.ANSWERED]


def test_error_is_an_answer() -> None:
    """Errors answer requests like results."""
    scene = logged_in()
    scene.client(request("v1", ROMEO))
    scene.server(result("v1", ROMEO, "error"))
    _, (answer,) = play(scene)

    assert (answer.state, answer.type) == (State.ANSWERED, "error")


def test_same_id_in_both_directions() -> None:
    """Each side counts its own ids; the same one may be outstanding both ways."""
    scene = logged_in()
    scene.client(request("1", "capulet.example"), t=1.0)
    scene.server(f"<iq type='get' id='1' from='capulet.example' to='{JULIET}'>{PING}</iq>", t=2.0)
    scene.client("<iq type='result' id='1' to='capulet.example'/>", t=2.5)
    scene.server(result("1", "capulet.example"), t=4.0)
    _, answers = play(scene)

    assert [(answer.dir, answer.latency) for answer in answers] == [("c2s", 0.5), ("s2c", 3.0)]


def test_same_id_towards_several() -> None:
    """Where an id is used for several peers at once, the address decides."""
    scene = logged_in()
    asked = [scene.client(request("1", to)).n for to in (ROMEO, TYBALT, BARE)]
    for sender in (TYBALT, "", ROMEO):
        scene.server(result("1", sender))
    exchanges, answers = play(scene)

    assert [answer.request and answer.request.n for answer in answers] == [
        asked[1],
        asked[2],
        asked[0],
    ]
    assert exchanges.pending() == []


def test_roster_push_is_answered_without_address() -> None:
    """A client answers its account without `to` (RFC 6121 §2.1.6)."""
    scene = logged_in()
    scene.server(f"<iq type='set' id='p1'>{ROSTER}</iq>")
    scene.client("<iq type='result' id='p1'/>")
    scene.server(f"<iq type='set' id='p2' from='{BARE}'>{ROSTER}</iq>")
    scene.client("<iq type='result' id='p2'/>")

    assert states(scene) == [State.ANSWERED, State.ANSWERED]


def test_answer_in_another_name_is_a_spoof_candidate() -> None:
    """The right id from the wrong peer is suspicious, and the request stays outstanding."""
    scene = logged_in()
    asked = scene.client(request("r1"))
    scene.server(result("r1", "mallory@evil.example/x"))
    scene.server(result("r1", BARE))
    exchanges, answers = play(scene)

    assert [answer.state for answer in answers] == [State.SPOOF_CANDIDATE, State.ANSWERED]
    assert [answer.request and answer.request.n for answer in answers] == [asked.n, asked.n]
    assert answers[0].latency is None
    assert exchanges.pending() == []


def test_second_answer_is_a_duplicate() -> None:
    """Once answered, a request has had its answer."""
    scene = logged_in()
    scene.client(request("r1"))
    scene.server(result("r1"))
    scene.server(result("r1"))
    scene.client(request("r1"))
    scene.server(result("r1"))
    _, answers = play(scene)

    assert [answer.state for answer in answers] == [
        State.ANSWERED,
        State.DUPLICATE,
        State.ANSWERED,
    ]
    assert answers[1].latency is None


def test_answer_without_request_is_an_orphan() -> None:
    """Where the whole session is in the capture, every answer has its request there."""
    scene = logged_in()
    scene.server(result("x1", ROMEO))
    scene.server("<iq type='result'/>")
    scene.client("<iq type='error' id='x2'/>")

    assert states(scene) == [State.ORPHANED] * 3


def test_no_orphans_where_something_may_be_missing() -> None:
    """A capture from the middle, or with losses, may not hold the request."""
    middle, lost, skipped, unframed, unknown = Scene(), *(logged_in() for _ in range(3)), Scene()
    lost.add(Gap(t=9.0, lost=1))
    skipped.add(Skipped(t=9.0, lost=1))
    unframed.events[-1] = replace(unframed.client("<a/>"), kind="opaque")
    unknown.begins()
    unknown.client(f"<resume {SM} h='0' previd='s1'/>")
    unknown.server(f"<resumed {SM} h='0' previd='s1'/>")
    scenes = (middle, lost, skipped, unframed, unknown)
    for scene in scenes:
        scene.server(result("x1", ROMEO))

    assert [states(scene) for scene in scenes] == [[State.UNSEEN]] * 5


def test_no_orphans_where_one_side_is_missing() -> None:
    """A capture of one direction holds answers, and none of their requests."""
    whole = logged_in()
    whole.client(request("r1"))
    whole.server(result("r1"))
    half = Scene()
    half.events = [event for event in whole.events if getattr(event, "dir", "c2s") == "s2c"]

    assert half.events
    assert set(states(half)) == {State.UNSEEN}


def test_late_answer_is_late() -> None:
    """An answer after the threshold is late; without one the request is overdue."""
    scene = logged_in()
    scene.client(request("r1"), t=10.0)
    scene.server(result("r1"), t=10.0 + LATE)
    scene.client(request("r2"), t=20.0)
    scene.server(result("r2"), t=20.1 + LATE)
    waiting = scene.client(request("r3"), t=30.0)
    exchanges, answers = play(scene)

    assert [answer.state for answer in answers] == [State.ANSWERED, State.LATE]
    assert exchanges.overdue(30.0 + LATE) == []
    assert [each.n for each in exchanges.overdue(30.1 + LATE)] == [waiting.n]


def test_latency_is_never_negative() -> None:
    """Times of a capture put together by hand may run backwards."""
    scene = logged_in()
    scene.client(request("r1"), t=10.0)
    scene.server(result("r1"), t=9.0)

    assert play(scene)[1][0].latency == 0.0


def test_unanswered_at_the_end_of_the_connection() -> None:
    """What was not answered when the session ended never is; it is told once."""
    scene = logged_in()
    asked = scene.client(request("r1"))
    scene.closes()
    exchanges, _ = play(scene)

    assert [each.n for each in exchanges.take_unanswered()] == [asked.n]
    assert exchanges.take_unanswered() == []
    assert exchanges.pending() == []


def test_requests_survive_with_their_session() -> None:
    """Resumption carries requests to the next connection, where they are answered."""
    scene = logged_in()
    scene.client(f"<enable {SM} resume='true'/>")
    scene.server(f"<enabled {SM} id='s1' resume='true'/>")
    scene.client(request("r1"), t=10.0)
    scene.client(request("r2"))
    scene.closes()
    scene.begins(2)
    scene.client(f"<resume {SM} h='0' previd='s1'/>", 2)
    scene.server(f"<resumed {SM} h='0' previd='s1'/>", 2)
    scene.server(result("r1"), 2, t=13.0)
    exchanges, answers = play(scene)

    assert [(answer.state, answer.latency) for answer in answers] == [(State.ANSWERED, 3.0)]
    assert exchanges.take_unanswered() == []
    assert [each.id for each in exchanges.pending()] == ["r2"]


def test_connections_do_not_mix() -> None:
    """An id belongs to its connection."""
    scene = logged_in()
    scene.logs_in("romeo@capulet.example/garden", 2)
    scene.client(request("r1"), 1)
    scene.server(result("r1"), 2)

    assert states(scene) == [State.ORPHANED]


def test_component_answers_in_many_names() -> None:
    """On a component's stream both addresses tell who is meant (XEP-0114)."""
    scene = Scene()
    scene.opens()
    scene.client(COMPONENT)
    scene.server(COMPONENT)
    for user in "ab":
        scene.client(
            f"<iq type='get' id='1' from='{user}@echo.capulet.example' to='{ROMEO}'>{PING}</iq>"
        )
    for user in "bxa":
        scene.server(f"<iq type='result' id='1' from='{ROMEO}' to='{user}@echo.capulet.example'/>")
    scene.client(f"<iq type='get' id='2' from='a@echo.capulet.example' to='{ROMEO}'>{PING}</iq>")
    scene.server("<iq type='result' id='2' from='evil.example' to='a@echo.capulet.example'/>")

    assert states(scene) == [
        State.ANSWERED,
        State.ORPHANED,
        State.ANSWERED,
        State.SPOOF_CANDIDATE,
    ]


def test_servers_answer_on_another_connection() -> None:
    """Between servers the answer may come on the stream of the other direction."""
    scene = Scene()
    for conn in (1, 2):
        scene.opens(conn)
        scene.client(SERVERS, conn)
    scene.client(f"<iq type='get' id='1' from='{JULIET}' to='{ROMEO}'>{PING}</iq>", 1, t=1.0)
    scene.client(f"<iq type='result' id='1' from='{ROMEO}' to='{JULIET}'/>", 2, t=1.5)
    scene.client(f"<iq type='result' id='2' from='{ROMEO}' to='{JULIET}'/>", 2)
    _, answers = play(scene)

    assert [(answer.state, answer.latency) for answer in answers] == [
        (State.ANSWERED, 0.5),
        (State.UNSEEN, None),
    ]


def test_other_elements_are_no_exchanges() -> None:
    """Messages, broken types and elements of other namespaces neither ask nor answer."""
    scene = logged_in()
    scene.client("<message type='error' id='r1'/>")
    scene.client("<iq id='r1'/>")
    scene.client("<iq type='gibberish' id='r1'/>")
    scene.client("<iq type='get' id='r1' xmlns='urn:example:other'/>")
    exchanges, answers = play(scene)

    assert (answers, exchanges.pending()) == ([], [])


def test_payload_is_named() -> None:
    """The first element inside is the payload, whatever stands around it; there may be none."""
    scene = logged_in()
    for payload in (f"<!-- a --> {ROSTER}", "", "just text", "<!-- a --><![CDATA[<query/>]]>"):
        scene.client(request("r1", ROMEO, payload))
    scene.client("<iq type='get' id='r1' to='a@b'/>")
    exchanges, _ = play(scene)

    assert [each.name for each in exchanges.pending()] == ["query", "", "", "", ""]


def test_requests_are_bounded() -> None:
    """Too many requests make the oldest give way, and cast doubt on what seems an orphan."""
    scene = logged_in()
    for number in range(MAX_PENDING + 1):
        scene.client(request(f"n{number}"))
    scene.server(result("n0"))
    exchanges, answers = play(scene)

    assert exchanges.dropped == 1
    assert len(exchanges.pending()) == MAX_PENDING
    assert [answer.state for answer in answers] == [State.UNSEEN]


def test_requests_with_the_same_id_are_bounded() -> None:
    """So do too many with the same id, and such with enormous names."""
    alike, large = logged_in(), logged_in()
    for _ in range(MAX_ALIKE + 2):
        alike.client(request("n1"))
    large.client(request("n" * MAX_NAMES, ROMEO))
    counts = [(each.dropped, len(each.pending())) for each in (play(alike)[0], play(large)[0])]

    assert counts == [(2, MAX_ALIKE), (1, 0)]


def test_request_without_an_id_casts_no_doubt() -> None:
    """It is not followed, and what answers nothing is an orphan still."""
    scene = logged_in()
    scene.client(f"<iq type='get'>{PING}</iq>")
    scene.server(result("n0"))
    exchanges, answers = play(scene)

    assert (exchanges.dropped, exchanges.pending()) == (0, [])
    assert [answer.state for answer in answers] == [State.ORPHANED]
