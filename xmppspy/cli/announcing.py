"""What `proxy` says at its start and at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from xmppspy.cli.logins import login_line

if TYPE_CHECKING:
    from pathlib import Path

    from xmppspy.cli.proxyoptions import ProxySettings


def beginning(
    settings: ProxySettings,
    authority: Path,
    addresses: Sequence[str],
    control: Path | None,
) -> Iterator[str]:
    """Who can intervene, where to point the client, and how it comes to trust the CA.

    `authority` is the CA's certificate, `control` the control socket. The last lines say where it
    listens.
    """
    if control is not None:
        yield f"control socket {control}"
    if not settings.quiet:
        yield from _advice(settings, authority, addresses[0])
    if settings.any and not settings.allow and not _is_private(addresses):
        yield (
            "WARNING: --any: whoever reaches this port gets to any XMPP server through it; "
            "name the domains with --allow"
        )
    if settings.keep_secrets:
        where = "shown" if settings.no_record else "recorded and shown"
        yield f"WARNING: --keep-secrets: passwords and tokens are {where} as they are"
    for address in addresses:
        yield f"listening on {address}"


def end(frames: int, connections: int, capture: Path | None) -> str:
    """What there was, and where it is recorded."""
    where = f"in {capture}" if capture else "not recorded"
    return f"{_counted(frames, 'frame')} of {_counted(connections, 'connection')}, {where}"


def _advice(settings: ProxySettings, authority: Path, address: str) -> Iterator[str]:
    host, _, port = address.rpartition(":")
    yield f"point the client at host {host}, port {port}; its JID and password stay the same"
    yield _trust(settings.tls.cert, authority)
    if line := login_line(settings.logins):
        yield line
    if settings.insecure:
        yield "WARNING: --insecure: the server is not verified; anybody could be there"


def _trust(own: Path | None, authority: Path) -> str:
    if own is None:
        return f"have it trust {authority} (more: xmppspy ca show)"
    return f"it is shown {own}, and for other names a certificate of {authority}"


def _is_private(addresses: Sequence[str]) -> bool:
    """Whether only this machine can connect."""
    from ipaddress import ip_address

    hosts = (address.rpartition(":")[0].strip("[]") for address in addresses)
    return all(ip_address(host).is_loopback for host in hosts)


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'s' if number != 1 else ''}"
