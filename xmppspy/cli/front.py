"""What there is of a proxy from the outside: where it listens, and what it writes and says."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Self

from xmppspy.cli import announcing
from xmppspy.cli.interventions import bind_control
from xmppspy.cli.process import Ending
from xmppspy.cli.recording import Outlets, default_path

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from xmppspy.capture.rotation import Rotation
    from xmppspy.cli.live import LiveView
    from xmppspy.cli.proxyoptions import ProxySettings
    from xmppspy.cli.styles import Styles
    from xmppspy.cli.voice import Voice
    from xmppspy.control.places import Place
    from xmppspy.proxy.clock import Clock
    from xmppspy.proxy.doorway import Doorway


class Opened(NamedTuple):
    """What is there from now on."""

    doorway: Doorway
    outlets: Outlets
    control: Place | None
    ending: Ending


class Front:
    """Opened once, and closed at the end of its block.

    From then on whoever connects waits at the doorway. So it is opened as soon as nothing can be
    refused any more, be the rest of the program loaded or not.
    """

    def __init__(
        self,
        settings: ProxySettings,
        styles: Styles,
        place: tuple[str, int],
        rotation: Rotation | None,
        authority: Path,
        clock: Clock,
        voice: Voice,
    ) -> None:
        self._settings, self._styles = settings, styles
        self._place, self._rotation = place, rotation
        self._authority, self._clock, self._voice = authority, clock, voice
        self._opened: Opened | None = None
        self._closed_at_the_end = ExitStack()

    def open(self) -> Opened:
        """Listen, write, show, and say so; again it only tells what is there.

        Raises ListenError, CaptureExists and other UsageErrors.
        """
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> Opened:
        from xmppspy.proxy.doorway import doorway

        settings, keep = self._settings, self._closed_at_the_end
        door = keep.enter_context(doorway(*self._place))
        control = bind_control(settings.interventions, self._voice.warn)
        if control is not None:
            keep.callback(control.close)
        path = None if settings.no_record else settings.write
        if path is None and not settings.no_record:
            path = default_path(settings.upstream, self._clock)
        outlets = Outlets(path, self._begins_view(), self._rotation)
        opened = Opened(door, outlets, control, Ending())
        for line in announcing.beginning(
            settings, self._authority, door.addresses, None if control is None else control.path
        ):
            self._voice.say(line)
        return opened

    def _begins_view(self) -> Callable[[], LiveView | None]:
        """What begins the live view, if there is to be one."""
        if self._settings.quiet or self._settings.tui:
            return lambda: None
        from xmppspy.cli.live import LiveView

        remarks = ["--lint"] if self._settings.lint else []
        return partial(LiveView, [*self._styles.arguments(), *remarks], self._settings.filters)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closed_at_the_end.close()
