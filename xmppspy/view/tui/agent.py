"""Agent: whoever has the running proxy do what keys stand for."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from xmppspy.view.tui.proxy import Proxy


class Agent(Protocol):
    """Is there once the view is attached to a proxy. What it does is in `acting`."""

    @property
    def proxy(self) -> "Proxy":
        """What is known of it."""

    @property
    def is_live(self) -> bool:
        """Whether the proxy can be asked for anything."""

    @property
    def holds(self) -> bool:
        """Whether anything is held."""

    def moved(self) -> None:
        """The cursor of the list is at another row."""

    def show(self, n: int) -> None:
        """Show a held frame in the list, and all about it."""

    def ask_hold(self) -> None:
        """Ask which frames are to be held."""

    def toggle_hold(self) -> None:
        """Hold nothing any more, or again what was held before."""

    def forward(self) -> None:
        """Let the held frame go on."""

    def forward_all(self) -> None:
        """Let all held frames go on."""

    def drop(self) -> None:
        """Drop the held frame."""

    def duplicate(self) -> None:
        """Let the held frame go on twice."""

    def wait(self) -> None:
        """Let the held frame wait for longer."""

    def edit(self) -> None:
        """Edit the held frame."""

    def go_to_held(self) -> None:
        """Go to what is held, or back to the list."""

    def compose(self) -> None:
        """Write something to be sent."""

    def again(self) -> None:
        """Compose what stands at the cursor once more."""

    def rules(self) -> None:
        """Show the rules."""

    def ask_kill(self, conn: int | None = None) -> None:
        """Ask how to end a connection, or else the one at the cursor."""

    def ask_mark(self, conn: int | None = None) -> None:
        """Ask for a mark about a connection, or else the one at the cursor."""

    def ask_leave(self) -> None:
        """Ask what becomes of held frames when the program ends."""
