import pytest

from tests.demo.backstage import NURSE, PASSWORDS, PETER
from tests.replay.performing import STREAM, cast, characters, entering, lines
from xmppspy.bridge.credentials import Accounts
from xmppspy.errors import UsageError
from xmppspy.replay.roles import assign, read_map

BOTH = lines(entering(f"{NURSE}/hall"), entering(f"{PETER}/yard"))


def test_account_plays_itself() -> None:
    """Each recorded account whose password is known plays, with its recorded resource."""
    roles = cast(BOTH).roles

    assert [(role.name, role.password, role.resource) for role in roles] == [
        (NURSE, PASSWORDS[NURSE], "hall"),
        (PETER, PASSWORDS[PETER], "yard"),
    ]


def test_account_without_password_is_named() -> None:
    """Who cannot log in is left out, once, however many sessions there are."""
    capture = lines(entering(f"{NURSE}/a"), entering(f"{PETER}/b"), entering(f"{PETER}/c"))
    found = cast(capture, [NURSE])

    assert [role.name for role in found.roles] == [NURSE]
    assert len(found.left_out) == 1
    assert found.left_out[0].startswith(f"{PETER} is left out: no password")
    assert found.left_out[0].endswith("give one by --jid, --accounts or XMPPSPY_PASSWORD")


def test_map_names_who_plays() -> None:
    """A mapped account plays with the live one's password; its old address leads to it."""
    maps = [(NURSE, "angelica@capulet.example")]
    found = assign(characters(BOTH), Accounts({"angelica@capulet.example": "x"}), maps)

    assert [(role.user, role.domain) for role in found.roles] == [("angelica", "capulet.example")]
    assert found.remap.live_jid(f"{NURSE}/hall") == "angelica@capulet.example/hall"
    assert found.names("angelica@capulet.example/hall") == f"{NURSE}/hall"


def test_domain_moves_with_its_account() -> None:
    """Where an account lives elsewhere today, its server does, and the server's rooms."""
    found = assign(characters(lines(entering())), Accounts({}, "x"), jid="angelica@capulet.example")
    moved = [found.remap.live_jid(each) for each in ("verona.example", "rooms.verona.example/me")]

    assert moved == ["capulet.example", "rooms.capulet.example/me"]


def test_mapped_domain_stays_where_it_was_mapped_to() -> None:
    """What was told goes before what would follow from an account."""
    maps = [("verona.example", "other.example"), (NURSE, "a@capulet.example")]
    found = assign(characters(lines(entering())), Accounts({}, "x"), maps)

    assert found.remap.live_jid("verona.example") == "other.example"


def test_jid_plays_the_only_account() -> None:
    """With one recorded account there is no question whom `jid` plays; its resource is bound."""
    found = assign(characters(lines(entering())), Accounts({}, "x"), jid="a@b.example/there")

    assert [(role.name, role.resource) for role in found.roles] == [("a@b.example", "there")]


def test_jid_of_several_needs_a_map() -> None:
    """With several it has to be said, or to be one of them."""
    known = Accounts({PETER: "x"})

    assert [role.name for role in assign(characters(BOTH), known, jid=PETER).roles] == [PETER]
    with pytest.raises(UsageError, match=f"recorded are {NURSE}, {PETER}"):
        assign(characters(BOTH), known, jid="a@b.example")


def test_anonymous_needs_no_password() -> None:
    """A session that was anonymous is anonymous again."""
    auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>"
    said = [("c2s", STREAM), ("c2s", auth), *entering("guest-1@verona.example/x")]
    role = cast(lines(said), []).roles[0]

    assert (role.name, role.password) == ("an anonymous user of verona.example", None)


def test_component_is_left_out() -> None:
    """What is no client is not played as one."""
    stream = STREAM.replace("jabber:client", "jabber:component:accept")
    said = [("c2s", stream), ("s2c", "<handshake/>"), ("c2s", "<presence/>")]

    assert "component" in cast(lines(said)).left_out[0]


def test_password_is_not_shown() -> None:
    """What represents a role does not hold its password."""
    assert PASSWORDS[NURSE] not in repr(cast(BOTH).roles[0])


@pytest.mark.parametrize(
    "text",
    ["a@b.example", "=x", "a@b.example=c.example", "a@b/r=c@d/r", "b.example=c@d", "a b@c=d"],
)
def test_map_that_makes_no_sense_is_refused(text: str) -> None:
    """Both sides have to be of one sort, and bare."""
    with pytest.raises(UsageError, match="--map"):
        read_map(text)


def test_map_is_read() -> None:
    """White space around the sign does no harm."""
    assert read_map("a@b.example = c@d.example") == ("a@b.example", "c@d.example")
