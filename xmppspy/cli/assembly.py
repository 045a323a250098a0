"""Everything behind the front of a proxy, put together: imported when the front may be open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from xmppspy.analysis.redaction.triggers import WATCHED
from xmppspy.bridge.guard import LoginGuard
from xmppspy.cli.interventions import make_steering
from xmppspy.cli.logins import make_house, needs_exporting
from xmppspy.cli.process import connections_at_a_time
from xmppspy.cli.scriptoptions import RunningScript, make_script
from xmppspy.cli.tlsoptions import client_identity, own_identity
from xmppspy.protocol.link import SessionOptions
from xmppspy.proxy.connector import Connector
from xmppspy.proxy.contexts import Contexts
from xmppspy.proxy.resolver import Resolver
from xmppspy.proxy.server import Listener

if TYPE_CHECKING:
    from xmppspy.bridge.house import House
    from xmppspy.cli.proxyoptions import ProxySettings, Way
    from xmppspy.proxy.certs import Authority
    from xmppspy.proxy.clock import Clock
    from xmppspy.proxy.identity import Identity
    from xmppspy.proxy.steering import Steering

_OWN_ADVICE: Final = (
    "have it trust who has signed the one of --cert; names that are not in that get one of "
    "xmppspy's own CA (xmppspy ca export)"
)


class Works(NamedTuple):
    """The works of a proxy."""

    listener: Listener
    steering: Steering | None
    script: RunningScript


def assemble(
    settings: ProxySettings,
    way: Way,
    authority: Authority,
    clock: Clock,
    warn: Callable[[str], None],
) -> Works:
    """Put it together; nothing runs yet. Asks for passwords; raises UsageError.

    `warn` takes what there is to say to the person at the terminal.
    """
    own, client = own_identity(settings.tls), client_identity(settings.tls)
    house = make_house(settings.logins, client)
    has_script = settings.script.script is not None
    steering = make_steering(settings.interventions, clock, warn, has_script=has_script)
    listener = Listener(
        Connector(way.upstream, Resolver(way.dns), way.maps, way.others),
        _contexts(settings, authority, house, own=own, client=client),
        _session(settings, way, shows_own_certificate=own is not None),
        clock,
        idle_timeout=settings.idle_timeout,
        guards=partial(LoginGuard, house),
        intervening=steering,
        capacity=connections_at_a_time(),
    )
    return Works(listener, steering, make_script(settings.script, warn))


def _contexts(
    settings: ProxySettings,
    authority: Authority,
    house: House,
    *,
    own: Identity | None,
    client: Identity | None,
) -> Contexts:
    return Contexts(
        authority,
        upstream_ca=settings.upstream_ca,
        insecure=settings.insecure,
        keylog=settings.keylog,
        exporting=needs_exporting(house, shows_own_certificate=own is not None),
        own=own,
        client=client,
        newest=settings.tls.newest,
    )


def _session(settings: ProxySettings, way: Way, *, shows_own_certificate: bool) -> SessionOptions:
    options = SessionOptions(
        upstream_name=way.upstream.host,
        max_frame=settings.max_stanza,
        keep_compression=settings.keep_compression,
        keep_redirects=settings.keep_redirects,
        allow_clear_upstream=settings.insecure or way.upstream.is_fixed,
        seed=settings.interventions.seed,
        watch=WATCHED,
    )
    return replace(options, trust_advice=_OWN_ADVICE) if shows_own_certificate else options
