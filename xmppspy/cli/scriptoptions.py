"""The options of `proxy` about a script, and what keeps the script going beside the listener."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import click

from xmppspy.cli.quantities import Number

if TYPE_CHECKING:
    from xmppspy.protocol.events import Event, StanzaRun
    from xmppspy.proxy.clock import Clock
    from xmppspy.proxy.scripts import Scripts
    from xmppspy.proxy.server import Listener
    from xmppspy.proxy.steering import Steering

_Command: TypeAlias = Callable[..., None]
_Record: TypeAlias = "Callable[[Event | StanzaRun], None]"


class ScriptSettings(NamedTuple):
    """The options, as they were given."""

    script: Path | None = None
    script_limit: float = 1.0


def script_options(command: _Command) -> _Command:
    """Give a command the parameter `script`, a `ScriptSettings`."""

    def run(script: Path | None, script_limit: float, **given: Any) -> None:
        command(script=ScriptSettings(script=script, script_limit=script_limit), **given)

    run.__doc__ = command.__doc__
    run.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    options = (
        click.option(
            "--script", metavar="FILE", type=click.Path(path_type=Path),
            help="Python that decides what becomes of stanzas; loaded anew when it is saved.",
        ),
        click.option(
            "--script-limit", metavar="SECONDS", default=1.0, show_default=True,
            type=Number(min=0.01, max=60),
            help="What a call of its functions may take; then the stanza goes on.",
        ),
    )  # fmt: skip
    decorated: _Command = run
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


class RunningScript:
    """The script of a proxy, or none; `running` while the block lasts."""

    def __init__(self, scripts: Scripts | None = None) -> None:
        self._scripts = scripts

    def recording(self, write: _Record) -> _Record:
        """What takes the events of the proxy, on their way to `write`."""
        if self._scripts is None:
            return write
        from xmppspy.protocol import runs

        see = self._scripts.see

        def record(event: Event | StanzaRun) -> None:
            write(event)
            for each in runs.each(event):
                see(each)

        return record

    @asynccontextmanager
    async def running(
        self, listener: Listener, steering: Steering | None, clock: Clock
    ) -> AsyncIterator[None]:
        """Load the script, and keep it going. Raises `ScriptError`."""
        if self._scripts is None or steering is None:
            yield
            return
        from xmppspy.proxy.scripts.floor import ProxyFloor

        await self._scripts.start(ProxyFloor(listener, steering, clock))
        try:
            yield
        finally:
            await self._scripts.stop()

    async def stop(self) -> None:
        """Let it do what it was asked to, while that can still be recorded."""
        if self._scripts is not None:
            await self._scripts.stop()


def make_script(settings: ScriptSettings, tell: Callable[[str], None]) -> RunningScript:
    """The script, if there is to be one; it is not read yet. `tell` takes lines for the person."""
    if settings.script is None:
        return RunningScript()
    from xmppspy.proxy.scripts import Scripts

    return RunningScript(Scripts(str(settings.script), tell, limit=settings.script_limit))
