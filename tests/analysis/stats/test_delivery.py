from collections.abc import Callable

from tests.analysis.scenes import JULIET, ROMEO, Scene
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.stats.delivery import (
    MAX_METHODS,
    MAX_UNCONFIRMED,
    Delivery,
    DeliveryReport,
)
from xmppspy.protocol.events import Event

SM = "xmlns='urn:xmpp:sm:3'"


def counted(scene: Scene, counts: Callable[[Event], bool] = lambda _: True) -> DeliveryReport:
    """The messages of a scene."""
    identities = Identities()
    delivery = Delivery(identities)
    for event in scene.events:
        identities.see(event)
        delivery.see(event, counts=counts(event))
    return delivery.report()


def both() -> Scene:
    """Juliet on connection 1 with stream management, Romeo on connection 2."""
    scene = Scene()
    scene.logs_in(JULIET, 1)
    scene.client(f"<enable {SM}/>")
    scene.server(f"<enabled {SM}/>")
    scene.logs_in(ROMEO, 2)
    return scene


def say(scene: Scene, id_: str, content: str = "<body>Ay me</body>") -> None:
    """A message of Juliet to Romeo."""
    identified = f" id='{id_}'" if id_ else ""
    scene.client(f"<message to='{ROMEO}'{identified}>{content}</message>")


def reply(scene: Scene, payload: str) -> None:
    """What comes back from Romeo."""
    scene.server(f"<message from='{ROMEO}'>{payload}</message>")


def test_confirmations_are_counted() -> None:
    """Each kind once a message, however often it comes."""
    scene = both()
    for number in range(5):
        say(scene, f"m{number}")
    scene.server(f"<message from='{JULIET}' id='m1'><body>Ay me</body></message>", 2)
    for _ in range(2):
        reply(scene, "<received xmlns='urn:xmpp:receipts' id='m1'/>")
        reply(scene, "<displayed xmlns='urn:xmpp:chat-markers:0' id='m2'/>")
    scene.server(f"<message type='error' from='{ROMEO}' id='m3'><error/></message>")
    scene.server(f"<a {SM} h='1'/>")
    found = counted(scene)

    assert (found.messages, found.sent, found.received) == (5, 5, 1)
    assert (found.acked, found.arrived, found.receipts) == (1, 1, 1)
    assert (found.displayed, found.failed, found.unconfirmed) == (1, 1, 1)
    assert [(each.id, each.to, each.conn) for each in found.which] == [("m4", ROMEO, 1)]


def test_only_messages_with_content_count() -> None:
    """Neither typing nor receipts nor what an archive holds."""
    scene = both()
    say(scene, "m1", "<composing xmlns='http://jabber.org/protocol/chatstates'/>")
    say(scene, "m2", "<received xmlns='urn:xmpp:receipts' id='x'/>")
    scene.server(
        "<message><result xmlns='urn:xmpp:mam:2' id='a1'><forwarded xmlns='urn:xmpp:forward:0'>"
        f"<message xmlns='jabber:client' from='{ROMEO}' id='old'><body>Hi</body></message>"
        "</forwarded></result></message>"
    )

    assert counted(scene).messages == 0


def test_messages_without_id_are_acknowledged_too() -> None:
    """Stream management counts them all."""
    scene = both()
    say(scene, "")
    say(scene, "")
    scene.server(f"<a {SM} h='1'/>")
    found = counted(scene)

    assert (found.sent, found.acked, found.unconfirmed) == (2, 1, 1)
    assert [each.id for each in found.which] == [""]


def test_rooms_send_messages_back() -> None:
    """That is how one knows that it arrived."""
    scene = both()
    scene.client("<message type='groupchat' to='r@x' id='m1'><body>Ay</body></message>")
    scene.server("<message type='groupchat' from='r@x/J' id='m1'><body>Ay</body></message>")
    found = counted(scene)

    assert (found.sent, found.arrived, found.received, found.unconfirmed) == (1, 1, 0, 0)


def test_encryption_is_counted_by_method() -> None:
    """Once a message, whether it was sent, received or copied."""
    scene = both()
    omemo = "<encrypted xmlns='eu.siacs.conversations.axolotl'/><body>I sent you OMEMO</body>"
    say(scene, "m1", omemo)
    scene.server(f"<message from='{JULIET}' id='m1'>{omemo}</message>", 2)
    say(scene, "m2")
    reply(scene, "<x xmlns='jabber:x:encrypted'/>")
    scene.server(
        "<message><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
        f"<message xmlns='jabber:client' from='{ROMEO}' id='c1'><body>?OTR:x</body></message>"
        "</forwarded></received></message>"
    )
    found = counted(scene)

    assert found.encrypted == {"OMEMO": 1, "OpenPGP (legacy)": 1, "OTR": 1}
    assert found.messages == 4


def test_methods_are_bounded() -> None:
    """A peer may name any number of them."""
    scene = both()
    for number in range(MAX_METHODS + 3):
        say(scene, f"m{number}", f"<encryption xmlns='urn:xmpp:eme:0' name='X{number}'/>")
    found = counted(scene)

    assert len(found.encrypted) == MAX_METHODS + 1
    assert found.encrypted["other"] == 3


def test_a_filter_chooses_messages_not_confirmations() -> None:
    """A message that counts is confirmed by what the filter does not match."""
    scene = both()
    say(scene, "m1")
    say(scene, "m2", "<body>not this one</body>")
    scene.server(f"<a {SM} h='2'/>")
    found = counted(scene, lambda event: b"Ay me" in getattr(event, "data", b""))

    assert (found.sent, found.acked, found.unconfirmed) == (1, 1, 0)


def test_message_sent_again_counts_once() -> None:
    """After a resumption it is the same message."""
    scene = Scene()
    scene.logs_in(JULIET, 1)
    say(scene, "m1")
    scene.closes()
    scene.logs_in(JULIET, 2)
    scene.client(f"<message to='{ROMEO}' id='m1'><body>Ay me</body></message>", 2)

    assert counted(scene).sent == 1


def test_the_latest_in_doubt_are_named() -> None:
    """Not more than some of them."""
    scene = both()
    for number in range(MAX_UNCONFIRMED + 5):
        say(scene, f"m{number}")
    found = counted(scene)

    assert found.unconfirmed == MAX_UNCONFIRMED + 5
    assert len(found.which) == MAX_UNCONFIRMED
    assert found.which[-1].id == f"m{MAX_UNCONFIRMED + 4}"
