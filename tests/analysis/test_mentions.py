import pytest

from tests.analysis.scenes import JULIET, ROMEO, Scene
from xmppspy.analysis.identity import Identity
from xmppspy.analysis.mentions import (
    MAX_ID,
    MAX_MENTIONS,
    Mention,
    Role,
    encryption_of,
    mentions,
)
from xmppspy.protocol.events import FrameRecord
from xmppspy.protocol.jid import JID
from xmppspy.protocol.stanza import read

ME = Identity(domain="capulet.example", bare="juliet@capulet.example", full=JULIET)
BOTH = frozenset({JID("juliet", "capulet.example", None), JID("romeo", "montague.example", None)})
ROOM = JID("balcony", "rooms.example", None)
FORWARD = "<forwarded xmlns='urn:xmpp:forward:0'>"


def said(xml: str) -> list[Mention]:
    """What a message of Juliet mentions."""
    return mentions(Scene().client(xml), ME)


def heard(xml: str, me: Identity = ME) -> list[Mention]:
    """What a message to Juliet mentions."""
    return mentions(Scene().server(xml), me)


def message(content: str = "", attributes: str = "") -> FrameRecord:
    """A message of Romeo."""
    return Scene().server(f"<message from='{ROMEO}' {attributes}>{content}</message>")


def test_message_is_itself() -> None:
    """What a client sends is a message with the ids that its sender gave."""
    (found,) = said(
        "<message to='Romeo@montague.example/garden' id='m1'><body>Ay me</body>"
        "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/><stanza-id xmlns='urn:xmpp:sid:0' id='x'/>"
        "</message>"
    )

    assert (found.role, found.ids, found.stored) == (Role.SENT, ("m1", "o1"), ())
    assert (found.parties, found.room, found.is_content) == (BOTH, None, True)


def test_received_message_has_been_stored() -> None:
    """Servers say under which ids they keep it (XEP-0359)."""
    (found,) = heard(
        f"<message from='{ROMEO}' id='m1'><body>She speaks</body>"
        "<stanza-id xmlns='urn:xmpp:sid:0' id='s1' by='juliet@capulet.example'/></message>"
    )

    assert (found.role, found.parties) == (Role.RECEIVED, BOTH)
    assert found.stored == (("s1", "juliet@capulet.example"),)


def test_message_without_ids_is_not_followed() -> None:
    """Unless it says something; nor one with an absurd id, nor what is no message at all."""
    assert [each.ids for each in said("<message><body>Ay me</body></message>")] == [()]
    assert said("<message><received xmlns='urn:xmpp:receipts'/></message>") == []
    assert said(f"<message id='{'i' * (MAX_ID + 1)}'/>") == []
    assert said("<presence id='p1'/>") == []
    assert said("<message xmlns='urn:example' id='m1'/>") == []


def test_message_without_addresses_is_the_accounts() -> None:
    """What is missing is the account itself, as far as it is known."""
    (own,) = said("<message id='m1'/>")
    (unknown,) = heard("<message id='m1'/>", Identity())

    assert own.parties == {JID("juliet", "capulet.example", None)}
    assert unknown.parties == frozenset()


def test_room_is_told() -> None:
    """Messages of a room belong to it, in both directions."""
    (sent,) = said("<message type='groupchat' to='balcony@rooms.example' id='m1'/>")
    (got,) = heard("<message type='groupchat' from='balcony@rooms.example/R' id='m1'/>")

    assert (sent.room, got.room) == (ROOM, ROOM)
    assert not sent.is_content


@pytest.mark.parametrize(
    ("payload", "role", "detail"),
    [
        ("<received xmlns='urn:xmpp:receipts' id='m7'/>", Role.RECEIPT, "received"),
        ("<displayed xmlns='urn:xmpp:chat-markers:0' id='m7'/>", Role.MARKER, "displayed"),
        ("<received xmlns='urn:xmpp:chat-markers:0' id='m7'/>", Role.MARKER, "received"),
        ("<acknowledged xmlns='urn:xmpp:chat-markers:0' id='m7'/>", Role.MARKER, "acknowledged"),
    ],
)
def test_receipts_and_markers_mention_another(payload: str, role: Role, detail: str) -> None:
    """They are messages themselves, about a message of who gets them."""
    itself, other = said(f"<message to='{ROMEO}' id='r1'>{payload}</message>")

    assert (itself.role, itself.ids) == (Role.SENT, ("r1",))
    assert (other.role, other.ids, other.detail, other.parties) == (role, ("m7",), detail, BOTH)


def test_requests_for_receipts_mention_nothing() -> None:
    """Neither asking nor other namespaces are receipts."""
    assert len(said("<message id='m1'><request xmlns='urn:xmpp:receipts'/></message>")) == 1
    assert len(said("<message id='m1'><received xmlns='urn:example' id='m7'/></message>")) == 1


def test_error_mentions_what_it_returns() -> None:
    """An error has the id of the message that could not be delivered."""
    (found,) = heard(
        f"<message type='error' from='{ROMEO}' id='m1'><body>Ay me</body><error type='cancel'>"
        "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>no</text>"
        "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
    )
    (bare,) = heard(f"<message type='error' from='{ROMEO}' id='m1'/>")
    (old,) = heard(f"<message type='error' from='{ROMEO}' id='m1'><error code='404'/></message>")

    assert (found.role, found.ids, found.parties) == (Role.ERROR, ("m1",), BOTH)
    assert [each.detail for each in (found, bare, old)] == ["item-not-found", "", "404"]


def test_content_is_told_apart() -> None:
    """By what is said, or, where that is encrypted, by all the text."""
    contents = [
        "<body>a</body>",
        "<body>a</body><thread>t</thread>",
        "<body>b</body>",
        "<encrypted xmlns='urn:xmpp:omemo:2'><payload>x</payload></encrypted>",
        "<encrypted xmlns='urn:xmpp:omemo:2'><payload>y</payload></encrypted><body>a</body>",
    ]
    digests = [said(f"<message id='m1'>{content}</message>")[0].digest for content in contents]

    assert digests[0] == digests[1]
    assert len(set(digests)) == 4


@pytest.mark.parametrize("name", ["sent", "received"])
def test_carbon_copies_are_unwrapped(name: str) -> None:
    """A copy is about the message inside (XEP-0280)."""
    (found,) = heard(
        f"<message from='juliet@capulet.example'><{name} xmlns='urn:xmpp:carbons:2'>{FORWARD}"
        f"<message xmlns='jabber:client' from='{JULIET}' to='{ROMEO}' id='m1'><body>Ay</body>"
        f"</message></forwarded></{name}></message>"
    )

    assert (found.role, found.ids, found.detail) == (Role.CARBON, ("m1",), name)
    assert (found.parties, found.is_content) == (BOTH, True)


def test_archive_is_unwrapped() -> None:
    """An answer of an archive gives the message and the archive's id of it (XEP-0313)."""
    (found,) = heard(
        f"<message><result xmlns='urn:xmpp:mam:2' id='a1'>{FORWARD}"
        f"<message xmlns='jabber:client' from='{ROMEO}' to='{JULIET}' id='m1'>"
        "<stanza-id xmlns='urn:xmpp:sid:0' id='a1' by='juliet@capulet.example'/></message>"
        "</forwarded></result></message>"
    )

    assert (found.role, found.ids, found.parties) == (Role.ARCHIVED, ("m1",), BOTH)
    assert found.stored == (("a1", "juliet@capulet.example"),)


def test_archive_of_a_room_gives_ids_of_the_room() -> None:
    """Who answers is who gave the id."""
    (found,) = heard(
        "<message from='balcony@rooms.example'><result xmlns='urn:xmpp:mam:2' id='a1'>"
        f"{FORWARD}<message xmlns='jabber:client' type='groupchat'"
        " from='balcony@rooms.example/R' id='m1'/></forwarded></result></message>"
    )

    assert (found.stored, found.room) == ((("a1", "balcony@rooms.example"),), ROOM)


def test_clients_do_not_forward_like_servers() -> None:
    """A copy that a client sends is an ordinary message; so is a wrapper without content."""
    wrapper = f"<sent xmlns='urn:xmpp:carbons:2'>{FORWARD}<message id='m1'/></forwarded></sent>"
    (sent,) = said(f"<message id='w1'>{wrapper}</message>")
    (empty,) = heard("<message id='w2'><sent xmlns='urn:xmpp:carbons:2'/></message>")

    assert (sent.role, sent.ids) == (Role.SENT, ("w1",))
    assert (empty.role, empty.ids) == (Role.RECEIVED, ("w2",))


@pytest.mark.parametrize(
    ("content", "method"),
    [
        ("<body>Ay me</body>", None),
        ("<encrypted xmlns='eu.siacs.conversations.axolotl'/><body>I sent OMEMO</body>", "OMEMO"),
        ("<encrypted xmlns='urn:xmpp:omemo:2'/>", "OMEMO"),
        ("<openpgp xmlns='urn:xmpp:openpgp:0'>x</openpgp>", "OpenPGP"),
        ("<x xmlns='jabber:x:encrypted'>x</x>", "OpenPGP (legacy)"),
        ("<body>?OTRv23?</body>", "OTR"),
        ("<e2e xmlns='urn:ietf:params:xml:ns:xmpp-e2e'/>", "RFC 3923"),
        ("<encryption xmlns='urn:xmpp:eme:0' namespace='urn:x' name='X3'/>", "X3"),
        ("<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2'/>", "OMEMO"),
        ("<encryption xmlns='urn:xmpp:eme:0'/>", "unnamed"),
        ("<devices xmlns='urn:xmpp:omemo:2'/>", None),
    ],
)
def test_encryption_is_recognised(content: str, method: str | None) -> None:
    """By the element that carries it; a marker (XEP-0380) tells others."""
    record = message(content, "id='m1'")
    tree = read(record).tree

    assert tree is not None
    assert encryption_of(tree) == method
    assert mentions(record, ME)[0].encryption == method
    assert mentions(record, ME)[0].is_content is (method is not None or "body" in content)


def test_mentions_are_bounded() -> None:
    """A stanza of thousands of markers is cut short."""
    marker = "<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/>"

    assert len(heard(f"<message id='m0'>{marker * 2 * MAX_MENTIONS}</message>")) == MAX_MENTIONS
