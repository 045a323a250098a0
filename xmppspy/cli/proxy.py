"""`xmppspy proxy`: intercept, show, record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    closing,
    nullcontext,
)
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from xmppspy.cli import completion
from xmppspy.cli.interventions import (
    Interventions,
    InterventionSettings,
    intervention_options,
    make_interventions,
    make_steering,
)
from xmppspy.cli.logins import LoginSettings, login_line, login_options, make_house, needs_exporting
from xmppspy.cli.passwords import forbid_core_dumps
from xmppspy.cli.process import Mishaps, connections_at_a_time, ending_signals
from xmppspy.cli.quantities import SECONDS
from xmppspy.cli.recording import default_path, recording
from xmppspy.cli.scriptoptions import RunningScript, ScriptSettings, make_script, script_options
from xmppspy.cli.styles import Styles, standard_output, style_options
from xmppspy.cli.tlsoptions import TLSSettings, client_identity, own_identity, tls_options
from xmppspy.cli.voice import Voice
from xmppspy.errors import UsageError

if TYPE_CHECKING:
    import asyncio

    from xmppspy.bridge.house import House
    from xmppspy.capture.rotation import Rotation
    from xmppspy.cli.fullview import FullView
    from xmppspy.cli.live import LiveView
    from xmppspy.protocol.events import Event, StanzaRun
    from xmppspy.proxy.certs import Authority
    from xmppspy.proxy.domains import Domains
    from xmppspy.proxy.identity import Identity
    from xmppspy.proxy.server import Clock, Listener
    from xmppspy.proxy.steering import Steering
    from xmppspy.proxy.upstream import Upstream


_OWN_ADVICE: Final = (
    "have it trust who has signed the one of --cert; names that are not in that get one of "
    "xmppspy's own CA (xmppspy ca export)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    """The command's options, as they were given."""

    upstream: str
    filters: tuple[str, ...]
    listen: str
    write: Path | None
    no_record: bool
    rotate: tuple[str, ...]
    keep: int
    upstream_ca: Path | None
    insecure: bool
    dns: str | None
    map: tuple[str, ...]
    any: bool
    allow: tuple[str, ...]
    ca_dir: Path | None
    keylog: Path | None
    keep_secrets: bool
    keep_compression: bool
    keep_redirects: bool
    max_stanza: int
    idle_timeout: float
    logins: LoginSettings
    tls: TLSSettings
    interventions: InterventionSettings
    script: ScriptSettings
    lint: bool
    quiet: bool
    tui: bool


@click.command(short_help="Intercept, show and record the traffic of a server.")
@click.argument("upstream")
@click.argument("filters", metavar="[FILTER...]", nargs=-1, shell_complete=completion.filters)
@click.option(
    "-l", "--listen", metavar="[HOST:]PORT", default="127.0.0.1:5222", show_default=True,
    help="Where clients connect; port 0 picks one.",
)  # fmt: skip
@click.option(
    "-w", "--write", metavar="FILE", type=click.Path(path_type=Path),
    help="The capture to write.  [default: captures/<time>-<domain>.xmpp.jsonl]",
)  # fmt: skip
@click.option("--no-record", is_flag=True, help="Show only, write no capture.")
@click.option(
    "--rotate", metavar="SIZE|TIME", multiple=True,
    help="Go on in another file when one has this size (100M) or age (1h); repeatable.",
)  # fmt: skip
@click.option(
    "--keep", metavar="N", type=click.IntRange(min=0), default=0,
    help="Keep the last N full files only.  [default: all]",
)  # fmt: skip
@click.option(
    "--upstream-ca", metavar="FILE", type=click.Path(path_type=Path),
    help="Trust this CA (or certificate) for the server, besides the system's.",
)  # fmt: skip
@click.option("--insecure", is_flag=True, help="Do not verify the server.")
@click.option("--dns", metavar="ADDR[:PORT]", help="The DNS resolver to ask.")
@click.option(
    "--map", metavar="DOMAIN=HOST:PORT", multiple=True,
    help="Where a domain's server is, instead of looking it up; repeatable.",
)  # fmt: skip
@click.option(
    "--any", is_flag=True, help="Take clients to whatever domain they want, not to UPSTREAM only."
)
@click.option(
    "--allow", metavar="DOMAIN", multiple=True,
    help="Take them to this one as well, or to all below it (*.DOMAIN); repeatable.",
)  # fmt: skip
@click.option(
    "--ca-dir", metavar="DIR", type=click.Path(path_type=Path), help="Where the CA is kept."
)
@click.option(
    "--keylog", metavar="FILE", type=click.Path(path_type=Path),
    help="Append TLS secrets of both legs, for Wireshark.",
)  # fmt: skip
@click.option("--keep-secrets", is_flag=True, help="Record passwords and tokens as they are.")
@click.option(
    "--keep-compression", is_flag=True,
    help="Leave stream compression in the offer; what it compresses is not framed.",
)  # fmt: skip
@click.option(
    "--keep-redirects", is_flag=True,
    help="Let a client that the server sends elsewhere go there, past xmppspy.",
)  # fmt: skip
@click.option(
    "--max-stanza", metavar="BYTES", default=10 * 1024 * 1024, show_default=True,
    type=click.IntRange(min=1000), help="Larger ones are forwarded unframed.",
)  # fmt: skip
@click.option(
    "--idle-timeout", metavar="SECONDS", default=0.0, type=SECONDS,
    help="Close connections without traffic for so long; 0 never.  [default: 0]",
)  # fmt: skip
@click.option("--lint", is_flag=True, help="Mark protocol mistakes as they happen.")
@click.option("-q", "--quiet", is_flag=True, help="Relay and record only.")
@click.option(
    "--tui", is_flag=True, help="Show it in the interactive view; quitting that ends all."
)
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
    _run(_Settings(**given), styles)


def _run(settings: _Settings, styles: Styles) -> None:
    from xmppspy.proxy.server import parse_listen

    if not settings.quiet and not settings.tui:
        styles.check(standard_output())
        if settings.lint:
            styles.check_for_remarks()
    view = _full_view(settings, styles)
    place = parse_listen(settings.listen)
    _check_filter(settings.filters)
    with closing(Voice()) as voice:
        _intercept(settings, styles, place, voice, view)


def _intercept(
    settings: _Settings,
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
    rotation = _rotation(settings)
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
        rotation=rotation,
    )
    announce = partial(_announce, voice.say, settings, authority, house)
    made = make_interventions(
        settings.interventions, steering, listener, clock, settings.upstream, path, warn
    )
    wait = _wait if view is None or path is None else partial(view.run, path)
    with closing(made) as interventions, nullcontext() if view is None else view.terminal():
        asyncio.run(
            _serve(listener, place, recorded, interventions, announce, script, running, warn, wait)
        )
    if not settings.quiet:
        voice.say(_summary(listener, path))


def _live_view(settings: _Settings, styles: Styles) -> Callable[[], LiveView | None]:
    """What begins the live view, if there is to be one."""
    if settings.quiet or settings.tui:
        return lambda: None
    from xmppspy.cli.live import LiveView

    style = [*styles.arguments(), *(["--lint"] if settings.lint else [])]
    return partial(LiveView, style, settings.filters)


def _rotation(settings: _Settings) -> Rotation | None:
    if not settings.rotate and not settings.keep:
        return None
    from xmppspy.capture.rotation import Rotation

    if settings.no_record:
        raise UsageError("--no-record writes nothing that could be rotated; leave one of them out")
    return Rotation.parse(settings.rotate, settings.keep)


def _full_view(settings: _Settings, styles: Styles) -> FullView | None:
    """The interactive view, if it is wanted. Raises UsageError where it cannot be."""
    if not settings.tui:
        return None
    for name, is_given in (("--quiet", settings.quiet), ("--no-record", settings.no_record)):
        if is_given:
            raise UsageError(f"--tui and {name}: the interactive view shows what is recorded")
    from xmppspy.cli.fullview import FullView

    times = [each for each in styles.arguments() if each in ("--utc", "--relative")]
    from xmppspy.filters import Filter

    shown = ["--filter", str(Filter.from_arguments(settings.filters))] if settings.filters else []
    return FullView([*times, *shown])


async def _wait(_control: Path | None, stopped: asyncio.Event) -> None:
    """Until a signal comes."""
    await stopped.wait()


def _check_filter(words: tuple[str, ...]) -> None:
    """A wrong filter is to be told before anything starts; the view will use it."""
    if words:
        from xmppspy.filters import Filter

        for hint in Filter.from_arguments(words).hints:
            _warn(hint)


def _assemble(
    settings: _Settings,
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
        _others(settings, upstream),
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


def _others(settings: _Settings, upstream: Upstream) -> Domains:
    """The domains, besides UPSTREAM, that clients are taken to. Raises UsageError."""
    from xmppspy.proxy.domains import Domains

    if (settings.any or settings.allow) and upstream.is_fixed:
        raise UsageError(
            f"with {upstream} all clients are taken there; for --any and --allow, let UPSTREAM be "
            "a domain, or say with --map where a domain's server is"
        )
    return Domains.parse(settings.allow) if settings.allow else Domains(everything=settings.any)


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


def _announce(
    say: Callable[[str], None],
    settings: _Settings,
    authority: Authority,
    house: House,
    addresses: list[str],
    control: Path | None,
) -> None:
    """Who can intervene, where to point the client, and how it comes to trust the CA."""
    if control is not None:
        say(f"control socket {control}")
    if not settings.quiet:
        host, _, port = addresses[0].rpartition(":")
        say(f"point the client at host {host}, port {port}; its JID and password stay the same")
        say(_trust_line(settings, authority))
        if line := login_line(settings.logins, house):
            say(line)
        if settings.insecure:
            say("WARNING: --insecure: the server is not verified; anybody could be there")
    if settings.any and not settings.allow and not _is_private(addresses):
        say(
            "WARNING: --any: whoever reaches this port gets to any XMPP server through it; "
            "name the domains with --allow"
        )
    if settings.keep_secrets:
        where = "shown" if settings.no_record else "recorded and shown"
        say(f"WARNING: --keep-secrets: passwords and tokens are {where} as they are")
    for address in addresses:
        say(f"listening on {address}")


def _is_private(addresses: list[str]) -> bool:
    """Whether only this machine can connect."""
    from ipaddress import ip_address

    hosts = (address.rpartition(":")[0].strip("[]") for address in addresses)
    return all(ip_address(host).is_loopback for host in hosts)


def _trust_line(settings: _Settings, authority: Authority) -> str:
    if settings.tls.cert is None:
        return f"have it trust {authority.certificate_path} (more: xmppspy ca show)"
    return (
        f"it is shown {settings.tls.cert}, and for other names a certificate of "
        f"{authority.certificate_path}"
    )


def _summary(listener: Listener, path: Path | None) -> str:
    frames = f"{listener.frames:,} frame{'s' if listener.frames != 1 else ''}"
    accepted = listener.accepted
    connections = f"{accepted:,} connection{'s' if accepted != 1 else ''}"
    where = f"in {path}" if path else "not recorded"
    return f"{frames} of {connections}, {where}"


def _warn(text: str) -> None:
    click.echo(f"xmppspy: {text}", err=True)
