"""`xmppspy doctor`: what a server offers, and which clients will log in through xmppspy."""

from __future__ import annotations

import shlex
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xmppspy.cli.quantities import Number
from xmppspy.cli.styles import Styles, color_option, standard_output

if TYPE_CHECKING:
    from xmppspy.bridge.prognosis import Prognosis
    from xmppspy.bridge.survey import Survey
    from xmppspy.proxy.probe import Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    """The command's options, as they were given."""

    upstream: str
    domain: str | None
    upstream_ca: Path | None
    insecure: bool
    dns: str | None
    map: tuple[str, ...]
    max_tls: str | None
    timeout: float


@click.command(short_help="Tell what a server offers, and who will log in through xmppspy.")
@click.argument("upstream")
@click.option(
    "--domain", metavar="NAME", help="The domain to ask for, where UPSTREAM has another name."
)
@click.option(
    "--upstream-ca", metavar="FILE", type=click.Path(path_type=Path),
    help="Trust this CA (or certificate) for the server, besides the system's.",
)  # fmt: skip
@click.option("--insecure", is_flag=True, help="A server that is not verified is no failure.")
@click.option("--dns", metavar="ADDR[:PORT]", help="The DNS resolver to ask.")
@click.option(
    "--map", metavar="DOMAIN=HOST:PORT", multiple=True,
    help="Where a domain's server is, instead of looking it up; repeatable.",
)  # fmt: skip
@click.option(
    "--max-tls", type=click.Choice(["1.2", "1.3"]), help="The newest version of TLS to use."
)
@click.option(
    "--timeout", metavar="SECONDS", default=10.0, show_default=True,
    type=Number(min=0, min_open=True), help="How long the server may take to answer.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="All that was found, as one JSON object.")
@color_option
def command(as_json: bool, styles: Styles, **given: Any) -> None:
    """Connect to the server UPSTREAM as a client does, without a login; tell what is there.

    Where it is, TLS, its certificate, what it offers before and after, and which kinds of clients
    will log in through xmppspy in which way, and why others will not. UPSTREAM is as for `proxy`.
    The exit code is 1 when the server cannot be examined or is not verified.

    \b
    xmppspy doctor example.org
    xmppspy doctor 127.0.0.1:5222 --domain example.org --upstream-ca server.crt
    xmppspy doctor example.org --json | jq .visits[0].after.sasl
    """
    import asyncio

    from xmppspy.bridge.prognosis import prognosis

    settings = _Settings(**given)
    survey = asyncio.run(_probe(settings).run())
    outlook = prognosis(survey.offers)
    advised = _command_line(settings, survey, outlook)
    _print(survey, outlook, advised, styles, as_json=as_json)
    trusted = survey.verified or settings.insecure
    sys.exit(0 if survey.examined and trusted else 1)


def _probe(settings: _Settings) -> Probe:
    import ssl

    from xmppspy.errors import UsageError
    from xmppspy.protocol.hosts import host_name
    from xmppspy.proxy.connector import Connector
    from xmppspy.proxy.probe import Probe
    from xmppspy.proxy.resolver import Resolver
    from xmppspy.proxy.upstream import Upstream, parse_dns, parse_map

    upstream = Upstream.parse(settings.upstream)
    domain = host_name(settings.domain) if settings.domain else upstream.host
    if domain is None:
        raise UsageError(f"--domain {settings.domain!r}: not a domain name")
    connector = Connector(
        upstream,
        Resolver(parse_dns(settings.dns)) if settings.dns else Resolver(),
        dict(parse_map(text) for text in settings.map),
    )
    versions = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
    return Probe(
        connector,
        domain,
        upstream_ca=settings.upstream_ca,
        patience=settings.timeout,
        newest=versions[settings.max_tls] if settings.max_tls else None,
    )


def _command_line(settings: _Settings, survey: Survey, outlook: Prognosis) -> str:
    """What to run against this server; empty when it is of no use."""
    if not survey.examined:
        return ""
    words = ["xmppspy", "proxy", settings.upstream]
    if settings.dns:
        words += ["--dns", settings.dns]
    for text in settings.map:
        words += ["--map", text]
    problem = survey.best.tls.problem if survey.best and survey.best.tls else ""
    if settings.upstream_ca or "--upstream-ca" in problem:
        words += ["--upstream-ca", str(settings.upstream_ca or "FILE")]
    elif not survey.verified:
        words.append("--insecure")
    options = [word.replace("DOMAIN", survey.domain) for word in outlook.options]
    return shlex.join([*words, *options])


def _print(
    survey: Survey, outlook: Prognosis, advised: str, styles: Styles, *, as_json: bool
) -> None:
    from datetime import UTC

    from xmppspy.cli.reports import json_line, paper, printing
    from xmppspy.view.doctor import doctor_sheet

    output = standard_output()
    with printing(output):
        if as_json:
            output.write(json_line(_told(survey, outlook, advised)))
        else:
            on = paper(styles.look(output, None))
            now = datetime.now(UTC)
            output.write(doctor_sheet(survey, outlook, advised, now=now, paper=on).encode())


def _told(survey: Survey, outlook: Prognosis, advised: str) -> dict[str, Any]:
    """Everything as one object."""
    found: dict[str, Any] = _plain(asdict(survey))
    rows = [_plain({"kind": row.kind, **{way: asdict(o) for way, o in row.outlooks.items()}})
            for row in outlook.rows]  # fmt: skip
    return {
        **found,
        "verified": survey.verified,
        "examined": survey.examined,
        "prognosis": rows,
        "binds": outlook.binds,
        "advice": outlook.advice,
        "command": advised,
    }


def _plain(value: Any) -> Any:
    """A value as JSON has it: moments as ISO 8601."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
