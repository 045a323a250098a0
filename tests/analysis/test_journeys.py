import pytest

from tests.analysis.scenes import JULIET, ROMEO, Scene
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.journeys import MAX_STEPS, Journey, Journeys, Step
from xmppspy.protocol.events import FateDecided

SM = "xmlns='urn:xmpp:sm:3'"
SID = "xmlns='urn:xmpp:sid:0'"
ROOM = "balcony@rooms.example"


def followed(scene: Scene, limit: int = 100) -> Journeys:
    """The journeys when all of a scene was seen."""
    identities = Identities()
    journeys = Journeys(identities, limit)
    for event in scene.events:
        identities.see(event)
        journeys.see(event)
    return journeys


def told(journey: Journey) -> list[str]:
    """The steps of a journey in short: connection, direction, kind, detail."""
    return [
        " ".join(filter(None, [f"{step.conn} {step.dir} {step.kind}", step.detail, *_kept(step)]))
        for step in journey.steps
    ]


def _kept(step: Step) -> list[str]:
    return [f"{name} by {by}" for name, by in step.stored]


def message(id_: str, to: str = ROMEO, extra: str = "") -> str:
    """A message of the client."""
    return f"<message type='chat' to='{to}' id='{id_}'><body>Ay me</body>{extra}</message>"


def delivered(id_: str, from_: str = JULIET, extra: str = "") -> str:
    """The same as the server delivers it."""
    return f"<message type='chat' from='{from_}' id='{id_}'><body>Ay me</body>{extra}</message>"


def both() -> Scene:
    """Juliet on connection 1 with stream management, Romeo on connection 2."""
    scene = Scene()
    scene.logs_in(JULIET, 1)
    scene.client(f"<enable {SM} resume='true'/>")
    scene.server(f"<enabled {SM} id='s1' resume='true'/>")
    scene.logs_in(ROMEO, 2)
    return scene


def test_whole_journey() -> None:
    """From the sender to the receiver and back, with everything that confirms it."""
    scene = both()
    scene.client(message("m1", extra=f"<origin-id {SID} id='o1'/>"))
    scene.server(delivered("m1", extra=f"<stanza-id {SID} id='a1' by='{ROMEO}'/>"), 2)
    scene.server(f"<a {SM} h='1'/>")
    receipt = "<received xmlns='urn:xmpp:receipts' id='m1'/>"
    marker = "<displayed xmlns='urn:xmpp:chat-markers:0' id='o1'/>"
    scene.client(f"<message to='{JULIET}' id='r1'>{receipt}</message>", 2)
    scene.server(f"<message from='{ROMEO}' id='r1'>{receipt}</message>")
    scene.client(f"<message to='{JULIET}'>{marker}</message>", 2)
    scene.server(f"<message from='{ROMEO}'>{marker}</message>")
    journeys = followed(scene)
    (journey,) = journeys.find("m1")

    assert told(journey) == [
        "1 c2s sent",
        f"2 s2c received a1 by {ROMEO}",
        "1 s2c acked",
        "2 c2s receipt received",
        "1 s2c receipt received",
        "2 c2s marker displayed",
        "1 s2c marker displayed",
    ]
    assert [step.who for step in journey.steps[:2]] == [JULIET, ROMEO]
    assert [step.peer for step in journey.steps[:2]] == [ROMEO, JULIET]
    assert journeys.find("o1") == journeys.find("a1") == [journey]
    assert (journey.is_content, journey.encryption) == (True, None)


def test_steps_are_told_as_they_happen() -> None:
    """Each event gives the steps that it is; a receipt is a message as well."""
    scene = both()
    scene.client(message("m1"))
    receipt = "<received xmlns='urn:xmpp:receipts' id='m1'/>"
    scene.server(f"<message from='{ROMEO}' id='r1'>{receipt}</message>")
    identities = Identities()
    journeys = Journeys(identities)
    found = []
    for event in scene.events:
        identities.see(event)
        found.append([(each.journey.number, each.step.kind) for each in journeys.see(event)])

    assert found[-2:] == [[(1, "sent")], [(2, "received"), (1, "receipt")]]


def test_room_reflects_and_delivers() -> None:
    """A room sends a message back to its sender, and to the others, with an id of its own."""
    scene = both()
    scene.client(f"<message type='groupchat' to='{ROOM}' id='m1'><body>Ay me</body></message>")
    stored = f"<stanza-id {SID} id='a1' by='{ROOM}'/>"
    reflected = f"<message type='groupchat' from='{ROOM}/J' id='m1'><body>Ay me</body>{stored}"
    for conn in (1, 2):
        scene.server(f"{reflected}</message>", conn)
    scene.client(
        f"<message type='groupchat' to='{ROOM}'>"
        "<displayed xmlns='urn:xmpp:chat-markers:0' id='a1'/></message>",
        2,
    )
    (journey,) = followed(scene).find("a1")

    assert told(journey) == [
        "1 c2s sent",
        f"1 s2c reflected a1 by {ROOM}",
        "2 s2c received",
        "2 c2s marker displayed",
    ]
    assert journey.ids == ["m1"]


def test_carbons_and_archive_are_steps() -> None:
    """Another client of the account gets a copy, and finds the message in the archive."""
    scene = both()
    scene.logs_in("juliet@capulet.example/phone", 3)
    scene.client(message("m1"))
    forwarded = (
        "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'"
        f" from='{JULIET}' to='{ROMEO}' id='m1'><body>Ay me</body></message></forwarded>"
    )
    scene.server(f"<message><sent xmlns='urn:xmpp:carbons:2'>{forwarded}</sent></message>", 3)
    result = f"<result xmlns='urn:xmpp:mam:2' id='a1'>{forwarded}</result>"
    scene.server(f"<message>{result}</message>", 3)
    (journey,) = followed(scene).find("a1")

    assert told(journey) == [
        "1 c2s sent",
        "3 s2c carbon sent",
        "3 s2c archived a1 by juliet@capulet.example",
    ]


def test_error_is_a_step() -> None:
    """A message may come back."""
    scene = both()
    scene.client(message("m1"))
    scene.server(
        f"<message type='error' from='{ROMEO}' id='m1'><error type='cancel'>"
        "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
    )
    (journey,) = followed(scene).find("m1")

    assert told(journey) == ["1 c2s sent", "1 s2c error service-unavailable"]


def test_same_id_of_others_is_another_message() -> None:
    """Ids are the senders' own; who a message is between decides."""
    scene = both()
    scene.client(message("1"))
    scene.client(message("1", "nurse@capulet.example"), 1)
    scene.client(message("1", "tybalt@capulet.example"), 2)
    scene.server("<message from='nurse@capulet.example/x' id='1' type='error'/>")
    journeys = followed(scene).find("1")

    assert [told(journey) for journey in journeys] == [
        ["1 c2s sent"],
        ["1 c2s sent", "1 s2c error"],
        ["2 c2s sent"],
    ]


def test_id_used_again_is_another_message() -> None:
    """On the same connection, a client that repeats an id sends something else; the latest counts."""
    scene = both()
    scene.client(message("1"))
    scene.client(message("1"))
    scene.server(delivered("1"), 2)
    journeys = followed(scene).find("1")

    assert [told(journey) for journey in journeys] == [
        ["1 c2s sent"],
        ["1 c2s sent", "2 s2c received"],
    ]


def test_message_is_sent_again_after_resumption() -> None:
    """What was lost with a connection is the same message on the next."""
    scene = both()
    scene.client(message("m1"))
    scene.closes()
    scene.begins(3)
    scene.client(f"<resume {SM} h='0' previd='s1'/>", 3)
    scene.server(f"<resumed {SM} h='0' previd='s1'/>", 3)
    scene.client(message("m1"), 3)
    scene.server(f"<a {SM} h='1'/>", 3)
    (journey,) = followed(scene).find("m1")

    assert told(journey) == ["1 c2s sent", "3 c2s sent", "3 s2c acked"]
    assert journey.steps[1].who == JULIET


def test_id_of_an_earlier_session_is_another_message() -> None:
    """Clients that count begin anew when they start; what they say tells the messages apart."""
    scene = both()
    scene.client(message("m1"))
    scene.closes()
    scene.logs_in(JULIET, 3)
    scene.client(f"<message to='{ROMEO}' id='m1'><body>Good night</body></message>", 3)
    journeys = followed(scene).find("m1")

    assert [told(journey) for journey in journeys] == [["1 c2s sent"], ["3 c2s sent"]]


def test_resumption_confirms() -> None:
    """The server's count of a resumption acknowledges what it had got."""
    scene = both()
    scene.client(message("m1"))
    scene.closes()
    scene.begins(3)
    scene.client(f"<resume {SM} h='0' previd='s1'/>", 3)
    scene.server(f"<resumed {SM} h='1' previd='s1'/>", 3)
    (journey,) = followed(scene).find("m1")

    assert told(journey) == ["1 c2s sent", "3 s2c acked"]


def test_receiver_may_be_all_that_is_known() -> None:
    """A message whose sender is not in the capture begins where it is first seen."""
    scene = Scene()
    scene.server(delivered("m1"))
    scene.client(f"<message to='{JULIET}'><received xmlns='urn:xmpp:receipts' id='m1'/></message>")
    (journey,) = followed(scene).find("m1")

    assert told(journey) == ["1 s2c received", "1 c2s receipt received"]
    assert journey.steps[0].who == ""


def test_mark_of_an_unknown_message_is_a_beginning_too() -> None:
    """It may be what a person looks for."""
    scene = both()
    scene.server(
        f"<message from='{ROMEO}'><displayed xmlns='urn:xmpp:chat-markers:0' id='m0'/></message>"
    )
    (journey,) = followed(scene).find("m0")

    assert told(journey) == ["1 s2c marker displayed"]
    assert not journey.is_content


@pytest.mark.parametrize(
    ("keys", "detail"),
    [
        ({"sent": None}, "dropped by xmppspy"),
        ({"sent": b"<message/>"}, "changed by xmppspy"),
        ({"injected": True}, "injected by xmppspy"),
    ],
)
def test_interventions_are_told(keys: dict[str, object], detail: str) -> None:
    """What xmppspy did with a message is a part of its journey."""
    scene = both()
    scene.client(message("m1"), **keys)  # type: ignore[arg-type]
    (journey,) = followed(scene).find("m1")

    assert told(journey) == [f"1 c2s sent {detail}"]


def test_waiting_is_told() -> None:
    """A message that has not left yet was sent all the same."""
    scene = both()
    scene.client(message("m1"), waits=True)
    (journey,) = followed(scene).find("m1")

    assert told(journey) == ["1 c2s sent kept waiting by xmppspy"]


def test_fate_is_a_step() -> None:
    """So is what was decided about it later; fates of other frames are none."""
    scene = both()
    record = scene.client(message("m1"))
    for n in (record.n, 999):
        scene.add(FateDecided(t=9.0, conn=1, n=n, action="drop", held=2.5))
    (journey,) = followed(scene).find("m1")

    assert told(journey)[1:] == ["1 c2s fate dropped by xmppspy, held for 2.500 s"]
    assert journey.steps[1].t == 9.0


def test_encrypted_message_is_content() -> None:
    """Also without a body; the method is known."""
    scene = both()
    scene.client(f"<message to='{ROMEO}' id='m1'><encrypted xmlns='urn:xmpp:omemo:2'/></message>")
    (journey,) = followed(scene).find("m1")

    assert (journey.is_content, journey.encryption) == (True, "OMEMO")


def test_memory_is_bounded() -> None:
    """The oldest messages and the latest steps are let go of, and counted."""
    scene = both()
    for number in range(12):
        scene.client(message(f"m{number}"))
    for _ in range(MAX_STEPS + 5):
        scene.server(
            f"<message from='{ROMEO}'><received xmlns='urn:xmpp:receipts' id='m11'/></message>"
        )
    journeys = followed(scene, limit=10)
    (last,) = journeys.find("m11")

    assert journeys.dropped == 2
    assert [journey.ids for journey in journeys] == [[f"m{number}"] for number in range(2, 12)]
    assert journeys.find("m0") == []
    assert (len(last.steps), last.more) == (MAX_STEPS, 6)
