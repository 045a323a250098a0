"""What the DNS knows of an XMPP domain: its servers (SRV) and their addresses.

Errors name the way round the DNS, because whoever debugs XMPP bends it often.
"""

import asyncio
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from xmppspy.errors import LookupFailed, ServiceRefused
from xmppspy.protocol.hosts import (
    CLIENT_PORT,
    host_name,
    is_address,
    join_address,
)

if TYPE_CHECKING:
    import dns.asyncresolver
    import dns.rdata
    from dns.rdtypes.IN.SRV import SRV

Via: TypeAlias = Literal["srv", "address", "fixed", "map", "redirect"]
"""Why a target: SRV records, the domain's own address for want of any, UPSTREAM, --map, or a server
that has sent the client there."""

_Family: TypeAlias = socket.AddressFamily

_SHOWN: Final = 80
_REMEDY: Final = "check the name, or say where the server is with HOST:PORT or --map"


@dataclass(frozen=True, slots=True)
class Target:
    """A server to try: its host name or address, its port, and how it wants to be spoken to."""

    host: str
    port: int
    direct_tls: bool
    via: Via

    def __str__(self) -> str:
        return join_address(self.host, self.port)


@dataclass(frozen=True, slots=True)
class Address:
    """A socket address: what `socket.connect` takes."""

    family: socket.AddressFamily
    sockaddr: tuple[Any, ...]

    @property
    def host(self) -> str:
        """The IP address."""
        return str(self.sockaddr[0])

    def __str__(self) -> str:
        return join_address(self.host, int(self.sockaddr[1]))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the look-up of one service gave."""

    records: "tuple[SRV, ...]" = ()
    refused: bool = False
    failure: LookupFailed | None = None


@dataclass(slots=True)
class Resolver:
    """Asks the DNS: the machine's own way, or `server` alone.

    `server` is an IP address and a port. With it the hosts file counts for nothing. `patience` is
    how many seconds an answer may take; `random` chooses among SRV records of equal priority.
    """

    server: tuple[str, int] | None = None
    patience: float = 5.0
    random: Random = field(default_factory=Random)  # chooses servers, keeps no secret

    async def targets(self, domain: str) -> list[Target]:
        """The servers of a domain for its clients, in the order in which to try them.

        STARTTLS and direct TLS count as one service (XEP-0368 §3); without any SRV record it is
        the domain itself at port 5222 (RFC 6120 §3.2.2). Raises LookupFailed when the DNS gives no
        usable answer, ServiceRefused when it says that there is no such service.
        """
        name = host_name(domain)
        if name is None:
            raise LookupFailed(_shown(domain), f"not a domain name; {_REMEDY}")
        if is_address(name) or _is_localhost(name):
            return [Target(name, CLIENT_PORT, direct_tls=False, via="address")]
        plain, direct = await asyncio.gather(
            self._services("_xmpp-client", name), self._services("_xmpps-client", name)
        )
        records = [(record, False) for record in plain.records]
        records += [(record, True) for record in direct.records]
        if records:
            return [_target(*record) for record in _in_order(records, self.random)]
        if failure := plain.failure or direct.failure:
            raise failure
        if plain.refused or direct.refused:
            reason = 'its SRV records say that it serves no clients (target ".")'
            raise ServiceRefused(name, f"{reason}; say where the server is with HOST:PORT or --map")
        return [Target(name, CLIENT_PORT, direct_tls=False, via="address")]

    async def addresses(self, host: str, port: int) -> list[Address]:
        """All addresses of a host, in the order in which to try them. Raises LookupFailed."""
        name = host_name(host)
        if name is None:
            raise LookupFailed(_shown(host), f"not a host name; {_REMEDY}")
        if self.server is None or is_address(name):
            return await _system_addresses(name, port)
        answers = await asyncio.gather(
            self._addresses(name, port, socket.AF_INET6),
            self._addresses(name, port, socket.AF_INET),
            return_exceptions=True,
        )
        found = [one for answer in answers if isinstance(answer, list) for one in answer]
        if not found:
            failures = [answer for answer in answers if isinstance(answer, BaseException)]
            raise (failures or [LookupFailed(name, f"the DNS knows no address; {_REMEDY}")])[0]
        return found

    async def _services(self, service: str, domain: str) -> _Answer:
        from dns.rdtypes.IN.SRV import SRV  # noqa: PLC0415 - see `_ask`

        name = f"{service}._tcp.{domain}."
        try:
            answer = await self._ask(name, "SRV")
        except LookupFailed as failure:
            return _Answer(failure=failure)
        records = tuple(record for record in answer if isinstance(record, SRV))
        offered = tuple(record for record in records if len(record.target) > 1)
        return _Answer(offered, refused=bool(records) and not offered)

    async def _addresses(self, name: str, port: int, family: _Family) -> list[Address]:
        answer = await self._ask(f"{name}.", "A" if family is socket.AF_INET else "AAAA")
        return [Address(family, (record.to_text(), port)) for record in answer]

    async def _ask(self, name: str, kind: str) -> "Iterable[dns.rdata.Rdata]":
        """The records of a name; none when the DNS says that there are none."""
        # It takes as long to load as half of the proxy, which listens before anybody asks.
        import dns.exception  # noqa: PLC0415
        import dns.resolver  # noqa: PLC0415

        query = f"{kind} {name.rstrip('.')}"
        try:
            return await self._configured().resolve(name, kind, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.exception.Timeout:
            reason = f"no answer from {self._who()} within {self.patience:g} s ({query})"
        except dns.resolver.NoResolverConfiguration:
            reason = "this machine has no DNS configured"
        except dns.exception.DNSException as error:
            reason = f"{self._who()} failed ({query}: {type(error).__name__})"
        domain = name.rstrip(".").rpartition("._tcp.")[2]
        raise LookupFailed(domain, f"{reason}; ask another with --dns ADDR, or {_REMEDY}")

    def _configured(self) -> "dns.asyncresolver.Resolver":
        import dns.asyncresolver  # noqa: PLC0415 - see `_ask`

        resolver = dns.asyncresolver.Resolver(configure=self.server is None)
        if self.server is not None:
            resolver.nameservers = [self.server[0]]
            resolver.port = self.server[1]
        resolver.timeout = min(resolver.timeout, self.patience)
        resolver.lifetime = self.patience
        return resolver

    def _who(self) -> str:
        return "the DNS" if self.server is None else f"the DNS at {join_address(*self.server)}"


async def _system_addresses(name: str, port: int) -> list[Address]:
    """By the machine's own way, the hosts file included."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except OSError as error:
        reason = f"no address is known ({error.strerror or error}); {_REMEDY}"
        raise LookupFailed(name, reason) from error
    return [Address(family, sockaddr) for family, _, _, _, sockaddr in found]


def _is_localhost(name: str) -> bool:
    """Whether it is a name that never goes to the DNS (RFC 6761 §6.3)."""
    return name == "localhost" or name.endswith(".localhost")


def _target(record: "SRV", direct_tls: bool) -> Target:
    host = record.target.to_text(omit_final_dot=True).lower()
    return Target(host, record.port, direct_tls, "srv")


def _in_order(records: "list[tuple[SRV, bool]]", random: Random) -> "Iterable[tuple[SRV, bool]]":
    """By priority; within one, drawn by weight (RFC 2782)."""
    for priority in sorted({record.priority for record, _ in records}):
        group = [one for one in records if one[0].priority == priority]
        group.sort(key=_rank)
        while group:
            yield group.pop(_draw([record.weight for record, _ in group], random))


def _rank(one: "tuple[SRV, bool]") -> tuple[int, str, int, bool]:
    """An order of their own, the lightest first: DNS answers come shuffled."""
    record, direct_tls = one
    return record.weight, record.target.to_text(), record.port, direct_tls


def _draw(weights: list[int], random: Random) -> int:
    """An index, drawn by weight; those of weight 0 must stand first."""
    drawn = random.randint(0, sum(weights))
    return next(at for at, total in enumerate(accumulate(weights)) if total >= drawn)


def _shown(name: str) -> str:
    """A name from the network, fit for a message."""
    return ascii(name)[1:-1][:_SHOWN]
