import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.protocol.jid import JID, Flaw, flaw


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("example.org", (None, "example.org", None)),
        ("juliet@example.org", ("juliet", "example.org", None)),
        ("juliet@example.org/balcony", ("juliet", "example.org", "balcony")),
        ("example.org/echo", (None, "example.org", "echo")),
        ("juliet@example.org/a/b@c", ("juliet", "example.org", "a/b@c")),
        ("example.org/a@b", (None, "example.org", "a@b")),
    ],
)
def test_the_first_slash_then_the_first_at_divide(
    text: str, parts: tuple[str | None, str, str | None]
) -> None:
    """A resource may hold `@` and `/` (RFC 7622 §3.2)."""
    read = JID.read(text)

    assert (read.local, read.domain, read.resource) == parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Juliet@Example.ORG", "juliet@example.org"),
        ("juliet@example.org.", "juliet@example.org"),
        ("JÜRGEN@example.org", "jürgen@example.org"),
        ("ju\u0308rgen@example.org", "jürgen@example.org"),
        ("\uff4auliet@example.org", "juliet@example.org"),
        ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
        ("a@bu\u0308cher.example.", "a@XN--bcher-kva.example"),
        ("a@b\u3002example", "a@b.example"),
        ("a@b/My\u00a0Phone", "a@b/My Phone"),
        ("a@b/cafe\u0301", "a@b/café"),
    ],
)
def test_spellings_of_one_address_are_equal(one: str, other: str) -> None:
    """Case, width and composition, A-labels and the final dot make no difference (RFC 7622)."""
    assert JID.read(one) == JID.read(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a@b/Phone", "a@b/phone"),
        ("a@b/x", "a@b/x "),
        ("straße@b", "strasse@b"),
        ("a@b", "b"),
        ("a@example.org", "a@example.org.."),
        ("a@ex_ämple.org", "a@ex-ämple.org"),
    ],
)
def test_different_addresses_stay_different(one: str, other: str) -> None:
    """Resources are compared exactly, and nothing is folded that RFC 7622 does not fold."""
    assert JID.read(one) != JID.read(other)


@pytest.mark.parametrize(
    ("wanted", "covered", "others"),
    [
        ("a@b.c", ["a@b.c", "a@b.c/x", "A@B.C./y"], ["b.c", "aa@b.c", "a@x.b.c", "b.c/a"]),
        ("b.c", ["b.c", "a@b.c", "a@b.c/x", "b.c/x"], ["a@x.b.c", "x.b.c", "c"]),
        ("a@b.c/x", ["a@b.c/x"], ["a@b.c", "a@b.c/X", "a@b.c/xx", "b.c/x"]),
        ("b.c/x", ["b.c/x"], ["b.c", "a@b.c/x"]),
    ],
)
def test_what_an_address_covers(wanted: str, covered: list[str], others: list[str]) -> None:
    """A bare JID covers its resources, a bare domain all of it but no subdomain."""
    jid = JID.read(wanted)

    assert [other for other in covered + others if jid.covers(JID.read(other))] == covered


@pytest.mark.parametrize(
    ("text", "reason", "position"),
    [
        ("@b", "the localpart is empty", 0),
        ("", "the domain is empty", 0),
        ("a@", "the domain is empty", 2),
        ("/x", "the domain is empty", 0),
        ("a@b/", "the resource is empty", 4),
        ("a b@c", "' ' may not stand in the localpart", 1),
        ("a<b@c", "'<' may not stand in the localpart", 1),
        ("a@b@c", "'@' may not stand in the domain", 3),
        ("a@b c", "' ' may not stand in the domain", 3),
        ("a@b..c", "an empty label in the domain", 3),
        (".b", "an empty label in the domain", 0),
        ("x" * 1024 + "@b", "the localpart is longer than 1023 bytes", 0),
        ("é" * 512 + "@b", "the localpart is longer than 1023 bytes", 0),
        ("x" * 1024, "the domain is longer than 1023 bytes", 0),
        ("a@b/" + "x" * 1024, "the resource is longer than 1023 bytes", 4),
    ],
)
def test_flaws_are_told_with_their_place(text: str, reason: str, position: int) -> None:
    """RFC 7622 §3.1-3.4 says what an address must be."""
    assert flaw(text) == Flaw(reason, position)


@pytest.mark.parametrize(
    "text", ["b", "b.", "a@b", "a@b/c d", "[::1]", "a@127.0.0.1/x", "a@bü.example"]
)
def test_addresses_have_no_flaw(text: str) -> None:
    """What is an address is taken for one."""
    assert flaw(text) is None


@given(st.text(max_size=40))
def test_reading_never_fails(text: str) -> None:
    """Traffic holds anything; reading it is certain, and covers itself."""
    read = JID.read(text)
    flaw(text)

    assert read.covers(read)


def test_reading_is_quick_for_hostile_domains() -> None:
    """A huge domain is not put through IDNA."""
    assert JID.read("ü" * 500_000).domain == "ü" * 500_000
