"""The options of `proxy` about intervening, and what they put together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeAlias

import click

from xmppspy import __version__
from xmppspy.cli import completion
from xmppspy.cli.quantities import SECONDS
from xmppspy.errors import PlaceError, UsageError

if TYPE_CHECKING:
    from xmppspy.control.places import Place
    from xmppspy.protocol.events import Event, StanzaRun
    from xmppspy.proxy.clock import Clock
    from xmppspy.proxy.commands import Commands
    from xmppspy.proxy.control import ControlSocket
    from xmppspy.proxy.server import Listener
    from xmppspy.proxy.steering import Steering

_Command: TypeAlias = Callable[..., None]


class InterventionSettings(NamedTuple):
    """The options, as they were given."""

    control: Path | None
    no_control: bool
    hold: str | None
    hold_timeout: float
    hold_otherwise: str
    rules: Path | None
    seed: int

    def check(self) -> None:
        """Raise UsageError where one option contradicts another."""
        if self.no_control and self.control is not None:
            raise UsageError("--control and --no-control: take one of them")
        if self.no_control and self.hold is not None:
            raise UsageError(
                "--hold needs the control socket, by which held frames are decided about"
            )


def intervention_options(command: _Command) -> _Command:
    """Give a command the parameter `interventions`, an `InterventionSettings`."""

    def run(
        control: Path | None,
        no_control: bool,
        hold: str | None,
        hold_timeout: float,
        hold_otherwise: str,
        rules: Path | None,
        seed: int,
        **given: Any,
    ) -> None:
        interventions = InterventionSettings(
            control=control,
            no_control=no_control,
            hold=hold,
            hold_timeout=hold_timeout,
            hold_otherwise=hold_otherwise,
            rules=rules,
            seed=seed,
        )
        command(interventions=interventions, **given)

    run.__doc__ = command.__doc__
    run.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    made: _Command = run
    options = (
        click.option(
            "--control", metavar="PATH", type=click.Path(path_type=Path),
            help="Where `xmppspy ctl` reaches this proxy.  [default: in the runtime folder]",
        ),
        click.option("--no-control", is_flag=True, help="Have nobody reach it."),
        click.option(
            "--hold", metavar="FILTER", shell_complete=completion.filters,
            help="Hold what matches until `xmppspy ctl` decides, as `ctl hold` does.",
        ),
        click.option(
            "--hold-timeout", metavar="SECONDS", default=30.0, show_default=True,
            type=SECONDS, help="How long frames are held at most.",
        ),
        click.option(
            "--hold-otherwise", default="forward", show_default=True,
            type=click.Choice(["forward", "drop"]),
            help="What becomes of frames that nobody decides about in time.",
        ),
        click.option(
            "--rules", metavar="FILE", type=click.Path(path_type=Path),
            help="What to do by itself to what is said, in TOML; read again when it is saved.",
        ),
        click.option(
            "--seed", metavar="N", default=0, show_default=True,
            help="What chance in rules begins with; the same again comes out the same.",
        ),
    )  # fmt: skip
    for option in reversed(options):
        made = option(made)
    return made


def make_steering(
    settings: InterventionSettings,
    clock: Clock,
    say: Callable[[str], None],
    *,
    has_script: bool = False,
) -> Steering | None:
    """Who passes verdicts on what is said; None where nobody can want any. Raises UsageError.

    `say` takes what there is to say to the person at the terminal.
    """
    if settings.no_control and settings.rules is None and not has_script:
        return None
    from xmppspy.filters import Filter
    from xmppspy.intervene.desk import Desk
    from xmppspy.protocol.verdicts import Hold
    from xmppspy.proxy.rulesfile import RulesFile
    from xmppspy.proxy.steering import Steering

    hold = Hold(settings.hold_timeout, drops=settings.hold_otherwise == "drop")
    desk = Desk(seed=settings.seed, created=clock.created)
    if settings.hold is not None:
        made = Filter.from_arguments([settings.hold])
        for hint in made.hints:
            say(hint)
        desk.stop_at(made, hold)
    file = None if settings.rules is None else RulesFile(settings.rules)
    steering = Steering(desk, file, say, hold)
    steering.load()
    return steering


def bind_control(settings: InterventionSettings, warn: Callable[[str], None]) -> Place | None:
    """Where `xmppspy ctl` reaches this proxy; None for nowhere. Raises UsageError.

    Where it cannot be at the default place, `warn` is told.
    """
    if settings.no_control:
        return None
    from xmppspy.control.places import Place, default_path

    try:
        return Place(default_path() if settings.control is None else settings.control.absolute())
    except PlaceError as error:
        if settings.control is not None:
            raise
        warn(f"{error}; nobody can intervene")
        return None


class Interventions:
    """What intervenes in a proxy: its steering, its control socket, and who obeys that.

    As an asynchronous context manager it works while the block runs.
    """

    def __init__(
        self,
        steering: Steering | None,
        commands: Commands | None = None,
        control: ControlSocket | None = None,
    ) -> None:
        self._steering, self._commands, self._control = steering, commands, control

    def recording(
        self, write: Callable[[Event | StanzaRun], None]
    ) -> Callable[[Event | StanzaRun], None]:
        """What takes the events of the proxy, on their way to `write`."""
        if self._commands is None:
            return write
        see = self._commands.see

        def record(event: Event | StanzaRun) -> None:
            write(event)
            see(event)

        return record

    async def __aenter__(self) -> Self:
        if self._control is not None:
            await self._control.start()
        if self._steering is not None:
            self._steering.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._control is not None:
            self._control.close()
        if self._steering is not None:
            self._steering.stop()


def make_interventions(
    place: Place | None,
    steering: Steering | None,
    listener: Listener,
    clock: Clock,
    upstream: str,
    capture: Path | None,
    warn: Callable[[str], None],
) -> Interventions:
    """What intervenes, and obeys those who come to `place`; it belongs to it then.

    `warn` takes what there is to say to the person at the terminal.
    """
    if steering is None:
        return Interventions(None)
    steering.say = _Reports(listener, clock, warn)
    if place is None:
        return Interventions(steering)
    import os

    from xmppspy.control.wire import Greeting
    from xmppspy.proxy.commands import About, Commands
    from xmppspy.proxy.control import ControlSocket

    tool = f"xmppspy {__version__}"
    about = About(
        tool=tool,
        pid=os.getpid(),
        upstream=upstream,
        capture=None if capture is None else str(capture.absolute()),
    )
    commands = Commands(listener, steering, clock, about)
    control = ControlSocket(place, Greeting(tool=tool, pid=os.getpid()), commands.obey)
    commands.tell = control.tell
    return Interventions(steering, commands, control)


class _Reports:
    """Says things about rules to the person at the terminal, and in the capture."""

    def __init__(self, listener: Listener, clock: Clock, warn: Callable[[str], None]) -> None:
        self._listener, self._clock, self._warn = listener, clock, warn

    def __call__(self, text: str) -> None:
        from xmppspy.protocol.events import Note

        self._warn(text)
        self._listener.say(Note(t=self._clock.now(), text=text.partition("\n")[0]))
