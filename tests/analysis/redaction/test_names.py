import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.analysis.redaction.names import Names


def test_parts_are_named_separately() -> None:
    """Localparts, domains and resources have their own names, in any combination."""
    names = Names()

    assert names.jid("anna@example.org/home") == "user1@domain1.example/res1"
    assert names.jid("bert@example.org/home") == "user2@domain1.example/res1"
    assert names.jid("anna@example.net") == "user1@domain2.example"
    assert names.jid("example.org") == "domain1.example"
    assert names.user("anna") == "user1"
    assert names.resource("Home") == "res2"


def test_case() -> None:
    """Local parts and domains are the same in any case (RFC 7622)."""
    names = Names()

    assert names.jid("Anna@Example.Org") == names.jid("anna@example.org")


def test_hosts() -> None:
    """Subdomains stay subdomains; what a service does may be told, whose it is not."""
    names = Names()

    assert names.host("example.org:5222") == "domain1.example:5222"
    assert names.host("conference.example.org") == "conference.domain1.example"
    assert names.host("alpha.example.org") == "host1.domain1.example"
    assert names.host("xmpp.host.example.net") == "domain2.example"
    assert names.host("bob.xmpp.org") == "bob.xmpp.org"


def test_addresses() -> None:
    """Addresses on the Internet become addresses for documentation."""
    names = Names()

    assert names.host("10.0.0.1") == "192.0.2.1"
    assert names.host("10.0.0.2:5222") == "192.0.2.2:5222"
    assert names.host("2a01:4f8::1") == "2001:db8::3"
    assert names.host("[2a01:4f8::1]:5222") == "[2001:db8::3]:5222"
    assert [names.host(each) for each in ("127.0.0.1", "::1")] == ["127.0.0.1", "::1"]


def test_many_addresses() -> None:
    """There are enough of them."""
    names = Names()
    given = {names.host(f"10.{number // 250}.{number % 250}.1") for number in range(2000)}

    assert len(given) == 2000


def test_labels() -> None:
    """A nickname that is a resource elsewhere is the same name here, and the other way round."""
    names = Names()
    names.jid("room@rooms.example.org/Anna")

    assert names.label("nick", "Anna") == "res1"
    assert names.label("nick", "Bert") == "nick1"
    assert names.jid("room@rooms.example.org/Bert") == "user1@domain1.example/nick1"
    assert names.label("group", "") == ""


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ("anna, ANNA and annabel", "user1, user1 and annabel"),
        ("anna's", "user1's"),
        ("anna_1-anna.anna", "user1_1-user1.user1"),
        ("mail anna@example.org.", "mail user1@domain1.example."),
        ("<xmpp:anna@example.org/home?message>", "<xmpp:user1@domain1.example/res1?message>"),
        ("https://example.org/anna", "https://domain1.example/user1"),
        ("(Home Office) Home", "(res2) res1"),
        ("new@example.net", "user2@domain2.example"),
        ("cid:sha1+8f35@bob.xmpp.org", "cid:sha1+8f35@bob.xmpp.org"),
        ("a@b", "a@b"),
        ("x@localhost", "x@localhost"),
        ("", ""),
    ],
)
def test_texts(text: str, renamed: str) -> None:
    """Names are found in texts as words, addresses as they are formed."""
    names = Names()
    names.jid("anna@example.org/Home")
    names.resource("Home Office")

    assert names.text(text) == renamed.replace("/res1?", "/res3?")


def test_names_are_replaced_once() -> None:
    """A pseudonym is not taken for a name, even if somebody is called so."""
    names = Names()
    names.local("anna")
    names.local("user1")

    assert names.text("anna and user1") == "user1 and user2"
    assert names.left_in("user1") == {"user1"}


def test_what_is_left() -> None:
    """It can be told which names a text still holds."""
    names = Names()
    names.jid("anna@example.org")

    assert names.left_in("Anna at example.org, domain1.example") == {"anna", "example.org"}


@pytest.mark.parametrize("name", ["al", "12345", "chat", "message", "...", ""])
def test_words_that_tell_nothing(name: str) -> None:
    """Short names, numbers and words of the protocol are replaced in addresses only."""
    names = Names()
    names.local(name)

    assert names.text(f"{name} <{name}> {name}-1") == f"{name} <{name}> {name}-1"


def test_sentences() -> None:
    """In xmppspy's own words, what looks like a host is one; file names do not."""
    names = Names()

    assert names.telling("c2s.example.org:5222 refuses; see docs/trusting-the-ca.md") == (
        "domain1.example:5222 refuses; see docs/trusting-the-ca.md"
    )


def test_software_is_not_a_host() -> None:
    """The host of a URL is known from then on, unless the URL names a program."""
    names = Names()

    assert names.text("https://gajim.org#x", software=True) == "https://gajim.org#x"
    assert names.text("https://up.example.org/x") == "https://domain1.example/x"
    assert names.text("up.example.org") == "domain1.example"


@given(st.text(max_size=30), st.lists(st.text(max_size=10), max_size=4))
def test_any_text(text: str, known: list[str]) -> None:
    """Any names are found in any text, and nothing fails."""
    names = Names()
    for name in known:
        names.jid(name)
        names.label("nick", name)

    assert isinstance(names.text(names.telling(text)), str)
