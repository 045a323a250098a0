import asyncio
import socket
from collections import Counter
from random import Random
from typing import Any

import pytest

from tests.proxy.dns_server import BROKEN, SILENT, Zone, serving
from xmppspy.errors import LookupFailed, ServiceRefused
from xmppspy.proxy.resolver import Address, Resolver, Target

PLAIN = "_xmpp-client._tcp.example.org SRV"
DIRECT = "_xmpps-client._tcp.example.org SRV"


def seeded(seed: int) -> Random:
    """A repeatable chance."""
    return Random(seed)  # noqa: S311 - it chooses servers, it keeps no secret


def targets_of(
    zone: Zone, domain: str = "example.org", *, seed: int = 1, patience: float = 5.0
) -> list[Target]:
    """What a resolver makes of a zone."""

    async def ask() -> list[Target]:
        async with serving(zone) as server:
            return await Resolver(server, patience, seeded(seed)).targets(domain)

    return asyncio.run(ask())


def addresses_of(zone: Zone, host: str) -> list[str]:
    """The addresses that a resolver finds for a host."""

    async def ask() -> list[Address]:
        async with serving(zone) as server:
            return await Resolver(server, patience=1.0).addresses(host, 5222)

    return [str(address) for address in asyncio.run(ask())]


# --- names


# --- SRV


def test_both_services_are_one_list() -> None:
    """STARTTLS and direct TLS are merged by priority."""
    zone = {
        PLAIN: ["10 0 5222 a.example.org.", "30 0 5222 c.example.org."],
        DIRECT: ["20 0 443 B.example.org."],
    }

    assert targets_of(zone) == [
        Target("a.example.org", 5222, direct_tls=False, via="srv"),
        Target("b.example.org", 443, direct_tls=True, via="srv"),
        Target("c.example.org", 5222, direct_tls=False, via="srv"),
    ]


def test_weights_are_drawn() -> None:
    """Within a priority the first is drawn by weight, across both services; the rest follow."""
    zone = {
        PLAIN: ["5 10 1 light.example.org.", "5 0 2 none.example.org."],
        DIRECT: ["5 90 3 heavy.example.org."],
    }

    async def ask() -> Counter[str]:
        async with serving(zone) as server:
            resolver = Resolver(server, random=seeded(7))
            orders = [await resolver.targets("example.org") for _ in range(200)]
            assert all(sorted(target.port for target in order) == [1, 2, 3] for order in orders)
            return Counter(order[0].host.partition(".")[0] for order in orders)

    first = asyncio.run(ask())

    assert first["heavy"] > 150
    assert 5 < first["light"] < 45
    assert first["none"] < 10


def test_the_draw_can_be_repeated() -> None:
    """The same seed gives the same order."""
    zone = {PLAIN: [f"5 10 {port} a.example.org." for port in range(1, 9)]}
    orders = [[target.port for target in targets_of(zone, seed=seed)] for seed in (3, 3, 4)]

    assert orders[0] == orders[1] != orders[2]


def test_an_idn_is_asked_for_in_a_labels() -> None:
    """A domain in Unicode is found."""
    zone = {"_xmpp-client._tcp.xn--bcher-kva.example SRV": ["0 0 5222 xmpp.example."]}

    assert [str(target) for target in targets_of(zone, "Bücher.example")] == ["xmpp.example:5222"]


def test_without_srv_it_is_the_domain_itself() -> None:
    """No record of either service: the domain at port 5222."""
    assert targets_of({"example.org A": ["192.0.2.1"]}) == [
        Target("example.org", 5222, direct_tls=False, via="address")
    ]


def test_a_dot_refuses_the_service() -> None:
    """A single target "." says that there is no service, whatever addresses the domain has."""
    with pytest.raises(ServiceRefused) as caught:
        targets_of({PLAIN: ["0 0 0 ."], "example.org A": ["192.0.2.1"]})

    assert str(caught.value) == (
        'example.org: its SRV records say that it serves no clients (target "."); '
        "say where the server is with HOST:PORT or --map"
    )


def test_a_dot_for_direct_tls_leaves_starttls() -> None:
    """Without direct TLS the other service is used."""
    zone = {PLAIN: ["0 0 5222 a.example.org."], DIRECT: ["0 0 0 ."]}

    assert [str(target) for target in targets_of(zone)] == ["a.example.org:5222"]


def test_a_dot_for_direct_tls_alone_is_no_way_to_the_address() -> None:
    """No direct TLS and no other record: the domain's own address is not tried."""
    with pytest.raises(ServiceRefused):
        targets_of({DIRECT: ["0 0 0 ."], "example.org A": ["192.0.2.1"]})


def test_one_service_that_fails_does_not_hide_the_other() -> None:
    """A DNS that chokes on the newer service name still leads to a server."""
    zone = {PLAIN: ["0 0 5222 a.example.org."], DIRECT: BROKEN}

    assert [str(target) for target in targets_of(zone)] == ["a.example.org:5222"]


def test_a_failure_is_not_taken_for_absence() -> None:
    """Where one service fails and the other is absent, nobody knows: that is said."""
    with pytest.raises(LookupFailed) as caught:
        targets_of({PLAIN: BROKEN, "example.org A": ["192.0.2.1"]})
    said = str(caught.value)

    assert said.startswith("example.org: the DNS at 127.0.0.1:")
    assert "failed (SRV _xmpp-client._tcp.example.org: NoNameservers); ask another" in said
    assert "--dns ADDR" in said


def test_silence_ends_in_time() -> None:
    """A DNS that does not answer is given up on."""
    with pytest.raises(
        LookupFailed, match=r"no answer from the DNS at .* within 0.2 s \(SRV _xmpp"
    ):
        targets_of({PLAIN: SILENT, DIRECT: SILENT}, patience=0.2)


@pytest.mark.parametrize("domain", ["a b", "x" * 300, "bad\x1b[2J\n", "\ud800"])
def test_a_name_from_the_network_that_is_none(domain: str) -> None:
    """What a client may want by mistake is said without its control characters."""
    with pytest.raises(LookupFailed, match="not a domain name") as caught:
        targets_of({}, domain)

    assert str(caught.value).isprintable()
    assert len(caught.value.target) <= 80


@pytest.mark.parametrize("domain", ["127.0.0.1", "::1", "localhost", "test.localhost"])
def test_some_names_never_go_to_the_dns(domain: str) -> None:
    """Addresses and localhost (RFC 6761) are places by themselves."""
    asked: list[str] = []

    async def ask() -> list[Target]:
        async with serving({}, asked) as server:
            return await Resolver(server).targets(domain)

    assert asyncio.run(ask()) == [Target(domain, 5222, direct_tls=False, via="address")]
    assert asked == []


# --- addresses


def test_all_addresses_are_found() -> None:
    """IPv6 first, then IPv4."""
    zone = {"a.example A": ["192.0.2.1", "192.0.2.2"], "a.example AAAA": ["2001:db8::1"]}
    found = addresses_of(zone, "a.example")

    assert found[0] == "[2001:db8::1]:5222"
    assert sorted(found[1:]) == ["192.0.2.1:5222", "192.0.2.2:5222"]


def test_one_kind_of_address_is_enough() -> None:
    """A DNS that fails on IPv6 does not hide IPv4."""
    zone = {"a.example A": ["192.0.2.1"], "a.example AAAA": BROKEN}

    assert addresses_of(zone, "a.example") == ["192.0.2.1:5222"]


def test_an_unknown_host_is_said() -> None:
    """NXDOMAIN is a sentence that says what to do."""
    with pytest.raises(LookupFailed) as caught:
        addresses_of({}, "nosuch.example")

    assert str(caught.value) == (
        "nosuch.example: the DNS knows no address; "
        "check the name, or say where the server is with HOST:PORT or --map"
    )


def test_a_failing_dns_is_said() -> None:
    """Failure is told apart from absence."""
    with pytest.raises(LookupFailed, match=r"AAAA a\.example: NoNameservers"):
        addresses_of({"a.example A": BROKEN, "a.example AAAA": BROKEN}, "a.example")


def test_a_host_that_is_none_is_said() -> None:
    """An SRV record may point at nonsense."""
    with pytest.raises(LookupFailed, match="not a host name"):
        addresses_of({}, r"a\032b.example")


def test_only_the_given_dns_is_asked() -> None:
    """With a resolver named, the hosts file counts for nothing."""
    assert addresses_of({"localhost A": ["192.0.2.7"]}, "localhost") == ["192.0.2.7:5222"]


def test_the_hosts_file_counts_otherwise() -> None:
    """Without one, addresses are found as the machine finds them."""
    found = asyncio.run(Resolver().addresses("localhost", 5222))

    assert "127.0.0.1" in [address.host for address in found]


def test_the_machine_not_knowing_a_host_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine's own look-up says is passed on."""

    def fail(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(
        LookupFailed, match=r"no address is known \(Name or service not known\); check"
    ):
        asyncio.run(Resolver().addresses("nosuch.example", 5222))
