"""`xmppspy replay --as server`: a client meets the server that was recorded."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import click

from xmppspy.capture.reader import Reader
from xmppspy.cli.passwords import read_passwords
from xmppspy.cli.taping import taping
from xmppspy.errors import UsageError
from xmppspy.proxy.certs import Authority
from xmppspy.proxy.clock import Clock
from xmppspy.proxy.doorway import parse_listen
from xmppspy.proxy.issuing import Issuer
from xmppspy.replay.as_server import AsServer
from xmppspy.replay.recording import Recording
from xmppspy.replay.scene import Pace
from xmppspy.view.escape import escape_line, unmarked

_LARGE: Final = 4_000_000
"""Bytes of a capture that takes a second or so to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """What `--as server` is told."""

    capture: str
    listen: str = "127.0.0.1:5222"
    ca_dir: Path | None = None
    write: Path | None = None
    accounts: Path | None = None
    password_file: Path | None = None
    speed: float = 1.0
    idle_limit: float = float("inf")
    patience: float = 10.0
    refresh_times: bool = False
    strict: bool = False
    keep_secrets: bool = False
    quiet: bool = False


def play_as_server(settings: ServerSettings) -> int:
    """Play until Ctrl-C, or until a client fails `--strict`; returns the exit code.

    Raises UsageError and ListenError.
    """
    place = parse_listen(settings.listen)
    passwords = read_passwords(settings.accounts, settings.password_file)
    recording, created = _read(settings)
    authority = Authority.open(settings.ca_dir)
    for note in authority.notes:
        _say(f"xmppspy: {note}")
    clock = Clock()
    with taping(settings.write, clock, _warn, keep_secrets=settings.keep_secrets) as tape:
        server = AsServer(
            recording,
            Issuer(authority).server_context,
            passwords=passwords,
            pace=Pace(settings.speed, settings.idle_limit, settings.patience),
            say=partial(_tell, settings),
            warn=_say,
            strict=settings.strict,
            created=created if settings.refresh_times else None,
            tape=tape,
        )
        if not server.casting.characters:
            raise UsageError(f"{settings.capture}: no connection of a client that could be played")
        asyncio.run(_serve(server, place, partial(_announce, settings, authority)))
    if not settings.quiet:
        frames = f"; {tape.frames:,} frames in {settings.write}" if tape else ""
        _say(f"{server.accepted:,} connection{'s' if server.accepted != 1 else ''}{frames}")
    if server.failed.is_set():
        _say("xmppspy: a client did what the recording does not hold (--strict)")
        return 1
    return 0


def _read(settings: ServerSettings) -> tuple[Recording, datetime | None]:
    if _takes_long(settings.capture):
        _tell(settings, f"reading {settings.capture} …")
    with Reader(settings.capture) as reader:
        recording = Recording(reader)
        if reader.torn is not None:
            recording.missing.append(reader.torn.text)
        return recording, reader.header.created if reader.header else None


def _takes_long(capture: str) -> bool:
    try:
        return Path(capture).stat().st_size > _LARGE
    except OSError:
        return False  # standard input, or what the reader has to complain of


async def _serve(
    server: AsServer, place: tuple[str, int], announce: Callable[[list[str]], None]
) -> None:
    """Play until a signal comes, or until a client has failed."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    announce(await server.start(*place))
    waiting = {
        loop.create_task(stopped.wait(), name="wait for a signal"),
        loop.create_task(server.failed.wait(), name="wait for a failure"),
    }
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await server.stop()


def _announce(settings: ServerSettings, authority: Authority, addresses: list[str]) -> None:
    if not settings.quiet:
        _say(f"have the client trust {authority.certificate_path} (more: xmppspy ca show)")
    for address in addresses:
        _say(f"listening on {address}")


def _tell(settings: ServerSettings, text: str) -> None:
    if not settings.quiet:
        _say(text)


def _say(text: str) -> None:
    click.echo(unmarked(escape_line(text)), err=True)


def _warn(text: str) -> None:
    _say(f"xmppspy: {text}")
