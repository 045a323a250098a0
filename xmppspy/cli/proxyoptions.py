"""The options of `proxy` that are not a group of their own, and what is wrong with some."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import click

from xmppspy.cli.quantities import SECONDS
from xmppspy.cli.styles import Styles, standard_output
from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.capture.rotation import Rotation
    from xmppspy.cli.fullview import FullView
    from xmppspy.cli.interventions import InterventionSettings
    from xmppspy.cli.logins import LoginSettings
    from xmppspy.cli.scriptoptions import ScriptSettings
    from xmppspy.cli.tlsoptions import TLSSettings
    from xmppspy.filters import Filter
    from xmppspy.proxy.domains import Domains
    from xmppspy.proxy.upstream import Upstream

_Command: TypeAlias = Callable[..., None]


class ProxySettings(NamedTuple):
    """All that the command was given, the groups of options included."""

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

    @property
    def may_be_refused(self) -> bool:
        """Whether they name something that has to be read first, and may turn out to be wrong."""
        tls, logins, interventions = self.tls, self.logins, self.interventions
        files = (tls.cert, tls.key, tls.client_cert, tls.client_key, self.upstream_ca, self.keylog)
        orders = (interventions.rules, interventions.hold, self.script.script)
        has_logins = logins.channel_binding != "auto" or logins.may_bridge or logins.password_file
        return any((*files, *orders, has_logins))


class Way(NamedTuple):
    """Where the servers are."""

    upstream: Upstream
    maps: Mapping[str, Upstream]
    others: Domains
    """The domains, besides UPSTREAM, that clients are taken to."""
    dns: tuple[str, int] | None


def proxy_options(command: _Command) -> _Command:
    """Give a command those of `ProxySettings` that are in no group, each as a parameter."""
    options = (
        click.option(
            "-l", "--listen", metavar="[HOST:]PORT", default="127.0.0.1:5222", show_default=True,
            help="Where clients connect; port 0 picks one.",
        ),
        click.option(
            "-w", "--write", metavar="FILE", type=click.Path(path_type=Path),
            help="The capture to write.  [default: captures/<time>-<domain>.xmpp.jsonl]",
        ),
        click.option("--no-record", is_flag=True, help="Show only, write no capture."),
        click.option(
            "--rotate", metavar="SIZE|TIME", multiple=True,
            help="Go on in another file when one has this size (100M) or age (1h); repeatable.",
        ),
        click.option(
            "--keep", metavar="N", type=click.IntRange(min=0), default=0,
            help="Keep the last N full files only.  [default: all]",
        ),
        click.option(
            "--upstream-ca", metavar="FILE", type=click.Path(path_type=Path),
            help="Trust this CA (or certificate) for the server, besides the system's.",
        ),
        click.option("--insecure", is_flag=True, help="Do not verify the server."),
        click.option("--dns", metavar="ADDR[:PORT]", help="The DNS resolver to ask."),
        click.option(
            "--map", metavar="DOMAIN=HOST:PORT", multiple=True,
            help="Where a domain's server is, instead of looking it up; repeatable.",
        ),
        click.option(
            "--any", is_flag=True,
            help="Take clients to whatever domain they want, not to UPSTREAM only.",
        ),
        click.option(
            "--allow", metavar="DOMAIN", multiple=True,
            help="Take them to this one as well, or to all below it (*.DOMAIN); repeatable.",
        ),
        click.option(
            "--ca-dir", metavar="DIR", type=click.Path(path_type=Path), help="Where the CA is kept."
        ),
        click.option(
            "--keylog", metavar="FILE", type=click.Path(path_type=Path),
            help="Append TLS secrets of both legs, for Wireshark.",
        ),
        click.option("--keep-secrets", is_flag=True, help="Record passwords and tokens as they are."),
        click.option(
            "--keep-compression", is_flag=True,
            help="Leave stream compression in the offer; what it compresses is not framed.",
        ),
        click.option(
            "--keep-redirects", is_flag=True,
            help="Let a client that the server sends elsewhere go there, past xmppspy.",
        ),
        click.option(
            "--max-stanza", metavar="BYTES", default=10 * 1024 * 1024, show_default=True,
            type=click.IntRange(min=1000), help="Larger ones are forwarded unframed.",
        ),
        click.option(
            "--idle-timeout", metavar="SECONDS", default=0.0, type=SECONDS,
            help="Close connections without traffic for so long; 0 never.  [default: 0]",
        ),
        click.option("--lint", is_flag=True, help="Mark protocol mistakes as they happen."),
        click.option("-q", "--quiet", is_flag=True, help="Relay and record only."),
        click.option(
            "--tui", is_flag=True, help="Show it in the interactive view; quitting that ends all."
        ),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def check_view(settings: ProxySettings, styles: Styles) -> None:
    """Tell what is wrong with the choice of what is shown. Raises UsageError."""
    if settings.quiet or settings.tui:
        return
    styles.check(standard_output())
    if settings.lint:
        styles.check_for_remarks()


def read_filter(words: tuple[str, ...]) -> Filter | None:
    """The filter of the view, None for none; what it has to remark is said. Raises UsageError.

    The view reads it again: a wrong one is to be told before anything starts.
    """
    if not words:
        return None
    from xmppspy.filters import Filter

    wanted = Filter.from_arguments(words)
    for hint in wanted.hints:
        click.echo(f"xmppspy: {hint}", err=True)
    return wanted


def full_view(settings: ProxySettings, styles: Styles, wanted: Filter | None) -> FullView | None:
    """The interactive view, if it is wanted. Raises UsageError where it cannot be."""
    if not settings.tui:
        return None
    for name, is_given in (("--quiet", settings.quiet), ("--no-record", settings.no_record)):
        if is_given:
            raise UsageError(f"--tui and {name}: the interactive view shows what is recorded")
    from xmppspy.cli.fullview import FullView

    times = [each for each in styles.arguments() if each in ("--utc", "--relative")]
    return FullView([*times, *(["--filter", str(wanted)] if wanted else [])])


def rotation(settings: ProxySettings) -> Rotation | None:
    """How the capture is written in parts, if it is. Raises UsageError."""
    if not settings.rotate and not settings.keep:
        return None
    from xmppspy.capture.rotation import Rotation

    if settings.no_record:
        raise UsageError("--no-record writes nothing that could be rotated; leave one of them out")
    return Rotation.parse(settings.rotate, settings.keep)


def read_way(settings: ProxySettings) -> Way:
    """Where the servers are, as UPSTREAM and the options say. Raises UsageError."""
    from xmppspy.proxy.upstream import Upstream, parse_dns, parse_map

    upstream = Upstream.parse(settings.upstream)
    return Way(
        upstream,
        dict(map(parse_map, settings.map)),
        _others(settings, upstream),
        parse_dns(settings.dns) if settings.dns else None,
    )


def _others(settings: ProxySettings, upstream: Upstream) -> Domains:
    """The domains, besides UPSTREAM, that clients are taken to."""
    from xmppspy.proxy.domains import Domains

    if (settings.any or settings.allow) and upstream.is_fixed:
        raise UsageError(
            f"with {upstream} all clients are taken there; for --any and --allow, let UPSTREAM be "
            "a domain, or say with --map where a domain's server is"
        )
    return Domains.parse(settings.allow) if settings.allow else Domains(everything=settings.any)
