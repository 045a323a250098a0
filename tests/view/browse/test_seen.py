from tests.view.browse.samples import chat
from tests.view.samples import frame
from xmppspy.view.browse.seen import MAX_NAMES, Seen


def test_names_of_a_capture_are_collected() -> None:
    """Addresses with and without resource, namespaces, kinds, types; each once."""
    seen = Seen()
    for event in chat().events:
        seen.see(event)
    names = seen.names()

    assert "romeo@montague.example" in names.jids
    assert "romeo@montague.example/garden" in names.jids
    assert "jabber:iq:roster" in names.namespaces
    assert "urn:xmpp:sm:3" in names.namespaces
    assert {"iq", "message", "enable", "space"} <= set(names.kinds)
    assert sorted(names.types) == ["chat", "error", "get", "result", "set"]
    assert len(set(names.jids)) == len(names.jids)


def test_memory_is_bounded() -> None:
    """The latest names are kept, and no endless ones."""
    seen = Seen()
    for at in range(MAX_NAMES + 10):
        seen.see(frame("<presence/>", to=f"{at}.example"))
    seen.see(frame("<presence/>", to="x" * 1000))
    names = seen.names()

    assert len(names.jids) == MAX_NAMES
    assert names.jids[-1] == f"{MAX_NAMES + 9}.example"
