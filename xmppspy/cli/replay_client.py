"""`xmppspy replay --as client`: the recorded clients play against a live server."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xmppspy.analysis.words import counted
from xmppspy.bridge.credentials import Accounts
from xmppspy.capture.reader import Reader
from xmppspy.cli.differences import told
from xmppspy.cli.passwords import ask_password, read_passwords
from xmppspy.cli.styles import standard_output
from xmppspy.cli.taping import taping
from xmppspy.errors import UsageError
from xmppspy.filters.places import Selector
from xmppspy.proxy.clock import Clock
from xmppspy.proxy.connector import Connector
from xmppspy.proxy.domains import Domains
from xmppspy.proxy.resolver import Resolver
from xmppspy.proxy.standardtls import upstream_context
from xmppspy.proxy.upstream import Upstream, parse_dns
from xmppspy.replay.as_client import AsClient, Manner, Way
from xmppspy.replay.casting import Casting
from xmppspy.replay.recording import Recording
from xmppspy.replay.roles import Cast, assign, read_map
from xmppspy.view.escape import escape_line, unmarked
from xmppspy.view.ink import Palette, wants_colour
from xmppspy.view.look import Look
from xmppspy.view.theme import coloured

if TYPE_CHECKING:
    from xmppspy.replay.difference import Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """What `--as client` is told."""

    capture: str
    upstream: str
    upstream_ca: Path | None = None
    insecure: bool = False
    dns: str | None = None
    jid: str | None = None
    accounts: Path | None = None
    password_file: Path | None = None
    maps: tuple[str, ...] = ()
    timed: bool = False
    speed: float = 1.0
    patience: float = 10.0
    compare: bool = True
    ignore: tuple[str, ...] = ()
    write: Path | None = None
    keep_secrets: bool = False
    color: str = "auto"
    full: bool = False
    quiet: bool = False


def play_as_client(settings: ClientSettings) -> int:
    """Play to the end; returns the exit code.

    Raises UsageError.
    """
    maps = [read_map(text) for text in settings.maps]
    way = _way(settings)
    selector = Selector(settings.ignore)
    for hint in selector.hints:
        _warn(hint)
    casting = _read(settings.capture)
    cast = assign(casting.characters, _passwords(settings), maps, settings.jid)
    if not casting.characters:
        raise UsageError(f"{settings.capture}: no connection of a client that could be played")
    clock = Clock()
    with taping(settings.write, clock, _warn, keep_secrets=settings.keep_secrets) as tape:
        client = AsClient(
            cast,
            way,
            Manner(
                timed=settings.timed,
                speed=settings.speed,
                patience=settings.patience,
                compare=settings.compare,
                ignore=selector if settings.ignore else None,
            ),
            say=(lambda _: None) if settings.quiet else _say,
            warn=_warn if settings.quiet else _say,
            differs=_teller(settings),
            tape=tape,
        )
        asyncio.run(client.run())
    if not settings.quiet or not client.succeeded:
        _say(_summary(settings, client, cast))
    return 0 if client.succeeded else 1


def _way(settings: ClientSettings) -> Way:
    """How to come to the server, before anything is played."""
    upstream = Upstream.parse(settings.upstream)
    resolver = Resolver(parse_dns(settings.dns)) if settings.dns else Resolver()
    direct, starttls = (
        upstream_context(
            ca_file=settings.upstream_ca, insecure=settings.insecure, direct=each, keylog=None
        )
        for each in (True, False)
    )
    if settings.insecure:
        _say("WARNING: --insecure: the server is not verified; anybody could be there")
    return Way(
        connect=Connector(upstream, resolver, others=Domains(everything=True)).connect,
        context=lambda is_direct: direct if is_direct else starttls,
        in_the_clear=settings.insecure,
    )


def _read(capture: str) -> Casting:
    with Reader(capture) as reader:
        recording = Recording(reader)
        if reader.torn is not None:
            recording.missing.append(reader.torn.text)
    casting = Casting(recording)
    for sentence in casting.missing:
        _warn(f"{capture}: {sentence}")
    return casting


def _passwords(settings: ClientSettings) -> Accounts:
    """What is known of passwords; that of `--jid` is asked for when it is not known."""
    found = read_passwords(settings.accounts, settings.password_file)
    if settings.jid is None:
        return found
    jid = settings.jid.partition("/")[0]
    return found.only(jid, found.password_of(jid) or ask_password(jid))


def _teller(settings: ClientSettings) -> Callable[[Difference], None]:
    """Prints differences as they are found."""
    output = standard_output()
    palette = Palette()
    if wants_colour(settings.color, output.isatty(), os.environ):
        palette = coloured(os.environ)
    look = Look(palette=palette, full=settings.full)

    def tell(difference: Difference) -> None:
        output.write(told(difference, look, ("the recording", "")).encode())
        output.flush()

    return tell


def _summary(settings: ClientSettings, client: AsClient, cast: Cast) -> str:
    parts = [
        f"{counted(len(cast.roles), 'client')} said {counted(client.said, 'stanza')}",
        f"{client.heard:,} of {client.expected:,} recorded ones came again",
    ]
    if settings.compare:
        parts.append(_compared(client))
    if client.left_out:
        parts.append(f"{len(client.left_out):,} left out")
    if settings.write is not None:
        parts.append(f"recorded in {settings.write}")
    return "; ".join(parts)


def _compared(client: AsClient) -> str:
    if client.differences:
        return counted(client.differences, "difference")
    return "no differences" if client.heard else "nothing was compared"


def _say(text: str) -> None:
    click.echo(unmarked(escape_line(text)), err=True)


def _warn(text: str) -> None:
    _say(f"xmppspy: {text}")
