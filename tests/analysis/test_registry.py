from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import check_namespaces
from xmppspy.analysis import registry
from xmppspy.analysis.registry import Specification, label, lookup, short

LISTED = [cells[0] for cells in registry.rows()]


def test_the_table_is_as_it_should_be() -> None:
    """Cells, order, marks and families are right, and it knows what the code speaks of."""
    assert list(check_namespaces.problems()) == []


@pytest.fixture
def wrong_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A table with a mistake of each kind."""
    rows = [
        ["urn:xmpp:mam:2", "XEP-0313", "Message Archive Management"],
        ["a b", "XEP-313", "Short number"],
        ["jabber:x:one", "XEP-0001", "Superseded by nothing", "superseded"],
        ["jabber:x:three", "XEP-0001", "Superseded by another", "superseded", "urn:xmpp:mam:2"],
        ["jabber:x:two", "XEP-0001", ""],
        ["urn:xmpp:sm:2", "XEP-0198", "Old", "old", "urn:xmpp:sm:1"],
        ["urn:xmpp:sm:2", "XEP-0199", "Twice"],
    ]
    monkeypatch.setattr(registry, "rows", lambda: rows)
    registry._table.cache_clear()
    yield
    registry._table.cache_clear()


@pytest.mark.usefixtures("wrong_table")
def test_the_check_finds_what_is_wrong() -> None:
    """Each kind of mistake in the table is said."""
    said = "\n".join(check_namespaces.problems())
    expected = (
        "not sorted: a b behind urn:xmpp:mam:2",
        "not a namespace: 'a b'",
        "a b: not a specification: 'XEP-313'",
        "jabber:x:one: superseded, but by what?",
        "jabber:x:three: superseded by urn:xmpp:mam:2, which is of XEP-0313",
        "not three to five cells: 'jabber:x:two",
        "urn:xmpp:sm:2: neither deprecated nor superseded: 'old'",
        "urn:xmpp:sm:2: use urn:xmpp:sm:1 instead? that is not in use either",
        "twice: urn:xmpp:sm:2",
        "urn:xmpp:sm: versions of it are of XEP-0198 and XEP-0199",
        "protocol/namespaces.py: urn:xmpp:sasl:2 is not in the table",
    )

    assert [mistake for mistake in expected if mistake not in said] == []


def test_a_namespace_is_known_with_its_specification() -> None:
    """XEPs have a number; RFCs have none; what a vendor made has no specification."""
    archive, roster, vendor = map(lookup, ("urn:xmpp:mam:2", "jabber:iq:roster", "google:queue"))

    assert archive == Specification("XEP-0313", "Message Archive Management")
    assert (archive.number, archive.deprecated) == (313, False)
    assert roster == Specification("RFC 6121", "XMPP: Instant Messaging and Presence")
    assert roster.number is None
    assert vendor == Specification("", "Google Talk extension google:queue")
    assert lookup("urn:mine") is lookup("") is None


@pytest.mark.parametrize(
    ("namespace", "instead"),
    [
        ("jabber:x:delay", "urn:xmpp:delay"), ("jabber:iq:time", "urn:xmpp:time"),
        ("jabber:x:event", "urn:xmpp:receipts"), ("http://jabber.org/protocol/xhtml-im", ""),
        ("jabber:iq:auth", "urn:ietf:params:xml:ns:xmpp-sasl"), ("jabber:iq:privacy", "urn:xmpp:blocking"),
        ("http://jabber.org/protocol/compress", ""), ("urn:ietf:params:xml:ns:xmpp-session", ""),
        ("storage:bookmarks", "urn:xmpp:bookmarks:1"),
    ],
)  # fmt: skip
def test_what_the_specifications_gave_up_is_marked(namespace: str, instead: str) -> None:
    """Namespaces of obsolete, deprecated, retracted and rejected specifications are deprecated."""
    known = lookup(namespace)

    assert known is not None
    assert (known.status, known.deprecated, known.instead) == ("deprecated", True, instead)
    assert label(namespace).endswith(f"({known.id}, deprecated)")


@pytest.mark.parametrize(
    ("namespace", "instead"),
    [
        ("urn:xmpp:mam:0", "urn:xmpp:mam:2"), ("urn:xmpp:mam:1", "urn:xmpp:mam:2"),
        ("urn:xmpp:sm:2", "urn:xmpp:sm:3"), ("urn:xmpp:carbons:0", "urn:xmpp:carbons:2"),
        ("eu.siacs.conversations.axolotl", "urn:xmpp:omemo:2"), ("urn:xmpp:idle:0", "urn:xmpp:idle:1"),
    ],
)  # fmt: skip
def test_old_versions_are_marked(namespace: str, instead: str) -> None:
    """A version that a newer one has superseded is deprecated, listed or not."""
    known, newest = lookup(namespace), lookup(instead)

    assert known is not None
    assert newest is not None
    assert (known.status, known.deprecated, known.instead) == ("superseded", True, instead)
    assert known._replace(status="current", instead="") == newest


@pytest.mark.parametrize(
    ("namespace", "relative"),
    [
        ("urn:xmpp:mam:3", "urn:xmpp:mam:2"),
        ("urn:xmpp:receipts:1", "urn:xmpp:receipts"),
        ("urn:xmpp:mam:2#extended", "urn:xmpp:mam:2"),
        ("http://jabber.org/protocol/pubsub#retrieve-items", "http://jabber.org/protocol/pubsub"),
        ("http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2000/09/xmldsig#"),
        ("http://jabber.org/protocol/tune+notify", "http://jabber.org/protocol/tune"),
        ("urn:xmpp:bookmarks:1+notify", "urn:xmpp:bookmarks:1"),
        ("urn:xmpp:omemo:2:more", "urn:xmpp:omemo:2"),
        ("http://www.xmpp.org/extensions/xep-0166.html#ns", "urn:xmpp:jingle:1"),
        ("https://xmpp.org/extensions/xep-0166.html#ns-info", "urn:xmpp:jingle:1"),
        ("http://jabber.org/jeps/jep-0138.html", "http://jabber.org/protocol/compress"),
    ],
)
def test_a_namespace_without_a_line_is_known_by_its_family(namespace: str, relative: str) -> None:
    """Other versions, parts, wishes to be notified and a XEP's address are what they belong to."""
    known = lookup(namespace)

    assert known is not None
    assert known == lookup(relative)


@pytest.mark.parametrize(
    "namespace",
    [
        "urn:xmpp:bind:example", "urn:xmpp:http:other", "jabber:iq:other", "urn:xmpp:jingle:mine",
        "http://jabber.org/protocol/jingle/mine", "urn:xmpp:mamba:2", "jabber:iq:rosters",
        "urn:xmpp:mam:2x", "urn:xmpp:mam:1000", "#", "+notify", "*", "urn:example", "urn:xmpp:2",
        "http://example.org/extensions/xep-0313.html", "http://xmpp.org/extensions/xep-31399.html",
    ],
)  # fmt: skip
def test_no_namespace_is_known_wrongly(namespace: str) -> None:
    """What only looks like something known is not known."""
    assert lookup(namespace) is None
    assert label(namespace) == namespace


def test_a_xep_without_a_line_is_known_by_its_address() -> None:
    """A XEP's address tells its number, if not its title."""
    address = "http://xmpp.org/extensions/xep-9876.html#ns"

    assert lookup(address) == Specification("XEP-9876", "XEP-9876")
    assert label(address) == f"{address} (XEP-9876)"


@pytest.mark.parametrize(
    ("namespace", "expected"),
    [
        ("jabber:iq:roster", "roster (RFC 6121)"),
        ("urn:ietf:params:xml:ns:xmpp-bind", "bind (RFC 6120)"),
        ("urn:xmpp:mam:2", "Message Archive Management (XEP-0313)"),
        ("urn:xmpp:mam:0", "Message Archive Management (XEP-0313, old version)"),
        ("jabber:x:delay", "Legacy Delayed Delivery (XEP-0091, deprecated)"),
        ("urn:ietf:params:xml:ns:xmpp-session", "session (RFC 3921, deprecated)"),
        ("http://jitsi.org/jitmeet", "Jitsi extension http://jitsi.org/jitmeet"),
        ("http://jitsi.org/protocol/colibri", "COnferences with LIghtweight BRIdging (COLIBRI) (XEP-0340)"),
        ("urn:mine", "urn:mine"),
    ],
)  # fmt: skip
def test_labels_are_for_headings(namespace: str, expected: str) -> None:
    """The title, or what is meant of a core specification; where from; and whether it is old."""
    assert label(namespace) == expected


@pytest.mark.parametrize(
    ("namespace", "expected"),
    [
        ("jabber:iq:roster", "roster"), ("http://jabber.org/protocol/disco#info", "disco#info"),
        ("urn:xmpp:mam:2", "mam:2"), ("urn:ietf:params:xml:ns:xmpp-sasl", "sasl"),
        ("jabber:server:dialback", "server:dialback"), ("vcard-temp", "vcard-temp"),
        ("eu.siacs.conversations.axolotl", "axolotl"), ("urn:mine", "urn:mine"), ("urn:xmpp:", "urn:xmpp:"),
    ],
)  # fmt: skip
def test_short_names_leave_out_what_all_begin_with(namespace: str, expected: str) -> None:
    """A short name keeps the version, and is never empty."""
    assert short(namespace) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("313", "XEP-0313"), ("0313", "XEP-0313"), ("XEP-0313", "XEP-0313"), ("xep313", "XEP-0313"),
        ("1", "XEP-0001"), ("RFC6121", "RFC 6121"), ("rfc 6121", "RFC 6121"), ("rfc-822", "RFC 822"),
        ("mam", None), ("", None), ("03130", None), ("XEP", None), ("xep:313", None), ("٣١٣", None),
    ],
)  # fmt: skip
def test_specifications_are_named_as_people_do(text: str, expected: str | None) -> None:
    """A bare number is a XEP's; zeros in front do not matter."""
    assert registry.identifier(text) == expected


def test_all_specifications_are_listed_once() -> None:
    """Identifiers in order, with their titles; a vendor's extensions are none."""
    known = registry.specifications()

    assert known["XEP-0313"] == "Message Archive Management"
    assert list(known) == sorted(known)
    assert "" not in known


_suffixes = st.sampled_from(["", ":0", ":7", "#x", "+notify", ":x", "-ns", "#ns+notify", "*", ".x"])
_addresses = st.sampled_from(
    ["http://xmpp.org/extensions/xep-0045.html", "http://www.jabber.org/jeps/jep-0313.html"]
)
_related = st.builds(str.__add__, st.sampled_from(LISTED) | _addresses, _suffixes)


@given(_related | st.text())
def test_traces_are_in_every_namespace_of_their_specification(namespace: str) -> None:
    """A text without any of them holds no namespace that `lookup` ascribes to it."""
    known = lookup(namespace)
    if known is not None and known.id:
        assert any(trace in namespace for trace in registry.traces(known.id))

    assert registry.traces("XEP-0000") == ("jep-0000", "xep-0000")


@given(st.text(max_size=40) | st.sampled_from(LISTED))
def test_any_text_has_a_label(namespace: str) -> None:
    """Namespaces are a peer's: whatever they are, there is a label and a short name."""
    assert (label(namespace) == "") == (short(namespace) == "") == (namespace == "")
