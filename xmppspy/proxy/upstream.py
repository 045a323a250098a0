"""Where to connect: what UPSTREAM, --map and --dns mean, and the way to an open socket."""

import asyncio
import ipaddress
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from xmppspy.analysis.words import word
from xmppspy.errors import ConnectFailed, DomainRefused, LookupFailed, UsageError
from xmppspy.protocol.hosts import a_label, is_address
from xmppspy.proxy.domains import Domains
from xmppspy.proxy.resolver import (
    CLIENT_PORT,
    CLIENT_TLS_PORT,
    Address,
    Resolver,
    Target,
    Via,
    host_name,
    join_address,
)

PATIENCE: Final = 20.0
"""Seconds that all addresses of one target have together."""

IPAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_FORMS: Final = "example.org, HOST:PORT, xmpp://HOST[:PORT] or xmpps://HOST[:PORT] (direct TLS)"
_FORM: Final = re.compile(
    r"((?P<scheme>xmpps?)://)?"
    r"(\[(?P<literal>[^][]+)]|(?P<host>[^][:/@\s]+))"
    r"(:(?P<port>[0-9]{1,5}))?"
    r"(?P<slash>/?)",
    re.IGNORECASE,
)
_TOLD: Final = 6


@dataclass(frozen=True, slots=True)
class Upstream:
    """A server as a person names it: a domain to be looked up, or one fixed place.

    `host` is an IP address or a name in A-labels. `port` is None for a domain to be looked up.
    """

    host: str
    port: int | None = None
    direct_tls: bool = False

    @classmethod
    def parse(cls, text: str) -> "Upstream":
        """Read `example.org`, `host:port`, `xmpp://host[:port]`, `xmpps://host[:port]`.

        An IP address is a fixed place also without a port; IPv6 stands in brackets where a port
        follows. Without a port it is 5222, after `xmpps://` 5223. Raises UsageError.
        """
        text = text.strip()
        if is_address(text):
            return cls(text, CLIENT_PORT)
        match = _FORM.fullmatch(text)
        host = match and host_name(match["literal"] or match["host"])
        if not match or not host or (match["slash"] and not match["scheme"]):
            raise UsageError(f"{text!r} names no server; write {_FORMS}")
        if match["literal"] and not is_address(host):
            raise UsageError(f"{text!r}: only an IPv6 address stands in brackets")
        direct_tls = (match["scheme"] or "").lower() == "xmpps"
        if match["port"] is not None:
            port = int(match["port"])
            if not 0 < port < 1 << 16:
                raise UsageError(f"{text!r}: {port} is no port; ports go from 1 to 65535")
            return cls(host, port, direct_tls)
        if match["scheme"] or is_address(host):
            return cls(host, CLIENT_TLS_PORT if direct_tls else CLIENT_PORT, direct_tls)
        return cls(host)

    @property
    def is_fixed(self) -> bool:
        """Whether it is one place, whatever domain a client wants."""
        return self.port is not None

    def __str__(self) -> str:
        return self.host if self.port is None else join_address(self.host, self.port)


def parse_map(text: str) -> tuple[str, Upstream]:
    """Read `DOMAIN=HOST:PORT`, the value in any of UPSTREAM's forms that fix a place.

    The domain comes out as an A-label. Raises UsageError.
    """
    domain, equals, place = text.partition("=")
    name = host_name(domain.strip())
    if not equals or name is None:
        raise UsageError(f"--map {text!r}: write DOMAIN=HOST:PORT or DOMAIN=xmpps://HOST:PORT")
    upstream = Upstream.parse(place)
    if not upstream.is_fixed:
        raise UsageError(f"--map {text!r}: the port is missing; write DOMAIN=HOST:PORT")
    return name, upstream


def parse_dns(text: str) -> tuple[str, int]:
    """Read `ADDR[:PORT]` of a DNS resolver, port 53 by default. Raises UsageError."""
    if is_address(text):
        return text, 53
    match = re.fullmatch(r"(?:\[([^][]+)]|([^][:]+))(?::([0-9]{1,5}))?", text)
    host = match and (match[1] or match[2])
    port = int((match and match[3]) or 53)
    if not host or not is_address(host) or not 0 < port < 1 << 16:
        raise UsageError(f"--dns {text!r}: write an IP address, or ADDR:PORT, such as 9.9.9.9:53")
    return host, port


@dataclass(frozen=True, slots=True)
class Connection:
    """An open connection to a server."""

    sock: socket.socket
    """Non-blocking, with TCP_NODELAY and SO_KEEPALIVE."""
    target: Target
    address: Address

    @property
    def direct_tls(self) -> bool:
        """Whether TLS comes first (XEP-0368)."""
        return self.target.direct_tls

    @property
    def note(self) -> str:
        """What a person may want to know of where it leads."""
        how = {
            "srv": "found by SRV",
            "address": "the domain's own address",
            "fixed": "as told",
            "map": "by --map",
            "redirect": "as the server asked",
        }[self.target.via]
        where = f"{self.target}"
        if self.target.host != self.address.host:
            where += f" ({self.address.host})"
        return f"connected to {where}, {how}" + (", direct TLS" if self.direct_tls else "")


@dataclass(slots=True)
class Connector:
    """Connects to the server of whatever domain a client wants.

    `maps` goes before `upstream`; where `upstream` is a domain, it is looked up, or the wanted one
    instead if that is among `others`.
    """

    upstream: Upstream
    resolver: Resolver = field(default_factory=Resolver)
    maps: Mapping[str, Upstream] = field(default_factory=dict)
    others: Domains = field(default_factory=Domains)
    own: list[tuple[str, int]] = field(default_factory=list)
    """Where the proxy itself listens, once it does: it never connects to itself."""
    patience: float = PATIENCE

    async def targets(self, domain: str | None) -> list[Target]:
        """The servers to try for a domain, in order.

        Raises LookupFailed, ServiceRefused and DomainRefused.
        """
        wanted = a_label(domain) if domain else self.upstream.host
        mapped = self.maps.get(wanted)
        place = mapped or self.upstream
        if place.port is not None:
            via: Via = "map" if mapped else "fixed"
            return [Target(place.host, place.port, place.direct_tls, via)]
        if wanted != self.upstream.host and wanted not in self.others:
            reason = (
                f"xmppspy takes its clients to {self.upstream.host} only; start it with --allow "
                "and this domain, or with --any to have it go wherever they want"
            )
            raise DomainRefused(word(wanted), reason)
        return await self.resolver.targets(wanted)

    async def connect(self, domain: str | None, redirect: Upstream | None = None) -> Connection:
        """An open connection to the first server that takes one; every address of it is tried.

        `redirect` is the one place to try instead. Raises UpstreamError, which says what was tried.
        """
        if redirect is not None and redirect.port is not None:
            target = Target(redirect.host, redirect.port, redirect.direct_tls, "redirect")
            return await self._first(str(redirect), [target])
        return await self._first(self._name(domain), await self.targets(domain))

    async def _first(self, name: str, targets: list[Target]) -> Connection:
        failures: list[str] = []
        lost: LookupFailed | None = None
        for target in targets:
            try:
                addresses = await self._addresses(target)
            except LookupFailed as error:
                lost = error
                failures.append(f"{error.target}: {error.reason.partition(';')[0]}")
                continue
            connection = await self._try(target, addresses, failures)
            if connection is not None:
                return connection
        if lost is not None and len(failures) == 1:
            raise lost
        told = "; ".join(failures[:_TOLD]) + ("; …" if len(failures) > _TOLD else "")
        raise ConnectFailed(name, f"no connection: {told}")

    async def _addresses(self, target: Target) -> list[Address]:
        try:
            async with asyncio.timeout(self.patience):
                return await self.resolver.addresses(target.host, target.port)
        except TimeoutError as error:
            reason = f"no address within {self.patience:g} s; name another DNS with --dns ADDR"
            raise LookupFailed(target.host, reason) from error
        except LookupFailed as error:
            if target.via != "address":
                raise
            raise LookupFailed(
                error.target, f"it has no SRV records, and {error.reason}"
            ) from error

    async def _try(
        self, target: Target, addresses: list[Address], failures: list[str]
    ) -> Connection | None:
        """A connection to one of the addresses; why there is none goes to `failures`."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.patience
        for tried, address in enumerate(addresses):
            # Each one gets its share: an address that does not answer leaves time to the next.
            share = (end - loop.time()) / (len(addresses) - tried)
            try:
                if self._leads_back(address):
                    failures.append(f"{address} is xmppspy itself; {_way_round(target)}")
                    continue
                async with asyncio.timeout(share):
                    return Connection(await _open(address), target, address)
            except TimeoutError:
                failures.append(f"{address} does not answer")
            except OSError as error:
                reason = os.strerror(error.errno) if error.errno else str(error)
                failures.append(f"{address}: {reason}")
        return None

    def _leads_back(self, address: Address) -> bool:
        port = address.sockaddr[1]
        ip = _ip(address.host)
        return any(port == own_port and _reaches(ip, _ip(own)) for own, own_port in self.own)

    def _name(self, domain: str | None) -> str:
        name = host_name(domain) if domain else None
        return str(self.upstream) if name is None or self.upstream.is_fixed else name


async def _open(address: Address) -> socket.socket:
    sock = socket.socket(address.family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, address.sockaddr)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    except BaseException:
        sock.close()
        raise
    return sock


def _way_round(target: Target) -> str:
    if target.via == "redirect":
        return "the server itself has to name another place"
    if target.via in ("fixed", "map"):
        return "listen elsewhere with -l [HOST:]PORT, or name the real server"
    return (
        f"say where the server is with --map {target.host}=HOST:PORT, or name a DNS that "
        "knows with --dns ADDR"
    )


def _ip(host: str) -> IPAddress:
    ip = ipaddress.ip_address(host.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return mapped or ip


def _reaches(ip: IPAddress, own: IPAddress) -> bool:
    """Whether a connection to `ip` ends at a listener on `own`, the port being the same."""
    if ip.version != own.version:
        return False
    if own.is_unspecified:
        return ip.is_unspecified or _is_of_this_machine(ip)
    return ip == own or (ip.is_unspecified and own.is_loopback)


def _is_of_this_machine(ip: IPAddress) -> bool:
    if ip.is_loopback:
        return True
    family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((str(ip), 9))  # sends nothing; the kernel only picks a route
        except OSError:
            return False
        return bool(probe.getsockname()[0] == str(ip))
