import asyncio
import socket
from collections.abc import Iterator

import pytest

from tests.proxy.dns_server import SILENT, Zone, serving
from xmppspy.errors import ConnectFailed, DomainRefused, LookupFailed, ServiceRefused
from xmppspy.proxy.connector import Connection, Connector
from xmppspy.proxy.domains import Domains
from xmppspy.proxy.resolver import Resolver
from xmppspy.proxy.upstream import Upstream

PLAIN = "_xmpp-client._tcp.example.org SRV"
DIRECT = "_xmpps-client._tcp.example.org SRV"


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """A listening socket on 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture
def closed_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def port_of(server: socket.socket) -> int:
    """The port it listens on."""
    return int(server.getsockname()[1])


def connect(connector: Connector, domain: str | None = "example.org") -> Connection:
    """A connection, closed again; what is known of it remains."""

    async def run() -> Connection:
        connection = await connector.connect(domain)
        assert not connection.sock.getblocking()
        assert connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert connection.sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        connection.sock.close()
        return connection

    return asyncio.run(run())


def connect_by(
    zone: Zone,
    upstream: str = "example.org",
    domain: str | None = "example.org",
    own: tuple[tuple[str, int], ...] = (),
    patience: float = 20.0,
    others: Domains = Domains(),  # noqa: B008 - it cannot be changed
) -> Connection:
    """A connection found by a zone."""

    async def run() -> Connection:
        async with serving(zone) as address:
            resolver = Resolver(address, patience=5.0)
            connector = Connector(Upstream.parse(upstream), resolver, own=[*own], patience=patience)
            connector.others = others
            connection = await connector.connect(domain)
            connection.sock.close()
            return connection

    return asyncio.run(run())


def test_a_fixed_place_is_for_every_domain(server: socket.socket) -> None:
    """With HOST:PORT nothing is looked up, whatever the client wants."""
    connection = connect(Connector(Upstream("127.0.0.1", port_of(server))), "other.example")

    assert connection.note == f"connected to 127.0.0.1:{port_of(server)}, as told"
    assert not connection.direct_tls


def test_a_map_goes_first(server: socket.socket) -> None:
    """--map overrides even a fixed place, for its domain only."""
    upstream = Upstream("192.0.2.1", 5222)
    maps = {"example.org": Upstream("127.0.0.1", port_of(server), direct_tls=True)}
    connection = connect(Connector(upstream, maps=maps), "EXAMPLE.org")
    others = asyncio.run(Connector(upstream, maps=maps).targets("other.example"))

    assert connection.note == f"connected to 127.0.0.1:{port_of(server)}, by --map, direct TLS"
    assert connection.direct_tls
    assert [str(target) for target in others] == ["192.0.2.1:5222"]


def test_a_redirect_goes_before_all(server: socket.socket) -> None:
    """Where a server has sent the client wins over --map and a fixed place."""
    connector = Connector(Upstream("192.0.2.1", 1), maps={"example.org": Upstream("192.0.2.1", 2)})

    async def run() -> Connection:
        place = Upstream("127.0.0.1", port_of(server), direct_tls=True)
        connection = await connector.connect("example.org", place)
        connection.sock.close()
        return connection

    assert asyncio.run(run()).note == (
        f"connected to 127.0.0.1:{port_of(server)}, as the server asked, direct TLS"
    )


def test_targets_are_tried_in_order(server: socket.socket, closed_port: int) -> None:
    """A target that refuses is followed by the next one, with its own kind of TLS."""
    zone = {
        PLAIN: [f"1 0 {closed_port} a.example.org."],
        DIRECT: [f"2 0 {port_of(server)} b.example.org."],
        "a.example.org A": ["127.0.0.1"],
        "b.example.org A": ["127.0.0.1"],
    }
    connection = connect_by(zone)

    assert connection.direct_tls
    assert connection.note == (
        f"connected to b.example.org:{port_of(server)} (127.0.0.1), found by SRV, direct TLS"
    )


def test_all_addresses_of_a_target_are_tried(server: socket.socket) -> None:
    """An address that refuses is followed by the host's next one."""
    zone = {
        PLAIN: [f"1 0 {port_of(server)} a.example.org."],
        "a.example.org AAAA": ["::1"],
        "a.example.org A": ["127.0.0.1"],
    }

    assert connect_by(zone).address.host == "127.0.0.1"


def test_a_target_without_address_is_passed_over(server: socket.socket) -> None:
    """One lost host does not hide the others."""
    zone = {
        PLAIN: ["1 0 1 lost.example.org.", f"2 0 {port_of(server)} a.example.org."],
        "a.example.org A": ["127.0.0.1"],
    }

    assert connect_by(zone).target.host == "a.example.org"


def test_nobody_wanted_is_the_domain_of_upstream(server: socket.socket) -> None:
    """A client that names no domain gets the one the proxy was started for."""
    zone = {
        PLAIN: [f"1 0 {port_of(server)} a.example.org."],
        "a.example.org A": ["127.0.0.1"],
    }

    assert connect_by(zone, domain=None).target.host == "a.example.org"


def test_the_wanted_domain_is_looked_up(server: socket.socket) -> None:
    """A client that wants another domain is taken there, where that was asked for."""
    zone = {
        "_xmpp-client._tcp.other.example SRV": [f"1 0 {port_of(server)} b.example."],
        "b.example A": ["127.0.0.1"],
    }

    allowed = Domains.parse(["other.example"])

    assert connect_by(zone, domain="other.example", others=allowed).target.host == "b.example"


@pytest.mark.parametrize("domain", ["other.example", "a.example.org", "127.0.0.1", "a\nb\x1b[2J"])
def test_nobody_is_taken_elsewhere_unasked(domain: str) -> None:
    """A client that wants another domain than that of the proxy is told how it could."""
    with pytest.raises(DomainRefused, match=r"example\.org only; start it with --allow") as caught:
        connect_by({}, domain=domain)

    assert str(caught.value).isprintable()


def test_there_is_no_way_back_once_srv_has_answered(closed_port: int) -> None:
    """Where SRV targets refuse, the domain's own address is not tried."""
    zone = {
        PLAIN: [f"1 0 {closed_port} a.example.org."],
        "a.example.org A": ["127.0.0.1"],
        "example.org A": ["127.0.0.2"],
    }
    with pytest.raises(ConnectFailed) as caught:
        connect_by(zone)

    assert str(caught.value) == (
        f"example.org: no connection: 127.0.0.1:{closed_port}: Connection refused"
    )


def test_everything_that_was_tried_is_told(closed_port: int) -> None:
    """The failures of all targets are in the message, in order, in one line."""
    zone = {
        PLAIN: [f"1 0 {closed_port} a.example.org.", "2 0 5222 lost.example.org."],
        "a.example.org A": ["127.0.0.1"],
    }
    with pytest.raises(ConnectFailed) as caught:
        connect_by(zone)

    assert caught.value.reason == (
        f"no connection: 127.0.0.1:{closed_port}: Connection refused; "
        "lost.example.org: the DNS knows no address"
    )


def test_the_telling_is_bounded(closed_port: int) -> None:
    """A service of very many servers makes no endless message."""
    zone = {
        PLAIN: [f"{number} 0 {closed_port} a.example.org." for number in range(12)],
        "a.example.org A": ["127.0.0.1"],
    }
    with pytest.raises(ConnectFailed) as caught:
        connect_by(zone)

    assert caught.value.reason.count("refused") == 6
    assert caught.value.reason.endswith("; …")


def test_an_unknown_domain_is_a_failed_look_up() -> None:
    """No SRV record and no address: the domain is not in the DNS."""
    with pytest.raises(LookupFailed) as caught:
        connect_by({})

    assert str(caught.value).startswith(
        "example.org: it has no SRV records, and the DNS knows no address; check the name"
    )


def test_an_unknown_host_is_a_failed_look_up() -> None:
    """A fixed place whose host nobody knows is no refused connection."""
    with pytest.raises(LookupFailed, match=r"^lost\.example: the DNS knows no address"):
        connect_by({}, upstream="lost.example:5222")


def test_a_refused_service_is_not_tried() -> None:
    """What the DNS refuses comes through."""
    with pytest.raises(ServiceRefused):
        connect_by({PLAIN: ["0 0 0 ."], "example.org A": ["127.0.0.1"]})


def test_a_silent_dns_does_not_hold_up_a_target() -> None:
    """The look-up of a host counts towards the target's time."""
    zone = {"a.example A": SILENT, "a.example AAAA": SILENT}
    with pytest.raises(LookupFailed, match=r"no address within 0.2 s; name another DNS with --dns"):
        connect_by(zone, upstream="a.example:5222", patience=0.2)


def test_a_server_that_does_not_answer_ends_in_time() -> None:
    """A connection attempt nobody answers is given up on."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = [socket.socket() for _ in range(8)]
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(full.getsockname())
        connector = Connector(Upstream("127.0.0.1", port_of(full)), patience=0.3)
        with pytest.raises(ConnectFailed, match=r"127\.0\.0\.1:[0-9]+ does not answer"):
            connect(connector)
        for sock in waiting:
            sock.close()

    assert connector.patience < 1


# --- loops


@pytest.mark.parametrize(
    ("own", "host"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "::ffff:127.0.0.1"),
        ("127.0.0.1", "0.0.0.0"),
        ("0.0.0.0", "127.0.0.3"),
        ("::1", "::1"),
        ("::", "::1"),
    ],
)
def test_the_proxy_never_connects_to_itself(own: str, host: str) -> None:
    """Its own listening address is refused in all its spellings."""
    connector = Connector(Upstream(host, 5222), own=[(own, 5222)])
    with pytest.raises(ConnectFailed, match="is xmppspy itself; listen elsewhere with -l"):
        connect(connector)


def test_an_address_of_this_machine_leads_back_to_a_listener_on_all() -> None:
    """A listener on 0.0.0.0 is reached by every address of the machine, and by no other."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            mine = "127.0.0.1"  # no network here, and so no other address
        else:
            mine = probe.getsockname()[0]
    connector = Connector(Upstream(mine, 5222), own=[("0.0.0.0", 5222)])
    with pytest.raises(ConnectFailed, match="is xmppspy itself"):
        connect(connector)


def test_a_bent_dns_is_found_out() -> None:
    """Where the machine's DNS points at the proxy, the ways round it are named."""
    zone = {"example.org A": ["127.0.0.1"]}
    with pytest.raises(ConnectFailed) as caught:
        connect_by(zone, own=(("127.0.0.1", 5222),))

    assert str(caught.value) == (
        "example.org: no connection: 127.0.0.1:5222 is xmppspy itself; say where the server is "
        "with --map example.org=HOST:PORT, or name a DNS that knows with --dns ADDR"
    )


def test_another_port_or_address_is_no_loop(server: socket.socket) -> None:
    """A server on the same machine, or on another of its addresses, is reached."""
    port = port_of(server)
    own = [("127.0.0.1", port + 1), ("127.0.0.2", port), ("::", port)]
    connection = connect(Connector(Upstream("127.0.0.1", port), own=own))

    assert str(connection.address) == f"127.0.0.1:{port}"
