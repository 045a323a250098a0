import pytest

from tests.replay.talks import TALK, parts, with_change
from xmppspy.protocol.events import FrameRecord
from xmppspy.replay.names import Names


def records(lines: list[str]) -> list[FrameRecord]:
    """The frames of one connection."""
    (part,) = parts(lines)
    return [turn.record for turn in (*part.negotiation, *part.scene)]


def test_nothing_learnt_changes_nothing() -> None:
    """Any text comes back as it is."""
    names = Names()

    assert [names(text) for text in ("", "a/b", "x@y/z", " ")] == ["", "a/b", "x@y/z", " "]


def test_accounts_are_translated_with_their_resources() -> None:
    """An account's bare and full addresses are called as in the other capture."""
    names = Names()
    names.learn("juliet@staging.example/one", "juliet@capulet.example/balcony")

    assert names("juliet@staging.example") == "juliet@capulet.example"
    assert names("Juliet@Staging.example/one") == "juliet@capulet.example/balcony"
    assert names("juliet@staging.example/two") == "juliet@capulet.example/two"


def test_domains_are_translated_with_their_services() -> None:
    """Where the accounts are at another domain, so are its users and services."""
    names = Names()
    names.learn("juliet@staging.example", "juliet@capulet.example")

    assert names("staging.example") == "capulet.example"
    assert names("garden@rooms.staging.example/Rose") == "garden@rooms.capulet.example/Rose"
    assert names("nonstaging.example") == "nonstaging.example"


def test_resources_of_others_are_learnt_in_their_order() -> None:
    """A contact's client that is called otherwise today is taken for the recorded one."""
    names = Names()
    names.meet(records(TALK), records(with_change(TALK, "/balcony", "/window")))

    assert names("juliet@capulet.example/window") == "juliet@capulet.example/balcony"


def test_resources_that_both_know_stay() -> None:
    """A resource that is in both captures stands for itself, whatever else is new."""
    names = Names()
    more = "S <presence from='juliet@capulet.example/attic'/>"
    names.meet(records(TALK), records([*TALK[:10], more, *TALK[10:]]))

    assert names("juliet@capulet.example/balcony") == "juliet@capulet.example/balcony"
    assert names("juliet@capulet.example/attic") == "juliet@capulet.example/attic"


@pytest.mark.parametrize("kind", ["type='groupchat'", "type='chat'"])
def test_nicknames_are_not_resources(kind: str) -> None:
    """Somebody of another nickname in a room is somebody else."""
    muc = "<x xmlns='http://jabber.org/protocol/muc#user'/>"
    said = f"S <message {kind} from='garden@rooms.capulet.example/Rose'>{muc}</message>"
    names = Names()
    names.meet(records([said]), records(with_change([said], "Rose", "Thorn")))

    nickname = "garden@rooms.capulet.example/Thorn"

    assert names(nickname) == nickname


def test_closest_domain_counts() -> None:
    """A domain that is named itself is not taken for a part of another one named before."""
    names = Names()
    names.learn("verona.test", "capulet.example")
    names.learn("conference.verona.test", "rooms.capulet.example")

    assert names("hall@conference.verona.test/Rose") == "hall@rooms.capulet.example/Rose"
    assert names("pubsub.verona.test") == "pubsub.capulet.example"
