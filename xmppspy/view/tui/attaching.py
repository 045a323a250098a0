"""Attaching: the view finds the running proxy, and shows what it holds."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeAlias

from xmppspy.errors import XmppspyError
from xmppspy.view.tui.acting import Acting
from xmppspy.view.tui.control import Control

if TYPE_CHECKING:
    from xmppspy.view.tui.app import Viewer

Connect: TypeAlias = Callable[[], Coroutine[Any, Any, Control | None]]
"""Connects to the proxy that writes the capture; None where there is none."""


async def attach(viewer: "Viewer", connect: Connect) -> None:
    """Connect to the proxy, if there is one."""
    try:
        control = await connect()
        if control is None:
            return
        viewer.acting = Acting(viewer, control)
        await viewer.acting.begin()
    except XmppspyError as error:
        viewer.say(str(error).replace("\n", " "), "error")
