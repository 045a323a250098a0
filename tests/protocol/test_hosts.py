import pytest

from xmppspy.protocol.hosts import a_label, certificate_serves, host_name, is_address, join_address


@pytest.mark.parametrize(
    ("name", "domain", "serves"),
    [
        ("capulet.example", "capulet.example", True),
        ("capulet.example", "CAPULET.Example.", True),
        ("CAPULET.example.", "capulet.example", True),
        ("capulet.example", "xmpp.capulet.example", False),
        ("capulet.example", "example", False),
        ("*.capulet.example", "xmpp.capulet.example", True),
        ("*.capulet.example", "capulet.example", False),
        ("*.capulet.example", "a.b.capulet.example", False),
        ("*.capulet.example", ".capulet.example", False),
        ("x*.capulet.example", "xmpp.capulet.example", False),
        ("*.example", "capulet.example", False),
        ("*", "capulet", False),
        ("*.", "capulet", False),
        ("xn--bcher-kva.example", "bücher.example", True),
        ("xn--bcher-kva.example", "BÜCHER.example", True),
        ("bücher.example", "bücher.example", False),
        ("192.0.2.1", "192.0.2.1", False),
    ],
)
def test_dns_names_in_certificates(name: str, domain: str, serves: bool) -> None:
    """Names are compared as A-labels, whatever their case; an asterisk is one label."""
    certificate = {"subjectAltName": (("email", "x@y.example"), ("DNS", name))}

    assert certificate_serves(certificate, domain) is serves


@pytest.mark.parametrize(
    ("written", "domain", "serves"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:DB8:0:0:0:0:0:1\n", "2001:db8::1", True),
        ("<invalid>", "192.0.2.1", False),
        ("192.0.2.1", "capulet.example", False),
    ],
)
def test_addresses_in_certificates(written: str, domain: str, serves: bool) -> None:
    """Addresses are compared as such, and only with addresses."""
    certificate = {"subjectAltName": (("IP Address", written),)}

    assert certificate_serves(certificate, domain) is serves


def test_certificate_without_names() -> None:
    """The common name is not looked at."""
    subject = ((("commonName", "capulet.example"),),)

    assert not certificate_serves({"subject": subject}, "capulet.example")


@pytest.mark.parametrize(
    ("domain", "written"),
    [
        ("Capulet.Example.", "capulet.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("ü..example", "ü..example"),
        ("192.0.2.1", "192.0.2.1"),
        ("", ""),
    ],
)
def test_a_label(domain: str, written: str) -> None:
    """Domains are written as the DNS does; what is none stays as it is."""
    assert a_label(domain) == written


def test_is_address() -> None:
    """IP addresses of both versions are none of the names."""
    assert is_address("192.0.2.1")
    assert is_address("2001:db8::1")
    assert not is_address("capulet.example")


def test_addresses_are_joined_with_ports() -> None:
    """IPv6 stands in brackets."""
    assert join_address("::1", 5222) == "[::1]:5222"
    assert join_address("example.org", 5222) == "example.org:5222"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Example.ORG.", "example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("my_server", "my_server"),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("", None),
        ("a b", None),
        ("a..b", None),
        ("x" * 64, None),
        (".".join(["x" * 60] * 5), None),
        ("ä" * 300, None),
        ("a\x1b[2J", None),
    ],
)
def test_host_names(text: str, name: str | None) -> None:
    """Names come out as the DNS takes them; what can be none is told apart."""
    assert host_name(text) == name
