"""Names and addresses of hosts, as the DNS and certificates have them."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any, Final

CLIENT_PORT: Final = 5222
CLIENT_TLS_PORT: Final = 5223

_HOST: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", re.IGNORECASE)


def a_label(domain: str) -> str:
    """A domain as TLS and DNS write it (RFC 5890); what cannot be one stays as it is."""
    domain = domain.rstrip(".")
    if domain.isascii():
        return domain.lower()
    import idna  # noqa: PLC0415 - its tables are big, and most domains are ASCII

    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def is_address(host: str) -> bool:
    """Whether a host is written as an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def host_name(text: str) -> str | None:
    """A host as the DNS takes it: an IP address or a name in A-labels; None if it can be neither.

    Underscores pass: they are no host names, but met.
    """
    name = a_label(text)
    return name if is_address(name) or _HOST.fullmatch(name) else None


def join_address(host: str, port: int) -> str:
    """HOST:PORT, with an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def certificate_serves(certificate: Mapping[str, Any], domain: str) -> bool:
    """Whether a certificate, as `SSLSocket.getpeercert` gives it, names `domain` (RFC 6125 §6.4)."""
    names = certificate.get("subjectAltName", ())
    if is_address(domain):
        address = ipaddress.ip_address(domain)
        return any(kind == "IP Address" and _is(value, address) for kind, value in names)
    wanted = a_label(domain)
    return any(kind == "DNS" and _names(value, wanted) for kind, value in names)


def _is(written: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    written = written.strip()
    return is_address(written) and ipaddress.ip_address(written) == address


def _names(pattern: str, domain: str) -> bool:
    pattern = pattern.lower().rstrip(".")
    if not pattern.startswith("*."):
        return pattern == domain
    label, _, parent = domain.partition(".")
    # As OpenSSL has it: the asterisk is one whole label, and what it stands under is no TLD.
    return bool(label) and "." in parent and parent == pattern[2:]
