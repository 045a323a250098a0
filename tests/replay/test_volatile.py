import pytest

from xmppspy.protocol import namespaces as ns
from xmppspy.replay.volatile import SETTLED, is_unordered, settled_attribute, settled_text


@pytest.mark.parametrize(
    ("namespace", "local", "name"),
    [
        (ns.CLIENT, "iq", "id"),
        ("urn:xmpp:mam:2", "result", "queryid"),
        ("urn:xmpp:sid:0", "stanza-id", "id"),
        ("urn:xmpp:jingle:1", "jingle", "sid"),
        (ns.SM, "resume", "previd"),
        ("jabber:iq:roster", "query", "ver"),
    ],
)
def test_ids_are_settled(namespace: str, local: str, name: str) -> None:
    """Whatever an id is, it is another in the next run."""
    assert settled_attribute(namespace, local, name, "whatever") == SETTLED


@pytest.mark.parametrize(
    ("namespace", "local", "name", "value"),
    [
        (ns.CLIENT, "iq", "type", "get"),
        ("http://jabber.org/protocol/caps", "c", "ver", "q07IKJEyjvHSyhy//CH0CxmKi8w="),
        ("urn:xmpp:jingle:apps:rtp:1", "payload-type", "id", "111"),
        ("http://jabber.org/protocol/pubsub", "item", "id", "current"),
    ],
)
def test_names_stay(namespace: str, local: str, name: str, value: str) -> None:
    """What means something is kept, also where it is called an id."""
    assert settled_attribute(namespace, local, name, value) == value


@pytest.mark.parametrize(
    "made_up", ["b6a3c1d2-0f4e-4a7b-9c8d-1e2f3a4b5c6d", "f3b1c29a77de01", "9RKmZ4x2-LqTe1"]
)
def test_made_up_names_of_items_are_settled(made_up: str) -> None:
    """An item whose id was made up by a machine is called otherwise next time."""
    settled = settled_attribute("http://jabber.org/protocol/pubsub", "item", "id", made_up)

    assert settled == SETTLED


@pytest.mark.parametrize(
    "stamp", ["2026-11-22T07:40:12Z", "2026-11-22T07:40:12.345678+01:00", "20261122T07:40:12"]
)
def test_times_are_settled(stamp: str) -> None:
    """A time of XEP-0082, or of its predecessor, is another each time, wherever it stands."""
    assert settled_attribute("urn:xmpp:delay", "delay", "stamp", stamp) == SETTLED
    assert settled_text("urn:xmpp:time", "utc", stamp) == SETTLED


def test_what_people_say_stays() -> None:
    """A body may be a date."""
    assert settled_text(ns.CLIENT, "body", "2026-11-22") == "2026-11-22"


def test_ciphertext_is_settled() -> None:
    """Encrypting the same twice gives two texts; that there is none is told."""
    omemo = "eu.siacs.conversations.axolotl"

    assert settled_text(omemo, "payload", "c2VjcmV0") == SETTLED
    assert settled_text(omemo, "payload", "") == ""


def test_upload_slots_keep_their_host() -> None:
    """Of a URL that a server made up, the host means something (XEP-0363)."""
    url = "https://files.capulet.example/slot/0a1b2c/rose.png?token=secret"
    settled = settled_attribute("urn:xmpp:http:upload:0", "put", "url", url)

    assert settled == f"https://files.capulet.example/{SETTLED}"


def test_no_url_is_settled() -> None:
    """What cannot be taken apart as a URL is not kept either."""
    assert settled_attribute("urn:xmpp:http:upload:0", "put", "url", "http://[") == SETTLED


def test_sets_have_no_order() -> None:
    """Rosters, features and stanzas are sets; a field's lines are not."""
    data = "jabber:x:data"

    assert is_unordered("jabber:iq:roster", "query", "", in_disco=False)
    assert is_unordered(ns.CLIENT, "message", "chat", in_disco=False)
    assert is_unordered(data, "field", "list-multi", in_disco=False)
    assert is_unordered(data, "field", "", in_disco=True)
    assert not is_unordered(data, "field", "text-multi", in_disco=False)
    assert not is_unordered("vcard-temp", "vCard", "", in_disco=False)
