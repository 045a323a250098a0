"""Connector: the way from what a client wants to an open socket to its server."""

import asyncio
import ipaddress
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from xmppspy.analysis.words import word
from xmppspy.errors import ConnectFailed, DomainRefused, LookupFailed
from xmppspy.protocol.hosts import a_label, host_name
from xmppspy.proxy.domains import Domains
from xmppspy.proxy.resolver import Address, Resolver, Target, Via
from xmppspy.proxy.upstream import Upstream

PATIENCE: Final = 20.0
"""Seconds that all addresses of one target have together."""

IPAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_TOLD: Final = 6


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
