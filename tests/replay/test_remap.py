from datetime import timedelta

import pytest

from xmppspy.replay import remap as module
from xmppspy.replay.remap import Remap, refreshed

JULIET = "juliet@capulet.example"


def _remap() -> Remap:
    remap = Remap()
    remap.learn_jid(f"{JULIET}/balcony", f"{JULIET}/garden")
    remap.learn_id("ask-1", "6f3a")
    return remap


def test_only_values_change() -> None:
    """Quotes, white space and everything that is not a known value stay as they were written."""
    recorded = b"<iq  id='ask-1' to=\"juliet@capulet.example/balcony\" ><x a='&lt;'/>\n</iq>"
    live = b"<iq  id='6f3a' to=\"juliet@capulet.example/garden\" ><x a='&lt;'/>\n</iq>"
    remap = _remap()

    assert remap.to_live(recorded) == live
    assert remap.to_recorded(live) == recorded


def test_accounts_bring_their_resources() -> None:
    """When an account has another name, so have its resources, and the domain its accounts."""
    remap = Remap()
    remap.learn_jid(JULIET, "test@localhost")
    remap.learn_jid("capulet.example", "localhost")

    assert remap.live_jid(f"{JULIET}/balcony") == "test@localhost/balcony"
    assert remap.live_jid("nurse@Capulet.example") == "nurse@localhost"
    assert remap.live_jid("capulet.example") == "localhost"
    assert remap.live_jid("romeo@montague.example") == "romeo@montague.example"
    assert remap.recorded_jid("test@localhost/balcony") == f"{JULIET}/balcony"


def test_addresses_are_found_in_attributes_and_texts() -> None:
    """An address is an address wherever it stands alone, but never in what people wrote."""
    remap = Remap()
    remap.learn_jid(JULIET, "test@localhost")
    recorded = f"<iq><jid>{JULIET}</jid><item jid='{JULIET}'/><body>{JULIET}</body></iq>"

    assert remap.to_live(recorded.encode()).decode() == (
        f"<iq><jid>test@localhost</jid><item jid='test@localhost'/><body>{JULIET}</body></iq>"
    )


def test_ids_are_found_where_ids_stand() -> None:
    """References to a stanza change with its id; equal texts that are no references do not."""
    remap = Remap()
    remap.learn_id("1", "42")
    recorded = (
        b"<message id='1'><received id='1'/><result queryid='1'/><item id='1' h='1'/>"
        b"<thread>1</thread><n>1</n></message>"
    )

    assert remap.to_live(recorded) == (
        b"<message id='42'><received id='42'/><result queryid='42'/><item id='1' h='1'/>"
        b"<thread>42</thread><n>1</n></message>"
    )


def test_values_are_written_as_xml() -> None:
    """What has a meaning in XML is escaped when it comes in."""
    remap = Remap()
    remap.learn_id("a&b", "<\"'>")

    assert remap.to_live(b"<iq id='a&amp;b'/>") == b"<iq id='&lt;&quot;&apos;&gt;'/>"


def test_what_is_not_known_here_is_asked_above() -> None:
    """Connections share the addresses that their common parent knows."""
    parent = Remap()
    parent.learn_jid(f"{JULIET}/balcony", f"{JULIET}/garden")
    remap = Remap(parent)

    assert remap.live_jid(f"{JULIET}/balcony") == f"{JULIET}/garden"
    assert remap.recorded_jid(f"{JULIET}/garden") == f"{JULIET}/balcony"


def test_same_values_change_nothing() -> None:
    """A client that calls everything as it did is served the recorded bytes."""
    remap = Remap()
    remap.learn_id("ask-1", "ask-1")
    remap.learn_jid(JULIET, JULIET)
    assert not remap.changes(f"<iq id='ask-1' to='{JULIET}'/>".encode())

    remap.learn_id("ask-2", "ask-3")

    assert not remap.changes(b"<iq id='ask-1'/>")
    assert remap.changes(b"<iq id='ask-2'/>")


@pytest.mark.parametrize(
    ("recorded", "live"),
    [
        ("2026-11-22T07:40:12Z", "2026-11-23T08:40:12Z"),
        ("2026-11-22T23:59:59.250Z", "2026-11-24T00:59:59.250Z"),
        ("20261122T07:40:12", "20261123T08:40:12"),
        ("2026-11-22T07:40:12+00:00", "2026-11-23T08:40:12+00:00"),
        ("yesterday", "yesterday"),
        ("2026-13-40T07:40:12Z", "2026-13-40T07:40:12Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ],
)
def test_times_move(recorded: str, live: str) -> None:
    """Times keep their form; what is no time, or cannot be moved, stays."""
    assert refreshed(recorded, timedelta(days=1, hours=1)) == live


def test_stamps_are_refreshed_when_asked() -> None:
    """The stamp of a delayed stanza moves with the shift, and only then."""
    remap = Remap()
    recorded = b"<message><delay stamp='2026-11-22T07:40:12Z'/></message>"
    assert remap.to_live(recorded) == recorded

    remap.shift = timedelta(days=1)

    assert remap.to_live(recorded) == recorded.replace(b"22T", b"23T")


def test_forgotten_are_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory for ids is bounded."""
    monkeypatch.setattr(module, "MAX_IDS", 2)
    remap = Remap()
    for name in ("a", "b", "c"):
        remap.learn_id(name, name.upper())

    assert [remap.live_id(name) for name in "abc"] == ["a", "B", "C"]
    assert [remap.recorded_id(name) for name in "ABC"] == ["A", "b", "c"]


def test_closest_name_counts_wherever_it_is_known() -> None:
    """What all know exactly is not overruled by a domain above it that one has learnt again."""
    everybody = Remap()
    everybody.learn_jid(JULIET, "nurse@verona.test")
    everybody.learn_jid("rooms.capulet.example", "conference.verona.test")
    own = Remap(everybody)
    own.learn_jid("capulet.example", "verona.test")
    room = "balcony@conference.verona.test/Rose"

    assert own.live_jid("balcony@rooms.capulet.example/Rose") == room
    assert own.recorded_jid(room) == "balcony@rooms.capulet.example/Rose"
    assert own.live_jid(f"{JULIET}/balcony") == "nurse@verona.test/balcony"
    assert own.recorded_jid("nurse@verona.test/balcony") == f"{JULIET}/balcony"
    assert own.live_jid("pubsub.capulet.example") == "pubsub.verona.test"


BULK = 16 * 1024


@pytest.mark.parametrize(
    "stanza",
    [
        "<message to='{0}/balcony'/>",
        '<message to="{0}/balcony"/>',
        "<message to='{0}/balcony'><item jid=\"{0}/balcony\"/></message>",
        "<message to = '{0}/balcony'><jid>{0}/balcony</jid></message>",
        "<message from='{0}/balconyx' to='{0}/balcony'/>",
        "<message id='ask-1'/>",
        "<message to='{0}/balcony'><body>{0}/balcony</body></message>",
    ],
)
def test_batches_are_rewritten_as_their_stanzas_are(stanza: str) -> None:
    """The quick way for many stanzas leads to the same bytes as the slow one for each."""
    one = stanza.format(JULIET).encode()
    count = BULK // len(one) + 1

    assert _remap().to_live(one * count) == _remap().to_live(one) * count
