"""`xmppspy proxy`: intercept, show, record."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, Any

import click

from xmppspy.cli import announcing, completion
from xmppspy.cli.front import Front
from xmppspy.cli.interventions import intervention_options, make_interventions
from xmppspy.cli.logins import login_options
from xmppspy.cli.passwords import forbid_core_dumps
from xmppspy.cli.process import Mishaps
from xmppspy.cli.proxyoptions import (
    ProxySettings,
    check_view,
    full_view,
    proxy_options,
    read_filter,
    read_way,
    rotation,
)
from xmppspy.cli.scriptoptions import script_options
from xmppspy.cli.styles import Styles, style_options
from xmppspy.cli.tlsoptions import tls_options
from xmppspy.cli.voice import Voice

if TYPE_CHECKING:
    from xmppspy.cli.assembly import Works
    from xmppspy.cli.fullview import FullView
    from xmppspy.proxy.clock import Clock


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
    from xmppspy.proxy.certs import Authority
    from xmppspy.proxy.clock import Clock
    from xmppspy.proxy.doorway import parse_listen

    check_view(settings, styles)
    settings.interventions.check()
    view = full_view(settings, styles, read_filter(settings.filters))
    way, place, parts = read_way(settings), parse_listen(settings.listen), rotation(settings)
    clock = Clock()
    with closing(Voice()) as voice:
        authority = Authority.open(settings.ca_dir)
        for note in authority.notes:
            voice.warn(note)
        certificate = authority.certificate_path
        with (
            nullcontext() if view is None else view.terminal(),
            Front(settings, styles, place, parts, certificate, clock, voice) as front,
        ):
            if settings.logins.may_bridge:
                forbid_core_dumps()
            if not settings.may_be_refused:
                front.open()
            from xmppspy.cli.assembly import assemble

            works = assemble(settings, way, authority, clock, voice.warn)
            _intercept(settings, works, front, clock, voice, view)


def _intercept(
    settings: ProxySettings,
    works: Works,
    front: Front,
    clock: Clock,
    voice: Voice,
    view: FullView | None,
) -> None:
    import asyncio

    asyncio.run(_serve(settings, works, front, clock, voice.warn, view))
    front.open().ending.rest()
    if not settings.quiet:
        listener, capture = works.listener, front.open().outlets.path
        voice.say(announcing.end(listener.frames, listener.accepted, capture))


async def _serve(
    settings: ProxySettings,
    works: Works,
    front: Front,
    clock: Clock,
    warn: Callable[[str], None],
    view: FullView | None,
) -> None:
    """Let clients in until a signal comes, or the view has ended, then close everything in order."""
    import asyncio

    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    loop.set_exception_handler(Mishaps(warn))
    listener, steering, script = works
    async with script.running(listener, steering, clock):
        doorway, outlets, control, ending = front.open()
        ending.obey(loop, stopped.set)
        interventions = make_interventions(
            control, steering, listener, clock, settings.upstream, outlets.path, warn
        )
        with outlets.recording(clock, warn, keep_secrets=settings.keep_secrets) as write:
            listener.record = script.recording(interventions.recording(write))
            async with interventions:
                await listener.start(doorway)
                if view is None or outlets.path is None:
                    await stopped.wait()
                else:
                    await view.run(outlets.path, control.path if control else None, stopped)
                await listener.stop("xmppspy was stopped")
                await script.stop()
