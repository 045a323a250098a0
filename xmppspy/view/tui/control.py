"""Control: a running proxy, as far as the view may ask it for something.

Besides this, the view reads what the proxy writes, and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from xmppspy.control.news import News
from xmppspy.control.replies import Reply
from xmppspy.control.requests import AnyRequest

R = TypeVar("R", bound=Reply)


@dataclass(frozen=True, slots=True)
class Lost:
    """The proxy is gone. `reason` says so in a sentence."""

    reason: str


Told: TypeAlias = News | Lost


class Control(Protocol):
    """A running proxy."""

    def listen(self, take: Callable[[Told], None]) -> None:
        """From now on tell `take` what happens, on the running event loop."""

    async def ask(self, request: AnyRequest, kind: type[R]) -> R:
        """Ask for something; the reply is of that kind.

        Raises RequestRefused with the proxy's reason, ControlError where it is gone.
        """

    def close(self) -> None:
        """Go away."""
