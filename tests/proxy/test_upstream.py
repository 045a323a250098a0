import pytest

from xmppspy.errors import UsageError
from xmppspy.proxy.upstream import Upstream, parse_dns, parse_map


@pytest.mark.parametrize(
    ("text", "upstream"),
    [
        ("example.org", Upstream("example.org")),
        (" Example.ORG. ", Upstream("example.org")),
        ("bücher.example", Upstream("xn--bcher-kva.example")),
        ("example.org:5222", Upstream("example.org", 5222)),
        ("my_server:15222", Upstream("my_server", 15222)),
        ("xmpp://example.org", Upstream("example.org", 5222)),
        ("xmpp://example.org:1/", Upstream("example.org", 1)),
        ("XMPPS://example.org", Upstream("example.org", 5223, direct_tls=True)),
        ("xmpps://example.org:443", Upstream("example.org", 443, direct_tls=True)),
        ("127.0.0.1", Upstream("127.0.0.1", 5222)),
        ("127.0.0.1:65535", Upstream("127.0.0.1", 65535)),
        ("::1", Upstream("::1", 5222)),
        ("[::1]", Upstream("::1", 5222)),
        ("[2001:DB8::1]:5222", Upstream("2001:db8::1", 5222)),
        ("xmpps://[::1]:5223", Upstream("::1", 5223, direct_tls=True)),
    ],
)
def test_forms_of_upstream(text: str, upstream: Upstream) -> None:
    """A domain is looked up; everything else is one place."""
    assert Upstream.parse(text) == upstream
    assert upstream.is_fixed == (upstream.port is not None)


@pytest.mark.parametrize(
    "text",
    ["", " ", "me@example.org", "http://example.org", "example.org/path", "example.org/", "a b",
     "example.org:", "example.org:http", ":5222", "[::1", "::1]:5222", "xmpp:example.org",
     "xmpp://", "xmpp://a/b", "a..b", "a\x1b[2J", "exa$mple:5222"],
)  # fmt: skip
def test_junk_for_upstream(text: str) -> None:
    """What names no server is one line that says what would."""
    with pytest.raises(UsageError) as caught:
        Upstream.parse(text)

    assert str(caught.value) == (
        f"{text.strip()!r} names no server; "
        "write example.org, HOST:PORT, xmpp://HOST[:PORT] or xmpps://HOST[:PORT] (direct TLS)"
    )
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("port", ["0", "65536", "99999"])
def test_ports_out_of_range(port: str) -> None:
    """A number that is no port is said to be none."""
    with pytest.raises(UsageError, match=f"{port} is no port; ports go from 1 to 65535"):
        Upstream.parse(f"example.org:{port}")


def test_only_ipv6_stands_in_brackets() -> None:
    """Brackets around a name are a mistake."""
    with pytest.raises(UsageError, match="only an IPv6 address stands in brackets"):
        Upstream.parse("[example.org]:5222")


def test_upstream_as_text() -> None:
    """It is shown as a person would write it."""
    assert str(Upstream.parse("example.org")) == "example.org"
    assert str(Upstream.parse("[::1]:5222")) == "[::1]:5222"


def test_forms_of_map() -> None:
    """A domain, and where it is."""
    place = Upstream("127.0.0.1", 5223, direct_tls=True)

    assert parse_map("Bücher.example=host:5222") == (
        "xn--bcher-kva.example",
        Upstream("host", 5222),
    )
    assert parse_map("example.org=xmpps://127.0.0.1:5223") == ("example.org", place)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("example.org", "write DOMAIN=HOST:PORT"),
        ("=host:5222", "write DOMAIN=HOST:PORT"),
        ("example.org=host", "the port is missing"),
        ("example.org=", "names no server"),
    ],
)
def test_junk_for_map(text: str, reason: str) -> None:
    """A map without its place is said to be none."""
    with pytest.raises(UsageError, match=reason):
        parse_map(text)


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("9.9.9.9", ("9.9.9.9", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("::1", ("::1", 53)),
        ("[::1]", ("::1", 53)),
        ("[::1]:5353", ("::1", 5353)),
    ],
)
def test_forms_of_dns(text: str, server: tuple[str, int]) -> None:
    """An address, with or without a port."""
    assert parse_dns(text) == server


@pytest.mark.parametrize(
    "text", ["", "dns.example", "9.9.9.9:", "9.9.9.9:0", "9.9.9.9:99999", "x:53"]
)
def test_junk_for_dns(text: str) -> None:
    """A resolver is named by its address."""
    with pytest.raises(UsageError, match=r"--dns .* write an IP address"):
        parse_dns(text)


# --- connecting
