"""`xmppspy proxy`: intercept, show, record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    closing,
    nullcontext,
)
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from xmppspy.cli import announcing, completion
from xmppspy.cli.interventions import (
    Interventions,
    intervention_options,
    make_interventions,
    make_steering,
)
from xmppspy.cli.logins import login_options, make_house, needs_exporting
from xmppspy.cli.passwords import forbid_core_dumps
from xmppspy.cli.process import Mishaps, connections_at_a_time, ending_signals
from xmppspy.cli.proxyoptions import (
    ProxySettings,
    check_view,
    full_view,
    other_domains,
    proxy_options,
    read_filter,
    rotation,
)
from xmppspy.cli.recording import default_path, recording
from xmppspy.cli.scriptoptions import RunningScript, make_script, script_options
from xmppspy.cli.styles import Styles, style_options
from xmppspy.cli.tlsoptions import client_identity, own_identity, tls_options
from xmppspy.cli.voice import Voice

if TYPE_CHECKING:
    import asyncio

    from xmppspy.bridge.house import House
    from xmppspy.cli.fullview import FullView
    from xmppspy.cli.live import LiveView
    from xmppspy.protocol.events import Event, StanzaRun
    from xmppspy.proxy.certs import Authority
    from xmppspy.proxy.identity import Identity
    from xmppspy.proxy.server import Clock, Listener
    from xmppspy.proxy.steering import Steering


_OWN_ADVICE: Final = (
    "have it trust who has signed the one of --cert; names that are not in that get one of "
    "xmppspy's own CA (xmppspy ca export)"
)


@click.command(short_help="Intercept, show and record the traffic of a server.")
@click.argument("upstream")
@click.argument("filters", metavar="[FILTER...]", nargs=-1, shell_complete=completion.filters)
@proxy_options
@style_options
@intervention_options
@script_options
@login_options
@tls_options
def command(styles: Styles, **given: Any) -> None:
    """Stand between a client and the server UPSTREAM; show and record what they say.

    UPSTREAM is a domain (example.org: its SRV records are looked up), HOST:PORT or
    xmpp://HOST:PORT (STARTTLS), or xmpps://HOST:PORT (direct TLS). FILTER limits what is shown,
    never what is recorded; see `xmppspy filters`.

    \b
    xmppspy proxy example.org
    xmppspy proxy example.org not kind:space --brief
    xmppspy proxy example.org --tui
    xmppspy proxy xmpps://localhost:5223 -l 5223 --upstream-ca ca.pem iq type:error
    """
    _run(ProxySettings(**given), styles)


def _run(settings: ProxySettings, styles: Styles) -> None:
    from xmppspy.proxy.server import parse_listen

    check_view(settings, styles)
    view = full_view(settings, styles, read_filter(settings.filters))
    place = parse_listen(settings.listen)
    with closing(Voice()) as voice:
        _intercept(settings, styles, place, voice, view)


def _intercept(
    settings: ProxySettings,
    styles: Styles,
    place: tuple[str, int],
    voice: Voice,
    view: FullView | None,
) -> None:
    import asyncio

    from xmppspy.proxy.certs import Authority
    from xmppspy.proxy.server import Clock

    clock, warn = Clock(), voice.warn
    authority = Authority.open(settings.ca_dir)
    for note in authority.notes:
        warn(note)
    if settings.logins.may_bridge:
        forbid_core_dumps()
    parts = rotation(settings)
    own, client = own_identity(settings.tls), client_identity(settings.tls)
    house = make_house(settings.logins, client)
    has_script = settings.script.script is not None
    steering = make_steering(settings.interventions, clock, warn, has_script=has_script)
    script = make_script(settings.script, warn)
    running = partial(script.running, steering=steering, clock=clock)
    listener = _assemble(settings, clock, authority, house, steering, own=own, client=client)
    path = None if settings.no_record else settings.write or default_path(settings.upstream, clock)
    recorded = recording(
        path,
        _live_view(settings, styles),
        clock,
        warn,
        keep_secrets=settings.keep_secrets,
        rotation=parts,
    )

    def announce(addresses: list[str], control: Path | None) -> None:
        certificate = authority.certificate_path
        for line in announcing.beginning(settings, house, certificate, addresses, control):
            voice.say(line)

    made = make_interventions(
        settings.interventions, steering, listener, clock, settings.upstream, path, warn
    )
    wait = _wait if view is None or path is None else partial(view.run, path)
    with closing(made) as interventions, nullcontext() if view is None else view.terminal():
        asyncio.run(
            _serve(listener, place, recorded, interventions, announce, script, running, warn, wait)
        )
    if not settings.quiet:
        voice.say(announcing.end(listener.frames, listener.accepted, path))


def _live_view(settings: ProxySettings, styles: Styles) -> Callable[[], LiveView | None]:
    """What begins the live view, if there is to be one."""
    if settings.quiet or settings.tui:
        return lambda: None
    from xmppspy.cli.live import LiveView

    style = [*styles.arguments(), *(["--lint"] if settings.lint else [])]
    return partial(LiveView, style, settings.filters)


async def _wait(_control: Path | None, stopped: asyncio.Event) -> None:
    """Until a signal comes."""
    await stopped.wait()


def _assemble(
    settings: ProxySettings,
    clock: Clock,
    authority: Authority,
    house: House,
    steering: Steering | None,
    *,
    own: Identity | None,
    client: Identity | None,
) -> Listener:
    """Everything of the relay, before anything listens. Raises UsageError."""
    from xmppspy.analysis.redaction.triggers import WATCHED
    from xmppspy.bridge.guard import LoginGuard
    from xmppspy.protocol.link import SessionOptions
    from xmppspy.proxy.contexts import Contexts
    from xmppspy.proxy.resolver import Resolver
    from xmppspy.proxy.server import Listener
    from xmppspy.proxy.upstream import Connector, Upstream, parse_dns, parse_map

    upstream = Upstream.parse(settings.upstream)
    connector = Connector(
        upstream,
        Resolver(parse_dns(settings.dns)) if settings.dns else Resolver(),
        dict(parse_map(text) for text in settings.map),
        other_domains(settings, upstream),
    )
    contexts = Contexts(
        authority,
        upstream_ca=settings.upstream_ca,
        insecure=settings.insecure,
        keylog=settings.keylog,
        exporting=needs_exporting(house, shows_own_certificate=own is not None),
        own=own,
        client=client,
        newest=settings.tls.newest,
    )
    options = SessionOptions(
        upstream_name=upstream.host,
        max_frame=settings.max_stanza,
        keep_compression=settings.keep_compression,
        keep_redirects=settings.keep_redirects,
        allow_clear_upstream=settings.insecure or upstream.is_fixed,
        seed=settings.interventions.seed,
        watch=WATCHED,
    )
    if own is not None:
        options = replace(options, trust_advice=_OWN_ADVICE)
    return Listener(
        connector,
        contexts,
        options,
        clock,
        idle_timeout=settings.idle_timeout,
        guards=partial(LoginGuard, house),
        intervening=steering,
        capacity=connections_at_a_time(),
    )


async def _serve(
    listener: Listener,
    place: tuple[str, int],
    recording: AbstractContextManager[Callable[[Event | StanzaRun], None]],
    interventions: Interventions,
    announce: Callable[[list[str], Path | None], None],
    script: RunningScript,
    running: Callable[[Listener], AbstractAsyncContextManager[None]],
    warn: Callable[[str], None],
    wait: Callable[[Path | None, asyncio.Event], Awaitable[None]],
) -> None:
    """Listen until a signal comes, or `wait` has ended, then close everything in order."""
    import asyncio

    stopped = asyncio.Event()
    async with running(listener):
        asyncio.get_running_loop().set_exception_handler(Mishaps(warn))
        for number in ending_signals():
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        addresses = await listener.start(*place)
        with recording as write:
            listener.record = script.recording(interventions.recording(write))
            async with interventions:
                announce(addresses, interventions.path)
                await wait(interventions.path, stopped)
                await listener.stop("xmppspy was stopped")
                await script.stop()
