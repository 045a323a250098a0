"""Where to connect: what UPSTREAM, --map and --dns mean."""

import re
from dataclasses import dataclass
from typing import Final

from xmppspy.errors import UsageError
from xmppspy.protocol.hosts import CLIENT_PORT, CLIENT_TLS_PORT, host_name, is_address, join_address

_FORMS: Final = "example.org, HOST:PORT, xmpp://HOST[:PORT] or xmpps://HOST[:PORT] (direct TLS)"
_FORM: Final = re.compile(
    r"((?P<scheme>xmpps?)://)?"
    r"(\[(?P<literal>[^][]+)]|(?P<host>[^][:/@\s]+))"
    r"(:(?P<port>[0-9]{1,5}))?"
    r"(?P<slash>/?)",
    re.IGNORECASE,
)


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
